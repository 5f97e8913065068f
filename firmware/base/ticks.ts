/**
 * Unwraps a 32-bit millisecond counter into a clock that never runs backwards. Moddable's
 * `Time.ticks` is a signed 32-bit number: negative after 24.9 days, round after 49.7.
 * It must be read at least once in 24 days; the sampler does so every period.
 */
export function unwrapTicks(readTicks: () => number): () => number {
  let last = readTicks() | 0;
  let elapsedMs = 0;
  return () => {
    const ticks = readTicks() | 0;
    const step = (ticks - last) | 0;
    // A counter that steps back (two cores, one read late) is held, not followed.
    if (step > 0) {
      elapsedMs += step;
      last = ticks;
    }
    return elapsedMs;
  };
}
