/**
 * UTF-8 by hand (RFC 3629), since XS has no TextEncoder: what MQTT allows in its strings (3.1.1, section 1.5.3).
 * Works whether an engine counts a string in UTF-16 units or in code points.
 */

/** A string, or its UTF-8 bytes when they were made once before: that spares the encoding on every publish. */
export type Text = string | Uint8Array<ArrayBuffer>;

/** Code points of a string decoded at a time: they pass through the device's small stack. */
const codesAtOnce = 24;

/** Called as a method of a string it allocates two slots a character in XS; called so, none. */
const codeAt = String.prototype.charCodeAt;

function isPair(text: string, index: number, code: number, length: number): boolean {
  if (code < 0xd800 || code > 0xdbff || index + 1 === length) return false;
  const low = codeAt.call(text, index + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}

/** Bytes that `text` takes. */
export function utf8Length(text: Text): number {
  const length = text.length;
  if (typeof text !== "string") return length;
  let bytes = length;
  for (let index = 0; index < length; index++) {
    const code = codeAt.call(text, index);
    if (code >= 0x80) {
      if (code < 0x800) bytes += 1;
      else if (code > 0xffff) bytes += 3;
      else {
        bytes += 2;
        if (isPair(text, index, code, length)) index++;
      }
    }
  }
  return bytes;
}

/** Writes `text` at `offset` and returns the offset after it. A lone surrogate becomes U+FFFD, as in the Encoding Standard. */
export function writeUtf8(text: Text, into: Uint8Array<ArrayBuffer>, offset: number): number {
  if (typeof text !== "string") {
    into.set(text, offset);
    return offset + text.length;
  }
  const length = text.length;
  let at = offset;
  for (let index = 0; index < length; index++) {
    let code = codeAt.call(text, index);
    if (code < 0x80) into[at++] = code;
    else {
      if (isPair(text, index, code, length)) {
        index++;
        code = 0x10000 + ((code & 0x3ff) << 10) + (codeAt.call(text, index) & 0x3ff);
      } else if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
      at = writeCode(code, into, at);
    }
  }
  return at;
}

function writeCode(code: number, into: Uint8Array<ArrayBuffer>, offset: number): number {
  let at = offset;
  if (code < 0x800) into[at++] = 0xc0 | (code >> 6);
  else {
    if (code < 0x10000) into[at++] = 0xe0 | (code >> 12);
    else {
      into[at++] = 0xf0 | (code >> 18);
      into[at++] = 0x80 | ((code >> 12) & 0x3f);
    }
    into[at++] = 0x80 | ((code >> 6) & 0x3f);
  }
  into[at++] = 0x80 | (code & 0x3f);
  return at;
}

export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(utf8Length(text));
  writeUtf8(text, bytes, 0);
  return bytes;
}

/** The string in `bytes`; undefined where it is not well-formed UTF-8 or holds U+0000 (MQTT-1.5.3-1, -2). */
export function decodeUtf8(bytes: Uint8Array<ArrayBuffer>): string | undefined {
  const length = bytes.length;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x80 || byte === 0) return decodeCodes(bytes);
  }
  return length <= codesAtOnce ? ascii(bytes) : join(bytes);
}

/** `apply` takes anything like an array: no array of numbers is made for it. */
function ascii(bytes: Uint8Array<ArrayBuffer>): string {
  return String.fromCharCode.apply(undefined, bytes as unknown as number[]);
}

function join(bytes: Uint8Array<ArrayBuffer>): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += codesAtOnce) parts.push(ascii(bytes.subarray(at, at + codesAtOnce)));
  return parts.join("");
}

function decodeCodes(bytes: Uint8Array<ArrayBuffer>): string | undefined {
  const end = bytes.length;
  const parts: string[] = [];
  let codes: number[] = [];
  let at = 0;
  while (at < end) {
    let code = bytes[at++]!;
    if (code >= 0x80) {
      const more = code < 0xc2 ? 0 : code < 0xe0 ? 1 : code < 0xf0 ? 2 : code < 0xf5 ? 3 : 0;
      if (more === 0 || at + more > end) return undefined;
      code &= 0x3f >> more;
      for (let count = 0; count < more; count++) {
        const next = bytes[at++]!;
        if ((next & 0xc0) !== 0x80) return undefined;
        code = (code << 6) | (next & 0x3f);
      }
      if (more === 2 && (code < 0x800 || (code >= 0xd800 && code <= 0xdfff))) return undefined;
      if (more === 3 && (code < 0x10000 || code > 0x10ffff)) return undefined;
    } else if (code === 0) return undefined;
    codes.push(code);
    if (codes.length === codesAtOnce || at === end) {
      parts.push(String.fromCodePoint.apply(undefined, codes));
      codes = [];
    }
  }
  return parts.join("");
}
