import { describe, expect, test } from "vitest";
import own from "../../../firmware/app.js";
import * as mote from "../../../firmware/mote.js";
import { appOfJson, jsonModule, jsonOfApp } from "../../../host-sim/scenario/json-app.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Simulation } from "../../../host-sim/simulation.js";
import type { App } from "../../../firmware/declaration.js";

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

  test.each<[string, (app: Record<string, any>) => void, string]>([
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
