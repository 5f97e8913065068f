/**
 * Sees what the firmware's drivers do, from outside: wraps an app's drivers, so that the world counts
 * samples and failures itself instead of believing the firmware. Plain ECMAScript: it runs on every
 * engine.
 */
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
    const path = from.split(".");
    if (path[0] === sensor) paths.push({ kind: path[1]!, quantity: path[2]!, limit: quantiserLimit(resolution) });
  }
  return paths;
}

/** Why a channel finds nothing it can use in what it asks for. */
function lacking(sample: Sample, paths: readonly Asked[]): ReadingError | undefined {
  for (const { kind, quantity, limit } of paths) {
    const x = quantityOf(sample, kind, quantity);
    if (x === undefined) return "absent";
    if (!(x >= -limit && x <= limit)) return "range";
  }
  return undefined;
}

function wrap(name: string, Inner: DriverClass, paths: readonly Asked[], report: Witness): DriverClass {
  return class Witnessed implements Driver {
    readonly configure?: (options: Record<string, unknown>) => void;
    readonly start?: () => number;
    readonly sample: () => Sample | undefined;
    readonly close: () => void;

    constructor(options: { onError?: (error: ReadingError) => void }) {
      let error: ReadingError | undefined;
      const inner = new Inner({
        ...options,
        onError(kind: ReadingError) {
          error = kind;
          options.onError?.(kind);
        },
      });
      const watch = <Value>(action: () => Value): Value => {
        try {
          return action();
        } catch (thrown) {
          report(name, undefined, "bus");
          error = undefined;
          throw thrown;
        }
      };
      if (inner.configure !== undefined) this.configure = (values) => inner.configure!(values);
      if (inner.start !== undefined) {
        this.start = () => {
          const measureMs = watch(() => inner.start!());
          if (measureMs > limits.measureMaxMs) report(name, undefined, "absent");
          return measureMs;
        };
      }
      this.sample = () => {
        const sample = watch(() => inner.sample());
        const none = typeof sample !== "object" || sample === null;
        report(name, sample, error ?? (none ? "absent" : lacking(sample, paths)));
        error = undefined;
        return sample;
      };
      this.close = () => inner.close();
    }
  };
}
