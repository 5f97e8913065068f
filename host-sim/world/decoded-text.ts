/** Bytes and foreign text as they may stand in one line on a terminal: nothing of them moves the cursor or fills the screen. */
import { isUtf8 } from "node:buffer";

const textLengthMax = 300;
const hexBytesMax = 32;

export function printable(text: string): string {
  const cut = text.length > textLengthMax ? text.slice(0, textLengthMax) : text;
  const clean = cut.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escaped);
  return cut === text ? clean : `${clean}… (${text.length.toLocaleString("en")} characters)`;
}

function escaped(letter: string): string {
  if (letter === "\n") return "\\n";
  if (letter === "\r") return "\\r";
  if (letter === "\t") return "\\t";
  return `\\u{${letter.codePointAt(0)!.toString(16)}}`;
}

/** `5e b5 41`, the first of many. */
export function hexText(bytes: Uint8Array): string {
  const hex = Array.from(bytes.subarray(0, hexBytesMax), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return bytes.length > hexBytesMax ? `${hex} … (${bytes.length.toLocaleString("en")} bytes)` : hex;
}

/** As text where it is UTF-8, otherwise as hex. */
export function payloadText(bytes: Uint8Array): string {
  if (bytes.length === 0) return "(empty)";
  return isUtf8(bytes) ? printable(Buffer.from(bytes).toString("utf8")) : `hex ${hexText(bytes)}`;
}
