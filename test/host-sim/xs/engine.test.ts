/** The firmware on XS in the same world as on Node: the same bytes at the same times, inside a board's memory. */
import { afterEach, describe, expect, test } from "vitest";
import ownApp from "../../../firmware/app.js";
import type { App } from "../../../firmware/declaration.js";
import { defineApp, SHT3x } from "../../../firmware/mote.js";
import type { Engine } from "../../../host-sim/engine.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Simulation, type SimulationOptions } from "../../../host-sim/simulation.js";
import { xsEngine, type XsEngineOptions } from "../../../host-sim/xs/engine.js";
import { onXs, withoutXs } from "./available.js";

const arenaBytes = 64 * 1024;
const engines: Engine[] = [];
afterEach(() => {
  for (const engine of engines.splice(0)) engine.close();
});

function simulation(app: App, engine: SimulationOptions["engine"], seed = 1): Simulation {
  const made = new Simulation({ app, seed, engine, broker: "model" });
  engines.push(made.engine);
  return made;
}

function xs(options: Partial<XsEngineOptions> = {}): SimulationOptions["engine"] {
  return (device, settings, witness) => xsEngine({ device, settings, witness, app: undefined, arenaBytes, ...options });
}

function node(app: App): SimulationOptions["engine"] {
  return (device, settings, witness) => nodeEngine(device, app, settings, witness);
}

/** Everything that can be seen of a run from outside, and what the firmware says of it. */
function seen(run: Simulation, seconds: number): unknown {
  const started = run.start();
  if (!started.ok) throw new Error(`${started.error.kind}: ${started.error.message}`);
  run.scheduler.runUntil(seconds * 1e6);
  let stopped = false;
  run.stop(() => {
    stopped = true;
  });
  run.scheduler.runUntil((seconds + 5) * 1e6);
  return { name: started.value.name, counts: run.counts(), counters: run.firmwareCounters(), trace: run.traceSha256(), stopped };
}

describe.skipIf(withoutXs)(onXs("on XS"), () => {
  test("the own app leaves the same trace and counts as on Node, through its orderly end", () => {
    for (const seed of [1, 99]) {
      const onNode = seen(simulation(ownApp, node(ownApp), seed), 90);
      expect(seen(simulation(ownApp, xs(), seed), 90)).toEqual(onNode);
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
    expect(seen(simulation(app, xs({ app: module })), 20)).toEqual(seen(simulation(app, node(app)), 20));
  });

  test("memory is one arena of the size asked for, in slots of the board's size, and the peak is within it", () => {
    const run = simulation(ownApp, xs());
    seen(run, 10);
    const memory = run.memory()!;
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
    const onNode = simulation(app, node(app)).start();
    expect(onNode.ok).toBe(false);
    expect(simulation(app, xs({ app: module })).start()).toEqual(onNode);
  });

  test("an arena too small for the app is an error that says its size", () => {
    const started = simulation(ownApp, xs({ arenaBytes: 16 * 1024 })).start();
    expect(started).toMatchObject({
      ok: false,
      error: { kind: "arena", message: expect.stringMatching(/^XS: the arena of \d+ bytes is full$/) as string },
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
    const run = simulation(ownApp, xs({ app: module }));
    expect(run.start()).toMatchObject({ ok: true });
    expect(() => run.scheduler.runUntil(60e6)).toThrow("XS: the arena of");
  });

  test("an arena too small for the machine is refused", () => {
    const started = simulation(ownApp, xs({ arenaBytes: 4 * 1024 })).start();
    expect(started).toMatchObject({ ok: false, error: { kind: "arena" } });
  });

  test("a host that is not built is refused with the command that builds it", () => {
    const started = simulation(ownApp, xs({ bits: 48 as 32 })).start();
    expect(started).toMatchObject({
      ok: false,
      error: { kind: "not-built", message: expect.stringContaining("npm run build:xs") as string },
    });
  });
});
