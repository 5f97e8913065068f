/**
 * One channel at work: takes its quantity out of a sensor's samples, rounds it to its resolution, sends
 * it through its stages, and hands what comes out, rounded again, to the outlet. A quantity that could
 * not be read goes around the stages as an error.
 */
import { quantiser, quantiserLimit } from "./base/quantise.js";
import type { ReadingError } from "./base/reading-error.js";
import { success, type Result } from "./base/result.js";
import type { ChannelDeclaration } from "./declaration.js";
import { compile } from "./pipeline/compile.js";
import type { Sample } from "./sensing/driver.js";
import { quantityOf } from "./sensing/quantity.js";

/** Where a channel's results go; `atMs` is the sample's grid point. */
export interface Outlet {
  value(x: number, atMs: number): void;
  failed(error: ReadingError, atMs: number): void;
  summary(min: number, max: number, mean: number, std: number, count: number, atMs: number): void;
}

export interface Channel {
  /** `error` is why a quantity is missing, where the driver said so. False when this channel's quantity could not be read. */
  take(sample: Sample, error: ReadingError | undefined, gridMs: number): boolean;
  failed(error: ReadingError, gridMs: number): void;
}

export function channel(name: string, declaration: ChannelDeclaration, outlet: Outlet): Result<Channel> {
  const path = declaration.from.split(".");
  const kind = path[1]!;
  const quantity = path[2]!;
  const round = quantiser(declaration.resolution);
  const limit = quantiserLimit(declaration.resolution);
  let atMs = 0;

  const within = (x: number): boolean => x >= -limit && x <= limit;

  const compiled = compile(
    name,
    declaration.stages ?? [],
    { sampleMs: () => atMs },
    {
      value(x) {
        if (within(x)) outlet.value(round(x), atMs);
        else outlet.failed("range", atMs);
      },
      summary(min, max, mean, std, count) {
        if (within(min) && within(max)) outlet.summary(round(min), round(max), round(mean), round(std), count, atMs);
        else outlet.failed("range", atMs);
      },
    },
  );
  if (!compiled.ok) return compiled;
  const push = compiled.value;
  return success({
    take(sample, error, gridMs) {
      const x = quantityOf(sample, kind, quantity);
      atMs = gridMs;
      if (x === undefined) {
        outlet.failed(error ?? "absent", gridMs);
        return false;
      }
      // NaN and what no sensor can mean: a driver that computes them has read nothing.
      if (!within(x)) {
        outlet.failed("range", gridMs);
        return false;
      }
      push(round(x));
      return true;
    },
    failed: (error, gridMs) => outlet.failed(error, gridMs),
  });
}
