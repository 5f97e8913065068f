/**
 * Sees what the firmware's drivers do, from outside: wraps an app's drivers, so that the world counts
 * samples and failures itself instead of believing the firmware. Plain ECMAScript: it runs on every
 * engine.
 */
import type { App, SensorDeclaration } from "../../firmware/declaration.js";
import type { Driver, DriverClass, ReadingError, Sample } from "../../firmware/sensing/driver.js";

/** `error` is undefined when the whole sample could be read. */
export type Witness = (sensor: string, sample: Sample | undefined, error: ReadingError | undefined) => void;

export function witnessed(app: App, report: Witness): App {
  const sensors: Record<string, SensorDeclaration> = {};
  for (const name of Object.keys(app.sensors)) {
    const sensor = app.sensors[name]!;
    sensors[name] = typeof sensor.driver === "function" ? { ...sensor, driver: wrap(name, sensor.driver, report) } : sensor;
  }
  return { ...app, sensors };
}

function wrap(name: string, Inner: DriverClass, report: Witness): DriverClass {
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
      if (inner.start !== undefined) this.start = () => watch(() => inner.start!());
      this.sample = () => {
        const sample = watch(() => inner.sample());
        report(name, sample, error ?? (sample === undefined ? "absent" : undefined));
        error = undefined;
        return sample;
      };
      this.close = () => inner.close();
    }
  };
}
