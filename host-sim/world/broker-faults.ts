/** What is wrong with the broker model now: each fault with whom it strikes, in any number, until it is healed. */
import type { Link } from "./link.js";

/** The boards whose connections are meant; undefined: every connection. */
export type Struck = ReadonlySet<Link> | undefined;

/** Faults of one kind that last. */
export class Affliction<Detail> {
  readonly #faults: { readonly struck: Struck; readonly detail: Detail }[] = [];

  get any(): boolean {
    return this.#faults.length > 0;
  }

  /** Returns what heals it. */
  begin(struck: Struck, detail: Detail): () => void {
    const fault = { struck, detail };
    this.#faults.push(fault);
    return () => {
      const index = this.#faults.indexOf(fault);
      if (index >= 0) this.#faults.splice(index, 1);
    };
  }

  /** The detail of the oldest that strikes a connection from there; undefined: none does. */
  of(from: Link | undefined): Detail | undefined {
    for (const { struck, detail } of this.#faults) if (strikes(struck, from)) return detail;
    return undefined;
  }
}

export function strikes(struck: Struck, from: Link | undefined): boolean {
  return struck === undefined || (from !== undefined && struck.has(from));
}
