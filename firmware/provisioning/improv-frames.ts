/**
 * The bytes of Improv Wi-Fi over BLE, version 2.4 (https://www.improv-wifi.com/ble/): its characteristics, its frames
 * put together from the writes they came in, its results, its service data. Bounded by one frame, whatever comes.
 */
import { invariant } from "../base/invariant.js";
import { decodeUtf8, utf8Length, writeUtf8 } from "../base/utf8.js";
import type { Bytes } from "../device.js";

export const improvService = "00467768-6228-2272-4663-277478268000";

/** What a characteristic of the service holds. */
export type ImprovPart = "state" | "error" | "command" | "result" | "capabilities";

export interface ImprovCharacteristic {
  readonly uuid: string;
  readonly part: ImprovPart;
  readonly read: boolean;
  /** With response and without. */
  readonly write: boolean;
  readonly notify: boolean;
}

/** All characteristics of the service. */
export const improvCharacteristics: readonly ImprovCharacteristic[] = Object.freeze([
  Object.freeze({ uuid: "00467768-6228-2272-4663-277478268001", part: "state", read: true, write: false, notify: true }),
  Object.freeze({ uuid: "00467768-6228-2272-4663-277478268002", part: "error", read: true, write: false, notify: true }),
  Object.freeze({ uuid: "00467768-6228-2272-4663-277478268003", part: "command", read: false, write: true, notify: false }),
  Object.freeze({ uuid: "00467768-6228-2272-4663-277478268004", part: "result", read: true, write: false, notify: true }),
  Object.freeze({ uuid: "00467768-6228-2272-4663-277478268005", part: "capabilities", read: true, write: false, notify: false }),
]);

export const improvState = Object.freeze({ authorizationRequired: 1, authorized: 2, provisioning: 3, provisioned: 4 });

export const improvError = Object.freeze({
  none: 0,
  invalid: 1,
  unknownCommand: 2,
  unableToConnect: 3,
  notAuthorized: 4,
  badHostname: 5,
  unknown: 0xff,
});

export const improvCommand = Object.freeze({ wifi: 1, identify: 2, info: 3, scan: 4, hostname: 5, name: 6 });

export const improvCapability = Object.freeze({ identify: 1, info: 2, scan: 4, hostname: 8 });

/** The 16-bit UUID of the service data in an advertisement. */
export const improvServiceDataUuid = 0x4677;

/** What stands there, without the UUID: 6 bytes. */
export function improvServiceData(state: number, capabilities: number): Bytes {
  const bytes = new Uint8Array(6);
  bytes[0] = state;
  bytes[1] = capabilities;
  return bytes;
}

const headerBytes = 2;
/** Command, length, and checksum stand around the data. */
const aroundBytes = 3;
const dataBytesMax = 255;
export const improvFrameBytesMax = dataBytesMax + aroundBytes;

function checksum(frame: Bytes, length: number): number {
  let sum = 0;
  for (let at = 0; at < length; at++) sum += frame[at]!;
  return sum & 0xff;
}

export type FrameProgress = "more" | "whole" | "wrong";

/** One frame on its way in. After `whole`, `command` and `data` are its own until `drop`; after `wrong` it has dropped all. */
export class ImprovFrame {
  private readonly bytes: Bytes = new Uint8Array(improvFrameBytesMax);
  private filled = 0;

  /** Takes one write. It is wrong where it is empty, goes on after the frame's end, or the checksum does not fit. */
  take(write: Bytes): FrameProgress {
    const { bytes, filled } = this;
    const after = filled + write.length;
    if (after > filled && after <= improvFrameBytesMax) {
      bytes.set(write, filled);
      this.filled = after;
      const length = bytes[1]! + aroundBytes;
      if (after < length) return "more";
      if (after === length && bytes[length - 1] === checksum(bytes, length - 1)) return "whole";
    }
    this.drop();
    return "wrong";
  }

  get isPartial(): boolean {
    return this.filled > 0;
  }

  get command(): number {
    return this.bytes[0]!;
  }

  get data(): Bytes {
    return this.bytes.subarray(headerBytes, this.bytes[1]! + headerBytes);
  }

  /** Overwrites it: there may be a password in it. */
  drop(): void {
    this.bytes.fill(0);
    this.filled = 0;
  }
}

export interface WifiSettings {
  readonly ssid: string;
  readonly password: string;
}

/** Undefined where the lengths do not fit, the SSID is empty, or one is no UTF-8. */
export function wifiSettings(data: Bytes): WifiSettings | undefined {
  const end = data.length;
  const ssidEnd = 1 + (data[0] ?? 0);
  if (ssidEnd === 1 || ssidEnd >= end || ssidEnd + 1 + data[ssidEnd]! !== end) return undefined;
  const ssid = decodeUtf8(data.subarray(1, ssidEnd));
  const password = decodeUtf8(data.subarray(ssidEnd + 1));
  return ssid === undefined || password === undefined ? undefined : { ssid, password };
}

const space = 0x20;

/**
 * A name to be set. The text has it bare; Home Assistant's client puts its length before it, as results have it, which
 * no name begins with: that is a control character. Undefined where it is no UTF-8.
 */
export function givenName(data: Bytes): string | undefined {
  const first = data[0]!;
  return decodeUtf8(first < space && first === data.length - 1 ? data.subarray(1) : data);
}

/** RFC 1123 (2.1), one label: 1 to 63 letters, digits and hyphens, none of these at an end. */
export function isHostname(name: string): boolean {
  const length = name.length;
  if (length === 0 || length > 63) return false;
  for (let at = 0; at < length; at++) {
    const code = name.charCodeAt(at);
    const isHyphen = code === 0x2d && at > 0 && at < length - 1;
    const small = code | space;
    if (!isHyphen && !(code >= 0x30 && code <= 0x39) && !(small >= 0x61 && small <= 0x7a)) return false;
  }
  return true;
}

/** As much of the beginning of `text` as `bytesMax` hold. */
function beginning(text: string, bytesMax: number): string {
  let end = text.length > bytesMax ? bytesMax : text.length;
  while (utf8Length(text.slice(0, end)) > bytesMax) end--;
  // Half of a surrogate pair says nothing.
  const last = end === 0 ? 0 : text.charCodeAt(end - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? end - 1 : end);
}

/** A result's frame, of at most 64 texts. Where 255 bytes of data cannot hold them, all are cut to the same length. */
export function improvResult(command: number, texts: readonly string[]): Bytes {
  const count = texts.length;
  invariant(count <= 64, "an Improv result of few texts");
  let dataBytes = 0;
  for (let index = 0; index < count; index++) dataBytes += 1 + utf8Length(texts[index]!);
  let shown = texts;
  if (dataBytes > dataBytesMax) {
    const bytesMax = Math.floor(dataBytesMax / count) - 1;
    shown = texts.map((text) => beginning(text, bytesMax));
    dataBytes = 0;
    for (let index = 0; index < count; index++) dataBytes += 1 + utf8Length(shown[index]!);
  }
  const frame = new Uint8Array(dataBytes + aroundBytes);
  frame[0] = command;
  frame[1] = dataBytes;
  let at = headerBytes;
  for (let index = 0; index < count; index++) {
    const start = at + 1;
    at = writeUtf8(shown[index]!, frame, start);
    frame[start - 1] = at - start;
  }
  frame[at] = checksum(frame, at);
  return frame;
}
