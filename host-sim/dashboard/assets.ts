/** The files that the page is made of, and nothing else: found once, read when asked for, and served with a policy that lets no request go anywhere but here. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

export interface Assets {
  /** By path, e.g. `/style.css`. */
  get(path: string): Asset | undefined;
  /** The value of Content-Security-Policy. */
  readonly policy: string;
}

const javascript = "text/javascript; charset=utf-8";
const imports = JSON.stringify({ imports: { uplot: "/uplot.js" } });

export function assets(): Assets {
  const root = findRoot();
  const sources = join(root, "host-sim/web");
  const built = join(root, "build/host-sim/web");
  const plots = plotsFolder();
  const modules = existsSync(built) ? readdirSync(built).filter((name) => name.endsWith(".js")) : [];
  const files = new Map<string, { type: string; files: readonly string[] }>([
    // As one, since each request takes its time.
    ["/style.css", { type: "text/css; charset=utf-8", files: sheets(root) }],
    ["/icon.svg", { type: "image/svg+xml", files: [join(sources, "icon.svg")] }],
    ["/uplot.js", { type: javascript, files: [join(plots, "uPlot.esm.js")] }],
  ]);
  for (const name of modules) files.set("/" + name, { type: javascript, files: [join(built, name)] });
  const preloads = [...modules.map((name) => "/" + name), "/uplot.js"].map((path) => `<link rel="modulepreload" href="${path}">`).join("");
  const page = readFileSync(join(sources, "index.html"), "utf8").replace(
    "<!-- modules -->",
    () => `<script type="importmap">${imports}</script>${preloads}`,
  );
  const found = new Map<string, Asset>([["/", { type: "text/html; charset=utf-8", body: Buffer.from(page) }]]);
  const hash = createHash("sha256").update(imports).digest("base64");
  return {
    policy:
      `default-src 'none'; script-src 'self' 'sha256-${hash}'; style-src 'self'; img-src 'self'; connect-src 'self'; ` +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    get(path) {
      const known = found.get(path);
      if (known !== undefined) return known;
      const entry = files.get(path);
      if (entry === undefined) return undefined;
      const asset = { type: entry.type, body: Buffer.concat(entry.files.map((file) => readFileSync(file))) };
      found.set(path, asset);
      return asset;
    },
  };
}

/** Of uPlot's files. */
export function plotsFolder(): string {
  return dirname(createRequire(import.meta.url).resolve("uplot"));
}

/** The dashboard's look, each sheet after those that it builds on. */
export function sheets(root: string): string[] {
  const own = join(root, "host-sim/web");
  return [join(plotsFolder(), "uPlot.min.css"), join(own, "house.css"), join(own, "style.css")];
}

/** The repository, whether this runs from its sources or from build/. */
export function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}
