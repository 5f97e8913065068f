import { describe, expect, test } from "vitest";
import * as mote from "../../../firmware/mote.js";
import { drivers, inlineApp, inlineModule } from "../../../host-sim/scenario/inline-app.js";
import * as builders from "../../../firmware/pipeline/builders.js";
import { isStageName } from "../../../host-sim/scenario/stage-form.js";
import type { InlineApp } from "../../../host-sim/scenario/plan.js";

const app: InlineApp = {
  name: "hall",
  sensors: {
    air: { driver: "BME280", on: "i2c", everyMs: 1000, phaseMs: 10, address: 0x77, options: { pressureOversampling: 4 } },
    wire: { driver: "NTC", on: "analog", everyMs: 500, pin: 3 },
  },
  channels: {
    warmth: { from: "wire.thermometer.temperature", unit: '°"C', resolution: 0.1, stages: [] },
    pressure: {
      from: "air.barometer.pressure",
      resolution: 0.01,
      stages: [
        ["multiply", 0.01],
        ["clamp", { min: 900, ignore_out_of_range: true }],
        ["window", 60, "mean"],
      ],
    },
  },
};

/** Runs a module that imports only "mote", as an engine would. */
function exported(module: string): unknown {
  const [, names, rest] = /^import \{ ([\w, ]+) \} from "mote";\n\nexport default ([\s\S]*);\n$/.exec(module)!;
  const runtime = new Map<string, unknown>(Object.entries(mote));
  return new Function(...names!.split(", "), `return ${rest}`)(...names!.split(", ").map((name) => runtime.get(name)));
}

describe("an app that a scenario declares", () => {
  test("is the firmware's own declaration, drivers and stages included", () => {
    const made = inlineApp(app);
    expect(made.ok && made.value).toEqual({
      name: "hall",
      sensors: {
        air: { driver: mote.BME280, on: "i2c", everyMs: 1000, phaseMs: 10, address: 0x77, options: { pressureOversampling: 4 } },
        wire: { driver: mote.NTC, on: "analog", everyMs: 500, pin: 3 },
      },
      channels: {
        warmth: { from: "wire.thermometer.temperature", unit: '°"C', resolution: 0.1, stages: [] },
        pressure: {
          from: "air.barometer.pressure",
          resolution: 0.01,
          stages: [
            { stage: "multiply", value: 0.01 },
            { stage: "clamp", min: 900, ignore_out_of_range: true },
            { stage: "window", samples: 60, result: "mean" },
          ],
        },
      },
    });
  });

  test("is the same as a module that imports only mote", () => {
    const made = inlineApp(app);
    expect(exported(inlineModule(app))).toEqual(made.ok && made.value);
  });

  test("is refused in the firmware's words", () => {
    const wrong = (change: Partial<InlineApp>): unknown => {
      const made = inlineApp({ ...app, ...change });
      return made.ok ? "taken" : made.error;
    };
    expect(wrong({ name: "Hall" })).toMatchObject({ kind: "app", message: expect.stringContaining('name "Hall" must be lower-case') });
    expect(wrong({ sensors: {} })).toMatchObject({
      kind: "channel",
      message: expect.stringContaining('channel "warmth": from names the sensor "wire"'),
    });
    const channels = { warmth: { ...app.channels["warmth"]!, stages: [["toString"]] as const } };
    expect(wrong({ channels })).toMatchObject({ kind: "channel", message: expect.stringContaining('there is no stage "toString"') });
  });

  test("may use each driver and each stage that mote has", () => {
    const classes = Object.entries(mote).filter(([, value]) => String(value).startsWith("class "));
    expect(Object.keys(drivers).sort()).toEqual(classes.map(([name]) => name).sort());
    expect(Object.keys(builders).every(isStageName)).toBe(true);
  });

  test("may read all that a driver gives", () => {
    for (const [name, { on, quantities }] of Object.entries(drivers)) {
      const sensors = { it: { driver: name as keyof typeof drivers, on, everyMs: 100 } };
      const channels = Object.fromEntries(
        quantities.map((each, index) => [`c${index}`, { from: `it.${each}`, resolution: 1, stages: [] }]),
      );
      expect(inlineApp({ name: "all", sensors, channels }).ok).toBe(true);
    }
  });
});
