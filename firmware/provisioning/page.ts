/** Lists that may be longer than a reply: as many lines as fit, and where the next page begins (docs/ble.md). */
import { utf8Length } from "../base/utf8.js";
import { limits } from "../limits.js";

/** `line(index)` is undefined behind the last one, and empty for one that is left out. */
export function page(first: number, line: (index: number) => string | undefined): string {
  let lines = "";
  let bytes = headBytes;
  for (let index = first; ; index++) {
    const next = line(index);
    if (next === undefined) return "end" + lines;
    if (next === "") continue;
    const length = 1 + utf8Length(next);
    // A line alone always goes: none is as long as a reply.
    if (bytes + length > limits.replyBytesMax) return "next " + index + lines;
    bytes += length;
    lines += "\n" + next;
  }
}

/** "next " and a number. */
const headBytes = 12;

/** The number of the first entry that is asked for; undefined for what is no number. */
export function firstOf(body: string): number | undefined {
  if (body.length > 9) return undefined;
  let first = 0;
  for (let at = 0; at < body.length; at++) {
    const digit = body.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    first = 10 * first + digit;
  }
  return first;
}
