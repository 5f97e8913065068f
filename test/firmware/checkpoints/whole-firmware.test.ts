/** The whole firmware on a station: what outlives resets, power cuts and an orderly end, as seen at the broker. */
import { expect, test } from "vitest";
import type { ResetReason } from "../../../firmware/device.js";
import { cusum, defineApp, multiply, p2_quantile, seasonal_baseline, SHT3x } from "../../../firmware/mote.js";
import { run } from "../../host-sim/run.js";

const app = defineApp({
  name: "mote",
  sensors: { air: { driver: SHT3x, on: "i2c", everyMs: 1000 } },
  channels: {
    // As long as it learns, it says 0; its alarm at once tells that it has learnt.
    alarm: { from: "air.thermometer.temperature", resolution: 1, stages: [multiply(1000), cusum({ learn: 200, direction: "rise" })] },
    usual: { from: "air.thermometer.temperature", resolution: 0.01, stages: [seasonal_baseline({ periodMs: 60_000, bins: 4 })] },
    // The least of all samples since the very first.
    least: { from: "air.thermometer.temperature", resolution: 0.01, stages: [p2_quantile(0, undefined, { restore: true })] },
  },
});

/** Runs until `endMs`, ends as is said, goes on, and tells what comes out 25 s later, when the room has become 10 °C warmer. */
function afterEnd(endMs: number, end: ResetReason | "orderly" | "cut"): { alarm: number[]; usual: number[]; least: number[] } {
  const warmerMs = endMs + 25_000;
  const made = run({ app, signals: { temperatureC: (us: number) => (us < warmerMs * 1000 ? 20 : 30) } });
  made.until(endMs);
  if (end === "orderly") expect(made.stop()).toBe(true);
  if (end === "orderly" || end === "cut") {
    made.station.powerOff();
    made.until(endMs + 6000);
    expect(made.station.powerOn().ok).toBe(true);
  } else made.station.reset(end);
  made.until(warmerMs + 10_000);
  const after = (topic: string): number[] =>
    made
      .of(topic)
      .filter(({ atMs }) => atMs >= warmerMs + 2000)
      .map(({ text }) => (JSON.parse(text) as { value: number }).value);
  return { alarm: after("alarm"), usual: after("usual"), least: after("least") };
}

const all = (values: readonly number[], right: (x: number) => boolean): boolean => values.length >= 5 && values.every(right);

test.each<ResetReason>(["software", "watchdog", "panic"])("after a reset (%s) all states are there, at most a round old", (reason) => {
  const { alarm, usual, least } = afterEnd(620_000, reason);
  expect(all(alarm, (x) => x === 1)).toBe(true);
  expect(all(usual, (x) => x > 9 && x < 11)).toBe(true);
  expect(all(least, (x) => x < 21)).toBe(true);
});

test("after a power cut all are but the one that needs the time", () => {
  const { alarm, usual, least } = afterEnd(620_000, "cut");
  expect(all(alarm, (x) => x === 1)).toBe(true);
  expect(usual).toEqual([]);
  expect(all(least, (x) => x < 21)).toBe(true);
});

test("an orderly end keeps what no round has written yet, and a cut then loses it", () => {
  const orderly = afterEnd(250_000, "orderly");
  expect(all(orderly.alarm, (x) => x === 1)).toBe(true);
  expect(all(orderly.least, (x) => x < 21)).toBe(true);
  const cut = afterEnd(250_000, "cut");
  expect(all(cut.alarm, (x) => x === 0)).toBe(true);
});
