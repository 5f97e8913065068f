/**
 * A run in virtual time that can be paused, driven at any speed, and gone back on. Going back makes the run
 * anew from its recipe and lets it come to that time at full speed, with all that was done to it until
 * then, at the very times: so the past is the same to the byte. What had been done later happens again
 * when its time comes, until somebody does something else.
 */
import { failure, success } from "../../firmware/base/result.js";
import type { Fault, FaultKind } from "../faults/catalogue.js";
import type { Plan } from "../scenario/plan.js";
import type { Mark, RunState, Speed } from "../web/protocol.js";
import type { BoardRecord } from "./board-record.js";
import { faultOf, type Order, type Place } from "./fault-order.js";
import { keyOf, Observer } from "./observer.js";
import { Pulse } from "./pulse.js";
import type { Recipe, Run } from "./recipe.js";
import type { Done, Session } from "./session.js";

/** What a person did, when the run stood at `atUs`. */
type Action = { readonly atUs: number } & (
  | { readonly fault: Fault }
  | { readonly heal: string | undefined }
  | { readonly touch: (run: Run) => void }
);

export interface VirtualOptions {
  readonly recipe: Recipe;
  readonly speed?: Speed;
  /** Each run as it is made, before anything is switched on; `replaying` tells whether its messages have been there before. */
  onMade?(run: Run, replaying: () => boolean): void;
  /** What the world or the firmware threw. The run has stopped, and may be gone back on. */
  onFailed?(error: unknown): void;
}

const farthestMs = 366 * 86_400_000;
/** What was done to a run is kept for those who go back: a day of requests over the air. */
const touchesMax = 200_000;

export class VirtualSession implements Session {
  readonly name = "virtual";
  onVoid: (why: string) => void = () => {};
  readonly #options: VirtualOptions;
  readonly #pulse: Pulse;
  readonly #actions: Action[] = [];
  #run: Run;
  #observer: Observer;
  /** How many actions the present run has had. */
  #acted = 0;
  #generation = 1;
  #furthestUs = 0;
  #paused = false;
  #speed: Speed;
  /** Where a replay goes, and from where. */
  #target: { readonly fromUs: number; readonly toUs: number; readonly again: boolean; readonly after: "pause" | "run" } | undefined;
  #failure: string | undefined;

  /** Nothing is switched on yet. */
  constructor(options: VirtualOptions) {
    this.#options = options;
    this.#speed = options.speed ?? 1;
    ({ run: this.#run, observer: this.#observer } = this.#made());
    this.#pulse = new Pulse({
      nowUs: () => this.#run.simulation.scheduler.nowUs,
      nextUs: () => Math.min(this.#run.simulation.scheduler.nextUs(), this.#actions[this.#acted]?.atUs ?? Infinity),
      runUntil: (us) => this.#runUntil(us),
      onFailed: (error) => this.#failed(error),
    });
  }

  /** Switches the boards on and lets time pass. A mistake in an app is the failure. */
  start(): Done {
    const started = this.#run.start();
    if (!started.ok) return failure("session", started.error.message);
    this.#drive();
    return success(undefined);
  }

  get seed(): number {
    return this.#options.recipe.plan.seed;
  }

  get engine(): "node" | "xs" {
    return this.#options.recipe.engine;
  }

  get generation(): number {
    return this.#generation;
  }

  get nowMs(): number {
    return this.#run.simulation.scheduler.nowUs / 1000;
  }

  get furthestMs(): number {
    return Math.max(this.#furthestUs / 1000, this.nowMs);
  }

  get state(): RunState {
    if (this.#failure !== undefined) return "failed";
    if (this.#target !== undefined) return "replaying";
    return this.#paused ? "paused" : "running";
  }

  get speed(): Speed {
    return this.#speed;
  }

  get ratio(): number {
    return this.#pulse.ratio;
  }

  get progress(): number | undefined {
    if (this.#target === undefined) return undefined;
    const { fromUs, toUs } = this.#target;
    return toUs <= fromUs ? 1 : Math.min(1, (this.#run.simulation.scheduler.nowUs - fromUs) / (toUs - fromUs));
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  get boards(): readonly BoardRecord[] {
    return this.#observer.boards;
  }

  /** The present run. */
  get present(): Run {
    return this.#run;
  }

  get marksVersion(): number {
    return this.#observer.version;
  }

  marks(): Mark[] {
    return this.#observer.marks(new Set(this.#run.injector.active));
  }

  suffers(_kind: FaultKind): boolean {
    return true;
  }

  pause(): Done {
    this.#target = undefined;
    this.#paused = true;
    this.#drive();
    return success(undefined);
  }

  run(speed?: Speed): Done {
    if (this.#failure !== undefined) return failure("session", "the run has failed: go back on the timeline to run it again");
    if (speed !== undefined) {
      if (speed !== "max" && !(typeof speed === "number" && speed >= 0.001 && speed <= 1000)) {
        return failure("session", "the speed must be a number from 0.001 to 1000, or max");
      }
      this.#speed = speed;
    }
    this.#paused = false;
    if (this.#target !== undefined) this.#target = { ...this.#target, after: "run" };
    this.#drive();
    return success(undefined);
  }

  step(byMs: number): Done {
    if (!(byMs > 0 && byMs <= 3_600_000)) return failure("session", "a step is more than nothing, and an hour at most");
    return this.#goForward(this.#run.simulation.scheduler.nowUs + Math.round(byMs * 1000));
  }

  go(toMs: number): Done {
    if (!(toMs >= 0 && toMs <= farthestMs)) return failure("session", "that time is not on the timeline");
    const toUs = Math.round(toMs * 1000);
    if (toUs >= this.#run.simulation.scheduler.nowUs && this.#failure === undefined) return this.#goForward(toUs);
    this.#furthestUs = Math.max(this.#furthestUs, this.#run.simulation.scheduler.nowUs);
    this.#run.simulation.close();
    ({ run: this.#run, observer: this.#observer } = this.#made());
    this.#acted = 0;
    this.#failure = undefined;
    this.#generation++;
    this.#target = { fromUs: 0, toUs, again: true, after: "pause" };
    this.onVoid("somebody went back on the timeline: connect anew");
    const started = this.#run.start();
    this.#drive();
    return started.ok ? success(undefined) : failure("session", started.error.message);
  }

  strike(order: Order): Done {
    if (this.#target !== undefined) return failure("session", "the run is on its way to another time: wait until it is there");
    if (this.#failure !== undefined) return failure("session", "the run has failed: go back on the timeline to run it again");
    // A whole millisecond that is still to come: so it can be written into a scenario as it was.
    const fault = faultOf(order, Math.floor(this.nowMs) + 1, this.#place);
    if (!fault.ok) return fault;
    this.#act({ atUs: this.#run.simulation.scheduler.nowUs, fault: fault.value });
    // Who has stopped the time sees at once what was done.
    if (this.#paused) this.#attempt(() => this.#runUntil(fault.value.atMs * 1000));
    return success(undefined);
  }

  heal(key?: string): Done {
    if (this.#target !== undefined) return failure("session", "the run is on its way to another time: wait until it is there");
    if (key !== undefined && !this.#run.injector.active.some((fault) => keyOf(fault) === key)) {
      return failure("session", "that fault is over already");
    }
    // At a whole millisecond, as a scenario would have it.
    this.#act({ atUs: Math.ceil(this.nowMs) * 1000, heal: key });
    return success(undefined);
  }

  get wasTouched(): boolean {
    return this.#actions.slice(0, this.#acted).some((action) => "touch" in action);
  }

  touch(touch: (run: Run) => void): Done {
    if (this.#target !== undefined) return failure("session", "the run is on its way to another time: wait until it is there");
    if (this.#failure !== undefined) return failure("session", "the run has failed: go back on the timeline to run it again");
    if (this.#acted >= touchesMax) return failure("session", "more was done by hand than a run can remember: start it anew");
    this.#pulse.catchUp();
    this.#record({ atUs: this.#run.simulation.scheduler.nowUs, touch });
    this.#pulse.catchUp();
    return success(undefined);
  }

  /** The recipe's story, with what was done to it until now. */
  plan(): Plan {
    return this.#observer.plan(this.#options.recipe.plan, this.nowMs);
  }

  /** No time passes any more. */
  close(): void {
    this.#pulse.stop();
    this.#run.simulation.close();
  }

  get #place(): Place {
    const { stations } = this.#run.simulation;
    return { engine: this.engine, boards: new Map(stations.map(({ name, app }) => [name, Object.keys(app.sensors)])) };
  }

  #made(): { run: Run; observer: Observer } {
    const observer = new Observer();
    const run = this.#options.recipe.make(observer.events);
    observer.attach(run.simulation);
    this.#options.onMade?.(run, () => this.#target?.again === true);
    return { run, observer };
  }

  #goForward(toUs: number): Done {
    if (this.#failure !== undefined) return failure("session", "the run has failed: go back on the timeline to run it again");
    this.#target = { fromUs: this.#run.simulation.scheduler.nowUs, toUs, again: false, after: "pause" };
    this.#drive();
    return success(undefined);
  }

  #drive(): void {
    const target = this.#target;
    if (this.#failure !== undefined) this.#pulse.drive({ speed: 0 });
    else if (target !== undefined) {
      this.#pulse.drive({
        speed: "max",
        untilUs: target.toUs,
        onThere: () => {
          this.#paused = this.#target?.after !== "run";
          this.#target = undefined;
          this.#drive();
        },
      });
    } else this.#pulse.drive({ speed: this.#paused ? 0 : this.#speed });
  }

  /** Somebody acts anew: what was done later in an earlier course of this run is void, and so is its future. */
  #act(action: Action): void {
    this.#record(action);
    this.#drive();
  }

  #record(action: Action): void {
    this.#actions.length = this.#acted;
    this.#furthestUs = this.#run.simulation.scheduler.nowUs;
    this.#actions.push(action);
    this.#attempt(() => this.#runUntil(action.atUs));
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failed(error);
    }
  }

  #runUntil(us: number): void {
    const { scheduler } = this.#run.simulation;
    for (let action = this.#actions[this.#acted]; action !== undefined && action.atUs <= us; action = this.#actions[this.#acted]) {
      scheduler.runUntil(action.atUs);
      this.#acted++;
      this.#apply(action);
    }
    scheduler.runUntil(us);
  }

  #apply(action: Action): void {
    const { injector } = this.#run;
    if ("touch" in action) action.touch(this.#run);
    else if ("fault" in action) injector.schedule(action.fault);
    else if (action.heal === undefined) injector.heal();
    else for (const fault of injector.active) if (keyOf(fault) === action.heal) injector.heal(fault);
  }

  #failed(error: unknown): void {
    this.#failure = error instanceof Error ? error.message : String(error);
    this.#target = undefined;
    this.#furthestUs = Math.max(this.#furthestUs, this.#run.simulation.scheduler.nowUs);
    this.#drive();
    this.onVoid("the run has failed: go back on the dashboard's timeline to run it again");
    this.#options.onFailed?.(error);
  }
}
