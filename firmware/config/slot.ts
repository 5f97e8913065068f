/**
 * The bytes of a slot's header (FORMAT.md). It is written last, and so commits the text behind it; its CRC says
 * that it is whole. What is read from it is not trusted before that CRC is right.
 */
import { crc32 } from "../base/crc32.js";
import type { Bytes } from "../device.js";

export const headerBytes = 32;
/** What encrypted flash is written in. */
export const unitBytes = 16;
export const formatVersion = 2;
/** Of what never was on trial, so that a Mote from before reads it. */
export const keptFormat = 1;

/** "MTC1", the lowest byte first. */
const magic = 0x3143544d;
const crcAt = 28;
/** Every other value is none: version 1 had `ff` there. */
const trialFlag = 1;

export interface Header {
  readonly format: number;
  readonly schema: number;
  /** Counts writes; compared with `isLater`. */
  readonly generation: number;
  /** Of the text, bytes. */
  readonly length: number;
  readonly textCrc: number;
  /** Its marks say what became of it (marks.ts). */
  readonly onTrial: boolean;
}

export function writeHeader({ format, schema, generation, length, textCrc, onTrial }: Header): Bytes {
  const bytes = new Uint8Array(headerBytes).fill(0xff);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint16(4, format, true);
  view.setUint16(6, schema, true);
  view.setUint32(8, generation, true);
  view.setUint16(12, length, true);
  if (onTrial) bytes[14] = trialFlag;
  view.setUint32(16, textCrc, true);
  view.setUint32(crcAt, crc32(bytes, 0, crcAt), true);
  return bytes;
}

/** `blank`: nothing was committed there. `damaged`: something stands there that is no header. */
export function readHeader(bytes: Bytes): Header | "blank" | "damaged" {
  if (bytes.every((byte) => byte === 0xff)) return "blank";
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint32(0, true) !== magic || view.getUint32(crcAt, true) !== crc32(bytes, 0, crcAt)) return "damaged";
  return {
    format: view.getUint16(4, true),
    schema: view.getUint16(6, true),
    generation: view.getUint32(8, true),
    length: view.getUint16(12, true),
    textCrc: view.getUint32(16, true),
    onTrial: bytes[14] === trialFlag,
  };
}

/** Whether generation `a` comes after `b`, also where the count has begun again at 0. */
export function isLater(a: number, b: number): boolean {
  return ((a - b) | 0) > 0;
}

/** Bytes that the text takes in flash. */
export function paddedBytes(length: number): number {
  return Math.ceil(length / unitBytes) * unitBytes;
}
