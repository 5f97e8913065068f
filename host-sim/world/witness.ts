/**
 * Sees what the firmware's drivers do, from outside: wraps an app's drivers, so that the world counts
 * samples and failures itself instead of believing the firmware. Plain ECMAScript: it runs on every
 * engine.
 */
import { checkApp } from "../../firmware/check.js";
import type { App, SensorDeclaration } from "../../firmware/declaration.js";
import { limits } from "../../firmware/limits.js";
import type { Driver, DriverClass, ReadingError, Sample } from "../../firmware/sensing/driver.js";

/** `error` is undefined when the whole sample could be read, with all that the app's channels ask of it. */
export type Witness = (sensor: string, sample: Sample | undefined, error: ReadingError | undefined) => void;

/** An app that the firmware will refuse is left as it is. */
export function witnessed(app: App, report: Witness): App {
  if (!checkApp(app).ok) return app;
  const sensors: Record<string, SensorDeclaration> = {};
  for (const name of Object.keys(app.sensors)) {
    const sensor = app.sensors[name]!;
    sensors[name] = { ...sensor, driver: wrap(name, sensor.driver, asked(app, name), report) };
  }
  return { ...app, sensors };
}

/** Kind and quantity, kind and quantity … that channels read from a sensor. */
function asked(app: App, sensor: string): string[] {
  const paths: string[] = [];
  for (const name of Object.keys(app.channels)) {
    const path = app.channels[name]!.from.split(".");
    if (path[0] === sensor) paths.push(path[1]!, path[2]!);
  }
  return paths;
}

/** Why a channel finds nothing it can use in what it asks for. */
function lacking(sample: Sample, paths: readonly string[]): ReadingError | undefined {
  for (let index = 0; index < paths.length; index += 2) {
    const x = sample[paths[index]!]?.[paths[index + 1]!];
    if (x === undefined) return "absent";
    if (!(x >= -limits.valueMax && x <= limits.valueMax)) return "range";
  }
  return undefined;
}

function wrap(name: string, Inner: DriverClass, paths: readonly string[], report: Witness): DriverClass {
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
        report(name, sample, error ?? (sample === undefined ? "absent" : lacking(sample, paths)));
        error = undefined;
        return sample;
      };
      this.close = () => inner.close();
    }
  };
}
