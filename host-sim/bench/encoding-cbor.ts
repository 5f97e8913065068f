/**
 * Two ways to say a window in CBOR (RFC 8949): columns of whole numbers (the times as differences, the values in
 * hundredths), and SenML records (RFC 8428, labels of 5.3.3: bt −3, t 6, v 2), times in seconds as that
 * has them. Minimal, for the benchmark; each number in the shortest form that keeps it.
 */
import type { SampleWindow } from "./encoding-windows.js";

class Writer {
  readonly bytes: Uint8Array;
  readonly #double = new DataView(new ArrayBuffer(8));
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  head(major: number, x: number): void {
    const { bytes } = this;
    if (x < 24) bytes[this.at++] = major | x;
    else if (x < 256) {
      bytes[this.at++] = major | 24;
      bytes[this.at++] = x;
    } else if (x < 65536) {
      bytes[this.at++] = major | 25;
      bytes[this.at++] = x >> 8;
      bytes[this.at++] = x;
    } else {
      const long = x >= 4294967296;
      bytes[this.at++] = major | (long ? 27 : 26);
      if (long) this.word(Math.floor(x / 4294967296));
      this.word(x % 4294967296);
    }
  }

  word(x: number): void {
    for (let shift = 24; shift >= 0; shift -= 8) this.bytes[this.at++] = x >>> shift;
  }

  number(x: number): void {
    if (x % 1 === 0) {
      if (x >= 0) this.head(0x00, x);
      else this.head(0x20, -1 - x);
      return;
    }
    const view = this.#double;
    if (Math.fround(x) === x) {
      view.setFloat32(0, x);
      this.bytes[this.at++] = 0xfa;
    } else {
      view.setFloat64(0, x);
      this.bytes[this.at++] = 0xfb;
      this.word(view.getUint32(0));
      this.word(view.getUint32(4));
      return;
    }
    this.word(view.getUint32(0));
  }
}

class Reader {
  readonly view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** A count, or a number. */
  next(): number {
    const first = this.view.getUint8(this.at++);
    const low = first & 31;
    if (first === 0xfa) {
      this.at += 4;
      return this.view.getFloat32(this.at - 4);
    }
    if (first === 0xfb) {
      this.at += 8;
      return this.view.getFloat64(this.at - 8);
    }
    let x = low;
    if (low >= 24) {
      x = 0;
      for (let left = 1 << (low - 24); left > 0; left--) x = x * 256 + this.view.getUint8(this.at++);
    }
    return first >> 5 === 1 ? -1 - x : x;
  }
}

export function columnsEncode({ times, values }: SampleWindow, into: Uint8Array): number {
  const out = new Writer(into);
  out.head(0x80, 3);
  out.number(times[0]!);
  out.head(0x80, times.length);
  for (let i = 0; i < times.length; i++) out.number(i === 0 ? 0 : times[i]! - times[i - 1]!);
  out.head(0x80, values.length);
  for (let i = 0; i < values.length; i++) out.number(Math.floor(values[i]! * 100 + 0.5));
  return out.at;
}

export function columnsDecode(bytes: Uint8Array): SampleWindow {
  const reader = new Reader(bytes);
  reader.next();
  let atMs = reader.next();
  const times: number[] = [];
  const values: number[] = [];
  for (let left = reader.next(); left > 0; left--) times.push((atMs += reader.next()));
  for (let left = reader.next(); left > 0; left--) values.push(reader.next() / 100);
  return { times, values };
}

export function senmlEncode({ times, values }: SampleWindow, into: Uint8Array): number {
  const out = new Writer(into);
  const base = Math.floor(times[0]! / 1000);
  out.head(0x80, times.length);
  for (let i = 0; i < times.length; i++) {
    out.head(0xa0, i === 0 ? 3 : 2);
    if (i === 0) {
      out.number(-3);
      out.number(base);
    }
    out.number(6);
    out.number((times[i]! - base * 1000) / 1000);
    out.number(2);
    out.number(values[i]!);
  }
  return out.at;
}

export function senmlDecode(bytes: Uint8Array): SampleWindow {
  const reader = new Reader(bytes);
  const times: number[] = [];
  const values: number[] = [];
  let base = 0;
  for (let left = reader.next(); left > 0; left--) {
    for (let fields = reader.next(); fields > 0; fields--) {
      const label = reader.next();
      const x = reader.next();
      if (label === -3) base = x;
      else if (label === 6) times.push(base * 1000 + Math.round(x * 1000));
      else values.push(x);
    }
  }
  return { times, values };
}
