/** Type-checks an app against "mote", as strictly as the repository's own; what is wrong is said as `file:line:column: …`, the first few. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { root } from "../xs/modules.js";
import { unknownModule } from "./app-modules.js";

const shownMax = 5;
/** A file in JavaScript is of type any: drivers come without types. */
const extended = /^.* missing (?:in type '.*' but required in type 'Driver'\.|the following properties from type 'Driver': .*)$/gm;
const inJavaScript = "A class that extends a driver in JavaScript goes into a file in JavaScript, too (docs/drivers.md).";
const untyped = /^.*: error TS7016: .*'\..*\n(?:[ \t].*\n)*/gm;

/** `folder` is for the compiler's settings. Undefined: all is well. */
export async function typeErrors(path: string, folder: string): Promise<string | undefined> {
  const config = join(folder, "tsconfig.json");
  const compilerOptions = {
    target: "ES2022",
    module: "esnext",
    moduleResolution: "bundler",
    allowImportingTsExtensions: true,
    lib: ["ES2022"],
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    paths: { mote: [join(root, "build/firmware/mote.d.ts")] },
  };
  writeFileSync(config, JSON.stringify({ compilerOptions, files: [path, join(root, "types/apps/ecma-419.d.ts")] }));
  const said = await output(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", config, "--pretty", "false"]);
  const known = said?.replace(untyped, "");
  if (said === undefined || known === undefined || known.trim() === "") return undefined;
  return readableErrors(known === said ? known : known.replace(extended, `$&\n  ${inJavaScript}`));
}

/** What a program said, or undefined when it ended well. */
function output(program: string, words: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.on("error", (error) => resolve(`the type check cannot be run: ${error.message}`));
    child.on("close", (status) => resolve(status === 0 ? undefined : said));
  });
}

/** tsc's `file(line,column): error TS1: text` with what belongs to it, each once. */
export function readableErrors(said: string): string {
  const errors: string[] = [];
  for (const line of said.trim().split("\n")) {
    const match = /^(.+?)\((\d+),(\d+)\): error TS\d+: (.*)$/.exec(line);
    if (match !== null) errors.push(`${match[1]}:${match[2]}:${match[3]}: ${remedy(match[4]!)}`);
    else if (/^\s/.test(line) && errors.length > 0) errors[errors.length - 1] += "\n" + line;
    else errors.push(line.replace(/^error TS\d+: /, ""));
  }
  const more = errors.length - shownMax;
  return errors.slice(0, shownMax).join("\n") + (more > 0 ? `\n… and ${more} more` : "");
}

const absent = ["console", "setTimeout", "setInterval", "setImmediate", "fetch", "process", "Buffer", "require", "window", "document"];

/** The compiler's advice is for computers; on a board it leads astray. */
function remedy(text: string): string {
  const name = /Cannot find (?:name|module) '([^']+)'/.exec(text)?.[1];
  if (name === undefined) return text;
  if (name.startsWith("node:")) return nodeModule(name);
  if (text.includes("find module")) return unknownModule(name) ?? text;
  if (absent.includes(name)) return `a board has no '${name}': an app may use what "mote" exports, its own files, and plain JavaScript`;
  return text;
}

export function nodeModule(name: string): string {
  return `a board has no '${name}', which is Node's: an app may import "mote" and files of its own`;
}
