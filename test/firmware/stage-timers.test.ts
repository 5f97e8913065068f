/** Stages that act by themselves, in the running firmware on a simulated board. */
import { expect, test } from "vitest";
import { debounce, defineApp, filter_out, heartbeat, throttle_average, timeout } from "../../firmware/mote.js";
import type { Sample } from "../../firmware/sensing/driver.js";
import { start } from "../../firmware/start.js";
import { run } from "../host-sim/run.js";
import { simulatedBoard } from "./simulated-board.js";

/** Counts up with each sample, and fails from the 10th to the 14th. */
class Failing {
  #count = 0;
  sample(): Sample {
    this.#count++;
    if (this.#count >= 10 && this.#count <= 14) throw new Error("no answer");
    return { counter: { count: this.#count } };
  }
  close(): void {}
}

const app = defineApp({
  name: "mote",
  sensors: { climate: { driver: Failing, on: "digital", everyMs: 1000 } },
  channels: {
    all: { from: "climate.counter.count", resolution: 1 },
    beating: { from: "climate.counter.count", resolution: 1, stages: [filter_out("nan"), heartbeat(1000)] },
    telling: { from: "climate.counter.count", resolution: 1, stages: [heartbeat(2500)] },
    silent: { from: "climate.counter.count", resolution: 1, stages: [filter_out("nan"), timeout(2500)] },
    mean: { from: "climate.counter.count", resolution: 1, stages: [throttle_average(3000)] },
    settled: { from: "climate.counter.count", resolution: 1, stages: [filter_out("nan"), debounce(2000)] },
  },
});

const channels = Object.keys(app.channels);
const settings = { wifi: { ssid: "attic", password: "swordfish" }, broker: { host: "10.0.255.1", port: 1883 } };

function running() {
  const made = run({ app });
  /** Value, or reason, and time of all that a channel gave out. */
  const given = (name: string): unknown[] =>
    made.of(name).map(({ text }) => {
      const { value, error, ms } = JSON.parse(text) as { value?: number; error?: string; ms: number };
      return [value ?? error, ms];
    });
  return { ...made, given };
}

test("beside a sensor that fails, a heartbeat goes on with the last value, or says that there is none", () => {
  const { until, given } = running();
  until(18_500);
  // A beat gives the sample of the second before.
  const latest = [1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9, 9, 15, 16, 17, 18];
  expect(given("beating")).toEqual(latest.map((x, i) => [x, (i + 1) * 1000]));
  expect(given("telling")).toEqual([
    [3, 2500],
    [5, 5000],
    [8, 7500],
    ["absent", 10_000],
    ["absent", 12_500],
    [15, 15_000],
    [18, 17_500],
  ]);
});

test("a timeout says once that a sensor is absent when nothing comes of it any more, and a debounce gives its last value", () => {
  const { until, given } = running();
  until(16_500);
  expect(given("silent").slice(8)).toEqual([
    [9, 8000],
    ["absent", 10_500],
    [15, 14_000],
    [16, 15_000],
    [17, 16_000],
  ]);
  expect(given("settled")).toEqual([[9, 10_000]]);
});

test("an average over time stands on its grid, of what could be read", () => {
  const { until, given } = running();
  until(18_500);
  expect(given("mean")).toEqual([
    [2, 3000],
    [5, 6000],
    [8, 9000],
    ["absent", 12_000],
    [15, 15_000],
    [17, 18_000],
  ]);
});

test("after the stop no stage gives anything", () => {
  const { until, stop, published } = running();
  until(9500);
  expect(stop()).toBe(true);
  until(60_000);
  const last = published.filter(({ topic }) => channels.includes(topic)).at(-1)!;
  expect(last.atMs).toBeLessThan(9600);
});

test("the stop leaves no timer of a stage running, nor does a start that fails", () => {
  const { device, on, timers, pass } = simulatedBoard();
  const started = on(() => start(device, app, settings));
  if (!started.ok) throw new Error(started.error.message);
  pass(3000);
  expect(timers.size).toBeGreaterThan(channels.length - 1);
  let stopped = false;
  on(() => started.value.stop(() => (stopped = true)));
  pass(10_000);
  expect([stopped, timers.size]).toEqual([true, 0]);
  class Broken {
    constructor() {
      throw new Error("no such part");
    }
  }
  const broken = { ...app, sensors: { ...app.sensors, last: { driver: Broken, on: "digital", everyMs: 1000 } } } as never;
  expect(on(() => start(device, broken, settings))).toMatchObject({ ok: false });
  expect(timers.size).toBe(0);
});
