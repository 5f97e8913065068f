import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BME280Chip } from "../../../../host-sim/world/chips/bme280.js";
import { constant, type Signal } from "../../../../host-sim/world/chips/signal.js";

function make(temperatureC: Signal = constant(20)) {
  return new BME280Chip({ temperatureC, pressurePa: constant(100_000), humidityPercent: constant(50) });
}

function registers(chip: BME280Chip, from: number, count: number, nowUs: number): number[] {
  const into = new Uint8Array(count);
  expect(chip.write(Uint8Array.of(from), nowUs)).toBe(true);
  expect(chip.read(into, nowUs)).toBe(true);
  return [...into];
}

const afterReset = [0x80, 0, 0, 0x80, 0, 0, 0x80, 0];

describe("BME280Chip", () => {
  it("says what it is, and holds the reset values of its data until it has measured", () => {
    const chip = make();
    expect(registers(chip, 0xd0, 1, 0)).toEqual([0x60]);
    expect(registers(chip, 0xf7, 8, 0)).toEqual(afterReset);
    expect(registers(chip, 0xf2, 4, 0)).toEqual([0, 0, 0, 0]);
  });

  it("measures once in forced mode: busy for 9.3 ms, then asleep with new data", () => {
    const chip = make();
    chip.write(Uint8Array.of(0xf2, 0x01, 0xf4, 0x25), 0);
    expect(registers(chip, 0xf3, 2, 9_299)).toEqual([0x08, 0x25]);
    expect(registers(chip, 0xf7, 8, 9_299)).toEqual(afterReset);
    expect(registers(chip, 0xf3, 2, 9_300)).toEqual([0x00, 0x24]);
    const data = registers(chip, 0xf7, 8, 9_300);
    expect(data).not.toEqual(afterReset);
    // ×1 resolves 16 bits (5.4.7): the lowest four of pressure and temperature are 0.
    expect([data[2], data[5]]).toEqual([0, 0]);
    expect(registers(chip, 0xf7, 8, 10e6)).toEqual(data);
  });

  it("takes a new humidity setting only with the next write of ctrl_meas (5.4.3)", () => {
    const chip = make();
    chip.write(Uint8Array.of(0xf4, 0x25, 0xf2, 0x01), 0);
    expect(registers(chip, 0xfd, 2, 10_000)).toEqual([0x80, 0]);
    chip.write(Uint8Array.of(0xf4, 0x25), 10_000);
    expect(registers(chip, 0xfd, 2, 20_000)).not.toEqual([0x80, 0]);
  });

  it("leaves skipped quantities at their reset values", () => {
    const chip = make();
    chip.write(Uint8Array.of(0xf2, 0x00, 0xf4, 0x21), 0);
    const data = registers(chip, 0xf7, 8, 10_000);
    expect(data.slice(0, 3)).toEqual([0x80, 0, 0]);
    expect(data.slice(6)).toEqual([0x80, 0]);
  });

  it("begins a measurement that was asked for while measuring when the first has ended", () => {
    const chip = make((nowUs) => nowUs / 1000);
    chip.write(Uint8Array.of(0xf2, 0x01, 0xf4, 0x25), 0);
    chip.write(Uint8Array.of(0xf4, 0x25), 5_000);
    expect(registers(chip, 0xf3, 1, 10_000)).toEqual([0x08]);
    const first = registers(chip, 0xf7, 8, 10_000);
    expect(registers(chip, 0xf3, 1, 18_599)).toEqual([0x08]);
    expect(registers(chip, 0xf3, 1, 18_600)).toEqual([0x00]);
    expect(registers(chip, 0xf7, 8, 18_600)).not.toEqual(first);
  });

  it("forgets everything at a soft reset and has not all trimming values for 2 ms", () => {
    const chip = make();
    chip.write(Uint8Array.of(0xf2, 0x01, 0xf4, 0x25), 0);
    chip.write(Uint8Array.of(0xe0, 0xb6), 20_000);
    expect(registers(chip, 0xf2, 3, 21_999)).toEqual([0, 0x01, 0]);
    expect(registers(chip, 0x88, 2, 20_000)).toEqual([0, 0]);
    expect(registers(chip, 0x88, 2, 21_000)).toEqual([0x70, 0x6b]);
    expect(registers(chip, 0xe6, 2, 21_000)).toEqual([0, 0]);
    expect(registers(chip, 0xe6, 2, 22_000)).toEqual([0, 0x1e]);
    expect(registers(chip, 0xf7, 8, 22_000)).toEqual(afterReset);
  });

  it("holds its last data when frozen", () => {
    const chip = make((nowUs) => nowUs / 1e6);
    chip.write(Uint8Array.of(0xf2, 0x01, 0xf4, 0x25), 0);
    const data = registers(chip, 0xf7, 8, 1e6);
    chip.faults.frozen = true;
    chip.write(Uint8Array.of(0xf4, 0x25), 30e6);
    expect(registers(chip, 0xf7, 8, 31e6)).toEqual(data);
  });

  it("takes any bytes at any time without throwing, and reads as bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uint8Array({ maxLength: 8 }), fc.nat(20_000), fc.nat(30)), { maxLength: 30 }), (transfers) => {
        const chip = make();
        let nowUs = 0;
        for (const [bytes, laterUs, length] of transfers) {
          nowUs += laterUs;
          expect(chip.write(bytes, nowUs)).toBe(true);
          expect(chip.read(new Uint8Array(length), nowUs)).toBe(true);
        }
      }),
      { seed: 1 },
    );
  });
});
