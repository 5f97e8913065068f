/**
 * The part of the count that runs in the emulator: each example alone as a channel, then P1. There, the
 * clock of `nowUs` advances by a nanosecond at each instruction, so what it shows is a count, and the same at every run.
 */
import { channel, type Checksums, fused } from "./p1.js";
import { stageExamples } from "./stage-examples.js";
import { compiled, feed } from "./stage-rounds.js";

/** Instructions a sample, the loop that feeds it included, and of the dearest sample without it. */
export interface CountedStage {
  readonly name: string;
  /** Without the function of a `lambda`. */
  readonly stage: unknown;
  readonly mean: number;
  readonly worst: number;
}

/** Instructions a sample, and what came out. */
export interface CountedWork {
  readonly mean: number;
  readonly checksums: Checksums;
}

/** Samples that fill windows first, samples that are counted, and, of those, samples that are looked at one by one. */
export const warmUpSamples = 600;
export const countedSamples = 1280;
const singleSamples = 300;

export const samplesNeeded = warmUpSamples + countedSamples;

function instructions(): number {
  return Math.round(nowUs() * 1000);
}

function one(push: (x: number) => void, x: number): number {
  const start = instructions();
  push(x);
  return instructions() - start;
}

/** `which` counts from 0, through the examples after none at all; without it, all of them. */
export function countStages(samples: readonly number[], which?: readonly number[]): CountedStage[] {
  const warmUp = samples.slice(0, warmUpSamples);
  const counted = samples.slice(warmUpSamples, samplesNeeded);
  const all = [undefined, ...stageExamples()];
  const chosen = which === undefined ? all : which.map((index) => all[index]);
  return chosen.map((stage): CountedStage => {
    const push = compiled(stage === undefined ? [] : [stage]);
    feed(push, warmUp);
    const start = instructions();
    feed(push, counted);
    const mean = (instructions() - start) / counted.length;
    let clock = Infinity;
    let worst = 0;
    const nothing = (): void => {};
    for (let i = 0; i < singleSamples; i++) {
      const dear = one(push, counted[i]!);
      const free = one(nothing, counted[i]!);
      if (dear > worst) worst = dear;
      if (free < clock) clock = free;
    }
    return { name: stage === undefined ? "no stage" : stage.stage, stage, mean, worst: Math.max(mean, worst - clock) };
  });
}

/** P1 as the product's channel and as a loop by hand. */
export function countP1(samples: readonly number[]): { channel: CountedWork; loop: CountedWork } {
  const product = channel();
  const start = instructions();
  const loop = fused(samples, 1);
  const middle = instructions();
  product.run(samples);
  const end = instructions();
  return {
    channel: { mean: (end - middle) / samples.length, checksums: product.checksums() },
    loop: { mean: (middle - start) / samples.length, checksums: loop },
  };
}
