/** A counter that goes back further than this has jumped; a smaller step back is a late read on the other core. */
const jumpMs = 1000;

/**
 * Unwraps a 32-bit millisecond counter into a clock that never runs backwards. Moddable's
 * `Time.ticks` is a signed 32-bit number: negative after 24.9 days, round after 49.7.
 * It must be read at least once in 24 days; the sampler does so every period.
 *
 * A counter that jumps back by more than a second is followed from where it landed: the clock goes on
 * from its last reading, and all that is lost is the time between the readings before and after the
 * jump, which nobody can know. A smaller step back is held until the counter has caught up.
 */
export function unwrapTicks(readTicks: () => number): () => number {
  let last = readTicks() | 0;
  let elapsedMs = 0;
  return () => {
    const ticks = readTicks() | 0;
    const step = (ticks - last) | 0;
    if (step > 0) elapsedMs += step;
    if (step > 0 || step < -jumpMs) last = ticks;
    return elapsedMs;
  };
}
