/** Runs a plan under guard, to its end or to the first promise broken. Pure: equal plans, equal verdicts. */
import ownApp from "../../firmware/app.js";
import type { App } from "../../firmware/declaration.js";
import { limits } from "../../firmware/limits.js";
import { Guard } from "../invariants/guard.js";
import type { Point } from "../invariants/sometimes.js";
import type { Violation } from "../invariants/watcher.js";
import { nodeEngine } from "../node/engine.js";
import { inlineApp } from "../scenario/inline-app.js";
import type { BoardPlan, FaultPlan, Plan } from "../scenario/plan.js";
import { ScenarioRun } from "../scenario/run.js";
import { environmentSignals } from "../scenario/signals.js";
import { healMs } from "./draw.js";

export interface Verdict {
  /** Undefined when every promise was kept. */
  readonly violation: Violation | undefined;
  readonly reached: ReadonlySet<Point>;
}

const tickUs = 1_000_000;

/** `onTrace`: hears each line of the trace; with it the run takes longer. */
export function examine(plan: Plan, onTrace?: (line: string) => void): Verdict {
  const points = new Set<Point>();
  const guards = new Map<string, Guard>();
  const violations = (): Violation[] => [...guards.values()].flatMap((guard) => guard.violations);
  const all = (tell: (guard: Guard) => void): void => guards.forEach(tell);
  const struck = (board: string | undefined, tell: (guard: Guard) => void): void =>
    guards.forEach((guard, name) => void ((board ?? name) === name && tell(guard)));
  // Boards are made one after the other, each one's signals first.
  let next: Guard | undefined;
  const boards = [...plan.boards];
  const upcoming = (): Guard => (next ??= guardOf(boards.shift()!, points));
  const run = new ScenarioRun({
    plan,
    engine: "node",
    traced: onTrace !== undefined,
    ...(onTrace === undefined ? {} : { onTrace }),
    signals: (environment, draws) => upcoming().signals(environmentSignals(environment, draws, noRecordings)),
    prepare(board) {
      const guard = upcoming();
      next = undefined;
      guards.set(board.name, guard);
      const engine = guard.engine((app) => (device, settings, witness) => nodeEngine(device, app, settings, witness));
      return { app: guard.app, engine };
    },
    events: {
      onPowerLost: ({ name }) => guards.get(name)!.powerLost(),
      onSample: ({ name }, sensor, sample, error) => guards.get(name)!.sampled(sensor, sample, error),
      onBegun: (fault) => struck(fault.board, (guard) => guard.faultBegun(fault)),
      onAsked: ({ name }, verb, { set }) => guards.get(name)!.visited({ verb, set: verb === "set" ? set : {} }),
      onHealed: (fault) => struck(fault.board, (guard) => guard.faultHealed(fault)),
    },
  });
  const { simulation, injector } = run;
  const { scheduler } = simulation;
  const alone = plan.expect.length + plan.never.length === 0;
  for (const station of simulation.stations) {
    const guard = guards.get(station.name)!;
    guard.consumer = run.consumer;
    guard.attach(simulation, station, alone);
  }

  /** False when a promise was broken on the way. */
  const runTo = (untilUs: number): boolean => {
    while (scheduler.nowUs < untilUs && violations().length === 0) {
      scheduler.runUntil(Math.min(untilUs, scheduler.nowUs + tickUs));
      all((guard) => guard.tick());
    }
    return violations().length === 0;
  };

  try {
    const started = run.start();
    if (!started.ok) throw new Error(started.error.message);
    const overMs = Math.max(0, healMs(plan.durationMs), ...plan.faults.map(endMs));
    if (runTo(Math.min(overMs, plan.durationMs) * 1000)) {
      injector.heal();
      if (overMs < plan.durationMs) all((guard) => guard.healed());
      if (runTo(plan.durationMs * 1000)) farewell();
    }
  } catch (thrown) {
    // The firmware broke an invariant of its own, or the world one of its.
    const what = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { violation: { invariant: "runs", atMs: scheduler.nowUs / 1000, station: plan.boards[0]!.name, what }, reached: points };
  } finally {
    simulation.close();
  }
  return { violation: violations()[0], reached: points };

  /** The orderly end: within its time, and told to the broker. */
  function farewell(): void {
    for (const station of simulation.stations) {
      const guard = guards.get(station.name)!;
      let stopped = false;
      guard.ending();
      station.stop(() => (stopped = true));
      scheduler.runUntil(scheduler.nowUs + (limits.stopTimeoutMs + limits.lingerMs + 500) * 1000);
      const status = simulation.broker.retained.get(`mote/${station.device}/status`)?.payload.toString();
      if (!stopped) guard.report("farewell", "the board did not come to its orderly end in time");
      else if (status !== "offline") guard.report("farewell", `the board has ended, and its status at the broker is ${status ?? "(none)"}`);
      else guard.reach("farewell");
      if (stopped) guard.over();
    }
  }
}

/** When a fault is over for good. */
function endMs({ at, forMs }: FaultPlan): number {
  return forMs + (at.kind === "once" ? at.atMs : at.untilMs);
}

function guardOf(board: BoardPlan, points: Set<Point>): Guard {
  const { sectors: _, ...journal } = board.journal ?? {};
  return new Guard(appOf(board), points, journal);
}

function appOf({ name, app }: BoardPlan): App {
  if (app.kind === "own") return ownApp;
  if (app.kind === "file") throw new Error(`board ${name}: its app is a file, and nobody loads it`);
  const made = inlineApp(app.app);
  if (!made.ok) throw new Error(`board ${name}: ${made.error.message}`);
  return made.value;
}

function noRecordings(): never {
  throw new Error("a drawn plan has no recordings");
}
