import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Burst, Sample } from "../../../../firmware/sensing/driver.js";
import { MPU6050 } from "../../../../firmware/sensing/drivers/mpu6050.js";
import { MPU6050Chip } from "../../../../host-sim/world/chips/mpu6050.js";
import { constant, type Signal } from "../../../../host-sim/world/chips/signal.js";
import { Bench } from "./bench.js";

const gravity = 9.80665;

interface Setup {
  accelerationMs2?: Signal;
  clockError?: number;
  options?: Record<string, unknown>;
  withoutClock?: boolean;
}

function setup({ accelerationMs2 = constant(gravity), clockError = 0, options = {}, withoutClock = false }: Setup = {}) {
  const bench = new Bench();
  const chip = new MPU6050Chip({ accelerationMs2, clockError });
  const driver = new MPU6050({
    sensor: { io: bench.i2c(chip) },
    onError: bench.onError,
    ...(withoutClock ? {} : { clock: bench.clock }),
  });
  driver.configure(options);
  return { bench, chip, driver };
}

type Rig = ReturnType<typeof setup>;

/** Samples on a grid of `everyMs`, as the sampler takes them, whatever the transfers took. */
function sampleAt({ bench, driver }: Rig, atMs: number, lateMs = 0): Sample | undefined | "bus" {
  if (bench.nowUs < atMs * 1000) bench.nowUs = atMs * 1000;
  const taken = bench.take(driver, lateMs);
  bench.nowUs -= 100_000;
  return taken;
}

/** The chip set up: three samples 100 ms apart, so that 300 is when the next is due. */
function running(options: Setup = {}): Rig {
  const rig = setup(options);
  for (let i = 0; i < 3; i++) sampleAt(rig, i * 100);
  return rig;
}

function burst(sample: Sample | undefined | "bus", axis = "z"): Burst {
  if (sample === undefined || sample === "bus") throw new Error("no sample: " + String(sample));
  const found = sample["accelerometer"]![axis];
  if (typeof found !== "object") throw new Error("no burst: " + String(found));
  return found;
}

const valuesOf = ({ values, count }: Burst): number[] => values.slice(0, count);

describe("MPU6050", () => {
  it("sets the chip up in three samples, which are empty and no errors", () => {
    const rig = setup();
    for (let i = 0; i < 3; i++) expect(burst(sampleAt(rig, i * 100))).toMatchObject({ count: 0, lost: 0 });
    expect(burst(sampleAt(rig, 300)).count).toBeGreaterThan(95);
    expect(rig.bench.errors).toEqual([]);
  });

  it("hands over each sample once and in order, whatever the interval", () => {
    // Each millisecond is one step of the chip's scale higher.
    const step = (4 * gravity) / 32768;
    const rig = running({ accelerationMs2: (nowUs) => gravity + Math.floor(nowUs / 1000) * step });
    let last: number | undefined;
    let atMs = 200;
    let total = 0;
    for (const afterMs of [100, 100, 7, 1, 60, 150, 100, 3, 41, 33, 100, 160]) {
      atMs += afterMs;
      // Reading takes time, so that a short interval ends late.
      const beganMs = Math.max(rig.bench.nowUs / 1000, atMs);
      const taken = burst(sampleAt(rig, atMs));
      expect(taken.lost).toBe(0);
      for (const value of valuesOf(taken)) {
        const index = Math.round((value - gravity) / step);
        if (last !== undefined) expect(index).toBe(last + 1);
        last = index;
        total++;
      }
      expect(Math.abs(last! - beganMs)).toBeLessThanOrEqual(2);
    }
    expect(total).toBeGreaterThan(840);
    expect(rig.bench.errors).toEqual([]);
  });

  it("reads accelerations of all axes in m/s² at each range, to half a step", () => {
    for (const rangeG of [2, 4, 8, 16]) {
      const rig = running({ accelerationMs2: constant(gravity + 5), options: { rangeG } });
      const sample = sampleAt(rig, 300);
      const half = (rangeG * gravity) / 65536;
      for (const [axis, expected] of [
        ["x", 2],
        ["y", 1],
        ["z", gravity + 5],
      ] as const) {
        for (const value of valuesOf(burst(sample, axis))) expect(Math.abs(value - expected)).toBeLessThanOrEqual(half * 1.0001);
      }
    }
  });

  it("ends at its range in both directions", () => {
    for (const sign of [1, -1]) {
      const rig = running({ accelerationMs2: constant(sign * 1000), options: { rangeG: 2 } });
      const values = valuesOf(burst(sampleAt(rig, 300)));
      expect(values[0]).toBeCloseTo(sign * 2 * gravity, 2);
    }
  });

  it("gives the axes that are asked for, and others as undefined", () => {
    const rig = running({ options: { axes: "z" } });
    const sample = sampleAt(rig, 300) as ReturnType<MPU6050["sample"]>;
    expect(Object.keys(sample.accelerometer)).toEqual(["x", "y", "z"]);
    expect(sample.accelerometer.x).toBeUndefined();
    expect(sample.accelerometer.y).toBeUndefined();
    expect(sample.accelerometer.z!.count).toBeGreaterThan(95);
  });

  it("gives as many samples as the chip's own clock makes, at each rate", () => {
    for (const rateHz of [1000, 500, 200, 50, 10, 4]) {
      for (const clockError of [-0.01, 0, 0.01]) {
        const rig = running({ clockError, options: { rateHz } });
        let total = 0;
        for (let k = 3; k <= 102; k++) total += burst(sampleAt(rig, 100 * k)).count;
        expect(Math.abs(total - 10 * rateHz * (1 + clockError))).toBeLessThanOrEqual(3 + rateHz * 0.02);
        expect(MPU6050.bursts({ rateHz })).toEqual({ periodMs: 1000 / rateHz, countMax: 170 });
        expect(burst(sampleAt(rig, 10_300)).periodMs).toBe(1000 / rateHz);
      }
    }
  });

  it("holds the thread up for less than 8 ms at a time when read each 100 ms", () => {
    const rig = running();
    rig.bench.nowUs = 300_000;
    expect(rig.driver.start()).toBe(1);
    expect(rig.bench.nowUs - 300_000).toBeLessThan(8000);
    const between = (rig.bench.nowUs += 1000);
    expect(burst(rig.driver.sample()).count).toBeGreaterThan(95);
    expect(rig.bench.nowUs - between).toBeLessThan(8000);
  });

  it("drops what an overflow left, and says how many samples that were", () => {
    for (const heldUpMs of [175, 300, 5000]) {
      const rig = running({ accelerationMs2: (nowUs) => gravity + Math.floor(nowUs / 1000) * 1e-5 });
      expect(burst(sampleAt(rig, 300)).lost).toBe(0);
      const lost = burst(sampleAt(rig, 300 + heldUpMs));
      expect(lost.count).toBe(0);
      expect(Math.abs(lost.lost - heldUpMs)).toBeLessThanOrEqual(2);
      const next = burst(sampleAt(rig, 400 + heldUpMs));
      expect(next.lost).toBe(0);
      expect(Math.abs(next.count - 100)).toBeLessThanOrEqual(2);
    }
  });

  it("counts what two overflows in a row took once", () => {
    const rig = running();
    sampleAt(rig, 300);
    expect(Math.abs(burst(sampleAt(rig, 700)).lost - 400)).toBeLessThanOrEqual(2);
    expect(Math.abs(burst(sampleAt(rig, 1000)).lost - 300)).toBeLessThanOrEqual(2);
  });

  it("begins anew with a FIFO that is cut within a sample, whoever did that", () => {
    const rig = running({ accelerationMs2: constant(gravity + 3) });
    sampleAt(rig, 300);
    rig.chip.write(Uint8Array.of(0x74), 390_000);
    rig.chip.read(new Uint8Array(1), 390_000);
    const cut = burst(sampleAt(rig, 400));
    expect([cut.count, Math.abs(cut.lost - 100) <= 2]).toEqual([0, true]);
    for (const value of valuesOf(burst(sampleAt(rig, 500)))) expect(value).toBeCloseTo(gravity + 3, 2);
  });

  it("drops what it read when the overflow comes between the two halves", () => {
    const rig = running();
    sampleAt(rig, 300);
    const lost = burst(sampleAt(rig, 400, 250));
    expect(lost.count).toBe(0);
    expect(lost.lost).toBeGreaterThan(240);
    expect(burst(sampleAt(rig, 760)).lost).toBe(0);
  });

  it("says of an overflow what the FIFO holds, where nobody gave it a clock", () => {
    const rig = running({ withoutClock: true });
    sampleAt(rig, 300);
    expect(burst(sampleAt(rig, 800))).toMatchObject({ count: 0, lost: 170 });
    expect(burst(sampleAt(rig, 900)).lost).toBe(0);
  });

  it("throws when the chip does not answer, and begins a cut FIFO anew", () => {
    const rig = running({ accelerationMs2: constant(gravity + 3) });
    for (let nth = 0; nth < 12; nth++) {
      const atMs = 300 + nth * 1000;
      for (let k = 0; k < 3; k++) sampleAt(rig, atMs + 100 * k);
      const { chip } = rig;
      const { read } = chip;
      let reads = 0;
      chip.read = (into, nowUs) => (reads++ === nth ? false : read.call(chip, into, nowUs));
      const broken = sampleAt(rig, atMs + 300);
      chip.read = read;
      if (broken !== "bus") continue;
      const after = burst(sampleAt(rig, atMs + 400));
      // From the last that was handed over, 200 ms before.
      expect(Math.abs(after.count + after.lost - 200)).toBeLessThanOrEqual(3);
      for (const value of valuesOf(after)) expect(value).toBeCloseTo(gravity + 3, 2);
      const whole = burst(sampleAt(rig, atMs + 500));
      expect([whole.lost, Math.abs(whole.count - 100) <= 3]).toEqual([0, true]);
    }
  });

  it("finds a chip that lost power asleep, says absent, and sets it up again", () => {
    const rig = running();
    sampleAt(rig, 300);
    rig.bench.nowUs = 350_000;
    rig.chip.powerOn(350_000);
    const gone = sampleAt(rig, 400) as Sample;
    expect(gone["accelerometer"]).toEqual({ x: undefined, y: undefined, z: undefined });
    expect(rig.bench.taken()).toEqual(["absent"]);
    for (let k = 5; k < 8; k++) expect(burst(sampleAt(rig, 100 * k)).count).toBe(0);
    const back = burst(sampleAt(rig, 800));
    expect(back.count).toBeGreaterThan(95);
    expect(rig.bench.taken()).toEqual([]);
  });

  it("counts what a loss of power took", () => {
    const rig = running();
    sampleAt(rig, 300);
    rig.chip.powerOn(350_000);
    let lost = 0;
    for (let k = 4; k < 10; k++) {
      const sample = sampleAt(rig, 100 * k) as ReturnType<MPU6050["sample"]>;
      lost += sample.accelerometer.z?.lost ?? 0;
    }
    expect(Math.abs(lost - 400)).toBeLessThanOrEqual(5);
  });

  it("says absent of another kind of chip, and finds the right one later", () => {
    const rig = setup();
    rig.chip.id = 0x70;
    for (let k = 0; k < 3; k++) sampleAt(rig, 100 * k);
    expect(rig.bench.taken()).toEqual(["absent", "absent", "absent"]);
    rig.chip.id = 0x68;
    for (let k = 3; k < 6; k++) sampleAt(rig, 100 * k);
    expect(burst(sampleAt(rig, 600)).count).toBeGreaterThan(95);
    expect(rig.bench.taken()).toEqual([]);
  });

  it("throws while there is no chip, and works three samples after it came", () => {
    const rig = setup();
    rig.chip.faults.absent = true;
    for (let k = 0; k < 3; k++) expect(sampleAt(rig, 100 * k)).toBe("bus");
    rig.chip.faults.absent = false;
    for (let k = 3; k < 6; k++) sampleAt(rig, 100 * k);
    expect(burst(sampleAt(rig, 600)).count).toBeGreaterThan(95);
  });

  it("goes on after any damage on the bus: bursts within range, and whole again when it is over", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("nak", "flip", "power", "none"), fc.integer({ min: 1, max: 4 })), { maxLength: 12 }),
        (troubles) => {
          const rig = running();
          let atMs = 300;
          for (const [kind, times] of troubles) {
            if (kind === "nak") rig.chip.faults.nakNext = times;
            if (kind === "flip") rig.chip.faults.corruptNext = times;
            if (kind === "power") rig.chip.powerOn(rig.bench.nowUs);
            const sample = sampleAt(rig, atMs);
            atMs += 100;
            if (sample === "bus" || sample === undefined) continue;
            const z = sample["accelerometer"]!["z"];
            if (z === undefined) continue;
            const { values, count, lost } = z as Burst;
            expect(count <= 170 && count >= 0 && lost >= 0 && Number.isInteger(lost)).toBe(true);
            for (let i = 0; i < count; i++) expect(Math.abs(values[i]!)).toBeLessThanOrEqual(4 * gravity);
          }
          rig.chip.faults.nakNext = 0;
          rig.chip.faults.corruptNext = 0;
          for (let k = 0; k < 6; k++, atMs += 100) sampleAt(rig, atMs);
          const whole = burst(sampleAt(rig, atMs));
          expect(whole.lost).toBe(0);
          expect(Math.abs(whole.count - 100)).toBeLessThanOrEqual(2);
          for (const value of valuesOf(whole)) expect(value).toBeCloseTo(gravity, 2);
        },
      ),
      { seed: 1, numRuns: 100 },
    );
  });

  it("returns the same objects each time", () => {
    const rig = running();
    const first = sampleAt(rig, 300) as Sample;
    const { values } = burst(first);
    const second = sampleAt(rig, 400) as Sample;
    expect(second).toBe(first);
    expect(burst(second).values).toBe(values);
  });

  it("refuses options, naming what would be right", () => {
    const { driver } = setup();
    expect(() => driver.configure({ rateHz: 300 })).toThrow(
      'MPU6050: "rateHz" must be one of 4, 5, 8, 10, 20, 25, 40, 50, 100, 125, 200, 250, 500, 1000, not 300',
    );
    expect(() => driver.configure({ rangeG: 3 })).toThrow('MPU6050: "rangeG" must be one of 2, 4, 8, 16, not 3');
    expect(() => driver.configure({ axes: "w" })).toThrow('MPU6050: "axes" must be one of x, y, z, xy, xz, yz, xyz, not "w"');
    expect(() => driver.configure({ gyro: true })).toThrow('MPU6050: no option "gyro"; it takes rateHz, rangeG, axes');
    expect(MPU6050.bursts({ rateHz: 300 }).periodMs).toBe(1);
  });
});
