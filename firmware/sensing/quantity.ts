/** Takes one quantity out of what a driver's `sample()` returned, whoever wrote the driver. */
import type { Burst, Sample } from "./driver.js";

/** Undefined when the sample has no such quantity; NaN when it holds something that is neither a number nor a burst. */
export function quantityOf(sample: Sample, kind: string, quantity: string): number | Burst | undefined {
  const group: unknown = sample[kind];
  if (typeof group !== "object" || group === null) return undefined;
  const x: unknown = (group as Record<string, unknown>)[quantity];
  if (typeof x === "number") return x;
  if (x === undefined || x === null) return undefined;
  return isBurst(x) ? x : NaN;
}

function isBurst(x: unknown): x is Burst {
  if (typeof x !== "object" || x === null) return false;
  const { values, count, periodMs, lost } = x as Burst;
  return Array.isArray(values) && count >= 0 && count <= values.length && periodMs > 0 && lost >= 0;
}
