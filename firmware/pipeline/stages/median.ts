/**
 * `median`: takes spikes out. Mote's own form, one result a sample: windows of 3 and 5 hold scalars and
 * do no more than a handful of comparisons. Longer ones, and ESPHome's form, keep a sorted window.
 */
import { limits } from "../../limits.js";
import { type Family, within } from "../family.js";
import { later } from "../flow.js";
import type { Push } from "../push.js";
import type { Site } from "../site.js";
import { sending, sendingClash, slidingFlow, slidingRules, type SlidingWindow } from "./sliding-window.js";
import { picking, pickingState, sortedState, sortedWindow } from "./sorted-window.js";

export interface Median extends SlidingWindow {
  readonly stage: "median";
  /** Mote's own form, which has none of the other parameters. */
  readonly window?: number;
}

/**
 * `median(5)`: the median of the last 5 samples with each sample, an odd number 3 … 101. `median({ window_size,
 * send_every, send_first_at })`: ESPHome's, with its defaults 5, 5 and 1, and windows of 1 … 101. `median({ window: 5,
 * restore: true })`, or with the others: the window outlives a restart.
 */
export function median(given: number | Omit<Median, "stage"> = {}): Median {
  return typeof given === "number" ? { stage: "median", window: given } : { stage: "median", ...given };
}

const esphomeDefault = 5;

/**
 * With `window`: one result a sample. The window starts filled with the first sample, so a constant start
 * gives a constant; a missing reading goes past and takes no place. Otherwise ESPHome's filter: the median
 * of the samples that there are, the mean of the middle two when their number is even; missing readings as
 * sliding-window.ts says.
 */
export const medianFamily: Family<Median> = {
  name: "median",
  rules: [
    {
      key: "window",
      need: `an odd whole number from 3 to ${limits.windowSamplesMax}`,
      optional: true,
      holds: (value) => within(value, 3, limits.windowSamplesMax) && (value as number) % 2 === 1,
    },
    ...slidingRules,
  ],
  clash(params) {
    if (params.window === undefined) return sendingClash(params, esphomeDefault);
    const other = ["window_size", "send_every", "send_first_at"].find((key) => params[key] !== undefined);
    if (other === undefined) return undefined;
    return `window and ${other} exclude each other: window alone gives a result with each sample, window_size goes with send_every`;
  },
  flow(params, flow) {
    const { window } = params;
    return window === undefined ? slidingFlow(params, esphomeDefault, flow) : later(flow, ((window - 1) / 2) * flow.periodMs);
  },
  held(params) {
    const { window } = params;
    return window === undefined ? 2 * sending(params, esphomeDefault).size : window > 5 ? 2 * window : 0;
  },
  state(params) {
    const { window, restore } = params;
    if (window === undefined) return pickingState(sending(params, esphomeDefault), restore);
    if (!restore) return 0;
    return 1 + (window === 3 ? 16 : window === 5 ? 56 : sortedState(window));
  },
  build(params, next, { state }) {
    const { window } = params;
    const { push, missing } = next;
    if (window === undefined) return picking(sending(params, esphomeDefault), middleOf, next, state);
    return { push: window === 3 ? ofThree(push, state) : window === 5 ? ofFive(push, state) : ofMany(window, push, state), missing };
  },
};

function middleOf(sorted: readonly number[], count: number): number {
  const middle = count >> 1;
  return count % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** x, held between the two before it. */
function ofThree(next: Push, state: Site["state"]): Push {
  let a = 0;
  let b = 0;
  let started = false;
  state?.((walk) => {
    a = walk.number(a);
    b = walk.number(b);
    started = walk.truth(started);
  });
  return (x) => {
    if (!started) {
      started = true;
      a = b = x;
    }
    const low = a < b ? a : b;
    const high = a < b ? b : a;
    a = b;
    b = x;
    return next(x < low ? low : x > high ? high : x);
  };
}

/**
 * x, held between the middle two of the four before it. Those come out of two sorted pairs: the
 * greater of the lows and the lesser of the highs. Each pair is sorted once, when it is newest, and
 * serves twice, when it is two samples old and when it is new.
 */
function ofFive(next: Push, state: Site["state"]): Push {
  let before = 0;
  let low1 = 0;
  let high1 = 0;
  let low2 = 0;
  let high2 = 0;
  let low3 = 0;
  let high3 = 0;
  let started = false;
  state?.((walk) => {
    before = walk.number(before);
    low1 = walk.number(low1);
    high1 = walk.number(high1);
    low2 = walk.number(low2);
    high2 = walk.number(high2);
    low3 = walk.number(low3);
    high3 = walk.number(high3);
    started = walk.truth(started);
  });
  return (x) => {
    if (started) {
      const a = low1 > low3 ? low1 : low3;
      const b = high1 < high3 ? high1 : high3;
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
      return next(a < b ? (x < a ? a : x > b ? b : x) : x < b ? b : x > a ? a : x);
    }
    started = true;
    before = low1 = high1 = low2 = high2 = low3 = high3 = x;
    return next(x);
  };
}

function ofMany(window: number, next: Push, state: Site["state"]): Push {
  let started = false;
  const { sorted, take } = sortedWindow(window, state, (walk) => {
    started = walk.truth(started);
  });
  const middle = (window - 1) / 2;
  return (x) => {
    if (!started) {
      started = true;
      for (let i = 0; i < window; i++) take(x);
    }
    take(x);
    return next(sorted[middle]!);
  };
}
