import { expect, test } from "vitest";
import type { App } from "../../firmware/declaration.js";
import type { DriverClass, Sample } from "../../firmware/sensing/driver.js";
import { run } from "./run.js";

/** Two sensors of one hostile driver, each beside the other's way. */
function appOf(driver: DriverClass): App {
  const sensor = { driver, on: "analog", everyMs: 1000 } as const;
  const channel = { from: "first.a.b", resolution: 1 };
  return {
    name: "hostile",
    sensors: { first: sensor, constructor: sensor },
    channels: { first: channel, second: { ...channel, from: "constructor.a.b" } },
  };
}

function driverOf(parts: { start?: () => number; sample?: (index: number) => unknown; close?: () => void }): DriverClass {
  return class {
    start?: () => number;
    #index = 0;
    constructor() {
      if (parts.start !== undefined) this.start = parts.start;
    }
    sample(): Sample | undefined {
      return (parts.sample ?? (() => ({ a: { b: 1 } })))(this.#index++) as Sample | undefined;
    }
    close(): void {
      parts.close?.();
    }
  };
}

const odd: [string, unknown][] = [
  ["null", null],
  ["a number", 5],
  ["a group of null", { a: null }],
  ["a bigint", { a: { b: 5n } }],
  ["text", { a: { b: "21" } }],
];

for (const [what, sample] of odd) {
  test(`a sample that is ${what} is counted as unreadable, by firmware and world alike, and sampling goes on`, () => {
    const ran = run({ app: appOf(driverOf({ sample: (index) => (index === 2 ? sample : { a: { b: index } }) })) });
    ran.until(10_500);
    const { samples, readErrors, missed } = ran.station.counts();
    const firmware = ran.station.firmwareCounters();
    expect([samples, readErrors, missed]).toEqual([22, 2, 0]);
    expect([firmware.samples, firmware.readErrors, firmware.missed]).toEqual([22, 2, 0]);
    expect(ran.of("first").at(-1)!.text).toContain('"value":10');
  });
}

for (const measureMs of [Infinity, 3e9]) {
  test(`a driver that asks for ${measureMs} ms has no reading, and is asked again at the next grid point`, () => {
    const ran = run({ app: appOf(driverOf({ start: () => measureMs })) });
    ran.until(10_500);
    const { samples, readErrors, missed } = ran.station.counts();
    const firmware = ran.station.firmwareCounters();
    expect([samples, readErrors, missed]).toEqual([22, 22, 0]);
    expect([firmware.samples, firmware.readErrors, firmware.missed]).toEqual([22, 22, 0]);
  });
}

test("a driver whose close throws keeps nobody from ending in order", () => {
  const ran = run({
    app: appOf(
      driverOf({
        close() {
          throw new Error("stuck");
        },
      }),
    ),
  });
  ran.until(3000);
  expect(ran.stop()).toBe(true);
  expect(ran.of("status").at(-1)!.text).toBe("offline");
});

test("an orderly end says offline once: its DISCONNECT arrives, so the will stays unsaid", () => {
  const ran = run();
  const status: string[] = [];
  ran.simulation.broker.onMessage = ({ topic, payload }) => {
    if (topic.endsWith("/status")) status.push(payload.toString());
  };
  ran.until(5000);
  expect(ran.stop()).toBe(true);
  ran.until(200_000);
  expect(status).toEqual(["online", "offline"]);
});
