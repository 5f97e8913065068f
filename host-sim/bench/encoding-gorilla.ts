/**
 * Gorilla (Pelkonen et al., VLDB 2015, 4.1): differences of differences of times, and each value's bits
 * xor those of the one before. Minimal, for the benchmark: whole windows, times in ms.
 */
import type { SampleWindow } from "./encoding-windows.js";

/** Bits, the highest first, as the paper has them. */
class BitWriter {
  readonly bytes: Uint8Array;
  at = 0;
  #pending = 0;
  #fill = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** At most 16. */
  put(x: number, count: number): void {
    let pending = (this.#pending << count) | x;
    let fill = this.#fill + count;
    while (fill >= 8) {
      fill -= 8;
      this.bytes[this.at++] = pending >>> fill;
    }
    pending &= (1 << fill) - 1;
    this.#pending = pending;
    this.#fill = fill;
  }

  put32(x: number, count: number): void {
    if (count > 16) this.put((x >>> 16) & ((1 << (count - 16)) - 1), count - 16);
    this.put(x & (count >= 16 ? 0xffff : (1 << count) - 1), count > 16 ? 16 : count);
  }

  end(): number {
    if (this.#fill > 0) this.put(0, 8 - this.#fill);
    return this.at;
  }
}

class BitReader {
  readonly bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  bits(count: number): number {
    let x = 0;
    for (let i = 0; i < count; i++, this.#at++) x = x * 2 + ((this.bytes[this.#at >> 3]! >> (7 - (this.#at & 7))) & 1);
    return x;
  }
}

const forms = [
  { prefix: 2, prefixBits: 2, bits: 7 },
  { prefix: 6, prefixBits: 3, bits: 9 },
  { prefix: 14, prefixBits: 4, bits: 12 },
  { prefix: 15, prefixBits: 4, bits: 32 },
];

/** `scale` 1 keeps the doubles; 100 their hundredths. Returns how many bytes. */
export function gorillaEncode({ times, values }: SampleWindow, scale: number, into: Uint8Array): number {
  const out = new BitWriter(into);
  const double = new Float64Array(1);
  const words = new Uint32Array(double.buffer);
  let before = times[0]!;
  let delta = 0;
  let high = 0;
  let low = 0;
  let leading = 65;
  let trailing = 0;
  out.put32(Math.floor(before / 4294967296), 32);
  out.put32(before % 4294967296, 32);
  out.put(values.length, 16);
  for (let i = 0; i < values.length; i++) {
    if (i > 0) {
      const step = times[i]! - before - delta;
      delta += step;
      before = times[i]!;
      if (step === 0) out.put(0, 1);
      else {
        let form = 0;
        while (form < 3 && !(step > -(1 << (forms[form]!.bits - 1)) && step <= 1 << (forms[form]!.bits - 1))) form++;
        const { prefix, prefixBits, bits } = forms[form]!;
        out.put(prefix, prefixBits);
        out.put32(bits === 32 ? step : step + (1 << (bits - 1)) - 1, bits);
      }
    }
    double[0] = scale === 1 ? values[i]! : Math.floor(values[i]! * scale + 0.5);
    const xorHigh = words[1]! ^ high;
    const xorLow = words[0]! ^ low;
    high = words[1]!;
    low = words[0]!;
    if (i === 0) {
      out.put32(high, 32);
      out.put32(low, 32);
    } else if (xorHigh === 0 && xorLow === 0) out.put(0, 1);
    else {
      let first = xorHigh === 0 ? 32 + Math.clz32(xorLow) : Math.clz32(xorHigh);
      const last = xorLow === 0 ? 63 - Math.clz32(xorHigh & -xorHigh) : 31 - Math.clz32(xorLow & -xorLow);
      if (first >= leading && last >= trailing) out.put(2, 2);
      else {
        if (first > 31) first = 31;
        leading = first;
        trailing = last;
        out.put(3, 2);
        out.put(leading, 5);
        // 64 bits are said as 0, as there are never none.
        out.put((64 - leading - trailing) & 63, 6);
      }
      // Bits 63 − leading … trailing, from the two words.
      const top = 63 - leading;
      if (top >= 32) {
        const cut = trailing > 32 ? trailing - 32 : 0;
        out.put32(xorHigh >>> cut, top - 32 - cut + 1);
      }
      if (trailing < 32) out.put32(xorLow >>> trailing, (top < 32 ? top : 31) - trailing + 1);
    }
  }
  return out.end();
}

export function gorillaDecode(bytes: Uint8Array, scale: number): SampleWindow {
  const reader = new BitReader(bytes);
  const double = new Float64Array(1);
  const words = new Uint32Array(double.buffer);
  const times: number[] = [];
  const values: number[] = [];
  let atMs = reader.bits(32) * 4294967296 + reader.bits(32);
  const count = reader.bits(16);
  let delta = 0;
  let leading = 0;
  let trailing = 0;
  for (let i = 0; i < count; i++) {
    if (i > 0) {
      let form = -1;
      while (form < 3 && reader.bits(1) === 1) form++;
      if (form >= 0) {
        const { bits } = forms[form]!;
        delta += bits === 32 ? reader.bits(32) | 0 : reader.bits(bits) - (1 << (bits - 1)) + 1;
      }
      atMs += delta;
    }
    times.push(atMs);
    if (i === 0) {
      words[1] = reader.bits(32);
      words[0] = reader.bits(32);
    } else if (reader.bits(1) === 1) {
      if (reader.bits(1) === 1) {
        leading = reader.bits(5);
        trailing = 64 - leading - (reader.bits(6) || 64);
      }
      const top = 63 - leading;
      if (top >= 32) {
        const cut = trailing > 32 ? trailing - 32 : 0;
        words[1]! ^= reader.bits(top - 32 - cut + 1) << cut;
      }
      if (trailing < 32) words[0]! ^= reader.bits((top < 32 ? top : 31) - trailing + 1) << trailing;
    }
    values.push(double[0]! / scale);
  }
  return { times, values };
}
