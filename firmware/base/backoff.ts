/** Exponential back-off with full-range jitter, so that a thousand boards do not return in step (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015). */
export interface Backoff {
  /** The next delay in ms: between half and all of a base that doubles up to `longestMs`. */
  next(): number;
  /** Called after success: the next delay is short again. */
  reset(): void;
}

/** `draw` returns an integer 0 … 65535. Delays lie in [shortestMs / 2, longestMs]. */
export function backoff(shortestMs: number, longestMs: number, draw: () => number): Backoff {
  let baseMs = shortestMs;
  return {
    next() {
      const half = baseMs / 2;
      const delayMs = Math.floor(half + (half * draw()) / 65535);
      baseMs = baseMs * 2 > longestMs ? longestMs : baseMs * 2;
      return delayMs;
    },
    reset() {
      baseMs = shortestMs;
    },
  };
}
