/** What a station's sensors felt: the world's signals as its chips asked for them, kept while a measurement is under way. */
import type { Environment } from "../world/environment.js";

type Quantity = keyof Environment;

export class Felt {
  readonly #heard = new Set<Quantity>();
  /** What was asked for, in its order, while anything was being measured. */
  readonly #quantities: Quantity[] = [];
  readonly #values: number[] = [];
  #measuring = 0;

  /** The same signals, listened to. */
  heard(environment: Partial<Environment>): Partial<Environment> {
    const heard: Partial<Environment> = {};
    for (const quantity of Object.keys(environment) as Quantity[]) {
      const signal = environment[quantity]!;
      this.#heard.add(quantity);
      heard[quantity] = (nowUs) => {
        const value = signal(nowUs);
        if (this.#measuring > 0) {
          this.#quantities.push(quantity);
          this.#values.push(value);
        }
        return value;
      };
    }
    return heard;
  }

  /** A measurement begins. What is asked for from here on is remembered until no measurement is under way. */
  begin(): number {
    this.#measuring++;
    return this.#values.length;
  }

  end(): void {
    if (--this.#measuring > 0) return;
    this.#quantities.length = 0;
    this.#values.length = 0;
  }

  forget(): void {
    this.#measuring = 1;
    this.end();
  }

  /** The least and the greatest of a quantity since `begin` gave `mark`; a NaN when it was not asked for, undefined when nobody listens. */
  since(quantity: Quantity, mark: number): { readonly least: number; readonly most: number } | undefined {
    if (!this.#heard.has(quantity)) return undefined;
    let least = NaN;
    let most = NaN;
    for (let index = mark; index < this.#values.length; index++) {
      if (this.#quantities[index] !== quantity) continue;
      const value = this.#values[index]!;
      if (!(value >= least)) least = value;
      if (!(value <= most)) most = value;
    }
    return { least, most };
  }
}
