/**
 * `sliding_window_moving_average`: the mean of the last samples. A window that is longer than the spacing
 * of its results is one array, of which a part holds the newest samples as they came, and the rest, for each
 * older one, the sum of it and those behind it. A result is the sum of two numbers, and nothing is ever
 * subtracted: its error is that of adding up the window's samples once, however long the stage has run,
 * and a spike is forgotten when it leaves. A shorter window holds nothing.
 */
import { limits } from "../../limits.js";
import type { Family } from "../family.js";
import type { Way } from "../push.js";
import type { Site } from "../site.js";
import { reducingClash, reducingRules, type Sending, sending, slidingFlow, slidingWindow, type SlidingWindow } from "./sliding-window.js";

export interface SlidingWindowMovingAverage extends SlidingWindow {
  readonly stage: "sliding_window_moving_average";
}

/**
 * `sliding_window_moving_average(15)`: with each sample, the mean of the last 15 (1 … 101). With `{ window_size,
 * send_every, send_first_at }`: ESPHome's, with its defaults 15, 15 and 1; windows up to 1,000,000 if no
 * longer than send_every.
 */
export function sliding_window_moving_average(given: number | SlidingWindow = {}): SlidingWindowMovingAverage {
  return { stage: "sliding_window_moving_average", ...slidingWindow(given) };
}

const both = 15;

/** ESPHome's filter: the mean of the samples that there are. Missing readings as sliding-window.ts says. */
export const slidingWindowMovingAverageFamily: Family<SlidingWindowMovingAverage> = {
  name: "sliding_window_moving_average",
  rules: reducingRules,
  clash: (params) => reducingClash(params, both),
  flow: (params, flow) => slidingFlow(params, both, flow),
  held(params) {
    const { size, every } = sending(params, both);
    return size > every ? 2 * size : 0;
  },
  state(params) {
    const { size, every } = sending(params, both);
    if (!params.restore) return 0;
    return size > every ? 9 * size + 14 : 16;
  },
  build(params, next, { state }) {
    const sent = sending(params, both);
    return sent.size > sent.every ? sliding(sent, next, state) : batch(sent, next, state);
  },
};

/** The places of missing readings, and those not yet filled, hold 0 and are not counted. */
function sliding({ size, every, first }: Sending, { push, missing }: Way, state: Site["state"]): Way {
  const sums: number[] = [];
  /** 1 where a sample is, otherwise 0, in the order of their places. */
  const there: number[] = [];
  for (let i = 0; i < size; i++) {
    sums.push(0);
    there.push(0);
  }
  /** Before `at`: the newest samples, which sum up to `newest`. */
  let at = 0;
  let newest = 0;
  let count = 0;
  let left = first;
  const turn = () => {
    for (let i = size - 1; i > 0; i--) sums[i - 1] = sums[i - 1]! + sums[i]!;
    at = 0;
    newest = 0;
  };
  state?.((walk) => {
    for (let i = 0; i < size; i++) {
      sums[i] = walk.number(sums[i]!);
      there[i] = walk.whole(there[i]!, 1);
    }
    at = walk.whole(at, size - 1);
    newest = walk.number(newest);
    count = walk.whole(count, size);
    left = walk.whole(left, limits.reducedSamplesMax);
  });
  const step = () => {
    if (++at === size) turn();
    if (--left > 0) return;
    left = every;
    return count > 0 ? push((sums[at]! + newest) / count) : missing();
  };
  return {
    push(x) {
      sums[at] = x;
      newest += x;
      // In a full window a sample takes the place of another.
      if (count < size) {
        count += 1 - there[at]!;
        there[at] = 1;
      }
      return step();
    },
    missing() {
      sums[at] = 0;
      count -= there[at]!;
      there[at] = 0;
      return step();
    },
  };
}

/** Of the samples between two results, the last `size` count. */
function batch({ size, every, first }: Sending, { push, missing }: Way, state: Site["state"]): Way {
  let left = first;
  let sum = 0;
  let count = 0;
  state?.((walk) => {
    left = walk.whole(left, limits.reducedSamplesMax);
    sum = walk.number(sum);
    count = walk.whole(count, limits.reducedSamplesMax);
  });
  const send = () => {
    left = every;
    const mean = sum / count;
    const empty = count === 0;
    sum = count = 0;
    return empty ? missing() : push(mean);
  };
  return {
    push(x) {
      if (left <= size) {
        sum += x;
        count++;
      }
      if (--left === 0) return send();
    },
    missing() {
      if (--left === 0) return send();
    },
  };
}
