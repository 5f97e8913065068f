/**
 * The memory behind key-value storage, which outlives the power: NVS of ESP-IDF as far as it can be felt.
 * A log of entries of 32 bytes in six pages of 126; a value takes its bytes' entries and two more. What is
 * written anew goes to the log's end and the old is marked; when the page under way is full and but one
 * page is free, the page with the fewest live entries has these copied and is erased. So a page on which
 * something rests may stay as it is, while the others take turns.
 *
 * Fault model: a write that the power ends leaves the old value or the new, never a mix: NVS checks a
 * CRC-32 of each entry at boot, and of two values of a key keeps the newer. A page whose erase the power
 * ended is erased at the next boot, which is part of the boot's time. A flipped bit costs the value, which
 * is then not found (`lose`). A chip may refuse every write (`failing`). A log whose entries are all in use
 * has no room. Pages do not wear out; `erases` says how often each was erased.
 *
 * Left out: values that lie across pages, which NVS has; the radio's own values in the same partition.
 */
import { invariant } from "../../firmware/base/invariant.js";

const pageEntries = 126;
const pageCount = 6;
const entryBytes = 32;
/** The longest value in one page. */
export const valueBytesMax = (pageEntries - 2) * entryBytes;

/** Charges for so many entries, or for the erase of a page; throws when the power does not last for it. */
export interface Toll {
  entries(count: number): void;
  erase(page: number): void;
}

interface Page {
  /** Entries written since the erase, and how many of them hold what is still true. */
  used: number;
  live: number;
  /** When it was begun, among all pages. */
  begun: number;
}

interface Item {
  readonly bytes: Uint8Array;
  readonly entries: number;
  page: number;
}

/** All of a memory, as JSON holds it. */
export interface KeyValueSnapshot {
  /** Of each page: entries written, and when it was begun. */
  readonly pages: readonly { readonly used: number; readonly begun: number }[];
  readonly erases: readonly number[];
  readonly active: number;
  /** Namespace and key, bytes in hex, page. */
  readonly items: readonly { readonly at: string; readonly hex: string; readonly entries: number; readonly page: number }[];
}

export class KeyValueMemory {
  failing = false;
  /** Of each page. */
  readonly erases: number[] = [];
  readonly #items = new Map<string, Item>();
  readonly #pages: Page[] = [];
  #active = 0;
  #begun = 0;

  has(namespace: string): boolean {
    return this.#items.has(namespace);
  }

  read(namespace: string, key: string): Uint8Array | undefined {
    return this.#items.get(place(namespace, key))?.bytes;
  }

  /** A namespace comes into being: an entry of its own. */
  found(namespace: string, toll: Toll): void {
    this.#put(namespace, new Uint8Array(0), 1, toll);
  }

  write(namespace: string, key: string, bytes: Uint8Array, toll: Toll): void {
    this.#put(place(namespace, key), Uint8Array.from(bytes), 2 + Math.ceil(bytes.length / entryBytes), toll);
  }

  delete(namespace: string, key: string, toll: Toll): void {
    const item = this.#items.get(place(namespace, key));
    if (item === undefined) return;
    this.#check();
    toll.entries(item.entries);
    this.#outlive(item);
    this.#items.delete(place(namespace, key));
  }

  /** A bit of the value flips: it is not found any more. */
  lose(namespace: string, key: string): void {
    const item = this.#items.get(place(namespace, key));
    if (item === undefined) return;
    this.#outlive(item);
    this.#items.delete(place(namespace, key));
  }

  snapshot(): KeyValueSnapshot {
    return {
      pages: this.#pages.map(({ used, begun }) => ({ used, begun })),
      erases: [...this.erases],
      active: this.#active,
      items: Array.from(this.#items, ([at, { bytes, entries, page }]) => ({ at, hex: Buffer.from(bytes).toString("hex"), entries, page })),
    };
  }

  /** Makes this, which must be new, what that one was. Throws when it cannot have been one. */
  restore({ pages, erases, active, items }: KeyValueSnapshot): void {
    invariant(pages.length === 0 || (pages.length === pageCount && pages[active] !== undefined), "NVS has six pages");
    for (const { used, begun } of pages) this.#pages.push({ used, live: 0, begun });
    this.erases.push(...erases);
    this.#active = active;
    for (const { at, hex, entries, page } of items) {
      this.#items.set(at, { bytes: Uint8Array.from(Buffer.from(hex, "hex")), entries, page });
      const home = this.#pages[page];
      invariant(home !== undefined && (home.live += entries) <= home.used, "what is kept lies in a page");
    }
    for (const { begun } of pages) this.#begun = Math.max(this.#begun, begun);
  }

  /** Each step is paid for before it is done: where the power ends, it and what follows are left out. */
  #put(at: string, bytes: Uint8Array, entries: number, toll: Toll): void {
    this.#check();
    this.#makeRoom(entries, toll);
    toll.entries(entries);
    const old = this.#items.get(at);
    const page = this.#pages[this.#active]!;
    page.used += entries;
    page.live += entries;
    this.#items.set(at, { bytes, entries, page: this.#active });
    if (old === undefined) return;
    this.#outlive(old);
    toll.entries(old.entries);
  }

  #check(): void {
    if (this.failing) throw new Error("ESP_ERR_FLASH_OP_FAIL");
    if (this.#pages.length > 0) return;
    for (let page = 0; page < pageCount; page++) {
      this.#pages.push({ used: 0, live: 0, begun: 0 });
      this.erases.push(0);
    }
  }

  #outlive(item: Item): void {
    const page = this.#pages[item.page]!;
    page.live -= item.entries;
    invariant(page.live >= 0, "a page has no more outlived entries than it has entries");
  }

  #makeRoom(entries: number, toll: Toll): void {
    if (this.#fits(entries)) return;
    const free = this.#pages.flatMap(({ used }, page) => (used === 0 ? [page] : []));
    // One page always stays free: a reclaim copies to it.
    if (free.length > 1) {
      this.#active = free[0]!;
      this.#pages[this.#active]!.begun = ++this.#begun;
    } else if (!this.#reclaim(free[0]!, toll) || !this.#fits(entries)) throw new Error("ESP_ERR_NVS_NOT_ENOUGH_SPACE");
  }

  #fits(entries: number): boolean {
    return this.#pages[this.#active]!.used + entries <= pageEntries;
  }

  /** The page with the fewest live entries, among equals the oldest, is copied to the free one and erased; false when all are full of them. */
  #reclaim(free: number, toll: Toll): boolean {
    let fewest = pageEntries;
    let victim = -1;
    for (const [page, { used, live, begun }] of this.#pages.entries()) {
      if (used === 0 || live > fewest || live === pageEntries) continue;
      if (live === fewest && begun > this.#pages[victim]!.begun) continue;
      fewest = live;
      victim = page;
    }
    if (victim < 0) return false;
    const page = this.#pages[victim]!;
    if (page.live > 0) toll.entries(page.live);
    for (const item of this.#items.values()) if (item.page === victim) item.page = free;
    this.#pages[free] = { used: page.live, live: page.live, begun: ++this.#begun };
    this.#pages[victim] = { used: 0, live: 0, begun: 0 };
    this.#active = free;
    this.erases[victim]!++;
    toll.erase(victim);
    return true;
  }
}

/** A namespace's own entry stands under its name alone. */
function place(namespace: string, key: string): string {
  return namespace + "\0" + key;
}
