import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { thisComputerApp } from "../../../host-sim/apps/this-computer.js";
import { computerChip, thermometer } from "../../../host-sim/node/computer-chip.js";
import { run } from "../run.js";

const folder = mkdtempSync(join(tmpdir(), "mote-thermal-"));
afterAll(() => rmSync(folder, { recursive: true }));

function zones(name: string, files: Record<string, { type: string; temp: string }>): string {
  for (const [zone, { type, temp }] of Object.entries(files)) {
    const path = join(folder, name, zone);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "type"), type + "\n");
    if (temp !== "") writeFileSync(join(path, "temp"), temp + "\n");
  }
  return join(folder, name);
}

describe("the computer's thermometer", () => {
  test("is the processor's, where there is one", () => {
    const path = zones("both", {
      thermal_zone0: { type: "acpitz", temp: "27800" },
      thermal_zone1: { type: "x86_pkg_temp", temp: "48500" },
    });
    expect(thermometer(path)!()).toBe(48.5);
  });

  test("is another one that can be read, where the processor's cannot", () => {
    const path = zones("one", { thermal_zone0: { type: "acpitz", temp: "-1500" }, thermal_zone1: { type: "cpu-thermal", temp: "" } });
    expect(thermometer(path)!()).toBe(-1.5);
  });

  test("is absent where none can be read, or no folder is there", () => {
    expect(
      thermometer(zones("none", { thermal_zone0: { type: "cpu", temp: "" }, cooling_device0: { type: "Fan", temp: "1" } })),
    ).toBeUndefined();
    expect(thermometer(join(folder, "nowhere"))).toBeUndefined();
  });
});

/** Runs the app of this computer on a board whose chip reads `temperatureC`. */
function ran(hasThermometer: boolean, temperatureC: (() => number) | undefined) {
  const running = run({ app: thisComputerApp(hasThermometer) });
  running.station.board.i2c.attach(computerChip(temperatureC));
  running.until(3500);
  const latest = (topic: string): unknown => JSON.parse(running.of(topic).at(-1)?.text ?? "null");
  return { latest, errors: running.station.counts().readErrors, topics: new Set(running.published.map(({ topic }) => topic)) };
}

test("a board's driver reads load, free memory and temperature out of this computer", () => {
  const { latest, errors } = ran(true, () => 48.46);
  expect(latest("temperature")).toMatchObject({ value: 48.5, unit: "°C" });
  expect((latest("load") as { value: number }).value).toBeGreaterThanOrEqual(0);
  const free = (latest("memory_free") as { value: number }).value;
  expect(Math.abs(free - freemem() / 1048576)).toBeLessThan(1024);
  expect(errors).toBe(0);
});

test.each([-273.15, -0.01, 0, 327.66])("a temperature of %d °C crosses the bus as it is", (celsius) => {
  expect(ran(true, () => celsius).latest("temperature")).toMatchObject({ value: Math.round(celsius * 10) / 10 + 0 });
});

test("a thermometer that fails on the way is an error reading; the rest goes on", () => {
  const { latest, errors } = ran(true, () => NaN);
  expect(latest("temperature")).toMatchObject({ error: "absent" });
  expect(latest("memory_free")).toHaveProperty("value");
  expect(errors).toBeGreaterThan(0);
});

test("a computer without a thermometer has no temperature channel", () => {
  expect(ran(false, undefined).topics).toEqual(new Set(["status", "load", "memory_free"]));
});
