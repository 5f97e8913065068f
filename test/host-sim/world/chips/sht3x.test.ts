import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { constant, steps } from "../../../../host-sim/world/chips/signal.js";
import { SHT3xChip } from "../../../../host-sim/world/chips/sht3x.js";

const measureHigh = Uint8Array.of(0x24, 0x00);
const readStatus = Uint8Array.of(0xf3, 0x2d);

function make() {
  return new SHT3xChip({ temperatureC: constant(25), humidityPercent: constant(50) });
}

function status(chip: SHT3xChip, nowUs: number): number {
  const reply = new Uint8Array(3);
  expect(chip.write(readStatus, nowUs)).toBe(true);
  expect(chip.read(reply, nowUs)).toBe(true);
  return (reply[0]! << 8) | reply[1]!;
}

describe("SHT3xChip", () => {
  it("answers 15.5 ms after the command, not before, with both words and their checksums", () => {
    const chip = make();
    const reply = new Uint8Array(6);
    expect(chip.write(measureHigh, 0)).toBe(true);
    expect(chip.read(reply, 15_499)).toBe(false);
    expect(chip.write(measureHigh, 15_499)).toBe(false);
    expect([...reply]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(chip.read(reply, 15_500)).toBe(true);
    expect([...reply]).toEqual([0x66, 0x66, 0x93, 0x80, 0x00, 0xa2]);
  });

  it("gives each measurement once: a second read is not acknowledged", () => {
    const chip = make();
    chip.write(measureHigh, 0);
    expect(chip.read(new Uint8Array(6), 16_000)).toBe(true);
    expect(chip.read(new Uint8Array(6), 17_000)).toBe(false);
    expect(make().read(new Uint8Array(6), 0)).toBe(false);
  });

  it("measures what its signals are when the measurement ends, however late it is read", () => {
    const temperatureC = steps([
      [0, 10],
      [15_000, 20],
      [100_000, 30],
    ]);
    const chip = new SHT3xChip({ temperatureC, humidityPercent: constant(50) });
    const reply = new Uint8Array(6);
    chip.write(measureHigh, 0);
    chip.read(reply, 200_000);
    expect(-45 + (175 * ((reply[0]! << 8) | reply[1]!)) / 65535).toBeCloseTo(20, 2);
  });

  it("saturates at both ends of its scale", () => {
    for (const [t, h, bytes] of [
      [-100, -5, [0x00, 0x00, 0x81, 0x00, 0x00, 0x81]],
      [500, 200, [0xff, 0xff, 0xac, 0xff, 0xff, 0xac]],
    ] as const) {
      const chip = new SHT3xChip({ temperatureC: constant(t), humidityPercent: constant(h) });
      const reply = new Uint8Array(6);
      chip.write(measureHigh, 0);
      chip.read(reply, 16_000);
      expect([...reply]).toEqual(bytes);
    }
  });

  it("keeps a status: reset seen until cleared, heater, last command refused", () => {
    const chip = make();
    expect(status(chip, 0)).toBe(0x8010);
    chip.write(Uint8Array.of(0x30, 0x41), 0);
    expect(status(chip, 0)).toBe(0);
    chip.write(Uint8Array.of(0x30, 0x6d), 0);
    expect(status(chip, 0)).toBe(0x2000);
    chip.write(Uint8Array.of(0x30, 0x66), 0);
    chip.write(Uint8Array.of(0x12, 0x34), 0);
    // Reading the status is a command itself, and one that succeeds.
    expect([status(chip, 0), status(chip, 0)]).toEqual([0x0002, 0]);
    chip.write(Uint8Array.of(0x30, 0xa2), 0);
    expect(chip.write(readStatus, 1_499)).toBe(false);
    expect(status(chip, 1_500)).toBe(0x8010);
  });

  it("refuses single shots in a periodic mode until a break", () => {
    const chip = make();
    chip.periodic = true;
    expect(chip.write(measureHigh, 0)).toBe(false);
    expect(chip.write(Uint8Array.of(0x30, 0x93), 0)).toBe(true);
    expect(chip.write(measureHigh, 999)).toBe(false);
    expect(chip.write(measureHigh, 1_000)).toBe(true);
  });

  it("has faults: absent, a number of NAKs, damaged reads, a held bus, a frozen value", () => {
    const chip = make();
    chip.faults.absent = true;
    expect(chip.write(measureHigh, 0)).toBe(false);
    chip.faults.absent = false;
    chip.faults.holdsBus = true;
    expect(chip.write(measureHigh, 0)).toBe(false);
    chip.faults.holdsBus = false;
    chip.faults.nakNext = 2;
    expect([0, 1, 2].map(() => chip.write(measureHigh, 0))).toEqual([false, false, true]);
    chip.faults.corruptNext = 1;
    const reply = new Uint8Array(6);
    chip.read(reply, 16_000);
    expect([...reply]).toEqual([0x76, 0x66, 0x93, 0x80, 0x00, 0xa2]);

    const moving = new SHT3xChip({ temperatureC: (nowUs) => nowUs / 1e6, humidityPercent: constant(50) });
    moving.write(measureHigh, 0);
    moving.read(reply, 1e6);
    const first = [...reply];
    moving.faults.frozen = true;
    moving.write(measureHigh, 10e6);
    moving.read(reply, 11e6);
    expect([...reply]).toEqual(first);
    moving.faults.frozen = false;
    moving.write(measureHigh, 20e6);
    moving.read(reply, 21e6);
    expect([...reply]).not.toEqual(first);
  });

  it("takes any bytes at any time without throwing, and fills what it acknowledges with bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uint8Array({ maxLength: 8 }), fc.nat(20_000), fc.nat(8)), { maxLength: 30 }), (transfers) => {
        const chip = make();
        let nowUs = 0;
        for (const [bytes, laterUs, length] of transfers) {
          nowUs += laterUs;
          chip.write(bytes, nowUs);
          const into = new Uint8Array(length).fill(0x55);
          if (!chip.read(into, nowUs)) expect(into.every((byte) => byte === 0x55)).toBe(true);
        }
      }),
      { seed: 1 },
    );
  });
});
