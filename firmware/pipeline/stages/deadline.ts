/**
 * A time that each sample puts off. One timer watches it: when it fires too early, because samples have come
 * since, it is set again for what is left, so that a sample costs two numbers and no timer.
 */
import type { Site } from "../site.js";

/** Call what is returned to put it off to `delayMs` after now; `reached` is called then, once, if it is not put off again. */
export function deadline(delayMs: number, reached: () => void, { sampleMs, after }: Pick<Site, "sampleMs" | "after">): () => void {
  let dueMs = 0;
  let watched = false;
  const look = (): void => {
    const leftMs = dueMs - sampleMs();
    if (leftMs > 0) {
      after(leftMs, look);
      return;
    }
    watched = false;
    return reached();
  };
  return () => {
    dueMs = sampleMs() + delayMs;
    if (watched) return;
    watched = true;
    after(delayMs, look);
  };
}
