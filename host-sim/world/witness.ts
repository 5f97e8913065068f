/**
 * Sees what the firmware's drivers do, from outside: wraps an app's drivers, so that the world counts
 * samples and failures itself instead of believing the firmware. Plain ECMAScript: it runs on every
 * engine.
 */
import { boundClass, withStatics } from "./bound-class.js";
import { quantiserLimit } from "../../firmware/base/quantise.js";
import { checkApp } from "../../firmware/check.js";
import type { App, SensorDeclaration } from "../../firmware/declaration.js";
import { limits } from "../../firmware/limits.js";
import type { Driver, DriverClass, ReadingError, Sample } from "../../firmware/sensing/driver.js";
import { quantityOf } from "../../firmware/sensing/quantity.js";

/** `error` is undefined when the whole sample could be read, with all that the app's channels ask of it. */
export type Witness = (sensor: string, sample: Sample | undefined, error: ReadingError | undefined) => void;

/** An app that the firmware will refuse is left as it is. */
export function witnessed(app: App, report: Witness): App {
  if (!checkApp(app).ok) return app;
  const sensors: Record<string, SensorDeclaration> = Object.create(null);
  for (const name of Object.keys(app.sensors)) {
    const sensor = app.sensors[name]!;
    sensors[name] = { ...sensor, driver: wrap(name, sensor.driver, asked(app, name), report) };
  }
  return { ...app, sensors };
}

/** A quantity that a channel reads from a sensor, and how far from zero the channel can use it. */
interface Asked {
  readonly kind: string;
  readonly quantity: string;
  readonly limit: number;
}

function asked(app: App, sensor: string): Asked[] {
  const paths: Asked[] = [];
  for (const name of Object.keys(app.channels)) {
    const { from, resolution } = app.channels[name]!;
    const path = typeof from === "string" ? from.split(".") : [];
    if (path.length === 3 && path[0] === sensor) paths.push({ kind: path[1]!, quantity: path[2]!, limit: quantiserLimit(resolution) });
  }
  // Cut to its size: a list that has grown has room for more.
  return paths.slice();
}

/** Why a channel finds nothing it can use in what it asks for. */
function lacking(sample: Sample, paths: readonly Asked[]): ReadingError | undefined {
  for (const { kind, quantity, limit } of paths) {
    const x = quantityOf(sample, kind, quantity);
    if (x === undefined) return "absent";
    if (typeof x !== "number") {
      if (x.lost > 0) return "overflow";
      for (let i = 0; i < x.count; i++) if (!within(x.values[i]!, limit)) return "range";
    } else if (!within(x, limit)) return "range";
  }
  return undefined;
}

/** NaN is not. */
function within(x: number, limit: number): boolean {
  return x >= -limit && x <= limit;
}

/** What is known of a sensor before its driver is made. */
interface Watched {
  readonly name: string;
  readonly Inner: DriverClass;
  readonly paths: readonly Asked[];
  readonly report: Witness;
}

/** Its methods stand once for all drivers: a class for each would cost a board more than the driver does. */
class Witnessed implements Driver {
  configure?: (options: Record<string, unknown>) => void;
  start?: () => number;
  readonly of: Watched;
  readonly inner: Driver;
  error: ReadingError | undefined = undefined;

  constructor(of: Watched, options: { onError?: (error: ReadingError) => void }) {
    this.of = of;
    this.inner = new of.Inner({
      ...options,
      onError: (kind: ReadingError) => {
        this.error = kind;
        options.onError?.(kind);
      },
    });
    // What the driver does not have, this does not have either.
    if (this.inner.configure !== undefined) this.configure = configure;
    if (this.inner.start !== undefined) this.start = start;
  }

  sample(): Sample | undefined {
    const { name, paths, report } = this.of;
    let sample: Sample | undefined;
    try {
      sample = this.inner.sample();
    } catch (thrown) {
      this.threw();
      throw thrown;
    }
    const none = typeof sample !== "object" || sample === null;
    report(name, sample, this.error ?? (none ? "absent" : lacking(sample!, paths)));
    this.error = undefined;
    return sample;
  }

  close(): void {
    this.inner.close();
  }

  threw(): void {
    this.of.report(this.of.name, undefined, "bus");
    this.error = undefined;
  }
}

function configure(this: Witnessed, options: Record<string, unknown>): void {
  this.inner.configure!(options);
}

function start(this: Witnessed): number {
  let measureMs: number;
  try {
    measureMs = this.inner.start!();
  } catch (thrown) {
    this.threw();
    throw thrown;
  }
  if (measureMs > limits.measureMaxMs) this.of.report(this.of.name, undefined, "absent");
  return measureMs;
}

function wrap(name: string, Inner: DriverClass, paths: readonly Asked[], report: Witness): DriverClass {
  const of: Watched = { name, Inner, paths, report };
  return withStatics(boundClass(Witnessed, of) as unknown as DriverClass, Inner);
}
