/**
 * Builds the configurator into build/configurator/: a folder of static files that works under any path and asks nobody else for
 * anything. `node scripts/configurator.js`. Exits 1 with a message where that fails.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = join(root, "host-sim/configurator");

/** @param {string} folder @param {string} entry */
export async function buildConfigurator(folder, entry = join(sources, "main.ts")) {
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: { app: entry, style: join(sources, "style.css") },
    outdir: folder,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: ["es2022", "chrome113"],
    chunkNames: "[name]",
    legalComments: "eof",
    logLevel: "error",
    tsconfigRaw: {},
    absWorkingDir: root,
  });
  copyFileSync(join(sources, "index.html"), join(folder, "index.html"));
  copyFileSync(join(root, "host-sim/web/icon.svg"), join(folder, "icon.svg"));
}

/** What a browser loads, in one line. */
function sizeText(folder) {
  const files = readdirSync(folder).map((name) => gzipSync(readFileSync(join(folder, name))).length);
  const bytes = files.reduce((sum, each) => sum + each, 0);
  return `${files.length} files, ${(bytes / 1000).toFixed(1)} kB gzipped`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const place = "build/configurator";
  try {
    await buildConfigurator(join(root, place));
    console.log(`${place}: ${sizeText(join(root, place))}`);
  } catch (error) {
    console.error(`the configurator cannot be built: ${error.message}`);
    process.exitCode = 1;
  }
}
