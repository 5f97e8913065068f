/** Takes one quantity out of what a driver's `sample()` returned, whoever wrote the driver. */
import type { Sample } from "./driver.js";

/** Undefined when the sample has no such quantity; NaN when it holds something that is no number. */
export function quantityOf(sample: Sample, kind: string, quantity: string): number | undefined {
  const group: unknown = sample[kind];
  if (typeof group !== "object" || group === null) return undefined;
  const x: unknown = (group as Record<string, unknown>)[quantity];
  if (x === undefined || x === null) return undefined;
  return typeof x === "number" ? x : NaN;
}
