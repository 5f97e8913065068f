/** Channels that take from channels: how they are refused, what their samples are like, and how they run. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { channelFlows, channels } from "../../firmware/channels.js";
import { checkApp } from "../../firmware/check.js";
import type { App, ChannelDeclaration } from "../../firmware/declaration.js";
import { limits } from "../../firmware/limits.js";
import {
  delta,
  dew_point,
  difference_of,
  integral,
  joined,
  low_pass,
  mean_of,
  median,
  multiply,
  SHT3x,
  sum_of,
} from "../../firmware/mote.js";
import { findProgram } from "../../host-sim/xs/program.js";
import { runInXs } from "../../host-sim/xs/run.js";

type Declared = Record<string, Partial<ChannelDeclaration>>;

const sensors = {
  air: { driver: SHT3x, on: "i2c", everyMs: 1000 },
  slow: { driver: SHT3x, on: "i2c", everyMs: 4000, address: 0x45 },
} as const;
const warm = { from: "air.thermometer.temperature" };
const damp = { from: "air.hygrometer.humidity" };

function app(declared: Declared): App {
  const all = Object.entries(declared).map(([name, each]) => [name, { resolution: 0.01, ...each }]);
  return { name: "mote", sensors, channels: Object.fromEntries(all) as App["channels"] };
}

/** What `checkApp` or the compiling says. */
function refusal(declared: Declared): string {
  const checked = checkApp(app(declared));
  const found = checked.ok ? channelFlows(checked.value) : checked;
  return found.ok ? "it is right" : found.error.message;
}

/** Everything that the channels give out, as `[name, value or error, ms]`. */
function running(declared: Declared) {
  const out: unknown[] = [];
  const totals = new Map<string, number>();
  const checked = checkApp(app(declared));
  if (!checked.ok) throw new Error(checked.error.message);
  const made = channels(checked.value, {
    clock: { nowMs: () => 0 },
    timers: { set: () => undefined, clear() {} },
    total: (name) => ({ restore: () => totals.get(name), keep: (x) => void totals.set(name, x) }),
    outlet: (name) => ({
      value: (x, atMs) => out.push([name, x, atMs]),
      failed: (error, atMs) => out.push([name, error, atMs]),
      summary() {},
    }),
  });
  if (!made.ok) throw new Error(made.error.message);
  return {
    /** A sample of the sensor `air`. */
    air(temperature: number | undefined, humidity: number | undefined, atMs: number, error?: "bus") {
      for (const reader of made.value.of("air")) reader.take({ thermometer: { temperature }, hygrometer: { humidity } }, error, atMs);
    },
    of: (name: string) => out.filter((each) => (each as string[])[0] === name).map((each) => (each as unknown[]).slice(1)),
    out: () => out.splice(0),
    totals,
  };
}

describe("refused when compiled", () => {
  test("a channel that takes from itself, straight or through others, with the way", () => {
    expect(refusal({ a: { from: "a" } })).toBe('channel "a": it takes from itself: "a" from "a"; break the circle');
    expect(refusal({ warm, a: { from: "c" }, b: { from: mean_of("warm", "a") }, c: { from: "b" } })).toBe(
      'channel "a": it takes from itself: "a" from "c" from "b" from "a"; break the circle',
    );
    expect(refusal({ warm, out: { from: "x" }, x: { from: sum_of("warm", "y") }, y: { from: joined((y) => y, "x") } })).toBe(
      'channel "x": it takes from itself: "x" from "y" from "x"; break the circle',
    );
  });

  test("a channel that takes from one that does not exist, with those that do", () => {
    expect(refusal({ warm, dew: { from: dew_point("warm", "humid") } })).toBe(
      'channel "dew": from names the channel "humid", which is not declared; declared: warm',
    );
    expect(refusal({ warm, b: { from: "constructor" } })).toContain('from names the channel "constructor", which is not declared');
    expect(refusal({ warm, b: { from: mean_of("warm", "__proto__") } })).toContain(
      'from names the channel "__proto__", which is not declared',
    );
  });

  test("a stage behind a join whose samples do not suit it", () => {
    const steps = { ...warm, stages: [delta(1)] };
    expect(refusal({ warm, damp, dew: { from: dew_point("warm", "damp"), stages: [low_pass(0.6)] } })).toContain(
      'channel "dew", stage 1 (low_pass): hz must be from 0.00001 to 0.499 Hz',
    );
    expect(refusal({ steps, twice: { from: mean_of("steps", "steps"), stages: [low_pass(0.1)] } })).toContain(
      "(low_pass): needs samples on a grid",
    );
    expect(refusal({ steps, warm, both: { from: mean_of("steps", "warm"), stages: [low_pass(0.1)] } })).toBe("it is right");
  });

  test("in no time, though there are billions of ways through the channels", () => {
    const many: Declared = { c0: warm, c1: warm };
    for (let i = 2; i < limits.channelsMax; i++) {
      many["c" + i] = { from: sum_of(...Array.from({ length: Math.min(i, 8) }, (_, back) => "c" + (i - 1 - back))) };
    }
    const began = performance.now();
    expect(refusal(many)).toBe("it is right");
    expect(refusal({ ...many, c0: { from: "c" + (limits.channelsMax - 1) } })).toContain('it takes from itself: "c0" from "c31" from');
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

test("the samples behind a join are as seldom as the slowest channel's and as late as the latest", () => {
  const cold = { from: "slow.thermometer.temperature" };
  const flows = channelFlows(
    app({
      even: { ...warm, stages: [median(5)] },
      both: { from: difference_of("even", "cold") },
      steps: { ...cold, stages: [delta(1)] },
      odd: { from: sum_of("even", "steps") },
      oddest: { from: sum_of("steps", "steps") },
      cold,
    }),
  );
  if (!flows.ok) throw new Error(flows.error.message);
  const inputs = Object.fromEntries(Object.entries(flows.value).map(([name, { input }]) => [name, input]));
  expect(inputs).toMatchObject({
    both: { periodMs: 4000, regular: true, delayMs: 2000 },
    odd: { periodMs: 1000, regular: true, delayMs: 2000 },
    oddest: { periodMs: 4000, regular: false, delayMs: 0 },
  });
});

describe("a channel of channels", () => {
  test("takes their rounded results at their times, in whatever order they are declared", () => {
    const { air, of } = running({
      span: { from: difference_of("double", "warm"), resolution: 0.1 },
      double: { from: "warm", stages: [multiply(2)], resolution: 0.1 },
      warm: { ...warm, resolution: 0.5 },
    });
    air(20.6, 50, 1000);
    air(21.8, 50, 2000);
    expect([of("warm"), of("double"), of("span")]).toEqual([
      [
        [20.5, 1000],
        [22, 2000],
      ],
      [
        [41, 1000],
        [44, 2000],
      ],
      [
        [20.5, 1000],
        [22, 2000],
      ],
    ]);
  });

  test("whose input fails has no value, for the same reason, and goes on after it", () => {
    const { air, of } = running({ warm, damp, dew: { from: dew_point("warm", "damp") }, later: { from: "dew" } });
    air(20, 50, 0);
    air(20, undefined, 1000, "bus");
    air(undefined, undefined, 2000);
    air(20, 50, 3000);
    expect(of("dew")).toEqual([
      [9.26, 0],
      ["bus", 1000],
      ["absent", 2000],
      [9.26, 3000],
    ]);
    expect(of("later")).toEqual(of("dew"));
  });

  test("whose formula has no result is out of range", () => {
    const { air, of } = running({
      warm,
      damp,
      dew: { from: dew_point("warm", "damp") },
      mine: { from: joined((a, b) => a / b, "warm", "damp") },
    });
    air(70, 50, 0);
    air(20, 0, 1000);
    expect(of("dew")).toEqual([
      ["range", 0],
      ["range", 1000],
    ]);
    expect(of("mine")).toEqual([
      [1.4, 0],
      ["range", 1000],
    ]);
  });

  test("that all meet again gets each sample once", () => {
    const { air, of } = running({
      warm,
      left: { from: "warm", stages: [multiply(2)] },
      right: { from: "left", stages: [multiply(3)] },
      all: { from: sum_of("warm", "left", "right") },
      twice: { from: sum_of("warm", "warm") },
    });
    for (let i = 0; i < 3; i++) air(i, 50, i * 1000);
    expect(of("all")).toEqual([
      [0, 0],
      [9, 1000],
      [18, 2000],
    ]);
    expect(of("twice")).toEqual([
      [0, 0],
      [2, 1000],
      [4, 2000],
    ]);
  });

  test("keeps its totals apart from those of others", () => {
    const stages = [integral({ perMs: 1000 })];
    const { air, totals } = running({
      warm: { ...warm, stages },
      damp: { ...damp, stages },
      sum: { from: sum_of("warm", "damp"), stages },
    });
    for (let i = 0; i < 3; i++) air(1, 10, i * 1000);
    expect([...totals.values()].sort((a, b) => a - b)).toEqual([2, 20, 22]);
  });
});

/** In CI the absence of XS is a failure. */
const withoutXs = !findProgram().ok && process.env["CI"] !== "true";
const title = (text: string) => (withoutXs ? text + " (XS is not built: npm run build:xs)" : text);
const { preload } = JSON.parse(readFileSync(new URL("../../manifest.json", import.meta.url), "utf8")) as { preload: string[] };

test.skipIf(withoutXs)(title("32 channels, each of the one before, fit an ESP32's stack of 384 slots"), () => {
  const parts = /^firmware\/(base|pipeline|channel|channels|check|junction|limits|relay|stage-clock)/;
  const ran = runInXs({
    preload: preload.filter((name) => parts.test(name)),
    stackSlots: 384,
    source: `
      import { channels } from "firmware/channels";
      import { checkApp } from "firmware/check";
      import { hampel, median } from "firmware/pipeline/builders";
      import { mean_of } from "firmware/pipeline/joins";
      const declared = { c0: { from: "a.b.c", resolution: 0.01 } };
      for (let i = 1; i < 32; i++) {
        declared["c" + i] = { from: mean_of("c" + (i - 1), "c" + (i >> 1)), resolution: 0.01, stages: [median(7), hampel(5)] };
      }
      const app = { name: "x", sensors: { a: { driver: class {}, on: "i2c", everyMs: 1000 } }, channels: declared };
      const checked = checkApp(app);
      let results = 0;
      const made = channels(app, {
        clock: { nowMs: () => 0 },
        timers: { set() {}, clear() {} },
        total: () => ({ restore() {}, keep() {} }),
        outlet: () => ({ value() { results++; }, failed() {}, summary() {} }),
      });
      const readers = made.value.of("a");
      for (let i = 0; i < 5; i++) for (const reader of readers) reader.take({ b: { c: i } }, undefined, i * 1000);
      report([checked.ok, results]);`,
  });
  if (!ran.ok) throw new Error(ran.error.kind + ": " + ran.error.message);
  expect(ran.value.value).toEqual([true, 160]);
});

describe("joins of channels that speak only now and then", () => {
  const seldom = { warm: { ...warm, stages: [delta(0.5)] }, damp: { ...damp, stages: [delta(0.5)] } };

  test("give one result for each sample, however many ways lead to them", () => {
    const declared: Declared = { ...seldom, c0: { from: mean_of("warm", "damp") }, c1: { from: sum_of("c0", "warm") } };
    for (let n = 2; n < limits.channelsMax - 2; n++) declared[`c${n}`] = { from: mean_of(`c${n - 1}`, `c${n - 2}`) };
    const { air, of, out } = running(declared);
    air(20, 50, 0);
    expect(of("c0")).toEqual([[35, 0]]);
    expect(out()).toHaveLength(limits.channelsMax);
    air(21, 50, 1000);
    air(21, 52, 2000);
    air(21, 52, 3000);
    expect(of("c0")).toEqual([
      [35.5, 1000],
      [36.5, 2000],
    ]);
    expect(of("c29")).toHaveLength(2);
  });

  test("never pair what one sample gave with what the sample before gave", () => {
    const { air, of } = running({ ...seldom, both: { from: sum_of("warm", "damp") } });
    for (let i = 0; i < 5; i++) air(10 * i, 100 * i, i * 1000);
    expect(of("both")).toEqual([0, 110, 220, 330, 440].map((x, i) => [x, i * 1000]));
  });
});
