/** Faults of sensors, of the bus they hang on, and of flash. */
import type { Effects } from "./effect.js";

type SensorFault = "nak" | "absent" | "checksum" | "stuck" | "spike" | "drift" | "saturation" | "bus-stuck" | "flash-flip";

export const sensorEffects: Effects<SensorFault> = {
  nak() {},
  absent() {},
  checksum() {},
  stuck() {},
  spike() {},
  drift() {},
  saturation() {},
  "bus-stuck"() {},
  "flash-flip"() {},
};
