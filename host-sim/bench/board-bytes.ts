/**
 * What an app takes of the board's heap beside its stages, measured on XS: the most that was alive at once in the
 * first minutes of apps that differ by one sensor, channel or join. Each figure is the mean over several such.
 */
import { SHT3x, BME280, NTC, PulseCounter, defineApp } from "../../firmware/mote.js";
import type { App } from "../../firmware/declaration.js";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { Simulation } from "../simulation.js";
import { xsEngine } from "../xs/engine.js";

export interface BoardBytes {
  /** Without sensors and channels: what the firmware itself keeps. */
  readonly fixed: number;
  /** A sensor with its driver. */
  readonly sensor: number;
  /** A channel without stages that is not kept. */
  readonly channel: number;
  /** More for one that is kept, and for the block that each ten of these share. */
  readonly kept: number;
  readonly block: number;
  /** More for one that takes its samples from another channel. */
  readonly following: number;
  /** More for one that joins two channels. */
  readonly join: number;
  /** For each further channel of a join. */
  readonly joined: number;
}

const seconds = 130;
const roomyBytes = 256 * 1024;
const drivers = { SHT3x, BME280, NTC, PulseCounter };
const climate = { driver: "SHT3x", on: "i2c", everyMs: 1000 };
const others = {
  weather: { driver: "BME280", on: "i2c", everyMs: 1000, phaseMs: 250 },
  probe: { driver: "NTC", on: "analog", everyMs: 1000, phaseMs: 500 },
  meter: { driver: "PulseCounter", on: "digital", everyMs: 1000, phaseMs: 750 },
};

type Declared = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export function measureBoardBytes(): Result<BoardBytes> {
  const plain = { from: "climate.thermometer.temperature", resolution: 0.01 };
  const several = (count: number, declaration: Declared[string], name = "c"): Declared =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name}${i}`, declaration]));
  const four = several(4, plain);
  const apart = { ...plain, keep: false };
  const join = (...of: string[]) => ({ from: { join: "mean_of", of }, resolution: 0.01 });
  const apps: [sensors: Declared, channels: Declared][] = [
    [{ climate, ...others }, four],
    [{ climate }, several(2, apart)],
    [{ climate }, several(10, apart)],
    [{ climate }, four],
    [{ climate }, several(10, plain)],
    [{ climate }, { ...four, ...several(4, { from: "c0", resolution: 0.01 }, "f") }],
    [{ climate }, { ...four, ...several(3, join("c0", "c1"), "j") }],
    [{ climate }, { ...four, ...several(3, join("c0", "c1", "c2", "c3"), "j") }],
  ];
  const peaks: number[] = [];
  for (const [sensors, channels] of apps) {
    const peak = peakBytes(sensors, channels);
    if (!peak.ok) return peak;
    peaks.push(peak.value);
  }
  const [sensors4, apart2, apart10, channels4, channels10, following4, joins3, widerJoins3] = peaks as [number, ...number[]];
  const sensor = (sensors4 - channels4!) / 3;
  const channel = (apart10! - apart2!) / 8;
  const both = (channels10! - channels4!) / 6;
  const join3 = (joins3! - channels4!) / 3;
  return success({
    fixed: Math.round(apart2! - 2 * channel - sensor),
    sensor: Math.round(sensor),
    channel: Math.round(channel),
    kept: Math.round(both - channel),
    block: Math.round(channels4! - apart2! + 2 * channel - 4 * both),
    following: Math.round((following4! - channels4!) / 4 - both),
    join: Math.round(join3 - both),
    joined: Math.round((widerJoins3! - joins3!) / 6),
  });
}

/** The most that the app has alive at once, in an arena that is never short. */
function peakBytes(sensors: Declared, channels: Declared): Result<number> {
  const declared = Object.fromEntries(
    Object.entries(sensors).map(([name, sensor]) => [name, { ...sensor, driver: drivers[sensor["driver"] as keyof typeof drivers] }]),
  );
  const app = defineApp({ name: "mote", sensors: declared, channels } as unknown as App);
  const text = JSON.stringify({ name: "mote", sensors, channels }).replace(/"driver":"(\w+)"/g, '"driver":$1');
  const used = [...new Set(Object.values(sensors).map(({ driver }) => driver))].join(", ");
  const module = `import { defineApp, ${used} } from "mote";\nexport default defineApp(${text});\n`;
  const simulation = new Simulation({ seed: 1, broker: "model" });
  try {
    const station = simulation.add({
      app,
      engine: (device, settings, witness) => xsEngine({ device, settings, witness, app: module, arenaBytes: roomyBytes }),
    });
    const started = station.powerOn();
    if (!started.ok) return started;
    simulation.scheduler.runUntil(seconds * 1e6);
    return success(station.memory()!.arenaPeakBytes);
  } catch (error) {
    return failure("run", error instanceof Error ? error.message : String(error));
  } finally {
    simulation.close();
  }
}
