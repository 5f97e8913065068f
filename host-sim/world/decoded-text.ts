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

/** As text where it is UTF-8, a record of a board's history by its head, otherwise as hex. */
export function payloadText(bytes: Uint8Array): string {
  if (bytes.length === 0) return "(empty)";
  const record = recordText(bytes);
  if (record !== undefined) return record;
  return isUtf8(bytes) ? printable(Buffer.from(bytes).toString("utf8")) : `hex ${hexText(bytes)}`;
}

const recordNames: Readonly<Record<number, string>> = { 0x4d: "block", 0x47: "gap" };
/** Version, length, install, boot and number. */
const recordHeadBytes = 16;

/** firmware/telemetry/FORMAT.md and firmware/journal/FORMAT.md: `block 12 of boot 3, 294 bytes`. */
function recordText(bytes: Uint8Array): string | undefined {
  const name = recordNames[bytes[0]!];
  if (name === undefined || bytes.length < recordHeadBytes || bytes[1]! >> 4 !== 1) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const isIdentified = name === "gap" || (bytes[1]! & 1) === 1;
  if (!isIdentified || view.getUint16(2, true) !== bytes.length) return undefined;
  return `${name} ${view.getUint32(12, true)} of boot ${view.getUint32(8, true)}, ${bytes.length.toLocaleString("en")} bytes`;
}
