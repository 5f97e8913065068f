/** An accelerometer at 1 kHz beside slow sensors on one bus: what a board with one thread makes of it. */
import { describe, expect, test } from "vitest";
import { band_energy, defineApp, dominant_frequency, MPU6050, NTC, rms, SHT3x, window } from "../../firmware/mote.js";
import { run, type Run } from "./run.js";

const app = defineApp({
  name: "motor",
  sensors: {
    climate: { driver: SHT3x, on: "i2c", everyMs: 1000 },
    probe: { driver: NTC, on: "analog", everyMs: 1000, phaseMs: 500 },
    housing: { driver: MPU6050, on: "i2c", everyMs: 100, options: { axes: "xz" } },
  },
  channels: {
    temperature: { from: "climate.thermometer.temperature", unit: "°C", resolution: 0.01 },
    probe: { from: "probe.thermometer.temperature", unit: "°C", resolution: 0.1 },
    shaking: { from: "housing.accelerometer.z", unit: "m/s²", resolution: 0.001, stages: [rms(1000, { aboutMean: true })] },
    turn: { from: "housing.accelerometer.z", unit: "Hz", resolution: 0.01, stages: [dominant_frequency({ samples: 256, fromHz: 10 })] },
    mains: {
      from: "housing.accelerometer.x",
      unit: "m²/s⁴",
      resolution: 1e-6,
      stages: [band_energy({ samples: 256, fromHz: 40, toHz: 60 })],
    },
    seen: { from: "housing.accelerometer.z", resolution: 1, stages: [window(1000, "count")] },
  },
});

function valuesOf(run: Run, topic: string): unknown[] {
  return run.of(topic).map(({ text }) => (JSON.parse(text) as { value?: number }).value);
}

/** Holds the board's thread up for `forMs` from `atMs` on. */
function holdUp({ simulation, station }: Run, atMs: number, forMs: number): void {
  simulation.scheduler.at(atMs * 1000, () => station.board.cpu.post(() => station.board.cpu.charge(forMs * 1000)));
}

describe("1 kHz sampling", () => {
  test("leaves the rest of the board on time, and loses no sample", () => {
    for (const seed of [1, 2, 3]) {
      const board = run({ app, seed });
      board.until(60_000);
      const counts = board.station.counts();
      expect([counts.missed, counts.readErrors]).toEqual([0, 0]);
      expect(board.station.firmwareCounters()).toMatchObject({ late: 0, missed: 0, readErrors: 0 });
      const last = valuesOf(board, "seen").length;
      // The chip's clock is off by up to 1 %.
      expect(last).toBeGreaterThanOrEqual(58);
    }
  });

  test("tells how strongly the motor shakes, how fast it turns, and what of it lies in a band", () => {
    const board = run({ app });
    board.until(20_000);
    const turns = valuesOf(board, "turn") as number[];
    expect(turns.length).toBeGreaterThan(10);
    for (const hz of turns) expect(Math.abs(hz - 49.6)).toBeLessThan(0.6);
    for (const x of valuesOf(board, "shaking") as number[]) expect(Math.abs(x - 0.28)).toBeLessThan(0.05);
    const energies = valuesOf(board, "mains") as number[];
    // x feels 0.4 of a sine of 0.36 m/s².
    for (const energy of energies) expect(Math.abs(energy / ((0.4 * 0.36) ** 2 / 2) - 1)).toBeLessThan(0.25);
  });

  test("records as a gap what an overflow took, and goes on", () => {
    const lost: number[] = [];
    const errors: (string | undefined)[] = [];
    const board = run({
      app,
      events: {
        onSample(_station, sensor, sample, error) {
          if (sensor !== "housing") return;
          if (error !== undefined) errors.push(error);
          const z = sample?.["accelerometer"]?.["z"];
          if (typeof z === "object" && z.lost > 0) lost.push(z.lost);
        },
      },
    });
    holdUp(board, 10_050, 300);
    board.until(20_000);
    expect(errors).toEqual(["overflow"]);
    expect(lost.length).toBe(1);
    expect(Math.abs(lost[0]! - 350)).toBeLessThan(20);
    expect(board.of("seen").filter(({ text }) => text.includes('"error":"overflow"')).length).toBe(1);
    expect(board.station.counts().readErrors).toBe(1);
  });
});
