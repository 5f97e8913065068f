/**
 * Serves an app's own drivers with what ECMA-419 drivers of the SDK expect: an I²C one gets an SMBus as
 * `options.sensor.io`, which is an I2C as well. Samples that no channel can read are told of. Mote's
 * drivers are left as they are.
 */
import type { App, SensorDeclaration } from "../../firmware/declaration.js";
import { BME280, MPU6050, NTC, PulseCounter, SHT3x } from "../../firmware/mote.js";
import type { DriverClass, Sample, SensorOptions } from "../../firmware/sensing/driver.js";
import { say } from "./board.js";
import SMBus from "./smbus.js";

const motes: readonly unknown[] = [BME280, MPU6050, NTC, PulseCounter, SHT3x];

/** What is no app is returned as it is: others say what is wrong with it. */
export function adopt(given: unknown): unknown {
  const app = given as App | undefined;
  if (typeof app !== "object" || app === null || typeof app.sensors !== "object" || app.sensors === null) return given;
  const sensors: Record<string, SensorDeclaration> = {};
  for (const name of Object.keys(app.sensors)) {
    const sensor = app.sensors[name]!;
    sensors[name] = isForeign(sensor) ? { ...sensor, driver: served(name, sensor) } : sensor;
  }
  return { ...app, sensors };
}

function isForeign(sensor: SensorDeclaration | null): boolean {
  const driver: unknown = sensor?.driver;
  return typeof driver === "function" && "prototype" in driver && !motes.includes(driver);
}

function served(name: string, { driver: Driver, on }: SensorDeclaration): DriverClass {
  return class extends Driver {
    #looked = false;

    constructor(options: SensorOptions) {
      super(on === "i2c" ? { ...options, sensor: { ...options.sensor, io: SMBus } } : options);
    }

    override sample(): Sample | undefined {
      let sample: Sample | undefined;
      try {
        sample = super.sample();
      } catch (error) {
        // The firmware counts it as "bus", which is not where a mistake in code is looked for.
        if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError) {
          this.#tell(`its driver throws: ${error.message}`);
        }
        throw error;
      }
      if (!this.#looked && isFlat(sample)) this.#tell(flat(sample));
      this.#looked = true;
      return sample;
    }

    #tell(what: string): void {
      if (!this.#looked) say(`Note    sensor "${name}": ${what}\n`);
      this.#looked = true;
    }
  };
}

/** Quantities without a kind above them: ECMA-419 has that of sensors that measure one thing. */
function isFlat(sample: Sample | undefined): sample is Sample {
  const values: unknown[] = typeof sample === "object" && sample !== null ? Object.values(sample) : [];
  return values.some((value) => typeof value === "number") && !values.some((value) => typeof value === "object");
}

function flat(sample: Sample): string {
  return (
    `its samples are { ${Object.keys(sample).join(", ")} } without a kind, which no channel can read: ` +
    "extend the driver in the app to give { kind: super.sample() } (docs/drivers.md)"
  );
}
