/** Faults of a board whose firmware runs on XS: its memory is its own there, and the engine ends with the power, within whatever call. */
import { afterEach, describe, expect, test } from "vitest";
import ownApp from "../../../firmware/app.js";
import type { App } from "../../../firmware/declaration.js";
import type { ResetReason } from "../../../firmware/device.js";
import { Injector } from "../../../host-sim/faults/injector.js";
import type { Fault } from "../../../host-sim/faults/catalogue.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Simulation } from "../../../host-sim/simulation.js";
import type { MakeEngine } from "../../../host-sim/station.js";
import { xsEngine } from "../../../host-sim/xs/engine.js";
import { onXs, withoutXs } from "../xs/available.js";
import { fault } from "./struck.js";

const app = ownApp as App;
const arenaBytes = 64 * 1024;
const xs: MakeEngine = (device, settings, witness) => xsEngine({ device, settings, witness, app: undefined, arenaBytes });
const node: MakeEngine = (device, settings, witness) => nodeEngine(device, app, settings, witness);

const simulations: Simulation[] = [];
afterEach(() => {
  for (const simulation of simulations.splice(0)) simulation.close();
});

function started(engine: MakeEngine, faults: readonly Fault[]) {
  const boots: [atMs: number, reason: ResetReason][] = [];
  const lost: number[] = [];
  const simulation: Simulation = new Simulation({
    seed: 1,
    broker: "model",
    events: {
      onBoot: (_, reason) => boots.push([simulation.scheduler.nowUs / 1000, reason]),
      onPowerLost: () => lost.push(simulation.scheduler.nowUs / 1000),
    },
  });
  simulations.push(simulation);
  const station = simulation.add({ app, engine });
  const injector = new Injector(simulation);
  for (const each of faults) injector.schedule(each);
  station.powerOn();
  return { simulation, station, boots, lost, until: (ms: number) => simulation.scheduler.runUntil(ms * 1000) };
}

describe.skipIf(withoutXs)(onXs("on XS"), () => {
  // Within the start, within transfers to each chip, within the join, the connect and the messages that follow, and while nothing happens.
  test.each([0.15, 250.07, 600.4, 2016.13, 2300])(
    "a power cut at %f ms leaves the same trace and counts as on Node, and the board comes back",
    (atMs) => {
      const seen = (engine: MakeEngine): unknown => {
        const { simulation, station, boots, lost, until } = started(engine, [fault("power-cut", atMs, atMs + 100)]);
        until(atMs + 3200);
        const counters = station.firmwareCounters();
        expect([counters.connects, counters.samples]).toEqual([1, 13]);
        return { boots, lost, counts: station.counts(), counters, trace: simulation.traceSha256() };
      };
      expect(seen(xs)).toEqual(seen(node));
    },
  );

  test("with too little memory left the board dies and boots again by itself, as often as it must, and publishes when it has its memory back", () => {
    const { station, boots, until } = started(xs, [fault("memory", 2000, 4000, { bytes: 2 * arenaBytes })]);
    until(3900);
    const during = boots.slice(1);
    expect(during.length).toBeGreaterThanOrEqual(3);
    expect(new Set(during.map(([, reason]) => reason))).toEqual(new Set(["panic"]));
    until(5000);
    const afterBoots = boots.length;
    const { published, samples } = station.counts();
    until(10_000);
    expect(boots.length).toBe(afterBoots);
    expect(station.counts().samples - samples).toBe(20);
    expect(station.counts().published).toBeGreaterThan(published + 10);
    expect(station.board.device.power.resetReason).toBe("panic");
  });

  test("as much memory as is to spare is taken without harm, shows in what the engine holds, and is given back", () => {
    const bytes = 8192;
    const { station, boots, until } = started(xs, [fault("memory", 2000, 4000, { bytes })]);
    until(1900);
    const before = station.memory()!.arenaPeakBytes;
    until(3000);
    const during = station.memory()!.arenaPeakBytes;
    // What the start left behind was collected on the way.
    expect(during - before).toBeGreaterThan(bytes * 0.6);
    until(6000);
    expect([boots.length, station.occupiedBytes]).toEqual([1, 0]);
    expect(station.firmwareCounters()).toMatchObject({ missed: 0, readErrors: 0 });
  });

  test("memory taken twice is taken in sum, and what is left of it is taken again after a reset", () => {
    const { station, until } = started(xs, [
      fault("memory", 1000, 3000, { bytes: 4096 }),
      fault("memory", 1500, 6000, { bytes: 2048 }),
      fault("reset", 2000, 2000),
    ]);
    const sums = [1200, 1700, 2500, 3500, 6500].map((ms) => {
      until(ms);
      return station.occupiedBytes;
    });
    expect(sums).toEqual([4096, 6144, 6144, 2048, 0]);
  });
});
