/**
 * `p2_quantile`: a quantile of any number of samples, of which none is held: five markers move through
 * their distribution. An estimate without a bound on its error; `dd_sketch` has one, `quantile` is exact.
 */
import { limits } from "../../limits.js";
import { type Family, numberRule, optional, truthRule, wholeRule } from "../family.js";
import { fewer } from "../flow.js";

export interface P2Quantile {
  readonly stage: "p2_quantile";
  readonly q: number;
  readonly samples?: number;
  /** Whether what it knows of the samples so far outlives a restart. Default: false. */
  readonly restore?: boolean;
}

/** The quantile `q` (0 … 1) of each `samples` samples (1 … 1,000,000); without `samples`, with each sample that of all since the start, or with `restore` of all before it too. */
export function p2_quantile(q: number, samples?: number, { restore }: { restore?: boolean } = {}): P2Quantile {
  return { stage: "p2_quantile", q, ...(samples === undefined ? {} : { samples }), ...(restore === undefined ? {} : { restore }) };
}

/**
 * R. Jain and I. Chlamtac, "The P² Algorithm for Dynamic Calculation of Quantiles and Histograms Without
 * Storing Observations", CACM 28 (1985). Up to five samples it is exact: of n in ascending order the one at place
 * ⌈n × q⌉, as `quantile` has it; q 0 and 1 are always exactly the least and the greatest. With the sixth
 * the middle marker sets out from the median, so a q near 0 or 1 wants a few hundred samples. Without
 * `samples` nothing is ever forgotten. A missing reading passes as missing and is not counted.
 */
export const p2QuantileFamily: Family<P2Quantile> = {
  name: "p2_quantile",
  rules: [numberRule("q", 0, 1), optional(wholeRule("samples", 1, limits.reducedSamplesMax)), optional(truthRule("restore"))],
  flow: ({ samples }, flow) => (samples === undefined ? flow : fewer(flow, samples, (samples - 1) / 2)),
  held: () => 10,
  state: ({ restore = false }) => (restore ? 88 : 0),
  build({ q, samples }, { push, missing }, { state }) {
    const heights = [0, 0, 0, 0, 0];
    /** Of the samples so far in ascending order, which ones the markers stand for, counted from 0. */
    const places = [0, 1, 2, 3, 4];
    const lowPart = q / 2;
    const highPart = (1 + q) / 2;
    const shown = q === 0 ? 0 : q === 1 ? 4 : 2;
    let count = 0;

    function insert(x: number): void {
      let i = count++;
      for (; i > 0 && heights[i - 1]! > x; i--) heights[i] = heights[i - 1]!;
      heights[i] = x;
      if (count === 5) for (i = 0; i < 5; i++) places[i] = i;
    }

    /** Moves a marker by one place, up or down, unless the next one stands there. */
    function move(i: number, step: number): void {
      const place = places[i]!;
      const toNext = places[i + 1]! - place;
      const toLast = place - places[i - 1]!;
      if ((step > 0 ? toNext : toLast) === 1) return;
      const height = heights[i]!;
      const right = heights[i + 1]!;
      const left = heights[i - 1]!;
      const above = ((toLast + step) * (right - height)) / toNext;
      const below = ((toNext - step) * (height - left)) / toLast;
      // A parabola through the three; where it leaves their order, the line towards the next.
      let moved = height + (step / (toLast + toNext)) * (above + below);
      if (!(moved > left && moved < right)) moved = height + (step > 0 ? (right - height) / toNext : (left - height) / toLast);
      heights[i] = moved;
      places[i] = place + step;
    }

    /** The three markers between the outer ones stand less than a place from where they should be. */
    function settle(): void {
      const last = count - 1;
      let off = last * lowPart - places[1]!;
      if (off >= 1) move(1, 1);
      else if (off <= -1) move(1, -1);
      off = last * q - places[2]!;
      if (off >= 1) move(2, 1);
      else if (off <= -1) move(2, -1);
      off = last * highPart - places[3]!;
      if (off >= 1) move(3, 1);
      else if (off <= -1) move(3, -1);
    }

    function take(x: number): void {
      if (count < 5) return insert(x);
      count++;
      let i = 4;
      if (x > heights[4]!) heights[4] = x;
      else if (x < heights[0]!) {
        heights[0] = x;
        i = 1;
      } else while (i > 1 && x < heights[i - 1]!) i--;
      for (; i < 5; i++) places[i] = places[i]! + 1;
      return settle();
    }

    /** Rounded to 32 bits as in `quantile`: 0.55 of 100 is the 55th. */
    function result(): number {
      if (count > 5) return heights[shown]!;
      const place = Math.ceil(Math.fround(count * q)) - 1;
      return heights[place < 0 ? 0 : place]!;
    }

    state?.((walk) => {
      for (let i = 0; i < 5; i++) {
        heights[i] = walk.number(heights[i]!);
        places[i] = walk.size(places[i]!);
      }
      count = walk.size(count);
    });

    if (samples === undefined) {
      return {
        push(x) {
          take(x);
          return push(result());
        },
        missing,
      };
    }
    return {
      push(x) {
        take(x);
        if (count < samples) return;
        x = result();
        count = 0;
        return push(x);
      },
      missing,
    };
  },
};
