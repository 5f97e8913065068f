/** The firmware on XS in the same world as on Node: the same bytes at the same times, inside a board's memory. */
import { afterEach, describe, expect, test } from "vitest";
import ownApp from "../../../firmware/app.js";
import type { App } from "../../../firmware/declaration.js";
import { defineApp, SHT3x } from "../../../firmware/mote.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Simulation } from "../../../host-sim/simulation.js";
import type { MakeEngine } from "../../../host-sim/station.js";
import { xsEngine, type XsEngineOptions } from "../../../host-sim/xs/engine.js";
import { onXs, withoutXs } from "./available.js";

const arenaBytes = 64 * 1024;
const simulations: Simulation[] = [];
afterEach(() => {
  for (const simulation of simulations.splice(0)) simulation.close();
});

function board(app: App, engine: MakeEngine, seed = 1) {
  const simulation = new Simulation({ seed, broker: "model" });
  simulations.push(simulation);
  return { simulation, station: simulation.add({ app, engine }) };
}

function xs(options: Partial<XsEngineOptions> = {}): MakeEngine {
  return (device, settings, witness) => xsEngine({ device, settings, witness, app: undefined, arenaBytes, ...options });
}

function node(app: App): MakeEngine {
  return (device, settings, witness) => nodeEngine(device, app, settings, witness);
}

/** Everything that can be seen of a run from outside, and what the firmware says of it. */
function seen({ simulation: { scheduler }, simulation, station }: ReturnType<typeof board>, seconds: number): unknown {
  const started = station.powerOn();
  if (!started.ok) throw new Error(`${started.error.kind}: ${started.error.message}`);
  scheduler.runUntil(seconds * 1e6);
  let stopped = false;
  station.stop(() => {
    stopped = true;
  });
  scheduler.runUntil((seconds + 5) * 1e6);
  return {
    name: started.value.name,
    counts: station.counts(),
    counters: station.firmwareCounters(),
    trace: simulation.traceSha256(),
    stopped,
  };
}

describe.skipIf(withoutXs)(onXs("on XS"), () => {
  test("the own app leaves the same trace and counts as on Node, through its orderly end", () => {
    for (const seed of [1, 99]) {
      const onNode = seen(board(ownApp, node(ownApp), seed), 90);
      expect(seen(board(ownApp, xs(), seed), 90)).toEqual(onNode);
      expect(onNode).toMatchObject({ stopped: true });
    }
  });

  test("another app, given as a module that imports from mote, takes the own app's place", () => {
    const app = defineApp({
      name: "other",
      sensors: { air: { driver: SHT3x, on: "i2c", everyMs: 500 } },
      channels: { warm: { from: "air.thermometer.temperature", resolution: 0.1 } },
    });
    const module = `import { defineApp, SHT3x } from "mote";
      export default defineApp({ name: "other", sensors: { air: { driver: SHT3x, on: "i2c", everyMs: 500 } }, channels: { warm: { from: "air.thermometer.temperature", resolution: 0.1 } } });`;
    expect(seen(board(app, xs({ app: module })), 20)).toEqual(seen(board(app, node(app)), 20));
  });

  test("memory is one arena of the size asked for, in slots of the board's size, and the peak is within it", () => {
    const run = board(ownApp, xs());
    seen(run, 10);
    const memory = run.station.memory()!;
    const wide = memory.slotBytes / 16;
    expect([1, 2]).toContain(wide);
    expect(memory.arenaBytes).toBe(arenaBytes * wide);
    expect(memory.arenaPeakBytes).toBeGreaterThan(10_000);
    expect(memory.arenaPeakBytes).toBeLessThan(memory.arenaBytes);
  });

  test("an app with a mistake is refused with the same words as on Node", () => {
    const module =
      'import { defineApp, SHT3x } from "mote"; export default defineApp({ name: "bad", sensors: { air: { driver: SHT3x, on: "i2c", everyMs: 0 } }, channels: {} });';
    const app = defineApp({ name: "bad", sensors: { air: { driver: SHT3x, on: "i2c", everyMs: 0 } }, channels: {} });
    const onNode = board(app, node(app)).station.powerOn();
    expect(onNode.ok).toBe(false);
    expect(board(app, xs({ app: module })).station.powerOn()).toEqual(onNode);
  });

  test("an arena too small for the app is an error that says its size", () => {
    const started = board(ownApp, xs({ arenaBytes: 20 * 1024 })).station.powerOn();
    expect(started).toMatchObject({
      ok: false,
      error: {
        kind: "arena",
        message: expect.stringMatching(/^XS: the arena of \d+ bytes is full: fewer channels or .*--arena BYTES/) as string,
      },
    });
  });

  test("a machine that dies while it runs fails the run, saying why", () => {
    const module = `import { defineApp } from "mote";
      class Leak {
        constructor() { this.kept = []; }
        sample() { for (let i = 0; i < 100; i++) this.kept.push({ i }); return { leak: { size: this.kept.length } }; }
        close() {}
      }
      export default defineApp({ name: "leak", sensors: { leak: { driver: Leak, on: "analog", everyMs: 100 } }, channels: { size: { from: "leak.leak.size", resolution: 1 } } });`;
    const run = board(ownApp, xs({ app: module }));
    expect(run.station.powerOn()).toMatchObject({ ok: true });
    expect(() => run.simulation.scheduler.runUntil(60e6)).toThrow("XS: the arena of");
  });

  test("an arena too small for the machine is refused", () => {
    const started = board(ownApp, xs({ arenaBytes: 4 * 1024 })).station.powerOn();
    expect(started).toMatchObject({ ok: false, error: { kind: "arena" } });
  });

  test("a host that is not built is refused with the command that builds it", () => {
    const started = board(ownApp, xs({ bits: 48 as 32 })).station.powerOn();
    expect(started).toMatchObject({
      ok: false,
      error: { kind: "not-built", message: expect.stringContaining("npm run build:xs") as string },
    });
  });
});
