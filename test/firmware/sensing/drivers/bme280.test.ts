import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BME280 } from "../../../../firmware/sensing/drivers/bme280.js";
import { BME280Chip } from "../../../../host-sim/world/chips/bme280.js";
import { ChipFaults, type I2CChip } from "../../../../host-sim/world/chips/chip.js";
import { constant } from "../../../../host-sim/world/chips/signal.js";
import { Bench } from "./bench.js";

type Weather = ReturnType<BME280["sample"]>;

function setup(temperatureC = 21.5, pressurePa = 98_765, humidityPercent = 48) {
  const bench = new Bench();
  const chip = new BME280Chip({
    temperatureC: constant(temperatureC),
    pressurePa: constant(pressurePa),
    humidityPercent: constant(humidityPercent),
  });
  const driver = new BME280({ sensor: { io: bench.i2c(chip) }, onError: bench.onError });
  return { bench, chip, driver };
}

function expectGood(sample: unknown): void {
  const weather = sample as Weather;
  expect(weather.thermometer.temperature).toBeCloseTo(21.5, 1);
  expect(Math.abs(weather.barometer.pressure! - 98_765)).toBeLessThan(3);
  expect(weather.hygrometer.humidity).toBeCloseTo(48, 1);
}

const nothing = { thermometer: { temperature: undefined }, barometer: { pressure: undefined }, hygrometer: { humidity: undefined } };

describe("BME280", () => {
  it("measures all three quantities in forced mode, 10 ms after the trigger", () => {
    const { bench, driver } = setup();
    expect(driver.start()).toBe(10);
    bench.nowUs += 10_000;
    expectGood(driver.sample());
    expect(bench.errors).toEqual([]);
  });

  it("reads its trimming values only once: a later sample takes under 1 ms of bus time", () => {
    const { bench, driver } = setup();
    bench.take(driver);
    const beforeUs = bench.nowUs;
    driver.start();
    expect(bench.nowUs - beforeUs).toBeLessThan(200);
    bench.nowUs += 10_000;
    driver.sample();
    expect(bench.nowUs - beforeUs - 10_000).toBeLessThan(1000);
  });

  it("measures within the chip's resolution over the whole range, and at the ends beyond it", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -60, max: 100, noNaN: true }),
        fc.double({ min: 20_000, max: 120_000, noNaN: true }),
        fc.double({ min: -5, max: 105, noNaN: true }),
        (t, p, h) => {
          const { bench, driver } = setup(t, p, h);
          const sample = bench.take(driver) as Weather;
          expect(Math.abs(sample.thermometer.temperature! - Math.min(85, Math.max(-40, t)))).toBeLessThan(0.006);
          expect(Math.abs(sample.barometer.pressure! - Math.min(110_000, Math.max(30_000, p)))).toBeLessThan(3);
          expect(Math.abs(sample.hygrometer.humidity! - Math.min(100, Math.max(0, h)))).toBeLessThan(0.02);
          expect(bench.errors).toEqual([]);
        },
      ),
      { seed: 1 },
    );
  });

  it("waits longer for more oversampling, by the datasheet's formula, and resolves more", () => {
    const { bench, driver } = setup();
    driver.configure({ temperatureOversampling: 16, pressureOversampling: 16, humidityOversampling: 16 });
    expect(driver.start()).toBe(113);
    bench.nowUs += 113_000;
    expect(Math.abs(driver.sample().barometer.pressure! - 98_765)).toBeLessThan(0.2);
  });

  it("leaves out what it was told not to measure, without calling that an error", () => {
    const { bench, driver } = setup();
    driver.configure({ pressureOversampling: 0, humidityOversampling: 0 });
    expect(driver.start()).toBe(4);
    bench.nowUs += 4_000;
    expect(driver.sample()).toMatchObject({ barometer: { pressure: undefined }, hygrometer: { humidity: undefined } });
    expect(bench.errors).toEqual([]);
  });

  it("finds a chip that was absent at the start with the first sample after its coming", () => {
    const { bench, chip, driver } = setup();
    chip.faults.absent = true;
    for (let i = 0; i < 3; i++) expect(bench.take(driver)).toBe("bus");
    chip.faults.absent = false;
    expectGood(bench.take(driver));
  });

  it("throws on a NAK at any transfer of its life, and recovers with the next sample", () => {
    // Twelve transfers make the first sample, three each later one.
    for (let transfers = 0; transfers < 15; transfers++) {
      const { bench, chip, driver } = setup();
      let left = transfers;
      const { write, read } = chip;
      chip.write = (bytes, nowUs) => left-- !== 0 && write.call(chip, bytes, nowUs);
      chip.read = (into, nowUs) => left-- !== 0 && read.call(chip, into, nowUs);
      const samples = [1, 2].map(() => structuredClone(bench.take(driver)));
      expect(samples.filter((sample) => sample === "bus")).toHaveLength(1);
      expectGood(samples.find((sample) => sample !== "bus"));
      expectGood(bench.take(driver));
    }
  });

  it("calls another kind of chip absent, and takes a BME280 that replaces it", () => {
    const { bench, chip, driver } = setup();
    chip.id = 0x58;
    expect(bench.take(driver)).toEqual(nothing);
    expect(bench.taken()).toEqual(["absent", "absent", "absent"]);
    chip.id = 0x60;
    expectGood(bench.take(driver));
  });

  it("notices a chip that lost power between trigger and reading, and gives no reset values as readings", () => {
    const { bench, chip, driver } = setup();
    expectGood(bench.take(driver));
    driver.start();
    bench.nowUs += 5_000;
    chip.powerOn(bench.nowUs);
    bench.nowUs += 5_000;
    expect(driver.sample()).toEqual(nothing);
    expect(bench.taken()).toEqual(["absent", "absent", "absent"]);
    expectGood(bench.take(driver));
  });

  it("does not take trimming values that the chip has not copied yet", () => {
    const { bench, chip, driver } = setup();
    chip.powerOn(0);
    for (const atUs of [0, 500, 1_800]) {
      bench.nowUs = atUs;
      expect(driver.start()).toBe(0);
      expect(driver.sample()).toEqual(nothing);
    }
    bench.nowUs = 2_000;
    expectGood(bench.take(driver));
  });

  it("takes no chip whose trimming values are blank: they would make 0 °C of anything", () => {
    for (const blank of [0x00, 0xff]) {
      const { bench, chip, driver } = setup();
      const { read, write } = chip;
      let register = 0;
      chip.write = (bytes, nowUs) => ((register = bytes[0]!), write.call(chip, bytes, nowUs));
      chip.read = (into, nowUs) => {
        const answered = read.call(chip, into, nowUs);
        if (register === 0x88 || register === 0xe1) into.fill(blank);
        return answered;
      };
      expect(bench.take(driver)).toEqual(nothing);
      expect(bench.taken()).toEqual(["absent", "absent", "absent"]);
    }
  });

  it("turns off the filter that another program left on", () => {
    const { bench, chip, driver } = setup();
    chip.write(Uint8Array.of(0xf5, 0x1c), 0);
    bench.take(driver);
    const config = new Uint8Array(1);
    chip.write(Uint8Array.of(0xf5), bench.nowUs);
    chip.read(config, bench.nowUs);
    expect(config[0]).toBe(0);
  });

  it("calls a measurement that is read too early absent", () => {
    const { bench, driver } = setup();
    driver.start();
    bench.nowUs += 5_000;
    expect(driver.sample()).toEqual(nothing);
    expect(bench.taken()).toEqual(["absent", "absent", "absent"]);
  });

  it("takes a chip whose data equals its reset values for what it is", () => {
    // 0x80000 is a temperature of this chip, 26.46 °C, as well as what it holds after a reset.
    const { bench, driver } = setup(26.4634, 98_765, 48);
    expect((bench.take(driver) as Weather).thermometer.temperature).toBeCloseTo(26.46, 1);
  });

  it("takes any bytes for what they are: finite values in range, or undefined with an error each", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 33, maxLength: 33 }), fc.uint8Array({ minLength: 8, maxLength: 8 }), (trimming, data) => {
        const bench = new Bench();
        let register = 0;
        const chip: I2CChip = {
          address: 0x76,
          faults: new ChipFaults(),
          write: (bytes) => ((register = bytes[0]!), true),
          read(into) {
            for (let i = 0; i < into.length; i++, register++) {
              if (register >= 0x88 && register <= 0xa1) into[i] = trimming[register - 0x88]!;
              else if (register >= 0xe1 && register <= 0xe7) into[i] = trimming[26 + register - 0xe1]!;
              else if (register >= 0xf7) into[i] = data[register - 0xf7]!;
              else into[i] = register === 0xd0 ? 0x60 : register === 0xf4 ? 0x24 : 0;
            }
            return true;
          },
        };
        const driver = new BME280({ sensor: { io: bench.i2c(chip) }, onError: bench.onError });
        const sample = bench.take(driver) as Weather;
        const values = [sample.thermometer.temperature, sample.barometer.pressure, sample.hygrometer.humidity];
        for (const value of values) expect(value === undefined || (value >= -41 && value <= 111_000)).toBe(true);
        expect(bench.errors).toHaveLength(values.filter((value) => value === undefined).length);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it("refuses wrong options with a message that names what would be right, and keeps what it had", () => {
    const { bench, driver } = setup();
    expect(() => driver.configure({ temperatureOversampling: 0 })).toThrow("must be one of 1, 2, 4, 8, 16, not 0");
    expect(() => driver.configure({ pressureOversampling: 16, humidityOversampling: 3 })).toThrow("BME280");
    expect(() => driver.configure({ oversampling: 1 })).toThrow('BME280: no option "oversampling"; it takes temperatureOversampling');
    expect(driver.start()).toBe(10);
    bench.nowUs += 10_000;
    expectGood(driver.sample());
  });
});
