/** The configurator's page under `/configure/`: the files of build/configurator and no others, with a policy of their own, for it speaks to boards over a WebSocket here. */
import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { type Asset, findRoot } from "./assets.js";

export const configuratorRoot = "/configure/";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};

/** Undefined: there is no such file. A text: why there is none. */
export function configuratorAsset(path: string, folder = join(findRoot(), "build/configurator")): Asset | string | undefined {
  const name = path === configuratorRoot ? "index.html" : path.slice(configuratorRoot.length);
  const type = types[extname(name)];
  // One folder, and no way out of it.
  if (!/^[\w-]+(\.[\w-]+)+$/.test(name) || type === undefined) return undefined;
  const file = join(folder, name);
  if (existsSync(file)) return { type, body: readFileSync(file) };
  return existsSync(join(folder, "index.html")) ? undefined : "the configurator's page is not built: npm run build makes it";
}

export function configuratorPolicy(host: string): string {
  return (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; manifest-src 'self'; " +
    `connect-src 'self' ws://${host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  );
}
