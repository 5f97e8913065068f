/** A journal on flash that holds anything, on Node and on the engine that runs on the board: no crash, no reading without end, no invalid record. */
import { expect, test } from "vitest";
import { runInXs } from "../../../host-sim/xs/run.js";
import { onXs, withoutXs } from "../../host-sim/xs/available.js";
import { fuzzFlash } from "./random-flash.js";

/** In CI a million sectors; elsewhere as many as take a few seconds. */
const isThorough = process.env["CI"] === "true";

test.each([
  [4, isThorough ? 240_000 : 24_000, 1],
  [9, isThorough ? 10_000 : 2_000, 2],
])(
  "of %i sectors, in %i states (seed %i), starts, is read, takes blocks and comes to an end",
  (sectors, images, seed) => {
    const { wrong, startReads, allReads, records, appended } = fuzzFlash(images, sectors, seed);
    expect(wrong).toBeUndefined();
    // Dirty sectors are looked through for records, on the grid; and the newest is read whole.
    expect(startReads).toBeLessThan(4);
    expect(allReads).toBeLessThan(4);
    expect(records).toBeGreaterThan(images / 8);
    expect(appended).toBeGreaterThan(images / 4);
  },
  100_000,
);

test.skipIf(withoutXs)(onXs("does on XS what it does on Node, state by state, in 64 KiB and 384 stack slots"), () => {
  const ran = runInXs({
    source: 'import { fuzzFlash } from "test/firmware/journal/random-flash"; report(fuzzFlash(600, 4, 5));',
    preload: ["firmware/journal/journal", "test/firmware/journal/random-flash"],
    arenaBytes: 64 * 1024,
    stackSlots: 384,
  });
  if (!ran.ok) throw new Error(`${ran.error.kind}: ${ran.error.message}`);
  expect(ran.value.value).toEqual(JSON.parse(JSON.stringify(fuzzFlash(600, 4, 5))));
});
