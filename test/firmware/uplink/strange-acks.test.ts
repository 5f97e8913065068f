/** A million confirmations that make no sense, among some that do: none moves the journal where it may not, on Node and on XS. */
import { expect, test } from "vitest";
import { runInXs } from "../../../host-sim/xs/run.js";
import { onXs, withoutXs } from "../../host-sim/xs/available.js";
import { strangeAcks } from "./strange-acks.js";

const count = 1_000_000;

test("a million confirmations of all kinds move the journal only where it may be moved", () => {
  const { taken, refused, broken } = strangeAcks(count);
  expect(broken).toEqual([]);
  expect(taken).toBeGreaterThan(1000);
  expect(refused).toBeGreaterThan(count / 4);
}, 60_000);

test.skipIf(withoutXs)(
  onXs("so they do on XS, in a quarter of a megabyte"),
  () => {
    const ran = runInXs({
      source: `import { strangeAcks } from "test/firmware/uplink/strange-acks"; report(strangeAcks(${count}));`,
      preload: ["firmware/uplink/drain", "firmware/uplink/watermark", "firmware/limits"],
      arenaBytes: 256 * 1024,
      stackSlots: 640,
    });
    if (!ran.ok) throw new Error(ran.error.kind + ": " + ran.error.message);
    expect(ran.value.value).toEqual(strangeAcks(count));
  },
  600_000,
);
