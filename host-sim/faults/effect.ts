/** What a fault does: how it begins in a simulation, and how it is healed. The effects of each kind stand in the files beside this. */
import type { Simulation } from "../simulation.js";
import type { Station } from "../station.js";
import type { Random } from "../world/random.js";
import type { Fault, FaultKind } from "./catalogue.js";

export interface Strike {
  readonly simulation: Simulation;
  /** The boards it strikes: for faults of the broker, those whose connections are meant. */
  readonly stations: readonly Station[];
  readonly fault: Fault;
  /** A stream of this fault's own. */
  readonly draws: Random;
}

/** Heals the fault. Called once. Faults of one kind may overlap: the world is whole when all have been healed. */
export type Heal = () => void;

/** Begins the fault now; nothing to heal where it does not last. */
export type Effect = (strike: Strike) => Heal | void;

export type Effects<Kind extends FaultKind = FaultKind> = Readonly<Record<Kind, Effect>>;
