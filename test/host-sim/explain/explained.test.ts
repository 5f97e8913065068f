import { describe, expect, test } from "vitest";
import {
  NTC,
  SHT3x,
  defineApp,
  delta,
  exponential_moving_average,
  filter_out,
  median,
  or,
  summary,
  throttle,
  timeout,
  window,
} from "../../../firmware/mote.js";
import ownApp from "../../../firmware/app.js";
import type { App } from "../../../firmware/declaration.js";
import type { Device } from "../../../firmware/device.js";
import type { Settings } from "../../../firmware/settings.js";
import { jsonModule, jsonOfApp } from "../../../host-sim/scenario/json-app.js";
import { Simulation } from "../../../host-sim/simulation.js";
import type { Witness } from "../../../host-sim/world/witness.js";
import { xsEngine } from "../../../host-sim/xs/engine.js";
import { explain, explainedHeap } from "../../../host-sim/explain/explained.js";
import { explainedText } from "../../../host-sim/explain/explained-text.js";
import { stageWords } from "../../../host-sim/explain/stage-words.js";

const app = defineApp({
  name: "porch",
  sensors: { climate: { driver: SHT3x, on: "i2c", everyMs: 1000 }, probe: { driver: NTC, on: "analog", everyMs: 10_000 } },
  channels: {
    warm: { from: "climate.thermometer.temperature", unit: "°C", resolution: 0.01, stages: [median(5), window(60, "mean"), delta(0.1)] },
    slow: { from: "probe.thermometer.temperature", resolution: 0.1, stages: [summary(6), exponential_moving_average(0.5)] },
    both: { from: { join: "mean_of", of: ["warm", "slow"] }, resolution: 0.1 },
  },
});

function explained(given: App) {
  const result = explain(given);
  if (!result.ok) throw new Error(result.error.message);
  return Object.fromEntries(result.value.map((channel) => [channel.name, channel]));
}

describe("explained channels", () => {
  test("have the rates and delays of their stages: a median of 5 at 1 Hz delays by 2 s", () => {
    const { warm } = explained(app);
    expect(warm!.stages.map(({ flow, addsMs }) => [flow.periodMs, flow.regular, addsMs])).toEqual([
      [1000, true, 2000],
      [60_000, true, 29_500],
      [60_000, false, 0],
    ]);
    expect(warm!.output.delayMs).toBe(31_500);
  });

  test("have the time between summaries, and follow other channels", () => {
    const { slow, both } = explained(app);
    expect(slow).toMatchObject({ summaryMs: 60_000, output: { periodMs: 10_000, delayMs: 10_000 } });
    expect(both).toMatchObject({ from: "mean of warm, slow", output: { delayMs: 31_500 } });
  });

  test("cost more with more stages and longer windows", () => {
    const bytes = (stages: App["channels"][string]["stages"]) =>
      explained({ ...app, channels: { one: { from: "climate.thermometer.temperature", resolution: 1, stages: stages! } } })["one"]!;
    const [none, short, long] = [bytes([]), bytes([median(99)]), bytes([median(101)])];
    expect(none.bytes).toBeLessThan(short.bytes);
    expect(long.bytes - short.bytes).toBe((101 - 99) * 2 * 16);
    expect(long.worstNs).toBeGreaterThan(short.worstNs);
    expect(short.load).toBeGreaterThan(0);
    expect(short.load).toBeLessThan((2 * short.worstNs) / 1e9);
  });

  test("fail with the channel, the stage and the bound", () => {
    const wrong = { ...app, channels: { warm: { ...app.channels["warm"]!, stages: [median(4)] } } };
    expect(explain(wrong)).toMatchObject({
      error: { message: expect.stringContaining('channel "warm", stage 1 (median): window must be') },
    });
  });
});

test("a terminal shows each channel's way in one column", () => {
  const result = explain(app);
  const channels = result.ok ? result.value : [];
  const text = explainedText(channels, explainedHeap(app, channels));
  expect(text).toMatch(/climate\.thermometer\.temperature +every 1s\n/);
  expect(text).toMatch(/→ median 5 +every 1s +delays by 2s\n/);
  expect(text).toMatch(/→ delta 0\.1 +at most every 1m\n/);
  const columns = text
    .split("\n")
    .map((line) => line.indexOf("every "))
    .filter((column, index, all) => column > 20 && all.length > index);
  expect(new Set(columns.filter((column) => column < 60)).size).toBeLessThanOrEqual(2);
  expect(text).toContain("= at most a value every 1m, 31.5s late\n");
  expect(text).toContain("every 10s, 10s late, a summary every 1m\n");
  expect(text).toMatch(/\n3 channels\nTime .*\nHeap +about [\d.]+ kB of the board's 81\.9 kB: /);
  expect(text).not.toContain("may not fit");
});

test("a narrow terminal has rate and delay on a line of their own", () => {
  const result = explain(app);
  const channels = result.ok ? result.value : [];
  const text = explainedText(channels, explainedHeap(app, channels), 60);
  expect(text).toContain("  → median 5\n      every 1s, delays by 2s\n");
  expect(text).toContain("  → delta 0.1\n      at most every 1m\n");
});

test("an app without channels is told so", () => {
  const bare = { ...app, channels: {} };
  expect(explainedText([], explainedHeap(bare, []))).toMatch(/^The app has no channels: .*\.\nHeap /);
});

test("a delay behind samples that come nobody knows how often is about", () => {
  const source = app.channels["warm"]!;
  const channels = Object.values(explained({ ...app, channels: { warm: { ...source, stages: [delta(0.1), median(5)] } } }));
  const text = explainedText(channels, explainedHeap(app, channels));
  expect(text).toMatch(/→ median 5 +at most every 1s +delays by about 2s\n/);
  expect(text).toContain("about 2s late");
});

test("a stage that nobody measured is explained without its cost", () => {
  const [channel] = Object.values(explained(app));
  const channels = [{ ...channel!, stages: channel!.stages.map((stage) => ({ ...stage, cost: undefined })) }];
  const text = explainedText(channels, explainedHeap(app, channels));
  expect(text).toMatch(/→ median 5 .*delays by 2s, cost not measured\n/);
  expect(text).toContain("a sample, without median, window, delta\n");
});

describe("the heap", () => {
  const many = (count: number, stages: App["channels"][string]["stages"] = []): App => ({
    ...app,
    channels: Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `c${i}`,
        { from: "climate.thermometer.temperature", resolution: 0.01, stages: [...stages!] },
      ]),
    ),
  });
  const heapOf = (given: App) => explainedHeap(given, Object.values(explained(given)));

  test("comes with a warning when it is nearly full", () => {
    const given = many(9, [median(101)]);
    const channels = Object.values(explained(given));
    expect(explainedText(channels, explainedHeap(given, channels))).toContain("\n          may not fit: try mote sim --engine xs\n");
  });

  test.each([
    ["the default app", ownApp],
    ["one channel", many(1)],
    ["nine channels", many(9, [median(5), summary(60)])],
    ["a join", app],
  ])("of %s is within a tenth of what XS has alive", (_, given) => {
    const text = jsonOfApp(given);
    const module = jsonModule(text.ok ? text.value : "");
    const simulation = new Simulation({ seed: 1, broker: "model" });
    const engine = (device: Device, settings: Settings, witness: Witness) =>
      xsEngine({ device, settings, witness, app: module, arenaBytes: 256 * 1024 });
    const station = simulation.add({ app: given, engine });
    try {
      expect(station.powerOn().ok).toBe(true);
      simulation.scheduler.runUntil(70e6);
      const alive = station.memory()!.arenaPeakBytes;
      const { fixedBytes, channelsBytes } = heapOf(given);
      expect((fixedBytes + channelsBytes) / alive).toBeGreaterThan(0.9);
      expect((fixedBytes + channelsBytes) / alive).toBeLessThan(1.1);
    } finally {
      simulation.close();
    }
  });
});

test("stages are told in words", () => {
  expect(stageWords(throttle(90_000))).toBe("throttle 1m30s");
  expect(stageWords(timeout(30_000))).toBe("timeout 30s");
  expect(stageWords(timeout(30_000, "last"))).toBe("timeout 30s value last");
  expect(stageWords(filter_out([85, "nan"]))).toBe("filter out 85, nan");
  expect(stageWords({ stage: "rms", samples: 1000, aboutMean: true })).toBe("rms samples 1000 about mean");
  expect(stageWords({ stage: "band_energy", samples: 256, fromHz: 10, toHz: 50 })).toBe("band energy samples 256 from 10 Hz to 50 Hz");
  expect(stageWords(window(60, "mean"))).toBe("window samples 60 result mean");
  expect(stageWords(or(delta(0.5), throttle(60_000)))).toBe("or (delta 0.5 / throttle 1m)");
});
