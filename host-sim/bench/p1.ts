/**
 * The workload P1: 1,000,000 samples of a noisy, spiky sine through a median of 5, an exponential
 * moving average of 0.1, statistics of each 100 samples and a deadband of 0.05. Once as the channel
 * that the product compiles, and once as the yardstick, a loop written by hand with everything in
 * locals. Both give the same checksums, on Node and on XS: nothing here needs either.
 */
import { delta, exponential_moving_average, median, summary } from "../../firmware/pipeline/builders.js";
import { compile } from "../../firmware/pipeline/compile.js";
import { bareGround } from "./bare-ground.js";

export const sampleCount = 100_000;
export const passes = 10;

export interface Checksums {
  /** Values that the deadband let through, and their sum. */
  emitted: number;
  sum: number;
  /** Windows of 100, and the sum of their min, max, mean and std. */
  windows: number;
  check: number;
}

/** What every right implementation gives after `passes` passes over `signal()`. */
export const expected: Checksums = { emitted: 116048, sum: 2323290.356102117, windows: 10000, check: 602241.2309333438 };

/** 20 + 5 sin(i ÷ 500), noise of ±0.2 (xorshift32), +50 at each 997th, to two decimals. */
export function signal(): number[] {
  const samples: number[] = [];
  let noise = 2463534242 | 0;
  for (let i = 0; i < sampleCount; i++) {
    noise ^= noise << 13;
    noise ^= noise >>> 17;
    noise ^= noise << 5;
    const spike = i % 997 === 996 ? 50 : 0;
    const x = 20 + 5 * Math.sin(i / 500) + ((noise >>> 0) / 4294967296 - 0.5) * 0.4 + spike;
    samples.push(Math.floor(x * 100 + 0.5) / 100);
  }
  return samples;
}

/** The yardstick. Its variables stand at the top: on XS one that a loop declares costs at each turn. */
export function fused(samples: readonly number[], times: number): Checksums {
  const count = samples.length;
  // The last five samples, oldest first, and four of them being sorted.
  let x0 = samples[0]!,
    x1 = x0,
    x2 = x0,
    x3 = x0,
    x4 = x0;
  let a = 0,
    b = 0,
    c = 0,
    d = 0,
    swap = 0;
  let y = 0,
    last = 0,
    started = false,
    emitted = 0,
    sum = 0;
  let n = 0,
    min = 0,
    max = 0,
    origin = 0,
    total = 0,
    squares = 0,
    distance = 0,
    mean = 0,
    variance = 0,
    windows = 0,
    check = 0;
  for (let pass = 0; pass < times; pass++) {
    for (let i = 0; i < count; i++) {
      x0 = x1;
      x1 = x2;
      x2 = x3;
      x3 = x4;
      x4 = samples[i]!;
      a = x0;
      b = x1;
      c = x2;
      d = x3;
      if (b < a) {
        swap = a;
        a = b;
        b = swap;
      }
      if (d < c) {
        swap = c;
        c = d;
        d = swap;
      }
      // The least of the four is not the median of five: it makes way for the fifth.
      if (c < a) {
        swap = b;
        b = d;
        d = swap;
        c = a;
      }
      a = x4;
      if (b < a) {
        swap = a;
        a = b;
        b = swap;
      }
      if (a < c) {
        d = b;
        a = c;
      }
      swap = d < a ? d : a;
      if (started) {
        y = 0.1 * swap + 0.9 * y;
        if ((y > last ? y - last : last - y) > 0.05) {
          last = y;
          emitted++;
          sum += y;
        }
      } else {
        started = true;
        last = y = swap;
        emitted++;
        sum += y;
      }
      if (n === 0) {
        origin = min = max = y;
        total = squares = 0;
      } else if (y < min) min = y;
      else if (y > max) max = y;
      distance = y - origin;
      total += distance;
      squares += distance * distance;
      if (++n === 100) {
        mean = total / 100;
        variance = squares / 100 - mean * mean;
        check += min + max + (origin + mean) + Math.sqrt(variance > 0 ? variance : 0);
        windows++;
        n = 0;
      }
    }
  }
  return { emitted, sum, windows, check };
}

export interface Channel {
  /** Pushes all samples, once. */
  run(samples: readonly number[]): void;
  checksums(): Checksums;
}

/** The product: the declared stages, compiled, with a sink that sums up. */
export function channel(): Channel {
  let emitted = 0;
  let sum = 0;
  let windows = 0;
  let check = 0;
  const stages = [median(5), exponential_moving_average(0.1), summary(100), delta(0.05)];
  const compiled = compile("p1", stages, { periodMs: 1000, regular: true, delayMs: 0 }, bareGround, {
    push(x) {
      emitted++;
      sum += x;
    },
    missing() {},
    summary(min, max, mean, std) {
      windows++;
      check += min + max + mean + std;
    },
  });
  if (!compiled.ok) throw new Error(compiled.error.message);
  const { push } = compiled.value;
  return {
    run(samples) {
      const count = samples.length;
      const feed = push;
      for (let i = 0; i < count; i++) feed(samples[i]!);
    },
    checksums: () => ({ emitted, sum, windows, check }),
  };
}
