/**
 * The bytes between Node and an XS process: frames written into one growing buffer, and read back out
 * of what arrived. A frame is its length (u32, of what follows), its type (one letter), then its fields,
 * little-endian. Frames to XS carry the board's clock (f64, ms) before their fields. c/pipe.c is the other end.
 */

/** What crosses. Node sees bytes as a Uint8Array of its own; XS sees them as an ArrayBuffer. */
export type Value = undefined | null | boolean | number | string | Uint8Array<ArrayBuffer>;

const tag = { undefined: 0, null: 1, false: 2, true: 3, number: 5, string: 6, bytes: 7 } as const;

/** Writes frames. One instance a pipe: `frame()` starts anew, `bytes()` is what to send, valid until the next frame. */
export class FrameWriter {
  private buffer = Buffer.allocUnsafe(4096);
  private length = 0;

  frame(type: string, nowMs: number): this {
    this.length = 4;
    this.u8(type.charCodeAt(0));
    return this.f64(nowMs);
  }

  u8(value: number): this {
    this.reserve(1);
    this.length = this.buffer.writeUInt8(value, this.length);
    return this;
  }

  u32(value: number): this {
    this.reserve(4);
    this.length = this.buffer.writeUInt32LE(value, this.length);
    return this;
  }

  f64(value: number): this {
    this.reserve(8);
    this.length = this.buffer.writeDoubleLE(value, this.length);
    return this;
  }

  bytes(value: Uint8Array): this {
    this.u32(value.length);
    this.reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
    return this;
  }

  /** XS ends its strings with a zero byte, and writes the character zero as C0 80. */
  text(value: string): this {
    const utf8 = Buffer.from(value, "utf8");
    return this.bytes(utf8.includes(0) ? Buffer.from(utf8.toString("latin1").replaceAll("\0", "\xc0\x80"), "latin1") : utf8);
  }

  value(value: Value): this {
    if (value === undefined) return this.u8(tag.undefined);
    if (value === null) return this.u8(tag.null);
    if (value === false) return this.u8(tag.false);
    if (value === true) return this.u8(tag.true);
    if (typeof value === "number") return this.u8(tag.number).f64(value);
    if (typeof value === "string") return this.u8(tag.string).text(value);
    return this.u8(tag.bytes).bytes(value);
  }

  finish(): Buffer {
    this.buffer.writeUInt32LE(this.length - 4, 0);
    return this.buffer.subarray(0, this.length);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe((this.length + count) * 2);
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

/** Reads the fields of one frame in order. Whatever it returns is a copy. */
export class FrameReader {
  private at = 0;

  constructor(private readonly frame: Buffer) {}

  get left(): number {
    return this.frame.length - this.at;
  }

  u8(): number {
    const value = this.frame.readUInt8(this.at);
    this.at += 1;
    return value;
  }

  u32(): number {
    const value = this.frame.readUInt32LE(this.at);
    this.at += 4;
    return value;
  }

  f64(): number {
    const value = this.frame.readDoubleLE(this.at);
    this.at += 8;
    return value;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const length = this.u32();
    const value = new Uint8Array(length);
    this.frame.copy(value, 0, this.at, this.at + length);
    this.at += length;
    return value;
  }

  text(): string {
    const length = this.u32();
    const utf8 = this.frame.subarray(this.at, this.at + length);
    this.at += length;
    // No other character has this byte.
    if (!utf8.includes(0xc0)) return utf8.toString("utf8");
    return Buffer.from(utf8.toString("latin1").replaceAll("\xc0\x80", "\0"), "latin1").toString("utf8");
  }

  value(): Value {
    const kind = this.u8();
    if (kind === tag.undefined) return undefined;
    if (kind === tag.null) return null;
    if (kind === tag.false) return false;
    if (kind === tag.true) return true;
    if (kind === tag.number) return this.f64();
    if (kind === tag.string) return this.text();
    return this.bytes();
  }

  values(): Value[] {
    const values: Value[] = [];
    while (this.left > 0) values.push(this.value());
    return values;
  }
}
