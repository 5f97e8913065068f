/** A pairing code while it is being typed: put into groups, and looked at character by character, so that a slip shows where it is. */
import { type Pairing, readPairing } from "../pairing/code.js";

export const codeCharacters = 28;
const groupLength = 4;

export interface TypedCode {
  /** In groups of four, as it is printed. */
  readonly text: string;
  readonly characters: number;
  /** Undefined while nothing is wrong yet. */
  readonly mistake: string | undefined;
  /** The group with a character that cannot be, from 0. */
  readonly group: number | undefined;
  readonly code: Pairing | undefined;
}

export function typedCode(text: string): TypedCode {
  if (/^\s*MOTE:/i.test(text)) {
    const read = readPairing(text);
    if (!read.ok) return { text, characters: 0, mistake: read.error.message, group: undefined, code: undefined };
    return { ...typedCode(text.slice(text.lastIndexOf(":") + 1)), code: read.value };
  }
  const plain = text.toUpperCase().replace(/[\s‐-―-]/g, "");
  const grouped = plain.replace(/(.{4})(?=.)/g, "$1-");
  const found = { text: grouped, characters: plain.length, group: undefined, code: undefined };
  const odd = plain.search(/[^0-9A-TV-Z]/);
  if (odd >= 0) {
    const group = Math.floor(odd / groupLength);
    return {
      ...found,
      mistake: `“${plain[odd]}” in group ${group + 1} never stands in a code: it has digits and letters, but no U.`,
      group,
    };
  }
  if (plain.length < codeCharacters) return { ...found, mistake: undefined };
  const read = readPairing(plain);
  return read.ok ? { ...found, mistake: undefined, code: read.value } : { ...found, mistake: read.error.message };
}
