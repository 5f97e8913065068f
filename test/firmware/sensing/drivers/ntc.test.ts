import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Analog, AnalogOptions } from "../../../../firmware/device.js";
import { NTC } from "../../../../firmware/sensing/drivers/ntc.js";
import { constant } from "../../../../host-sim/world/chips/signal.js";
import { Thermistor, type ThermistorOptions } from "../../../../host-sim/world/chips/thermistor.js";
import { Bench } from "./bench.js";

function analog(read: () => number | undefined): new (options: AnalogOptions) => Analog {
  return class {
    readonly resolution = 12;
    read = read;
    close(): void {}
  };
}

function setup(temperatureC: number, options: Partial<ThermistorOptions> = {}) {
  const bench = new Bench();
  const thermistor = new Thermistor({ temperatureC: constant(temperatureC), ...options });
  const sensor = { io: analog(() => thermistor.read(0)), pin: 34, fullScaleMv: options.fullScaleMv ?? 2450 };
  const driver = new NTC({ sensor, onError: bench.onError });
  return { bench, thermistor, driver, celsius: () => driver.sample().thermometer.temperature };
}

describe("NTC", () => {
  it("gives the temperature of a thermistor to the supply within 0.2 °C from −25 to 48 °C", () => {
    fc.assert(
      fc.property(fc.double({ min: -25, max: 48, noNaN: true }), (t) => {
        expect(Math.abs(setup(t).celsius()! - t)).toBeLessThan(0.2);
      }),
      { seed: 1 },
    );
  });

  it("gives it for a thermistor to ground, another divider, another thermistor", () => {
    const other = { thermistorTo: "ground", nominalOhm: 4_700, nominalC: 20, betaK: 3435, seriesOhm: 22_000, supplyMv: 3000 } as const;
    fc.assert(
      fc.property(fc.double({ min: -10, max: 58, noNaN: true }), (t) => {
        const { driver, celsius } = setup(t, other);
        driver.configure(other);
        expect(Math.abs(celsius()! - t)).toBeLessThan(0.2);
      }),
      { seed: 1 },
    );
  });

  it("agrees with a datasheet's two resistances: Vishay NTCLE317E4103SBA, 10 kΩ at 25 °C and 1,066.1 Ω at 85 °C, β 3984 K", () => {
    let ohm = 10_000;
    const counts = (): number => Math.floor((((3300 * 1000) / (ohm + 1000)) * 4095) / 2450);
    const driver = new NTC({ sensor: { io: analog(counts), pin: 1 } });
    driver.configure({ betaK: 3984, seriesOhm: 1000 });
    expect(Math.abs(driver.sample().thermometer.temperature! - 25)).toBeLessThan(0.05);
    ohm = 1066.1;
    expect(Math.abs(driver.sample().thermometer.temperature! - 85)).toBeLessThan(0.05);
  });

  it("calls a broken wire, a short and a temperature that does not fit out of range, both ways round", () => {
    for (const thermistorTo of ["supply", "ground"] as const) {
      const { bench, thermistor, driver, celsius } = setup(25, { thermistorTo });
      driver.configure({ thermistorTo });
      for (const fault of ["open", "short"] as const) {
        thermistor.fault = fault;
        expect(celsius()).toBeUndefined();
        expect(bench.taken()).toEqual(["range"]);
      }
      thermistor.fault = "none";
      expect(celsius()).toBeCloseTo(25, 0);
      expect(bench.taken()).toEqual([]);
    }
    for (const t of [-45, 70]) expect(setup(t).celsius()).toBeUndefined();
  });

  it("calls a converter that fails a bus error, and goes on", () => {
    const { bench, thermistor, celsius } = setup(20);
    thermistor.fault = "failed";
    expect(celsius()).toBeUndefined();
    expect(bench.taken()).toEqual(["bus"]);
    thermistor.fault = "none";
    expect(celsius()).toBeCloseTo(20, 0);
  });

  it("takes the mean of as many reads as it is told", () => {
    const bench = new Bench();
    let reads = 0;
    const driver = new NTC({ sensor: { io: analog(() => (reads++ % 2 === 0 ? 2658 : 2858)), pin: 1 }, onError: bench.onError });
    driver.configure({ reads: 8 });
    const mean = driver.sample().thermometer.temperature!;
    expect(reads).toBe(8);
    expect(mean).toBeCloseTo(25, 0);
  });

  it("never gives NaN or infinity, whatever the counts and the wiring", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: -1, max: 5000 }), fc.constant(undefined), fc.constant(NaN)),
        fc.record({
          thermistorTo: fc.constantFrom("supply", "ground"),
          supplyMv: fc.integer({ min: 100, max: 10_000 }),
          minimumMv: fc.integer({ min: 0, max: 1000 }),
          betaK: fc.integer({ min: 500, max: 10_000 }),
          nominalOhm: fc.integer({ min: 1, max: 10_000_000 }),
          seriesOhm: fc.integer({ min: 1, max: 10_000_000 }),
        }),
        (counts, options) => {
          const bench = new Bench();
          const driver = new NTC({ sensor: { io: analog(() => counts), pin: 1 }, onError: bench.onError });
          driver.configure(options);
          const value = driver.sample().thermometer.temperature;
          expect(value === undefined || Number.isFinite(value)).toBe(true);
          expect(bench.errors).toHaveLength(value === undefined ? 1 : 0);
        },
      ),
      { seed: 1, numRuns: 2000 },
    );
  });

  it("refuses wrong options with a message that names what would be right", () => {
    const { driver } = setup(20);
    expect(() => driver.configure({ betaK: "3950" })).toThrow('NTC: "betaK" must be a number from 500 to 10000, not "3950"');
    expect(() => driver.configure({ reads: 0 })).toThrow("from 1 to 64, not 0");
    expect(() => driver.configure({ reads: 2.5 })).toThrow("whole number, not 2.5");
    expect(() => driver.configure({ supplyMv: NaN })).toThrow("not NaN");
    expect(() => driver.configure({ thermistorTo: "up" })).toThrow('must be one of supply, ground, not "up"');
    expect(() => driver.configure({ beta: 1 })).toThrow('no option "beta"; it takes nominalOhm');
  });
});
