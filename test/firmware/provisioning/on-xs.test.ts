/** What people wait for and what a board has memory for (host-sim/bench/provisioning.ts prints both). */
import { describe, expect, test } from "vitest";
import { askedBytes, usualArenaBytes } from "../../../host-sim/bench/provisioning.js";
import { visitMemory } from "../../../host-sim/bench/provisioning-memory.js";
import { configWrite, firstReading } from "../../../host-sim/bench/provisioning-steps.js";
import { onXs, withoutXs } from "../../host-sim/xs/available.js";
import manifest from "../../../manifest.json" with { type: "json" };

test.skipIf(withoutXs)(
  onXs("provisioning, MQTT and journal fit the board's usual memory together, and what a visit took is given back"),
  async () => {
    expect(JSON.stringify(manifest)).toContain(`"static":${usualArenaBytes}`);
    const memory = await visitMemory(usualArenaBytes);
    expect(memory.kept).toBe(true);
    expect(memory.published).toBeGreaterThan(500);
    expect(memory.peakBytes).toBeLessThanOrEqual(askedBytes);
    expect(memory.sessionBytes).toBeGreaterThan(memory.openBytes);
    expect(memory.closedBytes).toBeLessThanOrEqual(memory.openBytes + 1_536);
    expect(memory.closedBytes).toBeLessThan(memory.sessionBytes);
  },
  60_000,
);

describe("with nobody thinking,", () => {
  test("the first reading is at the broker at most five seconds after the Wi-Fi was joined", async () => {
    expect((await firstReading()).afterJoinS).toBeLessThanOrEqual(5);
  });

  test.each([
    [23, 2],
    [185, 0.5],
  ])("1 KB of settings at an MTU of %i is answered within %f s", async (mtu, limitS) => {
    expect(await configWrite(mtu)).toBeLessThanOrEqual(limitS);
  });
});
