/** The configurator as it is delivered, built into a folder of its own and served from localhost; and how tests wait for what a page shows. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { Page } from "playwright-core";
import { buildConfigurator } from "../../scripts/configurator.js";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export interface ServedConfigurator {
  readonly folder: string;
  /** Ends in a slash. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** `entry`: another beginning than main.ts. It is served below a path, as it may be anywhere. */
export async function serveConfigurator(entry?: string): Promise<ServedConfigurator> {
  const folder = mkdtempSync(join(tmpdir(), "configurator-"));
  await buildConfigurator(folder, entry);
  const root = "/some/where/";
  const server = createServer(({ url = "" }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const file = join(folder, pathname === root ? "index.html" : pathname.slice(root.length));
    const found = pathname.startsWith(root) && existsSync(file);
    response.writeHead(found ? 200 : 404, { "content-type": types[extname(file)] ?? "text/plain" });
    response.end(found ? readFileSync(file) : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    folder,
    url: `http://localhost:${(server.address() as AddressInfo).port}${root}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          rmSync(folder, { recursive: true, force: true });
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Console errors, thrown errors, and requests that go elsewhere, as they come. */
export function complaintsOf(page: Page, { url }: ServedConfigurator): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("blob:")) complaints.push(`request to ${request.url()}`);
  });
  return complaints;
}

/** Waits until `script` gives something. From outside: the page's policy forbids what Playwright's own waiting does. */
export async function gives(page: Page, script: string, withinMs = 15_000): Promise<unknown> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value: unknown = await page.evaluate(script);
    if (value !== undefined && value !== null && value !== false) return value;
    if (performance.now() > deadline) {
      const seen = (await page.evaluate("document.body.innerText")) as string;
      throw new Error(`not within ${withinMs} ms: ${script}\nThe page says:\n${seen}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** Waits until an element that is seen holds a text of that form. */
export async function says(page: Page, selector: string, form: RegExp, withinMs?: number): Promise<string> {
  const seen = `[...document.querySelectorAll(${JSON.stringify(selector)})].filter((each) => each.checkVisibility())`;
  return (await gives(page, `${seen}.map((each) => each.textContent).find((text) => ${form}.test(text))`, withinMs)) as string;
}

const axeFile = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe finds wrong with the page as it stands, by all of its rules; also text that sticks out sideways. */
export async function faults(page: Page): Promise<string[]> {
  if ((await page.evaluate("typeof axe")) === "undefined") await page.evaluate(readFileSync(axeFile, "utf8") + ";0");
  const found = (await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] })" +
      ".then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html, any }) => html.slice(0, 120) + ' ' + (any[0]?.message ?? '')).join(' | ')))",
  )) as string[];
  const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
  return (wide as number) > 0 ? [...found, `${wide as number} pixels too wide`] : found;
}
