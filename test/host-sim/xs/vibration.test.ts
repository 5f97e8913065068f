/** An accelerometer at 1 kHz with spectra on the board's own engine: the same bytes as on Node, in a board's memory, and nothing left behind a burst. */
import { afterEach, describe, expect, test } from "vitest";
import { band_energy, defineApp, dominant_frequency, kurtosis, MPU6050, rms, SHT3x } from "../../../firmware/mote.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Simulation } from "../../../host-sim/simulation.js";
import type { MakeEngine } from "../../../host-sim/station.js";
import { xsEngine } from "../../../host-sim/xs/engine.js";
import { runInXs } from "../../../host-sim/xs/run.js";
import { onXs, withoutXs } from "./available.js";

const simulations: Simulation[] = [];
afterEach(() => {
  for (const simulation of simulations.splice(0)) simulation.close();
});

const names = "band_energy, defineApp, dominant_frequency, kurtosis, MPU6050, rms, SHT3x";
const declare = (mote: Record<string, unknown>): ReturnType<typeof defineApp> =>
  new Function(...names.split(", "), `return ${declaration}`)(...names.split(", ").map((name) => mote[name])) as ReturnType<
    typeof defineApp
  >;
const declaration = `defineApp({
  name: "motor",
  sensors: {
    climate: { driver: SHT3x, on: "i2c", everyMs: 1000 },
    housing: { driver: MPU6050, on: "i2c", everyMs: 100, options: { axes: "z" } },
  },
  channels: {
    temperature: { from: "climate.thermometer.temperature", resolution: 0.01 },
    shaking: { from: "housing.accelerometer.z", resolution: 0.001, stages: [rms(1000, { aboutMean: true })] },
    impacts: { from: "housing.accelerometer.z", resolution: 0.01, stages: [kurtosis(1000)] },
    turn: { from: "housing.accelerometer.z", resolution: 0.01, stages: [dominant_frequency({ samples: 256, fromHz: 10 })] },
    mains: { from: "housing.accelerometer.z", resolution: 1e-6, stages: [band_energy({ samples: 256, fromHz: 40, toHz: 60 })] },
  },
})`;

function seen(engine: MakeEngine, app: ReturnType<typeof defineApp>) {
  const simulation = new Simulation({ seed: 1, broker: "model" });
  simulations.push(simulation);
  const station = simulation.add({ app, engine });
  const started = station.powerOn();
  if (!started.ok) throw new Error(`${started.error.kind}: ${started.error.message}`);
  // The board is held up once, for so long that the FIFO overflows.
  simulation.scheduler.at(7_050_000, () => station.board.cpu.post(() => station.board.cpu.charge(300_000)));
  simulation.scheduler.runUntil(15e6);
  return {
    memory: station.memory(),
    all: { counts: station.counts(), counters: station.firmwareCounters(), trace: simulation.traceSha256() },
  };
}

describe.skipIf(withoutXs)(onXs("vibration on XS"), () => {
  test("leaves the same trace and counts as on Node, within the board's memory", () => {
    const app = declare({ band_energy, defineApp, dominant_frequency, kurtosis, MPU6050, rms, SHT3x });
    const module = `import { ${names} } from "mote"; export default ${declaration};`;
    const { memory, all } = seen(
      (device, settings, witness) => xsEngine({ device, settings, witness, app: module, arenaBytes: 80 * 1024 }),
      app,
    );
    expect(all).toEqual(seen((device, settings, witness) => nodeEngine(device, app, settings, witness), app).all);
    expect(all.counts.readErrors).toBe(1);
    expect(memory!.arenaPeakBytes / (memory!.slotBytes / 16)).toBeLessThan(80 * 1024);
  }, 60_000);

  test("allocates nothing a burst, in the driver nor in any stage, once the first has been through", () => {
    const source = `
      import { MPU6050 } from "firmware/sensing/drivers/mpu6050";
      import * as builders from "firmware/pipeline/builders";
      import { compile } from "firmware/pipeline/compile";
      let register = 0, nowMs = 0, samples = 100, held = 0;
      class Io {
        read(into) {
          for (let i = 0; i < into.length; i++) into[i] = register === 0x74 ? (i * 37) & 0x7f : 0;
          if (register === 0x75) into[0] = 0x68;
          if (register === 0x6b) into[0] = 0x01;
          if (register === 0x72) { into[0] = (samples * 6) >> 8; into[1] = (samples * 6) & 0xff; }
        }
        write(bytes) { register = bytes[0]; }
        close() {}
      }
      const clock = { nowMs: () => nowMs };
      const driver = new MPU6050({ sensor: { io: Io }, clock });
      const taken = () => { nowMs += 100; driver.start(); return driver.sample().accelerometer; };
      for (let i = 0; i < 3; i++) taken();
      let sum = 0;
      const sink = { push(x) { sum += x; }, missing() { sum++; }, summary() {} };
      const ground = { resolution: 0.001, sampleMs: () => nowMs, after() {}, cancel() {}, total() {} };
      const { rms, peak, peak_to_peak, crest_factor, kurtosis, zero_crossings, band_energy, dominant_frequency } = builders;
      const ways = [
        rms(64), rms(64, { aboutMean: true }), peak(64), peak_to_peak(64), crest_factor(64, { aboutMean: true }), kurtosis(64),
        zero_crossings(64), band_energy({ samples: 64, fromHz: 0, toHz: 500 }), dominant_frequency({ samples: 128 }),
      ].map((stage) => compile("c", [stage], { periodMs: 1, regular: true, delayMs: 0 }, ground, sink).value);
      const pass = () => {
        const { x, y, z } = taken();
        for (let way = 0; way < ways.length; way++) {
          const { push, missing } = ways[way];
          for (let i = 0; i < z.count; i++) push(x.values[i] + y.values[i] - z.values[i]);
          missing();
          for (let i = 0; i < z.count; i++) push(z.values[i]);
        }
      };
      const measure = (passes) => {
        const before = collections(), slots = slotsInUse(), chunks = chunkBytesInUse();
        for (let i = 0; i < passes; i++) pass();
        const slotsLeft = slotsInUse() - slots, chunkBytes = chunkBytesInUse() - chunks;
        return { slots: slotsLeft, chunkBytes, collections: collections() - before };
      };
      measure(3);
      collect();
      report({ ...measure(10), some: sum !== 0 });`;
    const ran = runInXs({
      source,
      preload: ["firmware/sensing/drivers/mpu6050", "firmware/pipeline/builders", "firmware/pipeline/compile"],
    });
    expect(ran.ok ? ran.value.value : ran.error).toEqual({ slots: 0, chunkBytes: 0, collections: 0, some: true });
  });
});
