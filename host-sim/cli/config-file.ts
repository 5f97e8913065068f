/** A file of settings: JSON, read and bounded, with every name once. What the settings themselves may be, the firmware checks. */
import { readFileSync } from "node:fs";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { jsonMistake } from "../scenario/json-place.js";

const bytesMax = 1_048_576;

const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "it may not be read by you",
};

/** `file` may be `-`, stdin. */
export function readConfigFile(file: string): Result<unknown, "file"> {
  const name = file === "-" ? "stdin" : file;
  const wrong = (what: string): Result<never, "file"> => failure("file", `${name}: ${what}`);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file === "-" ? 0 : file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return wrong(reasons[code ?? ""] ?? message);
  }
  if (bytes.length > bytesMax) return wrong("it is too large: settings are a few lines, and 1 MiB is read at most");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return wrong("it is no text in UTF-8");
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (thrown) {
    const place = jsonMistake(text);
    return wrong(
      place === undefined ? `it is no JSON: ${String(thrown)}` : `it is no JSON: line ${place.line}, column ${place.column}: ${place.what}`,
    );
  }
  const twice = nameTwice(text);
  return twice === undefined
    ? success(document)
    : wrong(`line ${twice.line}: "${twice.name.slice(0, 60)}" stands there twice: leave one out`);
}

/** The first name that an object has a second time, in a text that is JSON: whoever parses it keeps only the last. */
function nameTwice(text: string): { readonly name: string; readonly line: number } | undefined {
  const open: (Set<string> | undefined)[] = [];
  const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [what, colon] = found;
    if (what === "{") open.push(new Set());
    else if (what === "[") open.push(undefined);
    else if (what === "}" || what === "]") open.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(what.slice(0, -colon.length)) as string;
      const names = open[open.length - 1];
      if (names?.has(name) === true) return { name, line: text.slice(0, found.index).split("\n").length };
      names?.add(name);
    }
  }
  return undefined;
}
