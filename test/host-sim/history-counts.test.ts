/** What a board sends of its history, counted on its wire. */
import { expect, test } from "vitest";
import { fleetOutcome } from "../../host-sim/cli/fleet-outcome.js";
import { fleetText } from "../../host-sim/cli/fleet-text.js";
import { waitingIn } from "../../host-sim/cli/journal-left.js";
import { parseSimOptions } from "../../host-sim/cli/options.js";
import { defineApp, SHT3x } from "../../firmware/mote.js";
import { run } from "./run.js";

const minuteMs = 60_000;
const app = defineApp({
  name: "shed",
  sensors: { air: { driver: SHT3x, on: "i2c", everyMs: 1000 } },
  channels: { t: { from: "air.thermometer.temperature", resolution: 0.01 } },
});

test("blocks that are sent again after a restart count once, and waiting ones not before they are sent", async () => {
  const made = run({ app });
  made.until(5.5 * minuteMs);
  expect(made.station.counts()).toMatchObject({ blocks: 5, gaps: 0, lost: 0 });
  const begin = made.simulation.broker.stop("kept");
  made.until(10.5 * minuteMs);
  expect(made.station.counts().blocks).toBe(5);
  // What was acknowledged is written down coarsely, so the flash may know of more than there is.
  expect(waitingIn(made.station.board)).toBeGreaterThanOrEqual(5);
  begin();
  made.until(13.5 * minuteMs);
  made.station.reset("watchdog");
  made.until(20.2 * minuteMs);
  const seqs = made.records.map((record) => record.readUInt32LE(12));
  const { blocks } = made.station.counts();
  expect(blocks).toBe(new Set(seqs).size);
  expect(seqs.length).toBeGreaterThan(blocks);
  expect(made.stop()).toBe(true);
  expect(waitingIn(made.station.board)).toBe(0);
});

test("a journal that ran over says on the wire what it lost, and it is counted", () => {
  const made = run({ app, journal: { blockS: 5 }, journalBytes: 4 * 4096 });
  const begin = made.simulation.broker.stop("kept");
  made.until(25 * minuteMs);
  expect(made.station.counts()).toMatchObject({ blocks: 0, gaps: 0, lost: 0 });
  begin();
  made.until(27 * minuteMs);
  const { gaps, lost } = made.station.counts();
  const { dropped } = made.station.firmwareCounters();
  expect(dropped).toBeGreaterThan(100);
  expect(gaps).toBeGreaterThan(0);
  expect(lost).toBe(dropped);
});

test("a fleet's outcome has the sums of its boards' histories", () => {
  const made = run({ app });
  made.until(3.5 * minuteMs);
  const options = parseSimOptions(["--boards", "2"]);
  if (!options.ok) throw new Error(options.error.message);
  const outcome = fleetOutcome(made.simulation, options.value, 1000, { user: 0, system: 0 });
  expect(outcome).toMatchObject({ blocks: 3, gaps: 0, lost: 0, waiting: 0 });
  expect(fleetText(outcome)).toContain("\nHistory   3 blocks sent, none waiting, none lost\n");
});
