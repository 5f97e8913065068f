/** What a file is called, how long it is, how it opens, and whether anything uses it. */
import { target, type Finding, type Source } from "./source.js";

export const linesMax = 400;

/** Files that may be longer, each with its reason. */
const longerWithReason: Record<string, string> = {
  "test/e2e/dashboard.test.ts": "one browser and one page serve all of it",
};

const vague = /(^|-)(utils?|managers?|helpers?|misc|common|stuff)(-|\.|$)/;
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;

export function fileNames(paths: readonly string[]): Finding[] {
  const found: Finding[] = [];
  for (const path of paths) {
    for (const name of path.split("/")) {
      // Documents that everybody looks for under such names.
      if (name.startsWith(".") || /^[A-Z]+\.md$/.test(name)) continue;
      if (!kebab.test(name)) found.push(`${path}: "${name}" is not kebab-case`);
      if (vague.test(name)) found.push(`${path}: "${name}" says nothing: name what it is`);
    }
  }
  return found;
}

export function fileLength(path: string, text: string, exceptions: Record<string, string> = longerWithReason): Finding[] {
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  if (lines <= linesMax || exceptions[path]) return [];
  return [`${path}: ${lines} lines, at most ${linesMax}: split it, or give the reason in test/structure/files.ts`];
}

/** A file opens by saying what it owns and promises. */
export function opening(source: Source): Finding[] {
  if (/^(#!.*\n)?\s*(\/\*\*|\/\/)/.test(source.text)) return [];
  return [`${source.path}:1: opens without a paragraph that says what it owns and promises`];
}

/** Modules that none of the roots reaches. */
export function unreachable(sources: readonly Source[], roots: readonly string[]): Finding[] {
  const byPath = new Map(sources.map((each) => [each.path, each]));
  const reached = new Set<string>();
  const open = [...roots];
  while (open.length > 0) {
    const path = open.pop()!;
    const source = byPath.get(path);
    if (source === undefined || reached.has(path)) continue;
    reached.add(path);
    for (const { from } of source.imports) if (from.startsWith(".")) open.push(target(source, from));
  }
  return sources.filter((each) => !reached.has(each.path)).map((each) => `${each.path}: nothing imports it (roots: ${roots.join(", ")})`);
}

/** Relative imports of a file that does not exist. */
export function missing(sources: readonly Source[], paths: ReadonlySet<string>): Finding[] {
  const found: Finding[] = [];
  for (const source of sources) {
    for (const { from, line } of source.imports) {
      if (from.startsWith(".") && !paths.has(target(source, from))) found.push(`${source.path}:${line}: "${from}" does not exist`);
    }
  }
  return found;
}
