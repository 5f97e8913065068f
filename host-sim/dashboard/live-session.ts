/**
 * A run in real time on a real broker, as the dashboard shows it: it takes faults of its boards and sensors,
 * but its time is not ours. What its sensors felt is a function of time and seed, so the same boards can be
 * run again in virtual time, with the faults at their times; the broker is then the model.
 */
import { failure, success } from "../../firmware/base/result.js";
import { type FaultKind, faultForms } from "../faults/catalogue.js";
import type { Plan } from "../scenario/plan.js";
import type { Mark, RunState, Speed } from "../web/protocol.js";
import type { BoardRecord } from "./board-record.js";
import { faultOf, type Order } from "./fault-order.js";
import { keyOf, Observer } from "./observer.js";
import type { Run } from "./recipe.js";
import type { Done, Session } from "./session.js";

export interface LiveOptions {
  /** The plan that it was made from. */
  readonly plan: Plan;
  readonly engine: "node" | "xs";
  readonly speed: number;
  /** Has `action` done at the run's present time (Pacer.inject). */
  inject(action: () => void): void;
}

const notOurs = "this run keeps real time with a real broker: replay it in virtual time to pause it or to go back";
/** What real sockets feel nothing of. */
const onlyModelled: readonly FaultKind[] = ["loss", "latency", "bandwidth", "half-open", "connection-reset", "dns"];

export class LiveSession implements Session {
  readonly name = "live";
  readonly generation = 1;
  readonly state: RunState = "running";
  readonly progress = undefined;
  readonly failure = undefined;
  wasTouched = false;
  onVoid: (why: string) => void = () => {};
  readonly #options: LiveOptions;
  readonly #observer = new Observer();
  #run: Run | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  /** To be handed to the simulation and the injector as they are made. */
  get events(): Observer["events"] {
    return this.#observer.events;
  }

  /** Before anything is switched on. */
  attach(run: Run): void {
    this.#run = run;
    this.#observer.attach(run.simulation);
  }

  get seed(): number {
    return this.#options.plan.seed;
  }

  get engine(): "node" | "xs" {
    return this.#options.engine;
  }

  get nowMs(): number {
    return (this.#run?.simulation.scheduler.nowUs ?? 0) / 1000;
  }

  get furthestMs(): number {
    return this.nowMs;
  }

  get speed(): Speed {
    return this.#options.speed;
  }

  get ratio(): number {
    return this.#options.speed;
  }

  get boards(): readonly BoardRecord[] {
    return this.#observer.boards;
  }

  get marksVersion(): number {
    return this.#observer.version;
  }

  marks(): Mark[] {
    return this.#observer.marks(new Set(this.#run?.injector.active));
  }

  suffers(kind: FaultKind): boolean {
    return faultForms[kind].strikes !== "broker" && !onlyModelled.includes(kind);
  }

  pause(): Done {
    return failure("session", notOurs);
  }

  run(): Done {
    return failure("session", notOurs);
  }

  step(): Done {
    return failure("session", notOurs);
  }

  go(): Done {
    return failure("session", notOurs);
  }

  strike(order: Order): Done {
    const run = this.#run;
    if (run === undefined) return failure("session", "the run has not begun yet");
    const { stations } = run.simulation;
    const boards = new Map(stations.map(({ name, app }) => [name, Object.keys(app.sensors)]));
    const fault = faultOf(order, Math.floor(this.nowMs) + 1, { engine: this.engine, boards });
    if (!fault.ok) return fault;
    if (!this.suffers(fault.value.kind))
      return failure("fault", `${order.kind}: a real network and a real broker cannot be broken from here`);
    this.#options.inject(() => run.injector.schedule({ ...fault.value, atMs: Math.floor(this.nowMs) + 1 }));
    return success(undefined);
  }

  heal(key?: string): Done {
    const run = this.#run;
    this.#options.inject(() => {
      for (const fault of run?.injector.active ?? []) if (key === undefined || keyOf(fault) === key) run?.injector.heal(fault);
    });
    return success(undefined);
  }

  touch(touch: (run: Run) => void): Done {
    const run = this.#run;
    if (run === undefined) return failure("session", "the run has not begun yet");
    this.wasTouched = true;
    this.#options.inject(() => touch(run));
    return success(undefined);
  }

  plan(): Plan {
    return this.#observer.plan(this.#options.plan, this.nowMs);
  }
}
