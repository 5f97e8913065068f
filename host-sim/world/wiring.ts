/**
 * Wires a simulated board as its app says: for each sensor that the app declares, the chip that its
 * driver speaks to, feeling the environment. A driver of the app's own finds a plausible signal on an
 * analog or digital pin; on I²C nothing answers it, which is said.
 */
import { checkApp } from "../../firmware/check.js";
import type { App } from "../../firmware/declaration.js";
import { BME280 } from "../../firmware/sensing/drivers/bme280.js";
import { NTC } from "../../firmware/sensing/drivers/ntc.js";
import { SHT3x } from "../../firmware/sensing/drivers/sht3x.js";
import type { SimulatedBoard } from "./board.js";
import { BME280Chip } from "./chips/bme280.js";
import { PulseSource } from "./chips/pulse-source.js";
import { SHT3xChip } from "./chips/sht3x.js";
import { Thermistor } from "./chips/thermistor.js";
import type { Environment } from "./environment.js";
import type { Random } from "./random.js";
import type { Scheduler } from "./scheduler.js";

const fullScale = 4095;

/** Returns what could not be wired, a line each. For an app that the firmware will refuse, nothing is. */
export function wire(board: SimulatedBoard, app: App, environment: Environment, scheduler: Scheduler, draws: Random): string[] {
  const missing: string[] = [];
  if (!checkApp(app).ok) return missing;
  const table = board.model;
  for (const name of Object.keys(app.sensors)) {
    const { driver, on, pin, address, options } = app.sensors[name]!;
    if (on === "analog") {
      // The driver's options describe the part that is wired: the model is made of the same.
      const thermistor = new Thermistor({
        ...(driver === NTC ? options : {}),
        temperatureC: environment.temperatureC,
        fullScaleMv: table.analogFullScaleMv,
      });
      board.analog.set(
        pin ?? table.analog,
        driver === NTC
          ? (nowUs) => thermistor.read(nowUs)
          : (nowUs) => Math.round(Math.min(1, Math.max(0, environment.analogShare(nowUs))) * fullScale),
      );
    } else if (on === "digital") {
      drive(board, pin ?? table.pulse, new PulseSource({ seed: draws.next(), ratePerS: environment.pulsesPerS }), scheduler);
    } else if (driver === SHT3x) {
      const { temperatureC, humidityPercent } = environment;
      board.i2c.attach(new SHT3xChip({ ...(address === undefined ? {} : { address }), temperatureC, humidityPercent }));
    } else if (driver === BME280) {
      const { outdoorC, pressurePa, humidityPercent } = environment;
      board.i2c.attach(
        new BME280Chip({ ...(address === undefined ? {} : { address }), temperatureC: outdoorC, pressurePa, humidityPercent }),
      );
    } else if (board.i2c.chips.size === 0 || address === undefined || !board.i2c.chips.has(address)) {
      missing.push(`sensor "${name}": the simulator has no chip for its driver, so its readings will fail with "bus"`);
    }
  }
  return missing;
}

/** Plays a source's edges onto a pin, one event ahead. */
function drive(board: SimulatedBoard, pin: number, source: PulseSource, scheduler: Scheduler): void {
  const line = board.line(pin);
  const play = (afterUs: number): void => {
    const edge = source.next(afterUs);
    scheduler.at(edge.atUs, () => {
      line.drive(edge.level);
      play(edge.atUs);
    });
  };
  play(scheduler.nowUs);
}
