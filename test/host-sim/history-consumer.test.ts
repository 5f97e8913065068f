/** A board whose consumer comes late, after the journal has long been full: what is left of its history is confirmed in the end. */
import { expect, test } from "vitest";
import type { App } from "../../firmware/declaration.js";
import { NTC } from "../../firmware/sensing/drivers/ntc.js";
import { Consumer } from "../../host-sim/world/consumer.js";
import { run } from "./run.js";

const minuteMs = 60_000;
const app: App = {
  name: "late",
  sensors: { air: { driver: NTC, on: "analog", everyMs: 1000 } },
  channels: { temperature: { from: "air.thermometer.temperature", resolution: 0.1 } },
};

test.each(["drop-oldest", "drop-newest", "thin-out"] as const)(
  "without a consumer for twenty minutes (%s), all that is left is confirmed when one comes, and gaps tell of the rest",
  (whenFull) => {
    const made = run({ app, journal: { acknowledge: "consumer", whenFull, blockS: 1 }, journalBytes: 4 * 4096 });
    made.until(20 * minuteMs);
    const { waiting, dropped } = made.station.firmwareCounters();
    expect(waiting).toBeGreaterThan(40);
    expect(dropped).toBeGreaterThan(0);
    const consumer = new Consumer(made.simulation.broker, 100);
    made.until(50 * minuteMs);
    expect(made.station.firmwareCounters().waiting).toBeLessThan(5);
    const { numbers, gaps } = consumer.committed.get(made.station.device!)!.current!;
    expect(numbers.holes()).toEqual([]);
    expect(gaps.size).toBeGreaterThan(0);
  },
  60_000,
);
