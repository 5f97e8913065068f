/** What manifest.json, in mcconfig's syntax, says is on the board: the firmware's modules, which of them run in flash, and the machine's creation. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import { failure, success, type Result } from "../../firmware/base/result.js";

export interface Manifest {
  modules?: Readonly<Record<string, string | readonly string[]>>;
  preload?: readonly string[];
  creation?: { stack?: number; heap?: { initial?: number }; chunk?: { initial?: number }; keys?: { initial?: number } };
}

export interface Contents {
  /** Module names and the files that they are, without suffix and relative to the manifest's folder. */
  readonly modules: ReadonlyMap<string, string>;
  /** Names of modules, in the order that the manifest gives. */
  readonly preload: readonly string[];
  readonly stackSlots: number | undefined;
  readonly initialSlots: number | undefined;
  readonly initialChunkBytes: number | undefined;
  readonly keys: number | undefined;
}

const script = /^(?!.*\.d\.ts$)(.*)\.(?:ts|js)$/;

/** Reads `folder`/manifest.json. */
export function readManifest(folder: string): Result<Contents, "manifest"> {
  const file = join(folder, "manifest.json");
  if (!existsSync(file)) return failure("manifest", `${file}: there is no such file`);
  return contents(JSON.parse(readFileSync(file, "utf8")) as Manifest, (each) => {
    const path = join(folder, each);
    return existsSync(path) ? readdirSync(path) : [];
  });
}

/**
 * Resolves wildcards. `"a/*": "./b/*"` puts every script of folder b under a/; `"a": "./b/c"` names one;
 * `"~"` leaves files out. A preload ending in `*` takes all modules that begin so. Sources outside of the
 * repository (`$(MODULES)/…`) are the SDK's and are passed over. Failure: a preload that names nothing.
 */
export function contents(manifest: Manifest, filesOf: (folder: string) => readonly string[]): Result<Contents, "manifest"> {
  const modules = new Map<string, string>();
  const given = manifest.modules ?? {};
  const leftOut = new Set(list(given["~"]).flatMap((source) => files(source, filesOf).map(({ path }) => path)));
  for (const [target, sources] of Object.entries(given)) {
    if (target === "~") continue;
    for (const source of list(sources)) {
      for (const { path, name } of files(source, filesOf)) {
        if (!leftOut.has(path)) modules.set(target.endsWith("*") ? target.slice(0, -1) + name : target, path);
      }
    }
  }
  const preload: string[] = [];
  for (const pattern of manifest.preload ?? []) {
    const named = pattern.endsWith("*") ? [...modules.keys()].filter((name) => name.startsWith(pattern.slice(0, -1))) : [pattern];
    for (const name of named) {
      if (!modules.has(name)) return failure("manifest", `manifest.json preloads ${name}, which is none of its modules`);
      if (!preload.includes(name)) preload.push(name);
    }
    if (named.length === 0) return failure("manifest", `manifest.json preloads ${pattern}, and no module is called that`);
  }
  const { creation } = manifest;
  return success({
    modules,
    preload,
    stackSlots: creation?.stack,
    initialSlots: creation?.heap?.initial,
    initialChunkBytes: creation?.chunk?.initial,
    keys: creation?.keys?.initial,
  });
}

function list(sources: string | readonly string[] | undefined): readonly string[] {
  return sources === undefined ? [] : typeof sources === "string" ? [sources] : sources;
}

/** The scripts that a source names. */
function files(source: string, filesOf: (folder: string) => readonly string[]): { path: string; name: string }[] {
  if (source.startsWith("$")) return [];
  const folder = posix.normalize(dirname(source));
  const wanted = basename(source).replace(script, "$1");
  const star = wanted.endsWith("*");
  const prefix = star ? wanted.slice(0, -1) : wanted;
  const found: { path: string; name: string }[] = [];
  for (const file of [...filesOf(folder)].sort()) {
    const name = script.exec(file)?.[1];
    if (name === undefined || !(star ? name.startsWith(prefix) : name === prefix)) continue;
    if (!found.some((each) => each.name === name.slice(star ? prefix.length : 0))) {
      found.push({ path: posix.join(folder, name), name: name.slice(star ? prefix.length : 0) });
    }
  }
  return found;
}
