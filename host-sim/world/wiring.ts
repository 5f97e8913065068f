/**
 * Wires a simulated board as its app says: for each sensor that the app declares, the chip that its
 * driver speaks to, feeling the environment. A driver of the app's own finds a plausible signal on an
 * analog or digital pin; on I²C nothing answers it, which is said.
 */
import { checkApp } from "../../firmware/check.js";
import type { App } from "../../firmware/declaration.js";
import { BME280 } from "../../firmware/sensing/drivers/bme280.js";
import { MPU6050 } from "../../firmware/sensing/drivers/mpu6050.js";
import { NTC } from "../../firmware/sensing/drivers/ntc.js";
import { SHT3x } from "../../firmware/sensing/drivers/sht3x.js";
import type { SimulatedBoard } from "./board.js";
import { BME280Chip } from "./chips/bme280.js";
import type { I2CChip } from "./chips/chip.js";
import { MPU6050Chip } from "./chips/mpu6050.js";
import { PulseSource } from "./chips/pulse-source.js";
import { SHT3xChip } from "./chips/sht3x.js";
import { Thermistor, type ThermistorOptions } from "./chips/thermistor.js";
import { Distortion } from "./distortion.js";
import type { Environment } from "./environment.js";
import type { Random } from "./random.js";
import type { Scheduler } from "./scheduler.js";
import { analogSensor, busSensor, contactSensor, type WiredSensor } from "./wired-sensor.js";

const fullScale = 4095;

/** How far the clocks of accelerometers go wrong, to either side. */
const accelerometerClockError = 0.01;

/** The most closures a second that a meter of any kind makes. */
const pulsesMost = 1000;

export interface Wiring {
  /** By its name in the app. */
  readonly sensors: ReadonlyMap<string, WiredSensor>;
  /** What could not be wired, a line each. */
  readonly missing: readonly string[];
}

/** For an app that the firmware will refuse, nothing is wired. */
export function wire(board: SimulatedBoard, app: App, environment: Environment, scheduler: Scheduler, draws: Random): Wiring {
  const sensors = new Map<string, WiredSensor>();
  const missing: string[] = [];
  if (!checkApp(app).ok) return { sensors, missing };
  const table = board.model;
  const { chips } = board.i2c;
  // Chips that the user has put there stay, and may be what a driver of the user's own speaks to.
  const given = chips.size > 0;
  const known = new Set<number>();
  const bus = (chip: I2CChip, distortion: Distortion): WiredSensor => {
    if (!chips.has(chip.address)) board.i2c.attach(chip);
    known.add(chip.address);
    return busSensor(() => chips.get(chip.address), distortion);
  };
  for (const name of Object.keys(app.sensors)) {
    const { driver, on, pin, address, options } = app.sensors[name]!;
    const distortion = new Distortion();
    const at = address === undefined ? {} : { address };
    const feel = (quantity: keyof Environment) => distortion.wrap(environment[quantity]);
    let sensor: WiredSensor;
    if (on === "analog" && driver === NTC) {
      // The driver's options describe the part that is wired: the model is made of the same.
      const parts = { ...options, temperatureC: feel("temperatureC"), fullScaleMv: table.analogFullScaleMv };
      sensor = thermistorSensor(board, pin ?? table.analog, parts, distortion);
    } else if (on === "analog") {
      const share = feel("analogShare");
      const source = (nowUs: number): number => Math.round(Math.min(1, Math.max(0, share(nowUs))) * fullScale);
      sensor = analogSensor(board.analog, pin ?? table.analog, source, () => 0, distortion);
    } else if (on === "digital") {
      const ratePerS = distortion.wrap(environment.pulsesPerS, 0, pulsesMost);
      sensor = contactSensor(board.line(pin ?? table.pulse), new PulseSource({ seed: draws.next(), ratePerS }), scheduler, distortion);
    } else if (driver === SHT3x) {
      sensor = bus(new SHT3xChip({ ...at, temperatureC: feel("temperatureC"), humidityPercent: feel("humidityPercent") }), distortion);
    } else if (driver === BME280) {
      const [temperatureC, pressurePa, humidityPercent] = [feel("outdoorC"), feel("pressurePa"), feel("humidityPercent")];
      sensor = bus(new BME280Chip({ ...at, temperatureC, pressurePa, humidityPercent }), distortion);
    } else if (driver === MPU6050) {
      const clockError = (draws.split("clock of " + name).fraction() * 2 - 1) * accelerometerClockError;
      sensor = bus(new MPU6050Chip({ ...at, accelerationMs2: feel("accelerationMs2"), clockError }), distortion);
    } else {
      // Its address may be the driver's secret: then it is the one chip that no other sensor speaks to.
      const own = (): I2CChip | undefined => {
        if (address !== undefined) return chips.get(address);
        const others = [...chips.values()].filter((chip) => !known.has(chip.address));
        return others.length === 1 ? others[0] : undefined;
      };
      sensor = busSensor(own, distortion);
      if (address === undefined ? !given : !chips.has(address)) {
        missing.push(
          `sensor "${name}": no chip answers its driver, so its readings fail with "bus": describe one for --chip (docs/drivers.md)`,
        );
      }
    }
    sensors.set(name, sensor);
  }
  return { sensors, missing };
}

/** Without its thermistor the divider's other resistor stays on the pin. */
function thermistorSensor(board: SimulatedBoard, pin: number, options: ThermistorOptions, distortion: Distortion): WiredSensor {
  const [whole, open] = [new Thermistor(options), new Thermistor(options)];
  open.fault = "open";
  return analogSensor(
    board.analog,
    pin,
    (nowUs) => whole.read(nowUs),
    (nowUs) => open.read(nowUs),
    distortion,
  );
}
