/** What an app imports from "mote": the declaration, the stages, and the drivers. */
import type { App, ChannelDeclaration, SensorDeclaration } from "./declaration.js";

export type { App, ChannelDeclaration, SensorDeclaration } from "./declaration.js";
export type { Analog, AnalogOptions, Bytes, Digital, DigitalConstructor, DigitalOptions, I2C, I2COptions } from "./device.js";
export type { Driver, DriverClass, ReadingError, Sample, SensorOptions } from "./sensing/driver.js";
export type { Stage } from "./pipeline/stage.js";
import type { Join } from "./pipeline/join.js";

export type { Join } from "./pipeline/join.js";
export * from "./pipeline/builders.js";
export {
  absolute_humidity,
  dew_point,
  difference_of,
  heat_index,
  joined,
  max_of,
  mean_of,
  min_of,
  sea_level_pressure,
  sum_of,
  vapour_pressure_deficit,
} from "./pipeline/joins.js";
export { BME280 } from "./sensing/drivers/bme280.js";
export { MPU6050 } from "./sensing/drivers/mpu6050.js";
export { NTC } from "./sensing/drivers/ntc.js";
export { PulseCounter } from "./sensing/drivers/pulse.js";
export { SHT3x } from "./sensing/drivers/sht3x.js";

/** Declares an app; that a channel's sensor or other channel exists is checked as it is typed. */
export function defineApp<const Sensors extends Readonly<Record<string, SensorDeclaration>>, const Name extends string>(app: {
  name: string;
  sensors: Sensors;
  channels: Readonly<Record<Name, ChannelDeclaration & { from: `${keyof Sensors & string}.${string}.${string}` | NoInfer<Name> | Join }>>;
}): App {
  return app;
}
