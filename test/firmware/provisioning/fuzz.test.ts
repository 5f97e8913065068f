/**
 * The actual firmware, and somebody before it who has no secret and writes whatever comes. More of it:
 * `MOTE_BLE_FUZZ=1000000 npx vitest run test/firmware/provisioning/fuzz.test.ts`, of which XS gets a tenth.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, expect, test, vi } from "vitest";
import { defineApp, SHT3x } from "../../../firmware/mote.js";
import { Requests } from "../../../firmware/provisioning/requests.js";
import { onXs, withoutXs } from "../../host-sim/xs/available.js";
import { HostileCentral } from "./hostile-central.js";
import { bytesOf, place, type Place, type PlaceOptions } from "./visitor.js";

const asked = process.env["MOTE_BLE_FUZZ"];
const writes = Number(asked ?? 20_000);
const writesOnXs = asked === undefined ? 2_000 : Number(process.env["MOTE_BLE_FUZZ_XS"] ?? writes / 10);
const patienceMs = 3_600_000;

afterEach(() => {
  vi.restoreAllMocks();
});

/** One that does little else: on XS, time without writes is what takes long. */
const appSource = `import { defineApp, SHT3x } from "mote";
export default defineApp({
  name: "mote",
  sensors: { climate: { driver: SHT3x, on: "i2c", everyMs: 20000 } },
  channels: { temperature: { from: "climate.thermometer.temperature", unit: "°C", resolution: 0.01 } },
});`;
const app = defineApp({
  name: "mote",
  sensors: { climate: { driver: SHT3x, on: "i2c", everyMs: 20_000 } },
  channels: { temperature: { from: "climate.thermometer.temperature", unit: "°C", resolution: 0.01 } },
});

/** At home, where Improv has nothing to do. */
function atHome(options: Partial<PlaceOptions> = {}): Place {
  const here = place({ seed: 66, journalBytes: 65_536, ...options });
  here.visitor.pass(10_000);
  return here;
}

/** Bytes in use, after everything was collected that can be. */
function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

function whole(here: Place, hostile: HostileCentral, before: string): void {
  const { done } = hostile;
  expect(hostile.sessions).toBe(0);
  expect(bytesOf(here, "config")).toBe(before);
  expect(here.station.powered).toBe(true);
  // It got somewhere: a hello that was recorded is welcomed, all else is refused, each for its reason.
  expect(done.connections).toBeGreaterThan(3);
  expect(done.welcomes).toBeGreaterThan(0);
  for (const code of [1, 2, 3, 7, 9, 11]) expect(done.refusals).toHaveProperty(`${code}`);
}

test(
  `${writes} writes of every kind, on Node: nothing throws, grows, is delivered or set`,
  async () => {
    const here = atHome();
    const answered = vi.spyOn(Requests.prototype, "answer");
    const hostile = new HostileCentral(here, 1);
    await hostile.prepare();
    const before = bytesOf(here, "config");
    hostile.go(writes / 10);
    const beforeBytes = heapBytes();
    const startMs = performance.now();
    hostile.go(0.9 * writes);
    const seconds = (performance.now() - startMs) / 1000;
    const grownBytes = heapBytes() - beforeBytes;
    if (asked !== undefined) console.log("node", hostile.done, { seconds, grownBytes, boots: here.station.counts().boots });
    whole(here, hostile, before);
    expect(answered).not.toHaveBeenCalled();
    expect(grownBytes).toBeLessThan(3_000_000);
    hostile.leave();
    here.visitor.press();
    expect(await here.visitor.enter()).toMatchObject({ ok: true });
  },
  patienceMs,
);

const name = onXs(`${writesOnXs} writes of every kind, on XS: nothing throws or is set, and no more memory is alive afterwards`);
test.skipIf(withoutXs)(
  name,
  async () => {
    const here = atHome({ arenaBytes: 81_920, app, appSource });
    const { station } = here;
    const hostile = new HostileCentral(here, 2);
    await hostile.prepare();
    hostile.go(200);
    hostile.leave();
    const before = bytesOf(here, "config");
    const beforeBytes = station.memory()!.arenaAliveBytes;
    const startMs = performance.now();
    hostile.go(writesOnXs);
    const seconds = (performance.now() - startMs) / 1000;
    hostile.leave();
    const { arenaAliveBytes, arenaPeakBytes } = station.memory()!;
    if (asked !== undefined) console.log("xs", hostile.done, { seconds, beforeBytes, arenaAliveBytes, arenaPeakBytes });
    whole(here, hostile, before);
    expect(arenaAliveBytes).toBeLessThanOrEqual(beforeBytes + 1024);
    here.simulation.close();
  },
  patienceMs,
);
