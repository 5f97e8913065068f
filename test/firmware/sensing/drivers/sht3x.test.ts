import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SHT3x } from "../../../../firmware/sensing/drivers/sht3x.js";
import { ChipFaults, type I2CChip } from "../../../../host-sim/world/chips/chip.js";
import { SHT3xChip } from "../../../../host-sim/world/chips/sht3x.js";
import { constant } from "../../../../host-sim/world/chips/signal.js";
import { Bench } from "./bench.js";

function setup(temperatureC = 21.5, humidityPercent = 48) {
  const bench = new Bench();
  const chip = new SHT3xChip({ temperatureC: constant(temperatureC), humidityPercent: constant(humidityPercent) });
  const driver = new SHT3x({ sensor: { io: bench.i2c(chip) }, onError: bench.onError });
  return { bench, chip, driver };
}

/** A chip that takes everything and reads as the given bytes. */
function parrot(address: number, next: () => number): I2CChip {
  return {
    address,
    faults: new ChipFaults(),
    write: () => true,
    read(into) {
      for (let i = 0; i < into.length; i++) into[i] = next();
      return true;
    },
  };
}

describe("SHT3x", () => {
  it("triggers a single shot, waits 16 ms without blocking, and reads it", () => {
    const { bench, driver } = setup();
    expect(driver.start()).toBe(16);
    expect(bench.nowUs).toBeLessThan(100);
    bench.nowUs += 16_000;
    const sample = driver.sample();
    expect(sample.thermometer.temperature).toBeCloseTo(21.5, 2);
    expect(sample.hygrometer.humidity).toBeCloseTo(48, 2);
    expect(bench.errors).toEqual([]);
  });

  it("converts the words at both ends of the datasheet's scale", () => {
    // 0x0000 has the CRC 0x81, 0xFFFF has 0xAC, 0x6666 has 0x93.
    const words = [0x00, 0x00, 0x81, 0xff, 0xff, 0xac, 0x66, 0x66, 0x93, 0x00, 0x00, 0x81];
    const bench = new Bench();
    const driver = new SHT3x({ sensor: { io: bench.i2c(parrot(0x44, () => words.shift()!)) } });
    expect(bench.take(driver)).toEqual({ thermometer: { temperature: -45 }, hygrometer: { humidity: 100 } });
    expect(bench.take(driver)).toEqual({ thermometer: { temperature: 25 }, hygrometer: { humidity: 0 } });
  });

  it("measures within half a step over the whole range, and at the ends beyond it", () => {
    fc.assert(
      fc.property(fc.double({ min: -60, max: 150, noNaN: true }), fc.double({ min: -10, max: 110, noNaN: true }), (t, h) => {
        const { bench, driver } = setup(t, h);
        const sample = bench.take(driver) as ReturnType<SHT3x["sample"]>;
        expect(Math.abs(sample.thermometer.temperature! - Math.min(130, Math.max(-45, t)))).toBeLessThan(0.00134);
        expect(Math.abs(sample.hygrometer.humidity! - Math.min(100, Math.max(0, h)))).toBeLessThan(0.00077);
      }),
      { seed: 1 },
    );
  });

  it("leaves out a quantity whose checksum is wrong, says so, and goes on", () => {
    const { bench, chip, driver } = setup();
    chip.faults.corruptNext = 1;
    const sample = bench.take(driver) as ReturnType<SHT3x["sample"]>;
    expect(sample.thermometer.temperature).toBeUndefined();
    expect(sample.hygrometer.humidity).toBeCloseTo(48, 2);
    expect(bench.taken()).toEqual(["checksum"]);
    expect(bench.take(driver)).toMatchObject({ thermometer: { temperature: expect.closeTo(21.5, 2) as number } });
    expect(bench.taken()).toEqual([]);
  });

  it("misses no single damaged bit, and blames only the word it is in", () => {
    for (let bit = 0; bit < 48; bit++) {
      const { bench, chip, driver } = setup();
      const { read } = chip;
      chip.read = (into, nowUs) => {
        const answered = read.call(chip, into, nowUs);
        into[bit >> 3]! ^= 1 << (bit & 7);
        return answered;
      };
      const sample = bench.take(driver) as ReturnType<SHT3x["sample"]>;
      expect([sample.thermometer.temperature === undefined, sample.hygrometer.humidity === undefined]).toEqual([bit < 24, bit >= 24]);
      expect(bench.taken()).toEqual(["checksum"]);
    }
  });

  it("throws when the chip does not acknowledge, and measures again as soon as it does", () => {
    const { bench, chip, driver } = setup();
    chip.faults.nakNext = 1;
    expect(bench.take(driver)).toBe("bus");
    expect(bench.take(driver)).toMatchObject({ thermometer: { temperature: expect.closeTo(21.5, 2) as number } });
    chip.faults.holdsBus = true;
    expect(bench.take(driver)).toBe("bus");
    chip.faults.holdsBus = false;
    expect(bench.take(driver)).toMatchObject({ hygrometer: { humidity: expect.closeTo(48, 2) as number } });
  });

  it("throws when it is read before the measurement is done", () => {
    const { bench, driver } = setup();
    driver.start();
    bench.nowUs += 10_000;
    expect(() => driver.sample()).toThrow();
  });

  it("finds a chip that was absent at the start within two samples of its coming", () => {
    for (let absences = 0; absences < 7; absences++) {
      const { bench, chip, driver } = setup();
      chip.faults.absent = true;
      for (let i = 0; i < absences; i++) expect(bench.take(driver)).toBe("bus");
      chip.faults.absent = false;
      const both = [bench.take(driver), structuredClone(bench.take(driver))];
      expect(both[1]).toMatchObject({ thermometer: { temperature: expect.closeTo(21.5, 2) as number } });
    }
  });

  it("gets a chip out of a periodic mode that another program left it in", () => {
    const { bench, chip, driver } = setup();
    chip.periodic = true;
    expect(bench.take(driver)).toBe("bus");
    expect(bench.take(driver)).toBe("bus");
    expect(bench.take(driver)).toEqual({ thermometer: { temperature: undefined }, hygrometer: { humidity: undefined } });
    expect(bench.taken()).toEqual(["absent", "absent"]);
    expect(bench.take(driver)).toMatchObject({ thermometer: { temperature: expect.closeTo(21.5, 2) as number } });
  });

  it("says absent for both quantities when nothing was started", () => {
    const { bench, driver } = setup();
    expect(driver.sample().thermometer.temperature).toBeUndefined();
    expect(bench.taken()).toEqual(["absent", "absent"]);
  });

  it("takes any bytes for what they are: a finite value in range, or undefined with an error each", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (bytes) => {
        const bench = new Bench();
        let i = 0;
        const driver = new SHT3x({ sensor: { io: bench.i2c(parrot(0x44, () => bytes[i++]!)) }, onError: bench.onError });
        const sample = bench.take(driver) as ReturnType<SHT3x["sample"]>;
        const values = [sample.thermometer.temperature, sample.hygrometer.humidity];
        for (const value of values) expect(value === undefined || (value >= -45 && value <= 130)).toBe(true);
        expect(bench.errors).toEqual(values.filter((value) => value === undefined).map(() => "checksum"));
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("uses the address it is given, and refuses options, naming them", () => {
    const bench = new Bench();
    const chip = new SHT3xChip({ address: 0x45, temperatureC: constant(1), humidityPercent: constant(2) });
    const driver = new SHT3x({ sensor: { io: bench.i2c(chip), address: 0x45 } });
    expect(bench.take(driver)).not.toBe("bus");
    driver.configure({});
    expect(() => driver.configure({ heater: true })).toThrow('SHT3x: no option "heater"; it takes none');
  });
});
