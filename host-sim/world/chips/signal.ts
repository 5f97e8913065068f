/** What a chip measures, as functions of virtual time: pure, so that the same time always gives the same value, in any order of calls. */
import { sin } from "../../../firmware/base/math.js";

export type Signal = (nowUs: number) => number;

const DAY_US = 24 * 3600 * 1_000_000;

export function constant(value: number): Signal {
  return () => value;
}

/** mean + amplitude × a sine of 24 h that peaks `peakHour` (default 15) hours after time 0. */
export function daily(shape: { mean: number; amplitude: number; peakHour?: number }): Signal {
  const shiftUs = ((shape.peakHour ?? 15) - 6) * 3600 * 1_000_000;
  return (nowUs) => shape.mean + shape.amplitude * sin(((((nowUs - shiftUs) % DAY_US) + DAY_US) % DAY_US) * (6.283185307179586 / DAY_US));
}

/** The value of the last step at or before now; before the first, the first one's. `points` are [atUs, value], ascending. */
export function steps(points: readonly (readonly [atUs: number, value: number])[]): Signal {
  if (points.length === 0) throw new RangeError("steps: at least one [atUs, value] is needed");
  return (nowUs) => points[latest(points, nowUs)]![1];
}

/** Straight lines between points; level before the first and after the last. `points` are [atUs, value], ascending. */
export function ramp(points: readonly (readonly [atUs: number, value: number])[]): Signal {
  if (points.length === 0) throw new RangeError("ramp: at least one [atUs, value] is needed");
  return (nowUs) => {
    const index = latest(points, nowUs);
    const [fromUs, from] = points[index]!;
    const next = points[index + 1];
    if (next === undefined || nowUs <= fromUs) return from;
    return from + (next[1] - from) * ((nowUs - fromUs) / (next[0] - fromUs));
  };
}

/** The index of the last point at or before now; before the first, 0. */
function latest(points: readonly (readonly [atUs: number, value: number])[], nowUs: number): number {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (points[middle]![0] <= nowUs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * A mechanical vibration: a sine of `hz` whose phase at time 0 comes from the seed, `share` (0 … 1) of its
 * amplitude given to noise of the same effective value, new each microsecond. Sampled at whole periods it
 * looks still, as in life.
 */
export function vibration(shape: { seed: number; amplitude: number; hz: number; share: number }): Signal {
  const phase = hash(shape.seed, 0) / 4294967296;
  const swing = shape.amplitude * (1 - shape.share);
  // A sine's effective value is its amplitude ÷ √2.
  const rough = noise({ seed: shape.seed ^ 0x5bd1e995, deviation: shape.amplitude * shape.share * 0.7071067811865476, everyUs: 1 });
  return (nowUs) => swing * sin((((nowUs / 1e6) * shape.hz + phase) % 1) * 6.283185307179586) + rough(nowUs);
}

/** Near-normal noise (four uniform draws summed) of a standard deviation, never beyond 3.5 of them. A new value each `everyUs`. */
export function noise(shape: { seed: number; deviation: number; everyUs: number }): Signal {
  // Four draws from 0 … 1 have a variance of 4/12.
  const factor = shape.deviation * 1.7320508075688772;
  return (nowUs) => {
    const index = Math.floor(nowUs / shape.everyUs);
    const a = hash(shape.seed, 2 * index);
    const b = hash(shape.seed, 2 * index + 1);
    return factor * (((a >>> 16) + (a & 0xffff) + (b >>> 16) + (b & 0xffff) + 2) / 65536 - 2);
  };
}

export function sum(...signals: readonly Signal[]): Signal {
  return (nowUs) => {
    let total = 0;
    for (const signal of signals) total += signal(nowUs);
    return total;
  };
}

/** 32 well-mixed bits of (seed, index): the finaliser of MurmurHash3 (Appleby, public domain) over both. `index` is whole, below 2^53. */
export function hash(seed: number, index: number): number {
  let h = mix(seed ^ 0x9e3779b9);
  h = mix(h ^ (index | 0));
  return mix(h ^ (Math.floor(index / 4294967296) | 0));
}

function mix(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** For chips: a signal bounded to what the chip can report. NaN counts as the least. */
export function saturate(value: number, least: number, most: number): number {
  return value > most ? most : value >= least ? value : least;
}
