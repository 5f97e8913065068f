/**
 * `min` and `max` of the last samples. A window that is longer than the spacing of its results is one
 * array, of which a part holds the newest samples as they came, and the rest, for each older one, the
 * extreme of it and those behind it; so a result takes one comparison, and only once in a window's
 * length the array is walked through. A shorter one holds nothing.
 */
import { limits } from "../../limits.js";
import type { Family } from "../family.js";
import type { Way } from "../push.js";
import type { Site } from "../site.js";
import { reducingClash, reducingRules, type Sending, sending, slidingFlow, slidingWindow, type SlidingWindow } from "./sliding-window.js";

export interface Min extends SlidingWindow {
  readonly stage: "min";
}

export interface Max extends SlidingWindow {
  readonly stage: "max";
}

/**
 * `min(5)`: with each sample, the least of the last 5 (1 … 101). `min({ window_size, send_every,
 * send_first_at })`: ESPHome's, with its defaults 5, 5 and 1; windows up to 1,000,000 if no longer than send_every.
 */
export function min(given: number | SlidingWindow = {}): Min {
  return { stage: "min", ...slidingWindow(given) };
}

/** The greatest, as `min` the least. */
export function max(given: number | SlidingWindow = {}): Max {
  return { stage: "max", ...slidingWindow(given) };
}

const both = 5;
/** What stands for a missing reading, and where nothing is yet. By a name of its own: `Infinity` is a look-up among the globals on XS. */
const nothing = Infinity;

/** ESPHome's filter: the least of the samples that there are. Missing readings as sliding-window.ts says. */
export const minFamily: Family<Min> = {
  name: "min",
  rules: reducingRules,
  clash: (params) => reducingClash(params, both),
  flow: (params, flow) => slidingFlow(params, both, flow),
  held: (params) => held(sending(params, both)),
  state: (params) => kept(sending(params, both), params.restore),
  build: (params, next, { state }) => least(sending(params, both), 1, next, state),
};

/** ESPHome's filter: the greatest of the samples that there are. Missing readings as sliding-window.ts says. */
export const maxFamily: Family<Max> = {
  name: "max",
  rules: reducingRules,
  clash: (params) => reducingClash(params, both),
  flow: (params, flow) => slidingFlow(params, both, flow),
  held: (params) => held(sending(params, both)),
  state: (params) => kept(sending(params, both), params.restore),
  build: (params, next, { state }) => least(sending(params, both), -1, next, state),
};

function held({ size, every }: Sending): number {
  return size > every ? size : 0;
}

function kept({ size, every }: Sending, restore = false): number {
  if (!restore) return 0;
  return size > every ? 8 * size + 13 : 12;
}

/** The greatest is the least of what is negated by `sign` on its way in and out. */
function least(sending: Sending, sign: 1 | -1, next: Way, state: Site["state"]): Way {
  return sending.size > sending.every ? sliding(sending, sign, next, state) : batch(sending, sign, next, state);
}

function sliding({ size, every, first }: Sending, sign: 1 | -1, { push, missing }: Way, state: Site["state"]): Way {
  const leasts: number[] = [];
  for (let i = 0; i < size; i++) leasts.push(nothing);
  /** Before `at`: the newest samples, of which `newest` is the least. */
  let at = 0;
  let newest = nothing;
  let left = first;
  const turn = () => {
    for (let i = size - 1; i > 0; i--) if (leasts[i]! < leasts[i - 1]!) leasts[i - 1] = leasts[i]!;
    at = 0;
    newest = nothing;
  };
  state?.((walk) => {
    for (let i = 0; i < size; i++) leasts[i] = walk.sample(leasts[i]!);
    at = walk.whole(at, size - 1);
    newest = walk.sample(newest);
    left = walk.whole(left, limits.reducedSamplesMax);
  });
  const take = (x: number): void => {
    leasts[at] = x;
    if (x < newest) newest = x;
    if (++at === size) turn();
    if (--left > 0) return;
    left = every;
    const y = leasts[at]! < newest ? leasts[at]! : newest;
    return y === nothing ? missing() : push(sign * y);
  };
  return { push: (x) => take(sign * x), missing: () => take(nothing) };
}

/** Of the samples between two results, the last `size` count. */
function batch({ size, every, first }: Sending, sign: 1 | -1, { push, missing }: Way, state: Site["state"]): Way {
  let left = first;
  let y = nothing;
  state?.((walk) => {
    left = walk.whole(left, limits.reducedSamplesMax);
    y = walk.sample(y);
  });
  const take = (x: number): void => {
    if (left <= size && x < y) y = x;
    if (--left > 0) return;
    left = every;
    x = y;
    y = nothing;
    return x === nothing ? missing() : push(sign * x);
  };
  return { push: (x) => take(sign * x), missing: () => take(nothing) };
}
