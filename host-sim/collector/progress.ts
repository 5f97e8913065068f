/**
 * How far the numbers of one install are here without a hole. Numbers are contiguous over boots; records come in order, late, or
 * twice. What lies below the first number is not expected, but a consumer that is new may have come in the middle: until it
 * has seen where the board starts over, or two hours have passed, it confirms nothing.
 */
export interface Progress {
  /** The first number that is expected. */
  base: number;
  /** No lower one is expected any more. */
  settled: boolean;
  /** The lowest number that is neither here nor explained by a gap. */
  next: number;
  /** Boot of the record before it. */
  nextBoot: number;
  highest: number;
  /** When the first record came. */
  sinceMs: number;
}

/** A stretch of numbers that need not be waited for any more. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly boot: number;
}

/** A board sends again what nobody confirmed, within an hour and a half at most (firmware/limits.ts, consumerPatienceMaxMs), ms. */
export const settleMs = 7_200_000;

/**
 * A number this far below the highest comes again only because the board starts over. Nearer ones it also sends again when its connection was
 * cut, of what is in flight: two records (firmware/limits.ts, drainWindow), and without a sign, since a broker does not pass DUP on (MQTT-3.3.1-3).
 */
const startedOver = 3;

export function begin({ from, to, boot }: Stretch, nowMs: number): Progress {
  return { base: from, settled: from === 0, next: to + 1, nextBoot: boot, highest: to, sinceMs: nowMs };
}

/**
 * Takes what just came. `again`: the broker delivers it once more, which says nothing of where the board starts over. `behind` gives
 * the stretch that is here and holds a number, for what came before its turn.
 */
export function cover(
  progress: Progress,
  stretch: Stretch,
  nowMs: number,
  again: boolean,
  behind: (next: number) => Stretch | undefined,
): void {
  const { from, to, boot } = stretch;
  if (nowMs - progress.sinceMs >= settleMs) progress.settled = true;
  if (!progress.settled && from <= progress.base) {
    progress.settled = from === 0 || (!again && progress.highest - from >= startedOver);
    if (from < progress.base) {
      progress.base = from;
      progress.next = from;
    }
  }
  if (to > progress.highest) progress.highest = to;
  if (from > progress.next || to < progress.next) return;
  progress.next = to + 1;
  progress.nextBoot = boot;
  while (progress.next <= progress.highest) {
    const found = behind(progress.next);
    if (found === undefined) return;
    progress.next = found.to + 1;
    progress.nextBoot = found.boot;
  }
}

/** The highest number up to which everything is here; undefined: nothing may be confirmed yet. */
export function watermark({ base, next, settled }: Pick<Progress, "base" | "next" | "settled">): number | undefined {
  return settled && next > base ? next - 1 : undefined;
}
