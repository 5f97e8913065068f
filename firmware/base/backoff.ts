/** Exponential back-off with full-range jitter, so that a thousand boards do not return in step (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015). */
export interface Backoff {
  /** The next delay in ms: between half and all of a base that doubles up to `longestMs`. */
  next(): number;
  /**
   * The first delay, ms, when something was lost that worked: others may have lost it in the same moment. Between half of the shortest
   * and `spreadMs`, so that they come back one by one.
   */
  lost(): number;
  /** Called after success: the next delay is short again. */
  reset(): void;
}

/** A class, since its methods stay in flash. */
class Doubling implements Backoff {
  private readonly shortestMs: number;
  private readonly longestMs: number;
  private readonly spreadMs: number;
  private readonly draw: () => number;
  private baseMs: number;

  constructor(shortestMs: number, longestMs: number, spreadMs: number, draw: () => number) {
    this.shortestMs = shortestMs;
    this.longestMs = longestMs;
    this.spreadMs = spreadMs;
    this.draw = draw;
    this.baseMs = shortestMs;
  }

  next(): number {
    const { baseMs, longestMs } = this;
    const half = baseMs / 2;
    const delayMs = Math.floor(half + (half * this.draw()) / 65535);
    this.baseMs = baseMs * 2 > longestMs ? longestMs : baseMs * 2;
    return delayMs;
  }

  lost(): number {
    const least = this.shortestMs / 2;
    // Those who were early find it still away: they must not all try again in the next second.
    this.baseMs = this.spreadMs;
    return Math.floor(least + ((this.spreadMs - least) * this.draw()) / 65535);
  }

  reset(): void {
    this.baseMs = this.shortestMs;
  }
}

/** `draw` returns an integer 0 … 65535. Delays of `next` lie in [shortestMs / 2, longestMs]. */
export function backoff(shortestMs: number, longestMs: number, spreadMs: number, draw: () => number): Backoff {
  return new Doubling(shortestMs, longestMs, spreadMs, draw);
}
