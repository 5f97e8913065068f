/**
 * Which season a signal has, if any: it tries those that days and weeks have at usual spacings, and keeps
 * to the one that explains most. A season must take out a good part of the signal, and a newcomer must be
 * clearly better than the one in use.
 */
import type { Walk } from "../site.js";
import { Season, seasonState } from "./season.js";

/** Samples and parts: days at 1 h, 30, 15, 10 and 5 min, weeks at 1 h and 30 min. */
const usual = [24, 24, 48, 48, 96, 48, 144, 48, 288, 48, 168, 168, 336, 168] as const;
const partsMax = 168;
const remainsMax = 0.6;
/** What the season in use may count itself better than it is. */
const loyalty = 0.7;

export interface Seasons {
  /** Learns from the sample; afterwards `rest` is its deviation from the season in use. */
  readonly step: (x: number) => void;
  readonly skip: () => void;
  /** Samples of the season in use, 0 without one. */
  readonly samples: () => number;
  readonly rest: () => number;
}

/** Numbers held. */
export function seasonsHeld(period?: number): number {
  if (period !== undefined) return period < partsMax ? period : partsMax;
  let held = 0;
  for (let i = 1; i < usual.length; i += 2) held += usual[i]!;
  return held;
}

/** Bytes of its state. */
export function seasonsState(period?: number): number {
  let bytes = 9;
  if (period !== undefined) return bytes + seasonState(seasonsHeld(period));
  for (let i = 1; i < usual.length; i += 2) bytes += seasonState(usual[i]!);
  return bytes;
}

function fresh(period?: number): Season[] {
  const tried: Season[] = [];
  if (period !== undefined) tried.push(new Season(period, seasonsHeld(period)));
  else for (let i = 0; i < usual.length; i += 2) tried.push(new Season(usual[i]!, usual[i + 1]!));
  return tried;
}

/** `period`: the only season to try, in samples, whole. Adds to `walks`, if given, the one over its state, which begins anew where the time was lost. */
export function seasons(period?: number, walks?: Walk[]): Seasons {
  let tried = fresh(period);
  const count = tried.length;
  let best = -1;
  let restOfBest = 0;
  walks?.push((state) => {
    for (let i = 0; i < count; i++) tried[i]!.walk(state);
    best = state.whole(best + 1, count) - 1;
    restOfBest = state.number(restOfBest);
    if (!state.timeLost) return;
    tried = fresh(period);
    best = -1;
  });
  return {
    step(x) {
      const before = best;
      let least = remainsMax;
      best = -1;
      for (let i = 0; i < count; i++) {
        const one = tried[i]!;
        const rest = one.step(x);
        const remains = i === before ? one.remains() * loyalty : one.remains();
        if (remains < least) {
          least = remains;
          best = i;
          restOfBest = rest;
        }
      }
    },
    skip() {
      for (let i = 0; i < count; i++) tried[i]!.skip();
    },
    samples: () => (best < 0 ? 0 : tried[best]!.samples),
    rest: () => restOfBest,
  };
}
