/** Faults of a board as a whole: its clock, its resets, its flash. Power cuts: power-cut.test.ts; memory: memory.test.ts. */
import { describe, expect, test } from "vitest";
import { limits } from "../../../firmware/limits.js";
import { defineApp, NTC } from "../../../firmware/mote.js";
import type { ResetReason } from "../../../firmware/device.js";
import { fault, plainApp, struck } from "./struck.js";

describe("a clock that jumps back", () => {
  /** World times of the samples of each sensor, ms. */
  function sampled(by: number, ticksAtBoot: number, app = plainApp) {
    const times = new Map<string, number[]>(Object.keys(app.sensors).map((name) => [name, []]));
    const made = struck([fault("clock-back", 20_300, 20_300, { by })], {
      app,
      ticksAtBoot,
      events: {
        onSample: (station, sensor) => times.get(sensor)!.push(station.board.cpu.nowUs / 1000),
      },
    });
    made.until(61_100);
    return { ...made, times };
  }

  const starts: [string, number][] = [
    ["0", 0],
    ["just before 2^31", 2 ** 31 - 20_400],
    ["just after 2^31", 2 ** 31 - 20_200],
    ["just before 2^32", 2 ** 32 - 20_400],
    ["just after 2^32", 2 ** 32 - 20_200],
  ];
  const jumps: [string, number][] = [
    ["10 s", 10_000],
    ["an hour", 3_600_000],
  ];

  test.each(starts.flatMap(([name, ticks]) => jumps.map(([back, by]) => [back, name, by, ticks] as const)))(
    "by %s, the counter being at %s, loses no sample and keeps the period, but for once what passed since the clock was read last",
    (_, __, by, ticks) => {
      const { times, station } = sampled(by, ticks | 0);
      for (const [sensor, at] of times) {
        const spacings = at.slice(1).map((each, index) => each - at[index]!);
        // Four sensors, a quarter of a second apart: the clock is read at least so often.
        const long = spacings.filter((each) => Math.abs(each - 1000) > limits.lateMs);
        expect([sensor, long.length <= 1, long.every((each) => each > 1000 && each <= 1250)]).toEqual([sensor, true, true]);
        expect([sensor, at.length]).toEqual([sensor, 61]);
      }
      const { missed, late, worstLateMs } = station.firmwareCounters();
      expect([missed, late, worstLateMs <= 5]).toEqual([0, 0, true]);
      expect(station.firmwareCounters().samples).toBe(station.counts().samples);
    },
  );

  test("of a board with one sensor costs at most one period once", () => {
    const app = defineApp({
      name: "one",
      sensors: { probe: { driver: NTC, on: "analog", everyMs: 1000 } },
      channels: { probe: { from: "probe.thermometer.temperature", resolution: 0.1 } },
    });
    const { times } = sampled(10_000, 0, app);
    const at = times.get("probe")!;
    const spacings = at.slice(1).map((each, index) => each - at[index]!);
    expect(spacings.filter((each) => each > 1010).length).toBeLessThanOrEqual(1);
    expect(Math.max(...spacings)).toBeLessThanOrEqual(2000);
    expect(Math.min(...spacings)).toBeGreaterThan(990);
  });

  test("while the board is off changes nothing", () => {
    const made = struck([fault("power-cut", 2000, 4000), fault("clock-back", 3000, 3000)]);
    made.until(10_000);
    expect(made.station.firmwareCounters()).toMatchObject({ missed: 0, late: 0 });
  });
});

describe("a reset", () => {
  test.each(["watchdog", "brown-out", "panic", "software"] as const)(
    "by %s boots the board anew with that reason, its counters at 0",
    (reason) => {
      const reasons: [number, ResetReason][] = [];
      const made = struck([fault("reset", 10_000, 10_000, { reason })], {
        events: { onBoot: (station, why) => reasons.push([station.board.cpu.nowUs / 1000, why]) },
      });
      made.until(20_990);
      expect(reasons).toEqual([
        [0, "power-on"],
        [10_300, reason],
      ]);
      expect(made.station.board.device.power.resetReason).toBe(reason);
      const { samples, connects } = made.station.firmwareCounters();
      expect([samples, connects]).toEqual([43, 1]);
      expect(made.station.counts().samples).toBeGreaterThanOrEqual(40 + 43);
      expect(made.of("status").map(({ text }) => text)).toEqual(["online", "online"]);
    },
  );

  test("of a board that has no power does nothing, and two at once are one", () => {
    const boots: ResetReason[] = [];
    const made = struck(
      [
        fault("power-cut", 1000, 3000),
        fault("reset", 2000, 2000),
        fault("reset", 5000, 5000),
        fault("reset", 5000, 5000, { reason: "panic" }),
      ],
      { events: { onBoot: (_, why) => boots.push(why) } },
    );
    made.until(10_000);
    expect(boots).toEqual(["power-on", "power-on", "watchdog"]);
  });
});

test("flipped bits are found in the flash that was written, in the number asked for, the same ones in every run", () => {
  const flipped = (seed: number): number[] => {
    const made = struck([fault("flash-flip", 5000, 5000, { bits: 20 })], { seed });
    const images = (): Uint8Array[] => {
      return [...made.station.board.flash.values()].map((partition) => {
        const image = new Uint8Array(partition.bytes);
        partition.read(image, 0);
        return image;
      });
    };
    made.until(4999);
    const before = images();
    made.until(5001);
    const places: number[] = [];
    for (const [which, image] of images().entries()) {
      for (const [at, byte] of image.entries()) {
        const change = byte ^ before[which]![at]!;
        for (let bit = 0; bit < 8; bit++) if ((change >> bit) & 1) places.push(8 * (which * 1e6 + at) + bit);
      }
    }
    return places;
  };
  expect(flipped(1)).toHaveLength(20);
  expect(flipped(1)).toEqual(flipped(1));
  expect(flipped(2)).not.toEqual(flipped(1));
});

test("memory is not the board's on node: taking it changes nothing", () => {
  const made = struck([fault("memory", 1000, 5000, { bytes: 1e6 })]);
  made.until(2000);
  expect(made.station.occupiedBytes).toBe(1e6);
  made.until(10_000);
  expect([made.station.occupiedBytes, made.station.counts().boots]).toEqual([0, 1]);
});
