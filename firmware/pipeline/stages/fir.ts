/** `fir`: a filter with a finite impulse response, given by its coefficients; symmetric ones take half of the products. */
import { limits } from "../../limits.js";
import { describe, type Family, within } from "../family.js";
import { later } from "../flow.js";

export interface Fir {
  readonly stage: "fir";
  readonly taps: readonly number[];
}

/** The sum of the last samples, each times its coefficient, the newest times the first: 1 … 63 of them. */
export function fir(taps: readonly number[]): Fir {
  return { stage: "fir", taps };
}

const tapsMax = 63;
const valueMax = limits.valueMax;

function wrongTaps(taps: readonly unknown[]): string | undefined {
  if (taps.length < 1 || taps.length > tapsMax) return `taps must be 1 to ${tapsMax} numbers, not ${taps.length}`;
  for (const tap of taps) {
    if (!within(tap, -valueMax, valueMax)) return `taps must be numbers from ${-valueMax} to ${valueMax}, not ${describe(tap)}`;
  }
  return taps.every((tap) => tap === 0) ? "taps must not all be 0" : undefined;
}

function isSymmetric(taps: readonly number[]): boolean {
  return taps.every((tap, i) => tap === taps[taps.length - 1 - i]);
}

/**
 * y = taps[0] × x + taps[1] × the sample before + … Starts as if the first sample had always been there. A
 * missing reading passes as missing, and inside the last sample stands in for it, so the filter keeps
 * time; when all that it remembers is such, it begins anew with the next sample. A result that overflows goes on
 * as missing. Symmetric coefficients delay everything by half of their length, and only their delay is known.
 */
export const firFamily: Family<Fir> = {
  name: "fir",
  rules: [{ key: "taps", need: `an array of 1 to ${tapsMax} numbers`, holds: Array.isArray }],
  clash: ({ taps }) => wrongTaps(taps as readonly unknown[]),
  flow({ taps }, flow) {
    if (!flow.regular) return "needs samples on a grid: put it before delta, or and others that pass only some of them";
    return isSymmetric(taps) ? later(flow, ((taps.length - 1) / 2) * flow.periodMs) : flow;
  },
  held: ({ taps }) => 3 * taps.length,
  build({ taps }, { push, missing }) {
    const count = taps.length;
    const weights = taps.slice();
    const half = isSymmetric(taps) ? count >> 1 : 0;
    const middle = weights[half]!;
    /** Twice, one behind the other, so that the last `count` always stand in a row, the newest first. */
    const history: number[] = [];
    let newest = 0;
    let last = 0;
    let gap = count;

    function remember(x: number): void {
      newest = newest === 0 ? count - 1 : newest - 1;
      history[newest] = x;
      history[newest + count] = x;
    }

    /** A function of its own for each kind, so that none tests for the other. */
    function symmetric(): number {
      let low = newest;
      let high = newest + count - 1;
      let y = 0;
      for (let i = 0; i < half; i++) y += weights[i]! * (history[low++]! + history[high--]!);
      return low === high ? y + middle * history[low]! : y;
    }

    function any(): number {
      let at = newest;
      let y = 0;
      for (let i = 0; i < count; i++) y += weights[i]! * history[at++]!;
      return y;
    }

    const sum = half > 0 ? symmetric : any;
    return {
      push(x) {
        if (gap > 0) {
          if (gap >= count) {
            if (history.length === 0) for (let i = 0; i < 2 * count; i++) history.push(x);
            else for (let i = 0; i < 2 * count; i++) history[i] = x;
          }
          gap = 0;
        }
        remember(x);
        last = x;
        const y = sum();
        if (y >= -valueMax && y <= valueMax) return push(y);
        return missing();
      },
      missing() {
        if (gap < count) {
          gap++;
          remember(last);
        }
        return missing();
      },
    };
  },
};
