import { describe, expect, test } from "vitest";
import ownApp from "../../../firmware/app.js";
import { defineApp, MPU6050, SHT3x } from "../../../firmware/mote.js";
import type { App } from "../../../firmware/declaration.js";
import { type ExplainedHistory, explainHistory } from "../../../host-sim/explain/history.js";
import { historyText } from "../../../host-sim/explain/history-text.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Simulation } from "../../../host-sim/simulation.js";

const roundTripMs = 100;

function explained(app: App): ExplainedHistory {
  const result = explainHistory(app, { roundTripMs });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const climate = { driver: SHT3x, on: "i2c", everyMs: 100 } as const;
const fast = defineApp({
  name: "fast",
  sensors: { climate },
  channels: {
    t: { from: "climate.thermometer.temperature", resolution: 0.0001 },
    h: { from: "climate.hygrometer.humidity", resolution: 0.001 },
  },
});

describe("the history explained", () => {
  test("of the app that comes with Mote reaches back a day, and its flash outlives the board", () => {
    const own = explained(ownApp);
    expect(own.channels).toHaveLength(6);
    expect(own.journalBytes).toBe(512 * 1024);
    expect(own.perSecond).toBeGreaterThan(5);
    expect(own.holdsMs / 3_600_000).toBeGreaterThan(24);
    expect(own.bytesPerSample).toBeGreaterThan(0.5);
    expect(own.years.cycles10000).toBeGreaterThan(10);
    expect(own.years.cycles100000).toBeCloseTo(10 * own.years.cycles10000, 6);
    expect(own.tooFast).toEqual([]);
    // Blocks of a minute, two on the way at a time.
    expect(own.drainMs).toBeGreaterThan((1440 / 2) * roundTripMs * 0.9);
    expect(own.drainMs).toBeLessThan((1440 / 2) * roundTripMs * 1.2);
  });

  test("holds as long as a board really does until the first block is dropped", () => {
    const { holdsMs, erasesPerDay } = explained(fast);
    const sectors = 6;
    const simulation = new Simulation({ seed: 7, broker: "model", traced: false });
    simulation.broker.stop("kept");
    const station = simulation.add({
      app: fast,
      engine: (...words) => nodeEngine(words[0], fast, words[1], words[2]),
      journalBytes: sectors * 4096,
    });
    station.powerOn();
    const meantMs = (holdsMs / 126) * (sectors - 2);
    while (station.firmwareCounters().dropped === 0) simulation.scheduler.runUntil(simulation.scheduler.nowUs + 1e6);
    const reallyMs = simulation.scheduler.nowUs / 1000;
    simulation.close();
    expect(reallyMs / meantMs).toBeGreaterThan(0.9);
    expect(reallyMs / meantMs).toBeLessThan(1.4);
    const sectorMs = 86_400_000 / erasesPerDay;
    expect(sectorMs * 126).toBeCloseTo(holdsMs, -3);
  });

  test("warns of what fills the journal in minutes, and names it", () => {
    const shake = defineApp({
      name: "shake",
      sensors: { body: { driver: MPU6050, on: "i2c", everyMs: 50 }, climate: { ...climate, everyMs: 1000 } },
      channels: {
        z: { from: "body.accelerometer.z", unit: "m/s²", resolution: 0.01 },
        t: { from: "climate.thermometer.temperature", resolution: 0.01 },
      },
    });
    const history = explained(shake);
    expect(history.tooFast).toEqual(["z"]);
    expect(history.holdsMs).toBeLessThan(3_600_000);
    const text = historyText({ ok: true, value: history });
    expect(text).toMatch(/! the flash is worn out after [\d.]+ (years|days): set keep: false on z, or give it a stage that reduces$/);
    const { z, t } = shake.channels;
    expect(explained({ ...shake, channels: { z: { ...z!, keep: false }, t: t! } }).tooFast).toEqual([]);
  });

  test("says why there is nothing to say of it", () => {
    const said = (app: App): string => historyText(explainHistory(app, { roundTripMs }));
    const t = fast.channels["t"]!;
    expect(said({ ...fast, channels: { t: { ...t, keep: false } } })).toMatch(/nothing is kept/);
    expect(said({ ...fast, channels: {} })).toMatch(/nothing is kept/);
    const never = { ...fast, sensors: { climate: { ...climate, everyMs: 86_400_000, phaseMs: 80_000_000 } }, channels: { t } };
    expect(said(never)).toMatch(/no channel said anything/);
  });

  test("is told in lines that a person can read, the same each time", () => {
    const lines = historyText({ ok: true, value: explained(ownApp) }).split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^History   5\.\d values a second, [\d.]+ bytes each: 512 KiB hold 2\d h, then the oldest go$/);
    expect(lines[1]).toContain("a power cut costs the last 60 s at most; a day's outage is sent in");
    expect(lines[2]).toMatch(/the flash lasts \d+ years at 100,000 erases a sector, \d+ years at 10,000: \d+ erases a day$/);
    expect(lines[3]).toMatch(/assumed from .* of a simulated day, run by recorder and journal: \d+ blocks of \d+ bytes$/);
    for (const line of lines) expect(line.length).toBeLessThan(130);
    expect(historyText({ ok: true, value: explained(ownApp) }).split("\n")).toEqual(lines);
  });
});
