/** What people wait for and what a board has memory for (host-sim/bench/provisioning.ts prints both). */
import { describe, expect, test } from "vitest";
import { askedBytes, usualArenaBytes } from "../../../host-sim/bench/provisioning.js";
import { visitMemory } from "../../../host-sim/bench/provisioning-memory.js";
import { configWrite, firstReading } from "../../../host-sim/bench/provisioning-steps.js";
import { onXs, withoutXs } from "../../host-sim/xs/available.js";
import { place, rightOnes } from "./visitor.js";
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
    expect(memory.leftBytes).toBeLessThan(memory.sessionBytes - 3_000);
    // With the window goes what answers those who come.
    expect(memory.closedBytes).toBeLessThan(memory.leftBytes - 500);
  },
  60_000,
);

test.skipIf(withoutXs)(
  onXs("a visit goes on XS at each instant as on Node, all bytes that are not sealed included"),
  async () => {
    const traces: string[][] = [];
    for (const arenaBytes of [undefined, usualArenaBytes]) {
      const lines: string[] = [];
      // Keys are others in each session, and with them what is sealed.
      const onTrace = (line: string) => void lines.push(line.includes('"what":"ble.') ? line.slice(0, line.indexOf(',"bytes"')) : line);
      const here = place({ builtIn: {}, onTrace, ...(arenaBytes === undefined ? {} : { arenaBytes }) });
      const { visitor, simulation } = here;
      const talk = await visitor.talk({ mtu: 23 });
      for (const [verb, body = ""] of [[1], [2], [3], [9, "on"], [8], [10], [11], [12], [13], [16]] as [number, string?][]) {
        expect((await talk.ask(verb, body)).status).toBe(0);
      }
      expect((await talk.ask(4, "schema 2\nwifi.ssid=x\nwifi.password=1")).status).toBe(18);
      expect((await talk.ask(4, "schema 2" + [...rightOnes(here)].map(([name, value]) => `\n${name}=${value}`).join(""))).status).toBe(0);
      visitor.pass(10_000);
      expect((await talk.ask(5)).body).toBe("kept");
      await talk.ask(15, "erase");
      visitor.pass(10_000);
      simulation.close();
      traces.push(lines);
    }
    const [onNode, onBoard] = traces as [string[], string[]];
    expect(onNode.length).toBeGreaterThan(500);
    expect(onBoard.findIndex((line, index) => line !== onNode[index])).toBe(-1);
    expect(onBoard.length).toBe(onNode.length);
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
