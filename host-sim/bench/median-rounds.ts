/**
 * The part of the median's benchmark that runs inside XS: the product's median of 5 against the ways to
 * write one by hand that are known to be good, each a function that hands its median on, as the product's
 * is, and each in turn over the same slice of the signal. A loop with everything in locals stands beside them, for
 * what a call costs.
 */
import { median } from "../../firmware/pipeline/builders.js";
import { compile } from "../../firmware/pipeline/compile.js";
import type { Push } from "../../firmware/pipeline/push.js";
import { bareGround } from "./bare-ground.js";
import { signal } from "./p1.js";

const slices = 10;
const rounds = 60;

export interface MedianMeasured {
  /** µs a round. */
  readonly us: { readonly product: number[]; readonly network: number[]; readonly insertion: number[]; readonly loop: number[] };
  /** Sum of all medians of one pass, by each. */
  readonly sums: number[];
  /** Samples in a round. */
  readonly samples: number;
}

function product(next: Push): Push {
  const flow = { periodMs: 1000, regular: true, delayMs: 0 };
  const compiled = compile("median", [median(5)], flow, bareGround, { push: next, missing() {}, summary() {} });
  if (!compiled.ok) throw new Error(compiled.error.message);
  return compiled.value.push;
}

/** Sorts the four before x by comparisons, as far as needed. */
function network(next: Push): Push {
  let x0 = 0;
  let x1 = 0;
  let x2 = 0;
  let x3 = 0;
  let started = false;
  return (x) => {
    if (!started) {
      started = true;
      x0 = x1 = x2 = x3 = x;
    }
    let a = x0;
    let b = x1;
    let c = x2;
    let d = x3;
    let swap = 0;
    x0 = b;
    x1 = c;
    x2 = d;
    x3 = x;
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
    a = x;
    if (b < a) {
      swap = a;
      a = b;
      b = swap;
    }
    if (a < c) {
      d = b;
      a = c;
    }
    return next(d < a ? d : a);
  };
}

/** Keeps the window sorted in an array: the oldest goes out, x moves to its place. */
function insertion(next: Push): Push {
  const ring: number[] = [];
  const sorted: number[] = [];
  let oldest = 0;
  return (x) => {
    if (ring.length === 0) {
      for (let i = 0; i < 5; i++) {
        ring.push(x);
        sorted.push(x);
      }
    }
    const leaving = ring[oldest]!;
    ring[oldest] = x;
    oldest = oldest === 4 ? 0 : oldest + 1;
    let i = 0;
    while (sorted[i]! !== leaving) i++;
    while (i < 4 && sorted[i + 1]! < x) {
      sorted[i] = sorted[i + 1]!;
      i++;
    }
    while (i > 0 && sorted[i - 1]! > x) {
      sorted[i] = sorted[i - 1]!;
      i--;
    }
    sorted[i] = x;
    return next(sorted[2]!);
  };
}

function loop(samples: readonly number[]): number {
  const count = samples.length;
  let before = samples[0]!,
    low1 = before,
    high1 = before,
    low2 = before,
    high2 = before,
    low3 = before,
    high3 = before,
    x = 0,
    a = 0,
    b = 0,
    sum = 0;
  for (let i = 0; i < count; i++) {
    x = samples[i]!;
    a = low1 > low3 ? low1 : low3;
    b = high1 < high3 ? high1 : high3;
    low1 = low2;
    high1 = high2;
    low2 = low3;
    high2 = high3;
    if (x < before) {
      low3 = x;
      high3 = before;
    } else {
      low3 = before;
      high3 = x;
    }
    before = x;
    sum += a < b ? (x < a ? a : x > b ? b : x) : x < b ? b : x > a ? a : x;
  }
  return sum;
}

/** Over a slice, with the sum of the medians; `make` gets where they go. */
function fed(make: (next: Push) => Push): (samples: readonly number[]) => number {
  let sum = 0;
  const made = make((x) => {
    sum += x;
  });
  return (samples) => {
    const feed = made;
    const count = samples.length;
    sum = 0;
    for (let i = 0; i < count; i++) feed(samples[i]!);
    return sum;
  };
}

export function measure(): MedianMeasured {
  const whole = signal();
  const samples = whole.length / slices;
  const parts: number[][] = [];
  for (let i = 0; i < slices; i++) parts.push(whole.slice(i * samples, (i + 1) * samples));
  const us = { product: [] as number[], network: [] as number[], insertion: [] as number[], loop: [] as number[] };
  const runs = { product: fed(product), network: fed(network), insertion: fed(insertion), loop };
  const names = ["product", "network", "insertion", "loop"] as const;
  const sums = names.map((name) => runs[name](whole));
  for (let round = 0; round < rounds; round++) {
    const part = parts[round % slices]!;
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      const start = nowUs();
      runs[name](part);
      us[name].push(nowUs() - start);
    }
  }
  return { us, sums, samples };
}
