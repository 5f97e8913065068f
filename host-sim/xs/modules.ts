/**
 * Which modules go into a machine's flash, under which names, and which of them run there before it is
 * frozen. Names are mcconfig's: a path without its suffix, relative to the repository's root.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import type * as Esbuild from "esbuild";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { failure, success, type Result } from "../../firmware/base/result.js";

export interface Linked {
  /** Name and source. */
  readonly modules: ReadonlyMap<string, string>;
  /** Other names of modules. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Run in flash, in this order, and frozen. */
  readonly preload: readonly string[];
}

export interface LinkOptions {
  /** Modules that are no files, by name; they may import any other by name or relative path. */
  sources?: Readonly<Record<string, string>>;
  /** Names to begin with; all that they import comes along. */
  entries: readonly string[];
  preload: readonly string[];
  aliases?: Readonly<Record<string, string>>;
}

/** The repository, whether this runs from its sources or from build/. */
export const root = findRoot();

function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("no package.json above " + fileURLToPath(import.meta.url));
    folder = parent;
  }
  return folder;
}

/** The compiled text of a module: tsc's, unless its source was changed since. */
function readModule(name: string): string | undefined {
  const source = join(root, name + ".ts");
  const built = join(root, "build", name + ".js");
  const inSource = existsSync(source);
  if (existsSync(built) && (!inSource || statSync(built).mtimeMs >= statSync(source).mtimeMs)) return readFileSync(built, "utf8");
  if (!inSource) return undefined;
  // Loaded only when something is stale: that is while one edits.
  const { transformSync } = createRequire(import.meta.url)("esbuild") as typeof Esbuild;
  return transformSync(readFileSync(source, "utf8"), { loader: "ts", target: "es2022", format: "esm" }).code;
}

/** Statements at the beginning of a line or after another: not what comments say. */
const importing = /(?:^|;)\s*(?:import|export)\b\s*(?:[\w*{}\s,$]+?\bfrom\s*)?["']([^"'\n]+)["']/gm;

/** What a module imports, as it writes it. */
function specifiers(text: string): string[] {
  return Array.from(text.matchAll(importing), (found) => found[1] as string);
}

function nameOf(from: string, specifier: string): string {
  const name = specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : specifier;
  return name.endsWith(".js") ? name.slice(0, -3) : name;
}

/** Gathers `entries`, `preload` and all that they import. Failure: `link`, naming the module and who wants it. */
export function link(options: LinkOptions): Result<Linked, "link"> {
  const aliases = new Map(Object.entries(options.aliases ?? {}));
  const modules = new Map<string, string>();
  const wanted: { name: string; by: string }[] = [...options.preload, ...options.entries].map((name) => ({ name, by: "the caller" }));
  for (let next = wanted.shift(); next !== undefined; next = wanted.shift()) {
    const name = aliases.get(next.name) ?? next.name;
    if (modules.has(name)) continue;
    const text = options.sources?.[name] ?? readModule(name);
    if (text === undefined) return failure("link", `${next.by} wants ${name}, and there is no such module`);
    modules.set(name, text);
    for (const specifier of specifiers(text)) wanted.push({ name: nameOf(name, specifier), by: name });
  }
  return success({ modules, aliases, preload: options.preload });
}
