/** The default app in virtual time: how fast it runs on each engine, and how small an arena its simulated hour needs on XS. */
import app from "../../firmware/app.js";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { nodeEngine } from "../node/engine.js";
import { Simulation } from "../simulation.js";
import type { MakeEngine } from "../station.js";
import { xsEngine } from "../xs/engine.js";
import type { Benchmark, Row } from "./benchmark.js";
import { speedThere, there } from "./reference.js";

const hourS = 3600;
const askedArenaBytes = 64 * 1024;
/** A board's (manifest.json): with less room its garbage is collected more often. */
const boardArenaBytes = 80 * 1024;
/** How finely the smallest arena is sought, bytes. */
const arenaStepBytes = 256;
const rounds = 5;

interface Hour {
  readonly perSecond: number;
  readonly traceSha256: string;
  readonly samples: number;
  readonly arenaPeakBytes: number;
  readonly slotBytes: number;
}

/** Runs `seconds` of virtual time; a failure is what the engine said. */
function run(engine: MakeEngine, seconds: number): Result<Hour> {
  const simulation = new Simulation({ seed: 1, broker: "model" });
  const station = simulation.add({ app, engine });
  try {
    const startedMs = performance.now();
    const started = station.powerOn();
    if (!started.ok) return started;
    simulation.scheduler.runUntil(seconds * 1e6);
    const perSecond = (seconds * 1000) / (performance.now() - startedMs);
    const memory = station.memory();
    return success({
      perSecond,
      traceSha256: simulation.traceSha256(),
      samples: station.counts().samples,
      arenaPeakBytes: memory?.arenaPeakBytes ?? 0,
      slotBytes: memory?.slotBytes ?? 0,
    });
  } catch (error) {
    return failure("run", error instanceof Error ? error.message : String(error));
  } finally {
    simulation.close();
  }
}

const onNode: MakeEngine = (device, settings, witness) => nodeEngine(device, app, settings, witness);
const onXs =
  (arenaBytes: number): MakeEngine =>
  (device, settings, witness) =>
    xsEngine({ device, settings, witness, app: undefined, arenaBytes });

/** The smallest arena in which `seconds` pass, by bisection. */
function smallestArena(seconds: number): number {
  let tooSmall = 16 * 1024;
  let enough = askedArenaBytes;
  while (enough - tooSmall > arenaStepBytes) {
    const tried = Math.round((tooSmall + enough) / 2 / arenaStepBytes) * arenaStepBytes;
    if (run(onXs(tried), seconds).ok) enough = tried;
    else tooSmall = tried;
  }
  return enough;
}

export const defaultApp: Benchmark = {
  name: "default app",
  run() {
    const speeds: number[] = [];
    let node: Hour | undefined;
    for (let round = 0; round < rounds; round++) {
      const ran = run(onNode, hourS);
      if (!ran.ok) return ran;
      node = ran.value;
      speeds.push(ran.value.perSecond);
    }
    const xs = run(onXs(askedArenaBytes), hourS);
    if (!xs.ok) return xs;
    const onBoard = speedThere(3, () => {
      const ran = run(onXs(boardArenaBytes), hourS);
      return ran.ok ? success(ran.value.perSecond) : ran;
    });
    if (!onBoard.ok) return onBoard;
    // Everything that the app does repeats within a minute or two; the hour then confirms it.
    let smallest = smallestArena(150);
    while (smallest < askedArenaBytes && !run(onXs(smallest), hourS).ok) smallest += arenaStepBytes;
    const rows: Row[] = [
      { what: "virtual time on node, fastest round", measured: Math.max(...speeds), unit: "s/s", limit: { atLeast: 3000 } },
      { what: `virtual time on xs, ${there}`, measured: onBoard.value.there, unit: "s/s", limit: { atLeast: 300 } },
      { what: "virtual time on xs on this computer, fastest round", measured: onBoard.value.here, unit: "s/s" },
      { what: "trace of an hour, xs as node", measured: xs.value.traceSha256, limit: { equal: node!.traceSha256 } },
      { what: "samples in an hour on xs", measured: xs.value.samples, limit: { equal: node!.samples } },
      { what: "bytes of a slot", measured: xs.value.slotBytes, unit: "B", limit: { equal: 16 } },
      { what: "arena peak in an hour, of 64 KiB", measured: xs.value.arenaPeakBytes, unit: "B", limit: { atMost: askedArenaBytes } },
      { what: "smallest arena for the hour", measured: smallest, unit: "B", limit: { atMost: askedArenaBytes } },
    ];
    return success(rows);
  },
};
