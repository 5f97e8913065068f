import { describe, expect, test } from "vitest";
import { defineApp, SHT3x } from "../../firmware/mote.js";
import type { App } from "../../firmware/declaration.js";
import type { Device } from "../../firmware/device.js";
import type { Driver } from "../../firmware/sensing/driver.js";
import { NTC } from "../../firmware/sensing/drivers/ntc.js";
import { PulseCounter } from "../../firmware/sensing/drivers/pulse.js";
import type { Settings } from "../../firmware/settings.js";
import { start } from "../../firmware/start.js";
import { simulatedBoard } from "./simulated-board.js";

const settings: Settings = { wifi: { ssid: "attic", password: "swordfish" }, broker: { host: "10.0.255.1", port: 1883 } };

const app = defineApp({
  name: "mote",
  sensors: {
    climate: { driver: SHT3x, on: "i2c", everyMs: 1000 },
    probe: { driver: NTC, on: "analog", everyMs: 1000 },
    meter: { driver: PulseCounter, on: "digital", everyMs: 1000 },
  },
  channels: { warm: { from: "climate.thermometer.temperature", resolution: 0.01 } },
});

/** The message that `start` gives, once it is sure that nothing is left running. */
function refusal(bad: App, change: (device: Device) => Device = (device) => device): string {
  const { device, on, timers, open, pass } = simulatedBoard();
  const started = on(() => start(change(device), bad, settings));
  if (started.ok) throw new Error("it started");
  expect([timers.size, open.size]).toEqual([0, 0]);
  pass(5000);
  expect([timers.size, open.size]).toEqual([0, 0]);
  return started.error.message;
}

describe("an app that cannot start says why, and leaves nothing running", () => {
  const withSensor = (change: object): App => ({
    ...app,
    sensors: { ...app.sensors, last: { driver: NTC, on: "analog", everyMs: 1000, ...change } },
  });
  const withStages = (stages: unknown[]): App =>
    ({ ...app, channels: { ...app.channels, last: { from: "climate.thermometer.temperature", resolution: 1, stages } } }) as App;

  test("what the check refuses", () => {
    expect(refusal({ ...app, name: "Mote" })).toMatch('app: name "Mote" must be');
    expect(refusal(withSensor({ everyMs: 0 }))).toMatch('sensor "last": everyMs must be a whole number from 1 to 86400000, not 0');
  });

  test("an unknown stage, and a window of 0", () => {
    expect(refusal(withStages([{ stage: "meedian" }]))).toMatch(
      'channel "last", stage 1: there is no stage "meedian", did you mean "median"?',
    );
    expect(
      refusal(
        withStages([
          { stage: "offset", value: 1 },
          { stage: "window", samples: 0, result: "mean" },
        ]),
      ),
    ).toMatch('channel "last", stage 2 (window): samples must be a whole number from 1 to 1000000, not 0');
    expect(refusal(withStages([{ stage: "median", window: 0 }]))).toMatch(
      'channel "last", stage 1 (median): window must be an odd whole number from 3 to 101, not 0',
    );
  });

  test("a driver that throws when it is made, with a message, without one, or with no error at all", () => {
    const throwing = (thrown: unknown) =>
      class {
        constructor() {
          throw thrown;
        }
      };
    expect(refusal(withSensor({ driver: throwing(new RangeError("no such part")) }))).toBe('sensor "last": no such part');
    expect(refusal(withSensor({ driver: throwing("oops") }))).toBe('sensor "last": its driver cannot be made');
  });

  test("a driver that throws when it is configured gives its bus back", () => {
    expect(refusal(withSensor({ options: { ohms: 3 } }))).toMatch('sensor "last": NTC: no option "ohms"; it takes nominalOhm');
    expect(refusal(withSensor({ driver: SHT3x, on: "i2c", address: 0x45, options: { fast: true } }))).toBe(
      'sensor "last": SHT3x: no option "fast"; it takes none',
    );
  });

  test("two sensors at one address", () => {
    expect(refusal(withSensor({ driver: SHT3x, on: "i2c" }))).toBe('sensor "last": duplicate address');
  });

  test("a radio that does not start", () => {
    class Dead {
      constructor() {
        throw new Error("no memory");
      }
    }
    expect(refusal(app, (device) => ({ ...device, WiFi: Dead as unknown as Device["WiFi"] }))).toBe("the radio does not start: no memory");
  });
});

test("a driver's options reach it, and a sensor's own pin and address", () => {
  const seen: unknown[] = [];
  class Curious implements Driver {
    constructor({ sensor }: { sensor: Record<string, unknown> }) {
      seen.push([sensor.pin, sensor.address, sensor.data, sensor.clock, sensor.timeout]);
    }
    configure(options: Record<string, unknown>): void {
      seen.push(options);
    }
    sample(): undefined {}
    close(): void {}
  }
  const { device, on } = simulatedBoard();
  const make = (on: "i2c" | "analog", more: object) => ({ driver: Curious, on, everyMs: 1000, ...more });
  const sensors = {
    a: make("i2c", { address: 3, options: { gain: 2 } }),
    b: make("i2c", {}),
    c: make("analog", { pin: 35 }),
    d: make("analog", {}),
  };
  expect(on(() => start(device, { name: "mote", sensors, channels: {} }, settings)).ok).toBe(true);
  expect(seen).toEqual([
    [undefined, 3, 21, 22, 25],
    { gain: 2 },
    [undefined, undefined, 21, 22, 25],
    [35, undefined, undefined, undefined, undefined],
    [34, undefined, undefined, undefined, undefined],
  ]);
});

describe("the orderly end", () => {
  test.each([
    ["before the network is there", 0],
    ["while it looks for its broker", 2000],
    ["after a minute without one", 60_000],
  ])("%s leaves no timer, no I/O, and is told once", (_, afterMs) => {
    const { device, on, timers, open, pass, board } = simulatedBoard();
    const started = on(() => start(device, app, settings));
    if (!started.ok) throw new Error(started.error.message);
    expect(timers.size).toBeGreaterThan(3);
    expect(open.size).toBeGreaterThan(3);
    pass(afterMs);
    let told = 0;
    board.cpu.post(() => started.value.stop(() => told++));
    pass(4000);
    expect([told, timers.size, open.size]).toEqual([1, 0, 0]);
    const { samples } = started.value.counters();
    pass(60_000);
    expect([told, started.value.counters().samples]).toEqual([1, samples]);
  });
});
