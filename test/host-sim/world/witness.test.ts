import { describe, expect, test } from "vitest";
import type { App } from "../../../firmware/declaration.js";
import type { Driver, ReadingError, Sample } from "../../../firmware/sensing/driver.js";
import { MPU6050 } from "../../../firmware/sensing/drivers/mpu6050.js";
import { SHT3x } from "../../../firmware/sensing/drivers/sht3x.js";
import { witnessed } from "../../../host-sim/world/witness.js";

type Step = { tells?: ReadingError[]; gives?: Sample; throws?: boolean };

function watched(steps: Step[], withStart = false) {
  const reports: unknown[] = [];
  const told: string[] = [];
  let index = 0;
  class Inner {
    #onError: ((error: ReadingError) => void) | undefined;
    constructor(options: { onError?: (error: ReadingError) => void; sensor: string }) {
      told.push("made on " + options.sensor);
      this.#onError = options.onError;
    }
    sample(): Sample | undefined {
      const { tells = [], gives, throws = false } = steps[index++]!;
      for (const error of tells) this.#onError?.(error);
      if (throws) throw new Error("no acknowledge");
      return gives;
    }
    close(): void {
      told.push("closed");
    }
  }
  class Slow extends Inner {
    configure(options: Record<string, unknown>): void {
      told.push(JSON.stringify(options));
    }
    start(): number {
      if (steps[index]?.throws === true) {
        index++;
        throw new Error("no acknowledge");
      }
      return 16;
    }
  }
  const app: App = {
    name: "x",
    sensors: { s: { driver: withStart ? Slow : Inner, on: "i2c", everyMs: 1 } },
    channels: { c: { from: "s.a.x", resolution: 1 } },
  };
  const heard: ReadingError[] = [];
  const Watched = witnessed(app, (sensor, sample, error) => reports.push([sensor, sample, error])).sensors.s!.driver;
  const driver: Driver = new Watched({ sensor: "bus", onError: (error: ReadingError) => heard.push(error) });
  return { driver, reports, heard, told };
}

const whole: Sample = { a: { x: 1 } };

describe("a watched driver", () => {
  test("does what the driver itself does, and has what it has", () => {
    const { driver, told } = watched([], true);
    driver.configure!({ gain: 2 });
    expect(driver.start!()).toBe(16);
    driver.close();
    expect(told).toEqual(["made on bus", '{"gain":2}', "closed"]);
    const plain = watched([]).driver;
    expect([plain.configure, plain.start]).toEqual([undefined, undefined]);
  });

  test("reports each sample once, with the error where there was one, which still reaches the firmware", () => {
    const { driver, reports, heard } = watched([{ gives: whole }, { tells: ["checksum"], gives: whole }, { gives: whole }, {}]);
    const given = [driver.sample(), driver.sample(), driver.sample(), driver.sample()];
    expect(given).toEqual([whole, whole, whole, undefined]);
    expect(reports).toEqual([
      ["s", whole, undefined],
      ["s", whole, "checksum"],
      ["s", whole, undefined],
      ["s", undefined, "absent"],
    ]);
    expect(heard).toEqual(["checksum"]);
  });

  test("that throws, in start or in sample, is one sample that failed, and the firmware hears of it too", () => {
    const slow = watched([{ throws: true }], true);
    expect(() => slow.driver.start!()).toThrow("no acknowledge");
    expect(slow.reports).toEqual([["s", undefined, "bus"]]);
    const quick = watched([{ throws: true, tells: ["range"] }, { gives: whole }]);
    expect(() => quick.driver.sample()).toThrow("no acknowledge");
    quick.driver.sample();
    expect(quick.reports).toEqual([
      ["s", undefined, "bus"],
      ["s", whole, undefined],
    ]);
  });

  test("whose sample lacks what a channel asks for, or has it beyond any quantity, has failed", () => {
    const { driver, reports } = watched([
      { gives: {} },
      { gives: { a: { x: NaN } } },
      { gives: { a: { x: 2e100 } } },
      { gives: { a: { x: undefined } } },
    ]);
    for (let times = 0; times < 4; times++) driver.sample();
    expect(reports.map((each) => (each as unknown[])[2])).toEqual(["absent", "range", "range", "absent"]);
  });
});

test("an app that the firmware will refuse is left as it is", () => {
  for (const app of [undefined, { name: "x", sensors: { s: null }, channels: {} }] as unknown as App[]) {
    expect(witnessed(app, () => {})).toBe(app);
  }
});

test("a watched driver says of itself what it says unwatched, so that the app is refused or taken alike", () => {
  const app: App = {
    name: "mote",
    sensors: {
      air: { driver: SHT3x, on: "i2c", everyMs: 1000 },
      shaker: { driver: MPU6050, on: "i2c", everyMs: 100 },
    },
    channels: { x: { from: "shaker.accelerometer.x", resolution: 0.01 } },
  };
  const { air, shaker } = witnessed(app, () => {}).sensors;
  expect([air!.driver.on, air!.driver.quantities]).toEqual([SHT3x.on, SHT3x.quantities]);
  expect(air!.driver.bursts).toBeUndefined();
  expect(shaker!.driver).not.toBe(MPU6050);
  expect(shaker!.driver.bursts!({ rateHz: 500 })).toEqual(MPU6050.bursts({ rateHz: 500 }));
  expect(shaker!.driver.quantities).toEqual(MPU6050.quantities);
});
