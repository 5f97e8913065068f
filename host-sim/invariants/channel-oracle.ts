/** What a channel should give out, from what its sensor's driver returned: its stages' results, or why there are none. */
import type { ReadingError } from "../../firmware/base/reading-error.js";
import type { ChannelDeclaration } from "../../firmware/declaration.js";
import type { Sample } from "../../firmware/sensing/driver.js";
import { Slot } from "./slot.js";
import { type Step, steps, type SummaryResult } from "./stage-oracle.js";

export interface Moment {
  /** The sample's grid point. */
  readonly ms: number;
  readonly atMs: number;
  readonly eventUs: number;
}

export class ChannelOracle {
  readonly sensor: string;
  readonly values: Slot;
  readonly summaries: Slot;
  readonly #declaration: ChannelDeclaration;
  readonly #kind: string;
  readonly #quantity: string;
  readonly #round: (x: number) => number;
  #steps: Step[] = [];
  /** Of the sample that is being taken. */
  #summary: SummaryResult | undefined;
  readonly #onSummary = (summary: SummaryResult): void => void (this.#summary = summary);

  constructor(name: string, declaration: ChannelDeclaration) {
    const [sensor = "", kind = "", quantity = ""] = typeof declaration.from === "string" ? declaration.from.split(".") : [];
    this.sensor = sensor;
    this.#kind = kind;
    this.#quantity = quantity;
    this.#declaration = declaration;
    this.#round = rounding(declaration.resolution);
    this.values = new Slot(name, sensor, declaration.resolution);
    this.summaries = new Slot(name + "/summary", sensor, declaration.resolution);
  }

  booted(): void {
    this.values.clear();
    this.summaries.clear();
    this.#steps = steps(this.#declaration.stages ?? []);
  }

  /** How many messages the sample makes. */
  take(sample: Sample | undefined, error: ReadingError | undefined, { ms, atMs, eventUs }: Moment): number {
    const { emissions } = this.values;
    let x = sample?.[this.#kind]?.[this.#quantity];
    if (typeof x === "object") throw new Error("the oracle knows no bursts");
    /** Why the result is missing, if it is: what the stages themselves make missing is an overflow. */
    let why: ReadingError = "range";
    if (x === undefined) why = error ?? "absent";
    x = x !== undefined && Number.isFinite(x) ? this.#round(x) : NaN;
    this.#summary = undefined;
    for (const step of this.#steps) {
      x = step(x, ms, this.#onSummary);
      if (x === undefined) break;
    }
    let made = 0;
    if (this.#summary !== undefined) {
      this.summaries.emissions.push({ ms, atMs, eventUs, kind: "summary", summary: this.#summary });
      made++;
    }
    if (x === undefined) return made;
    emissions.push(Number.isNaN(x) ? { ms, atMs, eventUs, kind: "error", error: why } : { ms, atMs, eventUs, kind: "value", value: x });
    return made + 1;
  }
}

/** To the nearest multiple of `resolution`, halves up, as the nearest double to that decimal. */
export function rounding(resolution: number): (x: number) => number {
  let scale = 1;
  while (Math.round(resolution * scale) / scale !== resolution && scale < 1e12) scale *= 10;
  const step = Math.round(resolution * scale);
  return (x) => (Math.floor((x * scale) / step + 0.5) * step) / scale;
}
