/**
 * What is wrong with what one sensor feels: wrapped round the signals of its surroundings, so that two
 * sensors in one room may tell different stories.
 *
 * Fault model: spikes last a millisecond each, up or down, struck by chance; drifts grow steadily from
 * their beginning; a saturated sensor feels the end of its range; a stuck one what it felt last. Faults
 * overlap: spikes and drifts add up, then the high end wins over the low one, then stuck over all. The
 * sensor is whole when each has been taken back, in whatever order. But for being stuck it is a function
 * of time and of the faults' own seeds: none shifts another.
 */
import { type Chance, strikes } from "./chips/chip.js";
import { hash, type Signal } from "./chips/signal.js";

/** In the unit of the signal: a sensor of several quantities is struck in each, in its own unit. */
export type Trouble =
  | { readonly kind: "spike"; readonly by: number; readonly chance: Chance }
  | { readonly kind: "drift"; readonly perHour: number; readonly fromUs: number }
  | { readonly kind: "saturation"; readonly end: "high" | "low" }
  | { readonly kind: "stuck" };

const hourUs = 3600e6;

export class Distortion {
  #troubles: readonly Trouble[] = [];
  #stuck = false;

  get stuck(): boolean {
    return this.#stuck;
  }

  /** Until what it returns is called. */
  begin(trouble: Trouble): () => void {
    this.#become([...this.#troubles, trouble]);
    return () => this.#become(this.#troubles.filter((each) => each !== trouble));
  }

  /** `signal` as the sensor feels it, whose range ends at `least` and `most`. Whole, it costs a call. */
  wrap(signal: Signal, least = -Infinity, most = Infinity): Signal {
    let felt: number | undefined;
    return (nowUs) => {
      if (this.#stuck && felt !== undefined) return felt;
      felt = signal(nowUs);
      if (this.#troubles.length > 0) felt = this.#distorted(felt, nowUs, least, most);
      return felt;
    };
  }

  #become(troubles: readonly Trouble[]): void {
    this.#troubles = troubles;
    this.#stuck = troubles.some(({ kind }) => kind === "stuck");
  }

  #distorted(value: number, nowUs: number, least: number, most: number): number {
    let end: "high" | "low" | undefined;
    for (const trouble of this.#troubles) {
      if (trouble.kind === "spike") value += spike(trouble.by, trouble.chance, Math.floor(nowUs / 1000));
      else if (trouble.kind === "drift") value += (trouble.perHour * Math.max(0, nowUs - trouble.fromUs)) / hourUs;
      else if (trouble.kind === "saturation" && end !== "high") end = trouble.end;
    }
    return end === undefined ? value : end === "high" ? most : least;
  }
}

/** In one millisecond: the conversions of one measurement meet the same spike, but where it begins or ends between them. */
function spike(by: number, chance: Chance, ms: number): number {
  if (!strikes(chance, ms)) return 0;
  return (hash(chance.seed ^ 0x1b873593, ms) & 1) === 0 ? by : -by;
}
