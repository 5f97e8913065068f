/** What an app declares: which sensors the board has, and what becomes of their readings. Plain data but for the driver classes. */
import type { DriverClass } from "./sensing/driver.js";
import type { Join } from "./pipeline/join.js";
import type { Stage } from "./pipeline/stage.js";

export interface SensorDeclaration {
  driver: DriverClass;
  /** What the sensor hangs on: the board's default bus or pin, unless `pin` or `address` say otherwise. */
  on: "i2c" | "analog" | "digital";
  /** Sampling period, ms, 1 … 86,400,000. Sample k is taken at start + phase + k × period. */
  everyMs: number;
  /** 0 … everyMs − 1; default 0. */
  phaseMs?: number;
  pin?: number;
  address?: number;
  /** Handed to the driver's `configure`. */
  options?: Record<string, unknown>;
}

export interface ChannelDeclaration {
  /**
   * `sensor.kind.quantity`, e.g. `climate.thermometer.temperature`: the path into what the driver's `sample()`
   * returns; or the name of another channel, whose results it then takes; or what several channels make together.
   */
  from: string | Join;
  /** For people and Home Assistant, e.g. `°C`. */
  unit?: string;
  /** The smallest difference that means anything; readings and results are rounded to it. > 0. */
  resolution: number;
  stages?: readonly Stage[];
  /** False: its results are published as they come, and not kept in the journal. Default true. */
  keep?: boolean;
}

export interface App {
  /** Lower-case letters, digits, `-` and `_`: the board's name in topics is `<name>-<last 6 digits of its id>`. */
  name: string;
  sensors: Readonly<Record<string, SensorDeclaration>>;
  channels: Readonly<Record<string, ChannelDeclaration>>;
}
