/** One table of a scenario by its keys: which there may be, which must be. A key with nothing after it counts as left out. */
import { isNothing, quote, type Reader, type Spot } from "./reader.js";
import type { Range } from "./plan.js";

export class Fields {
  readonly at: number;
  readonly #reader: Reader;
  readonly #values = new Map<string, Spot>();
  /** Where each key itself stands. */
  readonly #keys = new Map<string, number>();
  #mistyped = false;

  private constructor(reader: Reader, at: number) {
    this.#reader = reader;
    this.at = at;
  }

  /** Undefined where it is no table; unknown keys are mistakes, and the rest is read. `what` names it in messages, e.g. `a board`. */
  static of(reader: Reader, spot: Spot, what: string, names: readonly string[], rule: string): Fields | undefined {
    const entries = reader.entries(spot, rule);
    if (entries === undefined) return undefined;
    const fields = new Fields(reader, spot.at);
    for (const { key, value } of entries) {
      if (!names.includes(key.text)) {
        fields.#mistyped = true;
        const near = reader.meant(key.text, names);
        const has = names.length === 0 ? "; it takes none" : `; ${what} has ${names.join(", ")}`;
        reader.wrong(key, `unknown key ${quote(key.text)} in ${what}${near === "" ? has : near}`);
      } else if (!isNothing(value.node)) {
        fields.#values.set(key.text, value);
        fields.#keys.set(key.text, key.at);
      }
    }
    return fields;
  }

  /** A key was mistyped: what seems to be missing may be it. */
  get mistyped(): boolean {
    return this.#mistyped;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  get(name: string): Spot | undefined {
    return this.#values.get(name);
  }

  /** Notes what is missing. `example` is how it would look. */
  required(name: string, example: string): Spot | undefined {
    return this.#values.get(name) ?? this.missing(`${name} is missing, such as ${example}`);
  }

  /** Notes that something is missing, unless a mistake says so already. */
  missing(what: string): undefined {
    return this.#mistyped ? undefined : this.#reader.wrong(this, what);
  }

  /** A mistake about a key that should not be there, or not beside another. */
  wrong(name: string, what: string): undefined {
    return this.#reader.wrong({ at: this.#keys.get(name) ?? this.at }, what);
  }

  /** Of a value that is wrong, `byDefault` too: its mistake is noted. */
  time<T>(name: string, byDefault: T, leastMs: number, mostMs: number): number | T {
    const spot = this.#values.get(name);
    return spot === undefined ? byDefault : (this.#reader.time(spot, leastMs, mostMs) ?? byDefault);
  }

  number<T>(name: string, byDefault: T, least: number, most: number, whole = false): number | T {
    const spot = this.#values.get(name);
    return spot === undefined ? byDefault : (this.#reader.number(spot, least, most, whole) ?? byDefault);
  }

  text<T>(name: string, byDefault: T): string | T {
    const spot = this.#values.get(name);
    return spot === undefined ? byDefault : (this.#reader.text(spot) ?? byDefault);
  }

  word<Word extends string, T>(name: string, byDefault: T, words: readonly Word[]): Word | T {
    const spot = this.#values.get(name);
    return spot === undefined ? byDefault : (this.#reader.word(spot, words) ?? byDefault);
  }

  range(name: string, counts: boolean): Range | undefined {
    const spot = this.#values.get(name);
    return spot === undefined ? undefined : this.#reader.range(spot, counts);
  }
}
