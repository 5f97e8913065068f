import { describe, expect, test } from "vitest";
import { ChipFaults, type I2CChip } from "../../../host-sim/world/chips/chip.js";
import { costs } from "../../../host-sim/world/costs.js";
import { I2CBus, i2cClass } from "../../../host-sim/world/i2c.js";
import { bench } from "./bench.js";

/** A chip that gives back what was written to it last, one more each. */
class Echo implements I2CChip {
  readonly faults = new ChipFaults();
  transfers = 0;
  #last: number[] = [];
  constructor(readonly address: number) {}
  write(bytes: Uint8Array): boolean {
    this.transfers++;
    this.#last = [...bytes];
    return !this.faults.absent;
  }
  read(into: Uint8Array): boolean {
    this.transfers++;
    if (this.faults.absent) return false;
    for (let index = 0; index < into.length; index++) into[index] = (this.#last[index] ?? 0) + 1;
    return true;
  }
}

function bus() {
  const made = bench();
  const wires = new I2CBus();
  const chip = new Echo(0x44);
  wires.attach(chip);
  const I2C = i2cClass(new Map([[21, wires]]), made.cpu, made.record);
  const open = (address = 0x44, hz = 400_000, timeout?: number) =>
    new I2C({ data: 21, clock: 22, hz, address, ...(timeout === undefined ? {} : { timeout }) });
  return { ...made, wires, chip, I2C, open };
}

test("bytes go to the chip at their address and come back, and the trace has both with their bytes", () => {
  const { open, timed, lines } = bus();
  const io = open();
  const into = new Uint8Array(2);
  timed(() => io.write(Uint8Array.of(1, 254)));
  expect(timed(() => io.read(into)).value).toBe(2);
  expect([...into]).toEqual([2, 255]);
  expect(lines).toMatchObject([
    { what: "i2c.write", address: 0x44, bytes: "01fe" },
    { what: "i2c.read", address: 0x44, bytes: "02ff" },
  ]);
});

describe("what a transfer costs", () => {
  // Start and stop, and nine bits a byte, the address byte among them.
  test.each([
    [100_000, 1, (2 + 18) * 10],
    [400_000, 6, (2 + 63) * 2.5],
    [1_000_000, 26, 2 + 243],
  ])("at %i Hz with %i bytes is its bits over the clock", (hz, count, bitsUs) => {
    const { open, timed } = bus();
    const io = open(0x44, hz);
    const writtenUs = timed(() => io.write(new Uint8Array(count))).costUs;
    const readUs = timed(() => io.read(new Uint8Array(count))).costUs;
    expect([writtenUs, readUs]).toEqual([Math.ceil(costs.i2cSetupUs + bitsUs), Math.ceil(costs.i2cSetupUs + bitsUs)]);
  });

  test("without an acknowledge is the address byte alone", () => {
    const { open, timed, lines } = bus();
    const io = open(0x50);
    const { costUs } = timed(() => expect(() => io.write(new Uint8Array(20))).toThrow("write failed"));
    expect(costUs).toBe(Math.ceil(costs.i2cSetupUs + 11 * 2.5));
    expect(lines).toMatchObject([{ what: "i2c.write", address: 0x50, acknowledged: false }]);
  });
});

test("a chip that is absent does not acknowledge, and no chip on another bus's pins", () => {
  const { open, chip, I2C, timed } = bus();
  chip.faults.absent = true;
  const io = open();
  timed(() => expect(() => io.read(new Uint8Array(1))).toThrow("read failed"));
  chip.faults.absent = false;
  timed(() => expect(io.read(new Uint8Array(1))).toBe(1));
  const other = new I2C({ data: 5, clock: 6, hz: 400_000, address: 0x44 });
  timed(() => expect(() => other.read(new Uint8Array(1))).toThrow("read failed"));
});

test("a stuck bus holds every transfer up for its timeout, 400 ms where none is given, and reaches no chip", () => {
  const { open, wires, chip, timed } = bus();
  const short = open(0x44, 400_000, 25);
  const usual = open(0x45);
  wires.stuck = true;
  expect(timed(() => expect(() => short.write(new Uint8Array(2))).toThrow("write failed")).costUs).toBe(25_000 + costs.i2cSetupUs);
  expect(timed(() => expect(() => usual.read(new Uint8Array(2))).toThrow("read failed")).costUs).toBe(400_000 + costs.i2cSetupUs);
  wires.stuck = false;
  chip.faults.holdsBus = true;
  expect(timed(() => expect(() => usual.read(new Uint8Array(2))).toThrow("read failed")).costUs).toBe(400_000 + costs.i2cSetupUs);
  expect(chip.transfers).toBe(0);
  chip.faults.holdsBus = false;
  timed(() => expect(() => short.write(new Uint8Array(2))).not.toThrow());
});

test("the data line is free when all who hold it have let go, in whatever order", () => {
  const { wires, chip } = bus();
  const [first, second] = [wires.hold(), wires.hold()];
  chip.faults.holdsBus = true;
  first();
  chip.faults.holdsBus = false;
  expect(wires.held).toBe(true);
  second();
  expect(wires.held).toBe(false);
});

test("an address is opened once at a time, and options out of range are refused", () => {
  const { open } = bus();
  const io = open();
  expect(() => open()).toThrow("duplicate address");
  io.close();
  expect(() => io.read(new Uint8Array(1))).toThrow("closed");
  const again = open();
  expect(() => open(0x45)).not.toThrow();
  expect(() => open(128)).toThrow("invalid address");
  expect(() => open(1, 0)).toThrow("invalid hz");
  expect(() => open(1, 1_000_001)).toThrow("invalid hz");
  again.close();
});
