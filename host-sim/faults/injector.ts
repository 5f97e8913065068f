/**
 * Brings faults into a simulation: each begins at its time and is healed after its own. Every fault draws
 * from a stream that depends on what and when it is, so leaving one out does not change another: that is
 * what makes a schedule of faults shrinkable.
 */
import type { Simulation } from "../simulation.js";
import type { Station } from "../station.js";
import type { Random } from "../world/random.js";
import { bluetoothEffects } from "./bluetooth-effects.js";
import { boardEffects } from "./board-effects.js";
import { brokerEffects } from "./broker-effects.js";
import type { Fault } from "./catalogue.js";
import { faultForms, faultLabel } from "./catalogue.js";
import type { Effects, Heal } from "./effect.js";
import { flashEffects } from "./flash-effects.js";
import { networkEffects } from "./network-effects.js";
import { sensorEffects } from "./sensor-effects.js";

const effects: Effects = { ...sensorEffects, ...networkEffects, ...bluetoothEffects, ...brokerEffects, ...boardEffects, ...flashEffects };

export interface InjectorEvents {
  onBegun(fault: Fault): void;
  onHealed(fault: Fault): void;
}

export class Injector {
  readonly #simulation: Simulation;
  readonly #draws: Random;
  readonly #events: Partial<InjectorEvents>;
  readonly #named = new Map<string, number>();
  readonly #active = new Map<Fault, Heal>();

  constructor(simulation: Simulation, events: Partial<InjectorEvents> = {}) {
    this.#simulation = simulation;
    this.#draws = simulation.random.split("faults");
    this.#events = events;
  }

  /** Faults that have begun and are not healed yet. */
  get active(): readonly Fault[] {
    return [...this.#active.keys()];
  }

  /** Plans a fault: at its time, or now when that is past. Its board must exist. */
  schedule(fault: Fault): void {
    const { scheduler } = this.#simulation;
    const atUs = Math.max(scheduler.nowUs, Math.round(fault.atMs * 1000));
    // The power goes in the middle of things, so the boards must know beforehand.
    if (fault.kind === "power-cut") for (const station of this.#struck(fault)) station.cutPowerAt(atUs);
    scheduler.at(atUs, () => this.#begin(fault));
  }

  /** Heals one fault that lasts, or all of them, at once. */
  heal(only?: Fault): void {
    for (const fault of only === undefined ? this.active : [only]) this.#heal(fault);
  }

  #begin(fault: Fault): void {
    const { scheduler } = this.#simulation;
    const stations = this.#struck(fault);
    const draws = this.#stream(faultLabel(fault, { atMs: fault.atMs }));
    const heal = effects[fault.kind]({ simulation: this.#simulation, stations, fault, draws });
    this.#events.onBegun?.(fault);
    if (!faultForms[fault.kind].lasts || heal === undefined) return;
    this.#active.set(fault, heal);
    if (fault.forMs < Infinity) scheduler.at(scheduler.nowUs + Math.round(fault.forMs * 1000), () => this.#heal(fault));
  }

  #heal(fault: Fault): void {
    const heal = this.#active.get(fault);
    if (heal === undefined) return;
    this.#active.delete(fault);
    heal();
    this.#events.onHealed?.(fault);
  }

  /** Faults that are equal by name still draw apart. */
  #stream(name: string): Random {
    const before = this.#named.get(name) ?? 0;
    this.#named.set(name, before + 1);
    return this.#draws.split(before === 0 ? name : `${name} ${before}`);
  }

  #struck(fault: Fault): readonly Station[] {
    const { stations } = this.#simulation;
    return fault.board === undefined ? stations : stations.filter(({ name }) => name === fault.board);
  }
}
