/**
 * Writes what follows from the folders into manifest.json: one line a folder in `modules`, one name a
 * module in `preload` (mcconfig's wildcards match no TypeScript there). test/structure fails when the
 * two differ, and names this command.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const modules = [];
for (const entry of readdirSync(join(root, "firmware"), { withFileTypes: true, recursive: true })) {
  if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
  modules.push(join(entry.parentPath, entry.name).slice(root.length, -".ts".length).replaceAll("\\", "/"));
}
modules.sort();

const onBoard = (module) => module.startsWith("firmware/esp32/");
const portable = modules.filter((module) => !onBoard(module));
const folders = [...new Set(portable.map((module) => module.slice(0, module.lastIndexOf("/"))))].sort();

write("manifest.json", (manifest) => {
  manifest.modules = Object.fromEntries(folders.map((folder) => [`${folder}/*`, `./${folder}/*`]));
  // main runs on the board, not at build time.
  manifest.preload = portable.filter((module) => module !== "firmware/main");
});
write("firmware/esp32/manifest.json", (manifest) => {
  const board = manifest.platforms.esp32;
  // The provider is known to the SDK by another name.
  const own = modules.filter((module) => onBoard(module) && module !== "firmware/esp32/provider");
  board.preload = [...board.preload.filter((name) => !name.startsWith("firmware/")), ...own];
});

function write(path, change) {
  const file = join(root, path);
  const before = readFileSync(file, "utf8");
  const manifest = JSON.parse(before);
  change(manifest);
  const after = JSON.stringify(manifest, null, 2) + "\n";
  if (JSON.stringify(JSON.parse(before)) === JSON.stringify(manifest)) return;
  writeFileSync(file, after);
  console.log(`${path} written; then: npx oxfmt@0.78.0 ${path}`);
}
