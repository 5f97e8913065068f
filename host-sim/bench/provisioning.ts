/** A board told its settings over BLE: how long a person waits, in virtual time, and what of the board's memory it takes. */
import { failure, success } from "../../firmware/base/result.js";
import type { Benchmark, Row } from "./benchmark.js";
import { visitMemory } from "./provisioning-memory.js";
import { configWrite, firstReading } from "./provisioning-steps.js";

/** What a board is built with (manifest.json), and what was asked. */
export const usualArenaBytes = 80 * 1024;
export const askedBytes = 96 * 1024;

export const provisioning: Benchmark = {
  name: "provisioning",
  async run() {
    try {
      const first = await firstReading();
      const memory = await visitMemory(usualArenaBytes);
      const rows: Row[] = [
        { what: "out of the box until the Wi-Fi is joined", measured: first.joinedS, unit: "s" },
        { what: "from there to the first reading at the broker", measured: first.afterJoinS, unit: "s", limit: { atMost: 5 } },
        { what: "1 KB of settings at an MTU of 23", measured: await configWrite(23), unit: "s", limit: { atMost: 2 } },
        { what: "1 KB of settings at an MTU of 185", measured: await configWrite(185), unit: "s", limit: { atMost: 0.5 } },
        { what: "1 KB of settings at an MTU of 517", measured: await configWrite(517), unit: "s" },
        { what: "memory on xs before the window opens", measured: memory.beforeBytes, unit: "B" },
        { what: "memory on xs with the window open", measured: memory.openBytes, unit: "B" },
        { what: "memory on xs in a session", measured: memory.sessionBytes, unit: "B" },
        { what: "memory on xs when it is over, the window open", measured: memory.leftBytes, unit: "B" },
        {
          what: "memory on xs when the window is closed",
          measured: memory.closedBytes,
          unit: "B",
          limit: { atMost: memory.openBytes + 1_536 },
        },
        {
          what: "memory on xs, peak of provisioning, MQTT and journal",
          measured: memory.peakBytes,
          unit: "B",
          limit: { atMost: askedBytes },
        },
      ];
      return success(rows);
    } catch (thrown) {
      return failure("run", thrown instanceof Error ? thrown.message : String(thrown));
    }
  },
};
