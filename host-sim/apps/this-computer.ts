/**
 * The app of `mote sim --source host`: a board whose one sensor is this computer. Its driver speaks to
 * the monitor chip of host-sim/node/computer-chip.ts, and shows how a driver of one's own looks.
 */
import { defineApp } from "../../firmware/mote.js";
import type { App } from "../../firmware/declaration.js";
import type { Bytes, I2C, I2COptions } from "../../firmware/device.js";
import type { SensorOptions } from "../../firmware/sensing/driver.js";

export const monitorAddress = 0x4c;
/** What the temperature register holds when the computer has no thermometer. */
export const noTemperature = 0x7fff;

/** Registers, big endian, read in one go of 8 bytes: temperature in 0.01 °C (signed), load × 100, free memory in MiB (32 bits). */
export class ComputerMonitor {
  readonly #bus: I2C;
  readonly #bytes: Bytes = new Uint8Array(8);
  readonly #sample: { thermometer: { temperature: number | undefined }; processor: { load: number }; memory: { freeMiB: number } } = {
    thermometer: { temperature: undefined },
    processor: { load: 0 },
    memory: { freeMiB: 0 },
  };

  constructor(options: SensorOptions<new (options: I2COptions) => I2C>) {
    const { io: Bus, ...wiring } = options.sensor;
    this.#bus = new Bus({ address: monitorAddress, ...wiring } as I2COptions);
  }

  sample() {
    const bytes = this.#bytes;
    this.#bus.read(bytes);
    const word = bytes[0]! * 256 + bytes[1]!;
    this.#sample.thermometer.temperature = word === noTemperature ? undefined : (word >= 0x8000 ? word - 0x10000 : word) / 100;
    this.#sample.processor.load = (bytes[2]! * 256 + bytes[3]!) / 100;
    this.#sample.memory.freeMiB = ((bytes[4]! * 256 + bytes[5]!) * 256 + bytes[6]!) * 256 + bytes[7]!;
    return this.#sample;
  }

  close(): void {
    this.#bus.close();
  }
}

export function thisComputerApp(hasThermometer: boolean): App {
  const sensors = { computer: { driver: ComputerMonitor, on: "i2c", everyMs: 1000 } } as const;
  const channels = {
    load: { from: "computer.processor.load", resolution: 0.01 },
    memory_free: { from: "computer.memory.freeMiB", unit: "MiB", resolution: 1 },
  } as const;
  if (!hasThermometer) return defineApp({ name: "computer", sensors, channels });
  const temperature = { from: "computer.thermometer.temperature", unit: "°C", resolution: 0.1 } as const;
  return defineApp({ name: "computer", sensors, channels: { temperature, ...channels } });
}
