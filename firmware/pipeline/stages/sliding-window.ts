/**
 * What ESPHome's filters over the last samples have in common: how long the window is, which of the
 * results go on, and what is to be said of both. A missing reading takes a place in the window and counts
 * towards `send_every`; no result is made of it, and of a window that holds nothing else the result is missing.
 */
import { limits } from "../../limits.js";
import { optional, type Params, type Rule, truthRule, wholeRule } from "../family.js";
import { fewer, type Flow } from "../flow.js";

export interface SlidingWindow {
  /** Samples in the window; of those that have arrived while there are fewer. */
  readonly window_size?: number;
  /** One result for so many samples. */
  readonly send_every?: number;
  /** The first result comes with this sample, 1 … send_every. Default 1. */
  readonly send_first_at?: number;
  /** Mote's own: whether the window outlives a restart, as if no time had passed. Default: false. */
  readonly restore?: boolean;
}

export interface Sending {
  readonly size: number;
  readonly every: number;
  readonly first: number;
}

/** With ESPHome's default for window and spacing alike. */
export function sending({ window_size, send_every, send_first_at }: SlidingWindow, both: number): Sending {
  return { size: window_size ?? both, every: send_every ?? both, first: send_first_at ?? 1 };
}

/** One result a sample over the last `window_size`, or what is said, or all of ESPHome's defaults. */
export function slidingWindow(given: number | SlidingWindow): SlidingWindow {
  return typeof given === "number" ? { window_size: given, send_every: 1 } : given;
}

export const sendingRules: readonly Rule[] = [
  optional(wholeRule("send_every", 1, limits.reducedSamplesMax)),
  optional(wholeRule("send_first_at", 1, limits.reducedSamplesMax)),
  optional(truthRule("restore")),
];

export const slidingRules: readonly Rule[] = [optional(wholeRule("window_size", 1, limits.windowSamplesMax)), ...sendingRules];

/** For a stage that holds no sample of a window that is at most as long as the spacing of its results. */
export const reducingRules: readonly Rule[] = [optional(wholeRule("window_size", 1, limits.reducedSamplesMax)), ...sendingRules];

/** The parameters obey the rules. */
export function sendingClash(params: Params, both: number): string | undefined {
  const { every, first } = sending(params, both);
  return first > every ? `send_first_at must be a whole number from 1 to ${every} (send_every), not ${first}` : undefined;
}

export function reducingClash(params: Params, both: number): string | undefined {
  const { size, every } = sending(params, both);
  if (size <= limits.windowSamplesMax || size <= every) return sendingClash(params, both);
  return `window_size must be at most ${limits.windowSamplesMax}, or at most send_every (${every}), where no samples are held; not ${size}`;
}

/** The middle of the window is half its length ago. */
export function slidingFlow(params: SlidingWindow, both: number, flow: Flow): Flow {
  const { size, every } = sending(params, both);
  return fewer(flow, every, (size - 1) / 2);
}
