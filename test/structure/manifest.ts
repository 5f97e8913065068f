/**
 * The SDK's manifests against the folders. mcconfig's wildcards do not descend into folders, and in
 * `preload` they match no TypeScript at all (mcconfig, `filterPreload`), so folders stand one by one
 * and preloaded modules each by name.
 */
import type { Finding } from "./source.js";

export interface Manifest {
  readonly modules?: Readonly<Record<string, unknown>>;
  readonly preload?: readonly string[];
}

const remedy = "run: node scripts/manifest.js";

/** What the manifests must say, given the paths of all files below firmware/. */
export function expectedManifest(paths: readonly string[]): { modules: Record<string, string>; preload: string[]; boardPreload: string[] } {
  const modules = paths.filter((path) => path.endsWith(".ts")).map((path) => path.slice(0, -".ts".length));
  const onBoard = (module: string): boolean => module.startsWith("firmware/esp32/");
  const folders = new Set(modules.filter((module) => !onBoard(module)).map((module) => module.slice(0, module.lastIndexOf("/"))));
  return {
    modules: Object.fromEntries([...folders].sort().map((folder) => [`${folder}/*`, `./${folder}/*`])),
    // main runs on the board, not at build time.
    preload: modules.filter((module) => !onBoard(module) && module !== "firmware/main").sort(),
    boardPreload: modules.filter((module) => onBoard(module) && module !== "firmware/esp32/provider").sort(),
  };
}

export function manifestFindings(manifest: Manifest, board: Manifest, paths: readonly string[]): Finding[] {
  const expected = expectedManifest(paths);
  const found: Finding[] = [];
  const listed = manifest.modules ?? {};
  for (const key of Object.keys(expected.modules)) {
    if (listed[key] !== expected.modules[key]) found.push(`manifest.json: modules lacks "${key}": "${expected.modules[key]}"; ${remedy}`);
  }
  for (const key of Object.keys(listed)) {
    if (!Object.hasOwn(expected.modules, key)) found.push(`manifest.json: modules has "${key}", but there is no such folder; ${remedy}`);
  }
  found.push(...compare("manifest.json", expected.preload, manifest.preload ?? []));
  const boardListed = (board.preload ?? []).filter((name) => name.startsWith("firmware/"));
  found.push(...compare("firmware/esp32/manifest.json", expected.boardPreload, boardListed));
  for (const path of paths) {
    if (path.endsWith(".json") && path !== "firmware/esp32/manifest.json") {
      found.push(`${path}: mcconfig would take it for a module: keep JSON out of firmware folders`);
    }
  }
  return found;
}

function compare(file: string, expected: readonly string[], listed: readonly string[]): Finding[] {
  const found: Finding[] = [];
  for (const name of expected) if (!listed.includes(name)) found.push(`${file}: preload lacks "${name}"; ${remedy}`);
  for (const name of listed) {
    if (!expected.includes(name)) found.push(`${file}: preload has "${name}", which is no firmware module by that name; ${remedy}`);
    if (listed.indexOf(name) !== listed.lastIndexOf(name)) found.push(`${file}: preload has "${name}" twice; ${remedy}`);
  }
  return found;
}
