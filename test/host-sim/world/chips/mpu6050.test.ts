import { describe, expect, it } from "vitest";
import { MPU6050Chip } from "../../../../host-sim/world/chips/mpu6050.js";
import { constant, type Signal } from "../../../../host-sim/world/chips/signal.js";

const gravity = 9.80665;

function setup(accelerationMs2: Signal = constant(gravity), clockError = 0) {
  const chip = new MPU6050Chip({ accelerationMs2, clockError });
  const write = (nowUs: number, ...bytes: number[]): boolean => chip.write(Uint8Array.from(bytes), nowUs);
  const read = (nowUs: number, register: number, length = 1): number[] => {
    write(nowUs, register);
    const into = new Uint8Array(length);
    if (!chip.read(into, nowUs)) throw new Error("not acknowledged");
    return [...into];
  };
  return { chip, write, read };
}

/** Awake at 1 kHz with acceleration going into the FIFO from `nowUs` on. */
function sampling(accelerationMs2?: Signal, clockError?: number) {
  const rig = setup(accelerationMs2, clockError);
  rig.write(0, 0x6b, 0x01);
  rig.write(0, 0x1a, 0x01);
  rig.write(0, 0x23, 0x08);
  rig.write(0, 0x38, 0x10);
  rig.write(0, 0x6a, 0x44);
  return rig;
}

const count = (bytes: number[]): number => bytes[0]! * 256 + bytes[1]!;
const word = (bytes: number[], at: number): number => ((bytes[at]! << 24) >> 16) | bytes[at + 1]!;

describe("the MPU-6050", () => {
  it("sleeps after power-on and gives its identity", () => {
    const { read, write } = setup();
    expect(read(0, 0x75)).toEqual([0x68]);
    expect(read(0, 0x6b)).toEqual([0x40]);
    write(0, 0x23, 0x08);
    write(0, 0x6a, 0x40);
    expect(count(read(1e6, 0x72, 2))).toBe(0);
  });

  it("is in reset for some milliseconds, in which it takes nothing, and asleep after it", () => {
    const { read, write } = sampling();
    write(50_000, 0x6b, 0x80);
    expect(read(51_000, 0x6b)).toEqual([0xc0]);
    write(52_000, 0x19, 9);
    expect([...read(70_000, 0x19), ...read(70_000, 0x23), ...read(70_000, 0x6b)]).toEqual([0, 0, 0x40]);
  });

  it("puts a sample of six bytes into its FIFO each millisecond, or each as many as its divider says", () => {
    const { read, write } = sampling();
    expect(count(read(50_500, 0x72, 2))).toBe(300);
    write(100_000, 0x19, 4);
    expect(count(read(100_000, 0x72, 2))).toBe(0);
    expect(count(read(200_500, 0x72, 2))).toBe(120);
  });

  it("samples by its own clock", () => {
    expect(count(sampling(undefined, 0.01).read(100_500, 0x72, 2))).toBe(606);
    expect(count(sampling(undefined, -0.01).read(100_500, 0x72, 2))).toBe(594);
  });

  it("holds the lower byte of the count when the higher is read", () => {
    const { chip, read } = sampling();
    const high = read(43_000, 0x72);
    const low = new Uint8Array(1);
    chip.read(low, 99_000);
    expect(count([...high, ...low])).toBe(258);
  });

  it("gives each sample once, oldest first, as it was at its time, and the last byte again beyond the end", () => {
    const { read } = sampling((nowUs) => gravity * (nowUs / 1e6));
    const bytes = read(10_200, 0x74, 66);
    for (let i = 0; i < 10; i++) expect(Math.abs(word(bytes, 6 * i + 4) - 16384 * ((i + 1) / 1000))).toBeLessThanOrEqual(0.5);
    expect(bytes.slice(60)).toEqual([bytes[59], bytes[59], bytes[59], bytes[59], bytes[59], bytes[59]]);
    expect(count(read(10_300, 0x72, 2))).toBe(0);
    expect(word(read(11_100, 0x74, 6), 4)).toBe(Math.round(16384 * 0.011));
  });

  it("lets the oldest bytes go when it overflows, so that the rest begins within a sample, and says so once", () => {
    const { read } = sampling((nowUs) => gravity * (nowUs / 1e6));
    expect(read(170_500, 0x3a)).toEqual([0x00]);
    expect(read(171_500, 0x3a)).toEqual([0x10]);
    expect(read(171_600, 0x3a)).toEqual([0x00]);
    expect(count(read(171_700, 0x72, 2))).toBe(1024);
    const bytes = read(171_800, 0x74, 1024);
    // Two of the oldest sample that is left: its last axis.
    expect(word(bytes, 4 - 2)).toBe(Math.round(16384 * 0.001));
    expect(word(bytes, 1022)).toBe(Math.round(16384 * 0.171));
  });

  it("is empty after a reset of the FIFO, and while it is off", () => {
    const { read, write } = sampling();
    write(100_000, 0x6a, 0x04);
    expect(count(read(150_000, 0x72, 2))).toBe(0);
    write(150_000, 0x6a, 0x40);
    expect(count(read(152_500, 0x72, 2))).toBe(12);
  });

  it("gives the newest sample in its data registers, in any range, x and y as they lean", () => {
    const { read, write } = sampling(constant(gravity + 4));
    for (let code = 0; code < 4; code++) {
      write(1000 * code, 0x1c, code << 3);
      const bytes = read(1000 * code + 500, 0x3b, 6);
      const scale = (16384 >> code) / gravity;
      expect([word(bytes, 0), word(bytes, 2), word(bytes, 4)]).toEqual([
        Math.round(1.6 * scale),
        Math.round(0.8 * scale),
        Math.round((gravity + 4) * scale),
      ]);
    }
  });

  it("goes on giving what it measured last while frozen, and forgets all without power", () => {
    const { chip, read } = sampling((nowUs) => gravity * (nowUs / 1e6));
    const before = read(1_200, 0x74, 6);
    chip.faults.frozen = true;
    expect(read(5_200, 0x74, 6)).toEqual(before);
    chip.powerOn(10_000);
    expect([...read(10_000, 0x6b), ...read(10_000, 0x6a), ...read(10_000, 0x23)]).toEqual([0x40, 0, 0]);
    expect(count(read(20_000, 0x72, 2))).toBe(0);
  });
});
