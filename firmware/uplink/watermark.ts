/**
 * What a consumer confirms: `{"install":1,"boot":2,"seq":3}`, all records of that install up to seq. Read by hand:
 * JSON.parse makes a property name of each key that somebody sends, and XS keeps names for good, so that whoever
 * may publish could fill its table and stop the board.
 */
import type { Bytes } from "../device.js";

export interface Watermark {
  readonly install: number;
  readonly boot: number;
  readonly seq: number;
}

const bytesMax = 128;
const names = ["install", "boot", "seq"] as const;
/** Called as a method of a string it allocates in XS; called so, not. */
const codeAt = String.prototype.charCodeAt;
/** Digits of 2^53 − 1. */
const digitsMax = 16;

const quote = 0x22;
const colon = 0x3a;
const comma = 0x2c;
const opening = 0x7b;
const closing = 0x7d;
const zero = 0x30;

/** Undefined: it is anything but an object of just these three, each once, in any order, whole numbers from 0 on. */
export function readWatermark(payload: Bytes): Watermark | undefined {
  if (payload.length > bytesMax) return undefined;
  const told = [-1, -1, -1];
  let at = afterSpace(payload, 0);
  if (payload[at++] !== opening) return undefined;
  for (let count = 1; count <= names.length; count++) {
    at = afterSpace(payload, at);
    const which = nameAt(payload, at);
    if (which < 0 || told[which] !== -1) return undefined;
    at = afterSpace(payload, at + names[which]!.length + 2);
    if (payload[at++] !== colon) return undefined;
    at = afterSpace(payload, at);
    const first = at;
    let x = 0;
    while (at - first < digitsMax && isDigit(payload[at])) x = 10 * x + payload[at++]! - zero;
    if (at === first || (payload[first] === zero && at > first + 1) || x > 9007199254740991) return undefined;
    told[which] = x;
    at = afterSpace(payload, at);
    if (payload[at++] !== (count < names.length ? comma : closing)) return undefined;
  }
  if (afterSpace(payload, at) !== payload.length) return undefined;
  return { install: told[0]!, boot: told[1]!, seq: told[2]! };
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte < zero + 10;
}

function afterSpace(bytes: Bytes, at: number): number {
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0a || bytes[at] === 0x0d) at++;
  return at;
}

/** Which of the names stands there in quotes; −1: none. */
function nameAt(bytes: Bytes, at: number): number {
  for (let which = 0; which < names.length; which++) {
    const name = names[which]!;
    let length = 0;
    while (length < name.length && bytes[at + 1 + length] === codeAt.call(name, length)) length++;
    if (length === name.length && bytes[at] === quote && bytes[at + 1 + length] === quote) return which;
  }
  return -1;
}
