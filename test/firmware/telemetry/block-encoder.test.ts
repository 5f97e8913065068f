/** The block encoder: what goes in comes out, no block exceeds its size, and what it refuses. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quantiser } from "../../../firmware/base/quantise.js";
import { blockEncoder } from "../../../firmware/telemetry/block-encoder.js";
import { valueOf } from "../../../host-sim/blocks/block.js";
import { decoded, encoderOf, entriesOf, give } from "./entries.js";
import type { Entry } from "./vectors.js";

const resolutions: [step: number, decimals: number][] = [
  [1, 0],
  [1, 2],
  [5, 1],
  [25, 2],
  [1, 12],
  [1_000_000_000, 0],
  [3, 6],
];
const reasons = ["none", "bus", "checksum", "range", "absent", "overflow"];
const periods = [0, 1, 250, 1000, 60_000];

/** What a channel does for a while: how its values and its times go on. */
const stretch = fc.record({
  length: fc.integer({ min: 1, max: 80 }),
  values: fc.constantFrom("still", "walk", "noise", "far", "curve", "leaps"),
  times: fc.constantFrom("grid", "jitter", "irregular", "leaps", "back"),
  failing: fc.constantFrom(0, 0, 0, 10, 2),
  gap: fc.option(fc.record({ periods: fc.nat(5), lost: fc.nat(1000) }), { freq: 4 }),
});
const scene = fc.record({
  channels: fc.array(
    fc.record({
      resolution: fc.constantFrom(...resolutions),
      periodMs: fc.constantFrom(...periods),
      stretches: fc.array(stretch, { minLength: 1, maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  startMs: fc.constantFrom(0, 5000, 2 ** 31 - 500, 2 ** 32 - 500, 2 ** 52 - 2 ** 40),
  bytesMax: fc.constantFrom(160, 300, 1024),
  together: fc.boolean(),
  seed: fc.nat(),
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

/** The entries of each channel, drawn from the scene's own seed. */
function entries({ channels, startMs, seed }: Scene): Entry[][] {
  let state = seed * 2 + 1;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) % below;
  };
  return channels.map(({ resolution: [step], periodMs, stretches }) => {
    const most = Math.floor(2 ** 50 / step);
    const made: Entry[] = [];
    let dueMs = startMs + draw(100);
    let number = 0;
    for (const { length, values, times, failing, gap } of stretches) {
      for (let i = 0; i < length; i++) {
        let atMs = dueMs;
        dueMs += periodMs || 700;
        if (times === "jitter") atMs = Math.max(0, atMs + draw(7) - 3);
        else if (times === "irregular") dueMs += draw(5000);
        else if (times === "leaps") dueMs += draw(20) === 0 ? draw(1e6) * 1000 : 0;
        else if (times === "back") atMs = Math.max(0, atMs - draw(100_000));
        if (failing > 0 && draw(failing) === 0) {
          made.push([atMs, reasons[draw(reasons.length)]!]);
          continue;
        }
        if (values === "walk") number += draw(5) - 2;
        else if (values === "noise") number = draw(2001) - 1000;
        else if (values === "far") number = (draw(2) * 2 - 1) * Math.floor((most * draw(1001)) / 1000);
        else if (values === "curve") number += i * i - 40 * i;
        else if (values === "leaps" && draw(20) === 0) number = (draw(2) * 2 - 1) * draw(1e6) * 1000;
        number = Math.min(most, Math.max(-most, number)) || 0;
        made.push([atMs, number]);
      }
      if (gap !== null) {
        const lengthMs = gap.periods * (periodMs || 700);
        made.push([dueMs, "gap", dueMs + lengthMs, gap.lost % 2 === 0 ? gap.lost : gap.periods]);
        dueMs += lengthMs;
      }
    }
    return made;
  });
}

describe("blocks", () => {
  test("hold what was given, to the last unit and millisecond, and never exceed their size", () => {
    fc.assert(
      fc.property(scene, (drawn) => {
        const { channels, bytesMax, together } = drawn;
        const given = entries(drawn);
        const encoder = encoderOf({
          channels: channels.map(({ resolution: [step, decimals], periodMs }, id) => ({ id, resolution: step / 10 ** decimals, periodMs })),
          bytesMax,
        });
        const told: Entry[][] = channels.map(() => []);
        const close = (): void => {
          const bytes = encoder.finish();
          if (bytes === undefined) return;
          expect(bytes.length).toBeLessThanOrEqual(bytesMax);
          entriesOf(decoded(bytes)).forEach((some, channel) => told[channel]!.push(...some));
        };
        const put = (channel: number, entry: Entry): void => {
          const [step, decimals] = channels[channel]!.resolution;
          if (give(encoder, channel, entry, { step, decimals })) return;
          close();
          expect(give(encoder, channel, entry, { step, decimals })).toBe(true);
        };
        if (together) {
          const longest = Math.max(...given.map(({ length }) => length));
          for (let i = 0; i < longest; i++) given.forEach((some, channel) => i < some.length && put(channel, some[i]!));
        } else given.forEach((some, channel) => some.forEach((entry) => put(channel, entry)));
        close();
        expect(told).toEqual(given);
      }),
      { seed: 4, numRuns: 250 },
    );
  });

  test("round a value as its channel's quantiser does", () => {
    for (const [step, decimals] of resolutions) {
      const resolution = step / 10 ** decimals;
      const round = quantiser(resolution);
      const encoder = encoderOf({ channels: [{ id: 0, resolution }], bytesMax: 1024 });
      for (const units of [0, 0.4, 0.6, -0.4, -0.6, 17.26, -17.74, 123_456.3, -9_999_999.8, 3e9 + 0.2, -3e9 - 0.7]) {
        const x = units * resolution;
        if (Math.abs(units) * step > 2 ** 50) continue;
        encoder.values[0]!(x, 5);
        const [run] = decoded(encoder.finish()!).channels[0]!.runs;
        expect(run?.kind === "values" && valueOf({ step, decimals }, run.numbers[0]!)).toBe(round(x));
      }
    }
  });

  test("take what is no number, or too great a one, for a missing sample", () => {
    const encoder = encoderOf({ channels: [{ id: 0, resolution: 0.01, periodMs: 10 }], bytesMax: 256 });
    const given = [1, NaN, Infinity, -Infinity, 1e300, 2 ** 50, -(2 ** 50) / 100 - 1, 2];
    given.forEach((x, i) => encoder.values[0]!(x, 10 * i));
    expect(entriesOf(decoded(encoder.finish()!))).toEqual([
      [
        [0, 100],
        [10, "none"],
        [20, "range"],
        [30, "range"],
        [40, "range"],
        [50, "range"],
        [60, "range"],
        [70, 200],
      ],
    ]);
  });

  test("can be closed after any sample, and the next one goes on", () => {
    const encoder = encoderOf({
      channels: [
        { id: 0, resolution: 1, periodMs: 10 },
        { id: 1, resolution: 1 },
      ],
      bytesMax: 200,
    });
    expect(encoder.finish()).toBeUndefined();
    const told: Entry[] = [];
    for (let i = 0; i < 200; i++) {
      encoder.values[0]!(i % 7, 10 * i);
      if (i % 3 !== 0) continue;
      told.push(...entriesOf(decoded(encoder.finish()!))[0]!);
      expect(encoder.finish()).toBeUndefined();
    }
    expect(told).toEqual(Array.from({ length: 199 }, (_, i) => [10 * i, i % 7]));
  });

  test("take at most 65,535 samples, of a signal that takes no room", () => {
    const encoder = encoderOf({ channels: [{ id: 0, resolution: 1, periodMs: 10 }], bytesMax: 65_535 });
    let taken = 0;
    while (encoder.values[0]!(0, 10 * taken)) taken++;
    expect(taken).toBeGreaterThan(65_000);
    const bytes = encoder.finish()!;
    expect(entriesOf(decoded(bytes))[0]!.length).toBe(taken);
    expect(bytes.length).toBeLessThan(800);
  });

  test.each([
    [{ channels: [], bytesMax: 1024 }, "0 channels: 1 to 32"],
    [{ channels: Array.from({ length: 33 }, (_, id) => ({ id, resolution: 1 })), bytesMax: 4096 }, "33 channels: 1 to 32"],
    [{ channels: [{ id: 0, resolution: 1 }], bytesMax: 63 }, "bytesMax 63: 64 to 65535"],
    [{ channels: [{ id: 0, resolution: 1 }], bytesMax: 64 }, "need at least"],
    [{ channels: [{ id: 16_384, resolution: 1 }], bytesMax: 1024 }, "channel 0: id 16384: 0 to 16383"],
    [
      {
        channels: [
          { id: 1, resolution: 1 },
          { id: 1, resolution: 1 },
        ],
        bytesMax: 1024,
      },
      "channel 1: id 1 is channel 0's",
    ],
    [{ channels: [{ id: 0, resolution: 0 }], bytesMax: 1024 }, "resolution 0: give a decimal above 0"],
    [{ channels: [{ id: 0, resolution: 1, periodMs: 0.5 }], bytesMax: 1024 }, "periodMs 0.5: whole ms"],
    [{ channels: [{ id: 0, resolution: 1, name: new Uint8Array(64) }], bytesMax: 1024 }, "64 bytes: 63 are the most"],
  ])("are refused with impossible options: %j", (options, message) => {
    const made = blockEncoder(options);
    expect(made.ok).toBe(false);
    if (!made.ok) expect(made.error.message).toContain(message);
  });

  test("assert that times are whole milliseconds since boot", () => {
    const encoder = encoderOf({ channels: [{ id: 0, resolution: 1 }], bytesMax: 256 });
    for (const atMs of [-1, 0.5, NaN, 2 ** 53]) expect(() => encoder.values[0]!(1, atMs)).toThrow("whole ms");
    expect(() => encoder.gap(0, 5, 4, 1)).toThrow("whole ms");
  });
});
