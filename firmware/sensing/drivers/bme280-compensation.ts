/**
 * From a BME280's raw conversions to °C, Pa and %: the trimming values' layout and Bosch's formulas in
 * double precision (datasheet BST-BME280-DS002, sections 4.2.2 and 8.1). Pure, + − × ÷ only. With
 * nonsense for trimming values a result may be NaN or infinite: the caller checks its range.
 */

export interface Trimming {
  readonly t1: number;
  readonly t2: number;
  readonly t3: number;
  readonly p1: number;
  readonly p2: number;
  readonly p3: number;
  readonly p4: number;
  readonly p5: number;
  readonly p6: number;
  readonly p7: number;
  readonly p8: number;
  readonly p9: number;
  readonly h1: number;
  readonly h2: number;
  readonly h3: number;
  readonly h4: number;
  readonly h5: number;
  readonly h6: number;
}

function unsigned16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

function signed16(bytes: Uint8Array, at: number): number {
  return (unsigned16(bytes, at) << 16) >> 16;
}

function signed8(byte: number): number {
  return (byte << 24) >> 24;
}

/** `low` is registers 0x88 … 0xA1, `high` 0xE1 … 0xE7 (4.2.2, table 16). h4 and h5 are 12 bits, signed, and share 0xE5. */
export function readTrimming(low: Uint8Array, high: Uint8Array): Trimming {
  return {
    t1: unsigned16(low, 0),
    t2: signed16(low, 2),
    t3: signed16(low, 4),
    p1: unsigned16(low, 6),
    p2: signed16(low, 8),
    p3: signed16(low, 10),
    p4: signed16(low, 12),
    p5: signed16(low, 14),
    p6: signed16(low, 16),
    p7: signed16(low, 18),
    p8: signed16(low, 20),
    p9: signed16(low, 22),
    h1: low[25]!,
    h2: signed16(high, 0),
    h3: high[2]!,
    h4: signed8(high[3]!) * 16 + (high[4]! & 0x0f),
    h5: signed8(high[5]!) * 16 + (high[4]! >> 4),
    h6: signed8(high[6]!),
  };
}

/** Temperature in 1/5120 °C, from a 20-bit conversion; the other two need it. */
export function fineTemperature(trimming: Trimming, raw: number): number {
  const coarse = (raw / 16384 - trimming.t1 / 1024) * trimming.t2;
  const distance = raw / 131072 - trimming.t1 / 8192;
  return coarse + distance * distance * trimming.t3;
}

/** Pa, from a 20-bit conversion. */
export function pressurePa(trimming: Trimming, fine: number, raw: number): number {
  const t = Math.trunc(fine) / 2 - 64000;
  const quadratic = (t * t * trimming.p6) / 32768 + t * trimming.p5 * 2;
  const offset = quadratic / 4 + trimming.p4 * 65536;
  const slope = (trimming.p3 * t * t) / 524288 + trimming.p2 * t;
  const scale = (1 + slope / 524288 / 32768) * trimming.p1;
  const p = ((1048576 - raw - offset / 4096) * 6250) / scale;
  return p + ((trimming.p9 * p * p) / 2147483648 + (p * trimming.p8) / 32768 + trimming.p7) / 16;
}

/** %, from a 16-bit conversion. Not limited to 0 … 100. */
export function humidityPercent(trimming: Trimming, fine: number, raw: number): number {
  const t = Math.trunc(fine) - 76800;
  const offset = trimming.h4 * 64 + (trimming.h5 / 16384) * t;
  const bend = 1 + (trimming.h6 / 67108864) * t * (1 + (trimming.h3 / 67108864) * t);
  const h = (raw - offset) * ((trimming.h2 / 65536) * bend);
  return h * (1 - (trimming.h1 * h) / 524288);
}
