/**
 * Reads values out of a scenario's YAML nodes. What is wrong is noted with its place, and reading goes on
 * with `undefined`, so that one look shows several mistakes. Never throws. Aliases are followed as they
 * come, under a bound on how much is read in all, so that none of them can blow a scenario up.
 */
import { type Alias, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from "yaml";
import { nearest } from "../../firmware/base/nearest.js";
import { countRangeRule, rangeOf, rangeRule, signsRemedy } from "./schema-range.js";
import { timeOf, timeText } from "./schema-time.js";
import type { Range } from "./plan.js";

/** A value and where it stands. */
export interface Spot {
  /** Null where nothing is written. */
  readonly node: Node | null;
  /** Characters from the text's beginning. */
  readonly at: number;
  /** What it is called in messages, e.g. `duration`. */
  readonly name: string;
}

const mistakesShown = 5;
/** More than a file of the largest size can say without aliases. */
const readsMax = 300_000;

export class Reader {
  readonly #mistakes: { readonly at: number; readonly what: string }[] = [];
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #aliases: ReadonlyMap<Alias, Node>;
  #reads = 0;

  constructor(file: string, lines: LineCounter, aliases: ReadonlyMap<Alias, Node>) {
    this.#file = file;
    this.#lines = lines;
    this.#aliases = aliases;
  }

  /** `file:line:column`. */
  place(at: number): string {
    const { line, col } = this.#lines.linePos(at);
    return `${this.#file}:${Math.max(1, line)}:${Math.max(1, col)}`;
  }

  /** Notes a mistake, of which the first few are kept. */
  wrong(spot: { readonly at: number }, what: string): undefined {
    if (!this.full) this.#mistakes.push({ at: spot.at, what });
    return undefined;
  }

  get mistakes(): number {
    return this.#mistakes.length;
  }

  /** No further mistake is kept: one more than is shown tells that there are more. */
  get full(): boolean {
    return this.mistakes > mistakesShown;
  }

  /** The mistakes in the order of their places, a line each, and a line more where there are more of them. */
  report(): string {
    const inOrder = [...this.#mistakes].sort((a, b) => a.at - b.at).slice(0, mistakesShown);
    const shown = inOrder.map(({ at, what }) => `${this.place(at)}: ${what}`);
    return [...shown, ...(this.full ? ["… and more: mend these first"] : [])].join("\n");
  }

  /** `; did you mean …?`, or nothing: also where nobody would read it. */
  meant(value: unknown, words: readonly string[]): string {
    const near = typeof value === "string" && !this.full ? nearest(value, words) : undefined;
    return near === undefined ? "" : `; did you mean ${near}?`;
  }

  spot(node: Node | null | undefined, name: string, otherwiseAt: number): Spot {
    const at = node?.range?.[0] ?? otherwiseAt;
    let value = node ?? null;
    // An alias may stand for another one.
    for (let steps = 0; isAlias(value) && steps < 40; steps++) {
      const target = this.#aliases.get(value);
      if (target === undefined) {
        this.wrong({ at }, `no anchor &${shown(value.source)} stands before this alias`);
        value = null;
      } else value = target;
    }
    return { node: isAlias(value) ? null : value, at, name };
  }

  /** False once too much was read: the caller then gives up. */
  #counted(spot: Spot, count: number): boolean {
    this.#reads += count;
    if (this.#reads <= readsMax) return true;
    // Once: everything after it would say the same.
    if (this.#reads - count <= readsMax) this.wrong(spot, "the scenario is too large with its aliases written out");
    return false;
  }

  /** The entries of a table, a spot each; a key that stands there twice is a mistake. */
  entries(spot: Spot, rule: string): { key: Spot & { readonly text: string }; value: Spot }[] | undefined {
    if (!isMap(spot.node)) return this.wrong(spot, `${spot.name} must be ${rule}, not ${describe(spot.node)}`);
    if (!this.#counted(spot, spot.node.items.length)) return undefined;
    const entries: { key: Spot & { readonly text: string }; value: Spot }[] = [];
    const seen = new Set<string>();
    for (const { key, value } of spot.node.items) {
      const node = key as Node | null;
      const at = node?.range?.[0] ?? spot.at;
      const text = isScalar(node) ? String(node.value ?? "") : "";
      if (seen.has(text)) this.wrong({ at }, `${quote(text)} stands here twice: leave one of them out`);
      seen.add(text);
      entries.push({ key: { node, at, name: "the key", text }, value: this.spot(value as Node | null, text, at) });
    }
    return entries;
  }

  /** A list's items; nothing at all is an empty one. */
  list(spot: Spot, itemName: string, rule: string): Spot[] | undefined {
    if (isNothing(spot.node)) return [];
    if (!isSeq(spot.node)) return this.wrong(spot, `${spot.name} must be ${rule}, not ${describe(spot.node)}`);
    if (!this.#counted(spot, spot.node.items.length)) return undefined;
    return spot.node.items.map((item) => this.spot(item as Node, itemName, spot.at));
  }

  /** A text; numbers and the like need quotes. */
  text(spot: Spot, rule = "a text"): string | undefined {
    const value = valueOf(spot.node);
    if (typeof value === "string") return value;
    const quoted = isScalar(spot.node) && !isNothing(spot.node) ? `; in quotes it is a text: "${shown(sourceOf(spot.node))}"` : "";
    return this.wrong(spot, `${spot.name} must be ${rule}, not ${describe(spot.node)}${quoted}`);
  }

  /** One of the words that there are. */
  word<Word extends string>(spot: Spot, words: readonly Word[]): Word | undefined {
    const value = valueOf(spot.node);
    if (typeof value === "string" && words.includes(value as Word)) return value as Word;
    return this.wrong(spot, `${spot.name} must be ${either(words)}, not ${describe(spot.node)}${this.meant(value, words)}`);
  }

  number(spot: Spot, least: number, most: number, whole = false): number | undefined {
    const value = valueOf(spot.node);
    if (typeof value === "number" && value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    const kind = whole ? "a whole number" : "a number";
    return this.wrong(spot, `${spot.name} must be ${kind} from ${least} to ${most}, not ${describe(spot.node)}`);
  }

  truth(spot: Spot): boolean | undefined {
    const value = valueOf(spot.node);
    return typeof value === "boolean" ? value : this.wrong(spot, `${spot.name} must be true or false, not ${describe(spot.node)}`);
  }

  /** ms. */
  time(spot: Spot, leastMs: number, mostMs: number): number | undefined {
    if (spot.node !== null && !isScalar(spot.node)) {
      return this.wrong(spot, `${spot.name} must be a time such as 30s, not ${describe(spot.node)}`);
    }
    const time = timeOf(valueOf(spot.node));
    if (typeof time === "string") return this.wrong(spot, `${spot.name} ${time}`);
    if (time >= leastMs && time <= mostMs) return time;
    if (time < leastMs) return this.wrong(spot, `${spot.name} must be at least ${timeText(leastMs)}, not ${timeText(time)}`);
    return this.wrong(spot, `${spot.name} must be at most ${timeText(mostMs)}, not ${shown(sourceOf(spot.node))}`);
  }

  range(spot: Spot, counts: boolean): Range | undefined {
    const range = isScalar(spot.node) ? rangeOf(spot.node.value, counts) : undefined;
    if (range !== undefined) return range;
    const remedy = signsRemedy(signsOf(spot.node), counts);
    if (remedy !== undefined) return this.wrong(spot, `${spot.name} ${remedy}`);
    return this.wrong(spot, `${spot.name} must be ${counts ? countRangeRule : rangeRule}, not ${describe(spot.node)}`);
  }
}

export function isNothing(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

export function valueOf(node: Node | null): unknown {
  return isScalar(node) ? node.value : undefined;
}

/** A value's text; of an empty block that YAML sees in `>3`, its sign and number. */
function signsOf(node: Node | null): string {
  if (!isScalar(node) || typeof node.value !== "string") return "";
  const token = node.srcToken;
  if (node.value !== "" || token?.type !== "block-scalar") return node.value;
  const header = token.props.find(({ type }) => type === "block-scalar-header");
  return header !== undefined && "source" in header ? header.source : "";
}

function sourceOf(node: Node | null): string {
  return isScalar(node) ? (node.source ?? String(node.value)) : "";
}

/** A node as a message names it. */
export function describe(node: Node | null): string {
  if (isNothing(node)) return "left empty";
  if (isMap(node)) return "a table";
  if (isSeq(node)) return "a list";
  const value = valueOf(node);
  return typeof value === "string" ? quote(value) : shown(sourceOf(node));
}

export function quote(text: string): string {
  return JSON.stringify(shown(text));
}

function shown(text: string): string {
  const clean = text.replace(/\p{C}/gu, "�");
  return clean.length > 60 ? clean.slice(0, 60) + "…" : clean;
}

export function either(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words[words.length - 1]}`;
}
