import fc from "fast-check";
import { describe, expect, test } from "vitest";
import own from "../../../firmware/app.js";
import * as mote from "../../../firmware/mote.js";
import { appOfJson, jsonModule, jsonOfApp } from "../../../host-sim/scenario/json-app.js";
import { jsonMistake } from "../../../host-sim/scenario/json-place.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Simulation } from "../../../host-sim/simulation.js";
import type { App } from "../../../firmware/declaration.js";

// What may be done to a JSON is anything.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = Record<string, any>;

function text(app: App): string {
  const made = jsonOfApp(app);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

function read(json: string): App {
  const made = appOfJson(json);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

function refusal(change: (app: Record<string, never>) => void): string {
  const app = JSON.parse(text(own)) as Record<string, never>;
  change(app);
  const made = appOfJson(JSON.stringify(app));
  return made.ok ? "" : made.error.message;
}

function trace(app: App): string {
  const simulation = new Simulation({ seed: 7, broker: "model" });
  const station = simulation.add({ app, engine: (device, settings, witness) => nodeEngine(device, app, settings, witness) });
  station.powerOn();
  simulation.scheduler.runUntil(60e6);
  const sha = simulation.traceSha256();
  simulation.close();
  return sha;
}

describe("an app as JSON", () => {
  test("is the app that app.ts declares, and a board does the same with both", () => {
    expect(read(text(own))).toEqual(own);
    expect(trace(read(text(own)))).toBe(trace(own));
  });

  test("holds each stage that an app can write without a function", () => {
    const { climate } = own.sensors as Record<string, App["sensors"][string]>;
    const stages = [mote.clamp({ min: 0 }), mote.or(mote.delta(0.5), mote.group(mote.throttle(5), mote.median(3)))];
    const app = {
      name: "porch",
      sensors: { climate: climate! },
      channels: { t: { from: "climate.thermometer.temperature", resolution: 1, stages } },
    };
    expect(read(text(app))).toEqual(app);
  });

  test.each<[string, (app: Loose) => void, string]>([
    ["an unknown driver", (app) => (app["sensors"].climate.driver = "SHT3X"), 'sensor "climate": driver must be one of'],
    ["a channel of nothing", (app) => (app["channels"].rain.from = "roof"), 'channel "rain": from names the channel "roof"'],
    [
      "a stage beyond its bound",
      (app) => (app["channels"].rain.stages = [{ stage: "median", window: 4 }]),
      'channel "rain", stage 1 (median): window',
    ],
    ["no sensors", (app) => delete app["sensors"], "it must be an app such as"],
  ])("with %s is refused with the place and the bound", (_, change, message) => {
    expect(refusal(change as (app: Record<string, never>) => void)).toContain(message);
  });

  test.each<[string, (app: Loose) => void, string]>([
    ["a sensor's key", (app) => (app["sensors"].climate.adress = 1), 'sensor "climate": unknown key "adress", did you mean "address"?'],
    ["no driver", (app) => delete app["sensors"].climate.driver, 'sensor "climate": driver is missing, it must be one of SHT3x, BME280'],
    [
      "ESPHome's words",
      (app) => {
        app["sensors"].climate.platform = "SHT3x";
        delete app["sensors"].climate.driver;
      },
      'sensor "climate": unknown key "platform", did you mean "driver"?',
    ],
    ["a sensor that is a text", (app) => (app["sensors"].climate = "SHT3x"), 'sensor "climate": must be an object such as {"driver"'],
    ["filters", (app) => (app["channels"].rain.filters = []), 'channel "rain": unknown key "filters", did you mean "stages"?'],
    [
      "sensors misnamed",
      (app) => {
        app["sensor"] = app["sensors"];
        delete app["sensors"];
      },
      'app: unknown key "sensor", did you mean "sensors"?',
    ],
    ["a time as a text", (app) => (app["sensors"].climate.everyMs = "60s"), 'not "60s": write 60000 (ms)'],
    [
      "a stage by its name alone",
      (app) => (app["channels"].rain.stages = [{ median: { window: 5 } }]),
      'channel "rain", stage 1: a stage needs its name: {"stage":"median", …}',
    ],
  ])("with a mistake of a beginner's (%s) is refused with what to write", (_, change, message) => {
    expect(refusal(change as (app: Record<string, never>) => void)).toContain(message);
  });

  test.each([
    ["", 'the file is empty; it must be an app such as {"name"'],
    [" \n\t", "the file is empty"],
    ["{", "line 1, column 2: the text ends too early: a name in double quotes should stand here"],
    ['{\n  "name": "a",\n}', 'line 2, column 14: a comma before "}": leave it out'],
    ['{ "a": [1, 2,] }', 'line 1, column 13: a comma before "]": leave it out'],
    ['{\n  // mine\n  "name": "a"}', "line 2, column 3: a comment: JSON has none, leave it out"],
    ['{"a": 1 /* one */}', "line 1, column 9: a comment"],
    ["# porch\n{}", "line 1, column 1: a comment"],
    ["{'name': 1}", "line 1, column 2: a single quote"],
    ['{"a": 1\n "b": 2}', 'line 2, column 2: "\\"": "," or "}" should stand here'],
    ['{"a" 1}', 'line 1, column 6: "1": ":" should stand here'],
    ["{name: 1}", 'line 1, column 2: "name": a name in double quotes should stand here'],
    ['{"a": SHT3x}', 'line 1, column 7: "SHT3x": a value should stand here'],
    ['{"a": .5}', 'line 1, column 7: ".5": a value should stand here'],
    ['{"a": 01}', 'line 1, column 8: "1": "," or "}" should stand here'],
    ['{"a": "b}\n', "line 1, column 7: this text in quotes has no end in its line"],
    ['{\n"a": [1', 'line 2, column 8: the text ends, and "]" is missing (the bracket opens in line 2)'],
    ["{} {}", 'line 1, column 4: "{": the text should end here'],
    ["\uFEFF{}", "line 1, column 1: a byte order mark"],
  ])("that is no JSON says where and what: %j", (given, message) => {
    const made = appOfJson(given);
    expect(made.ok ? "" : made.error.message).toContain(message);
  });

  test("is searched for a mistake only where there is one", () => {
    const values = fc.json({ maxDepth: 5 });
    fc.assert(
      fc.property(values, fc.nat(), fc.constantFrom("", ",", "}", '"', "\\", "x", "\n"), (json, at, put) => {
        const given = json.slice(0, at % (json.length + 1)) + put + json.slice(at % (json.length + 1));
        let right = true;
        try {
          JSON.parse(given);
        } catch {
          right = false;
        }
        expect(jsonMistake(given) === undefined).toBe(right);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  test("that is no JSON says so", () => {
    expect(appOfJson("{")).toMatchObject({ error: { message: expect.stringContaining("it is no JSON: ") } });
    expect(appOfJson("[]")).toMatchObject({ ok: false });
  });

  test("has no place for functions and drivers of one's own", () => {
    class Own {
      sample() {
        return {};
      }
      close() {}
    }
    const sensors = { ...own.sensors, mine: { driver: Own, on: "i2c" as const, everyMs: 1000 } };
    expect(jsonOfApp({ ...own, sensors })).toMatchObject({ error: { message: expect.stringContaining('sensor "mine"') } });
  });

  test("is a module for the board's engine that names its drivers", () => {
    const module = jsonModule(text(own));
    expect(module).toContain('import * as mote from "mote";');
    expect(module).toContain('"driver":"SHT3x"');
  });
});
