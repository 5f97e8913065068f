/**
 * Builds the configurator into build/configurator/: a folder of static files that works under any path and asks nobody else for
 * anything. `node scripts/configurator.js`. Exits 1 with a message where that fails.
 */
import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildConfigurator(join(root, "build/configurator")).catch((error) => {
    console.error(`the configurator cannot be built: ${error.message}`);
    process.exitCode = 1;
  });
}
