/**
 * A board's secret as people see it: the pairing code, what its QR code says, and the bytes that lie in its flash (docs/ble.md,
 * "Pairing code"). Codes that are mistyped come back as an error that says where to look.
 */
import { failure, success, type Result } from "../../firmware/base/result.js";

export const secretLength = 15;
/** Crockford's base 32: no I, L, O, U. */
const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const secretDigits = 24;
const checkDigits = 4;
const codeDigits = secretDigits + checkDigits;

export interface Pairing {
  /** Twelve lower-case hex digits; undefined where a code was typed, which does not name its board. */
  readonly id: string | undefined;
  readonly secret: Uint8Array<ArrayBuffer>;
}

/** In groups of four. `secret`: 15 bytes. */
export function pairingCode(secret: Uint8Array): string {
  return plainCode(secret).replace(/(.{4})(?=.)/g, "$1-");
}

/** What the QR code of that board says: nothing but digits and capitals, which keeps it small. */
export function qrPayload(id: string, secret: Uint8Array): string {
  return `MOTE:${id.toUpperCase()}:${plainCode(secret)}`;
}

/** Reads what somebody typed, pasted or scanned: a code in any of its forms, or the payload of a QR code. */
export function readPairing(text: string): Result<Pairing, "code"> {
  const scanned = /^\s*MOTE:([0-9A-F]{12}):(.*)$/is.exec(text);
  if (scanned === null && /^\s*MOTE:/i.test(text)) {
    return failure(
      "code",
      "This QR code is not whole: after “MOTE:” it has to name a board (12 digits), then “:”, then its code. Scan it again.",
    );
  }
  const secret = readCode(scanned === null ? text : scanned[2]!);
  return secret.ok ? success({ id: scanned?.[1]!.toLowerCase(), secret: secret.value }) : secret;
}

/** The secret in a code. Small letters, spaces, missing hyphens, and O, I, L for 0, 1, 1 are fine. */
export function readCode(text: string): Result<Uint8Array<ArrayBuffer>, "code"> {
  const typed = text.replace(/[\s\u2010-\u2015-]/g, "").toUpperCase();
  if (typed === "")
    return failure("code", "The pairing code is empty. It stands on the board's label, or was shown when the board was flashed.");
  let value = 0n;
  let place = 0;
  for (const character of typed) {
    place++;
    const digit = digits.indexOf(character === "O" ? "0" : character === "I" || character === "L" ? "1" : character);
    if (digit < 0) {
      return failure(
        "code",
        `“${character}”, character ${place} of the pairing code, never stands in one: it has digits and letters, but no U. Look again.`,
      );
    }
    value = (value << 5n) | BigInt(digit);
  }
  if (place !== codeDigits) {
    const what = place < codeDigits ? `${codeDigits - place} too few` : `${place - codeDigits} too many`;
    return failure("code", `The pairing code has ${codeDigits} characters; these are ${place}, ${what}.`);
  }
  const secret = new Uint8Array(secretLength);
  let left = value >> 20n;
  for (let index = secretLength - 1; index >= 0; index--) {
    secret[index] = Number(left & 0xffn);
    left >>= 8n;
  }
  if (Number(value & 0xfffffn) !== checkOf(secret)) {
    return failure(
      "code",
      "The pairing code has a slip in it: its characters do not fit together. Compare it with the label, group by group.",
    );
  }
  return success(secret);
}

/** The beginning of the board's partition `secret`: what flashing writes. */
export function secretImage(secret: Uint8Array): Uint8Array<ArrayBuffer> {
  const image = new Uint8Array(24);
  image.set(new TextEncoder().encode("MTS1"));
  image.set(secret.subarray(0, secretLength), 4);
  new DataView(image.buffer).setUint32(20, crc32(image.subarray(0, 20)), true);
  return image;
}

function plainCode(secret: Uint8Array): string {
  if (secret.length !== secretLength) throw new Error(`a secret has ${secretLength} bytes, not ${secret.length}`);
  let value = 0n;
  for (const byte of secret) value = (value << 8n) | BigInt(byte);
  value = (value << 20n) | BigInt(checkOf(secret));
  let code = "";
  for (let shift = 5 * (codeDigits - 1); shift >= 0; shift -= 5) code += digits[Number((value >> BigInt(shift)) & 31n)];
  return code;
}

function checkOf(secret: Uint8Array): number {
  return crc32(secret) & 0xfffff;
}

/** IEEE 802.3, bit by bit: it is called once a code. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
