/**
 * A chain of stages as a person types it: `median(5) | delta(0.2)`. A stage is called as in an app; times
 * may carry their unit (`throttle(2s)`), names need no quotes, and a chain may stand where `or` takes a
 * stage: `or(delta(2), throttle(60s) | median(5))`. JSON is taken too. What it gives is plain data, unchecked:
 * `examine` checks it.
 */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { nearest } from "../../firmware/base/nearest.js";
import * as builders from "../../firmware/pipeline/builders.js";
import * as joins from "../../firmware/pipeline/joins.js";
import type { Stage } from "../../firmware/pipeline/stage.js";
import { timeOf } from "../scenario/schema-time.js";
import { functionRule, nameHint, unitHint, unitRemedy, valueHint } from "./chain-hints.js";
import { chainOfJson, looksLikeJson } from "./chain-json.js";
import { isStageName, type StageName, surplus } from "./stage-values.js";

const depthMax = 16;
const lengthMax = 10_000;

/** The failure's message shows the text with a mark under the place. */
export function parseChain(text: string): Result<readonly Stage[], "chain"> {
  if (text.length > lengthMax) return failure("chain", `a chain has at most ${lengthMax} characters`);
  if (looksLikeJson(text)) {
    const read = chainOfJson(text);
    return "what" in read ? failure("chain", marked(read.what, text, read.at)) : success(read);
  }
  const reading = new Reading(text);
  try {
    const stages = reading.chain(0);
    reading.end();
    return success(stages);
  } catch (thrown) {
    if (!(thrown instanceof Mistake)) throw thrown;
    return failure("chain", marked(thrown.message, text, thrown.at));
  }
}

/** The text's own line breaks would take the mark away from its place. */
function marked(what: string, text: string, at: number): string {
  return `${what}\n  ${text.replace(/\s/g, " ")}\n  ${" ".repeat(at)}^`;
}

/** Ends the reading; never leaves this file. */
class Mistake extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

class Reading {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  chain(depth: number): Stage[] {
    const stages = [this.#stage(depth)];
    while (this.#skip("|")) stages.push(this.#stage(depth));
    return stages;
  }

  end(): void {
    this.#blank();
    if (this.#at < this.#text.length) throw new Mistake('stages are joined by "|", such as median(5) | delta(0.2)', this.#at);
  }

  #stage(depth: number): Stage {
    if (depth > depthMax) throw new Mistake("nested too deep", this.#at);
    this.#blank();
    const at = this.#at;
    const name = this.#word();
    if (name === "") throw new Mistake("a stage is missing here, such as median(5)", at);
    if (!isStageName(name)) throw new Mistake(noStage(name), at);
    if (name === "lambda") throw new Mistake(`lambda takes a function: ${functionRule}`, at);
    const begins: number[] = [];
    const texts: string[] = [];
    const argument = (): unknown => {
      this.#blank();
      begins.push(this.#at);
      const value = this.#argument(name, depth + 1, begins);
      texts.push(this.#text.slice(begins[begins.length - 1], this.#at));
      return value;
    };
    const values = this.#skip("(") ? this.#list(")", argument) : [];
    const many = surplus(name, texts);
    if (many !== undefined) throw new Mistake(many, begins[begins.length - 1]!);
    try {
      return (builders as unknown as Record<string, (...values: unknown[]) => Stage>)[name]!(...values);
    } catch (thrown) {
      throw new Mistake(`${name}: ${thrown instanceof Error ? thrown.message : "its values are wrong"}`, at);
    }
  }

  #argument(name: StageName, depth: number, begins: readonly number[]): unknown {
    if (name === "group") return this.#stage(depth);
    if (name === "or") {
      const stages = this.chain(depth);
      return stages.length === 1 ? stages[0] : builders.group(...stages);
    }
    const before = this.#text.slice(begins[0], this.#at);
    const named = nameHint(name, before, this.#text.slice(this.#at));
    if (named !== undefined) throw new Mistake(named, this.#at);
    return this.#value(depth);
  }

  #value(depth: number): unknown {
    if (depth > depthMax) throw new Mistake("nested too deep", this.#at);
    if (this.#skip("[")) return this.#list("]", () => this.#value(depth + 1));
    if (this.#skip("{")) return Object.fromEntries(this.#list("}", () => this.#entry(depth + 1)));
    this.#blank();
    const at = this.#at;
    const quoted = /^"([^"]*)"|^'([^']*)'/.exec(this.#text.slice(at));
    if (quoted !== null) {
      this.#at += quoted[0].length;
      return quoted[1] ?? quoted[2];
    }
    const hint = valueHint(this.#text.slice(at));
    if (hint !== undefined) throw new Mistake(hint, at);
    const bare = /^[^\s,|()[\]{}:"']+/.exec(this.#text.slice(at))?.[0] ?? "";
    this.#at += bare.length;
    if (bare === "") throw new Mistake("a value is missing here", at);
    if (bare === "true" || bare === "false") return bare === "true";
    if (/^nan$/i.test(bare)) return NaN;
    if (/^[-+]?(\d|\.\d)/.test(bare)) return number(bare, at);
    return bare;
  }

  #entry(depth: number): [string, unknown] {
    this.#blank();
    const at = this.#at;
    const quote = /^["']/.exec(this.#text.slice(at))?.[0] ?? "";
    this.#at += quote.length;
    const name = this.#word();
    const closed = quote === "" || this.#text[this.#at++] === quote;
    if (name !== "" && closed && this.#skip("=")) throw new Mistake(`a colon stands behind a name, not "=": { ${name}: … }`, this.#at - 1);
    if (name === "" || !closed || !this.#skip(":"))
      throw new Mistake("a parameter and its value are missing here, such as { window_size: 5 }", at);
    return [name, this.#value(depth)];
  }

  #list<Item>(closing: string, item: () => Item): Item[] {
    const items: Item[] = [];
    if (this.#skip(closing)) return items;
    let begin: number;
    do {
      this.#blank();
      begin = this.#at;
      items.push(item());
    } while (this.#skip(","));
    const behind = this.#at;
    if (this.#skip(closing)) return items;
    const hint = unitHint(this.#text.slice(begin, behind).trim(), this.#text.slice(behind));
    if (hint !== undefined) throw new Mistake(hint, begin);
    throw new Mistake(behind < this.#text.length ? `"," or "${closing}" is missing here` : `"${closing}" is missing here`, behind);
  }

  #word(): string {
    const word = /^[A-Za-z_][A-Za-z0-9_]*/.exec(this.#text.slice(this.#at))?.[0] ?? "";
    this.#at += word.length;
    return word;
  }

  #skip(character: string): boolean {
    this.#blank();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #blank(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
  }
}

/** A number, or a time in ms; a percentage stays a text. */
function number(text: string, at: number): number | string {
  const plain = Number(text);
  if (Number.isFinite(plain)) return plain;
  if (/^[\d.]+%$/.test(text)) return text;
  const timeMs = timeOf(text);
  if (typeof timeMs === "number") return timeMs;
  const [, digits = "", unit = ""] = /^([-+]?[\d.]+)(\p{L}+)$/u.exec(text) ?? [];
  const remedy = unitRemedy(digits, unit, false);
  if (remedy !== undefined) throw new Mistake(`${JSON.stringify(text)}: ${remedy}`, at);
  throw new Mistake(`${JSON.stringify(text)} is neither a number nor a time such as 2s`, at);
}

function noStage(name: string): string {
  if (name !== "joinFamilies" && Object.hasOwn(joins, name)) {
    return `${name} is a join, no stage: it makes one channel out of several, and stands in an app as a channel's from (docs/stages.md)`;
  }
  const meant = nearest(name, Object.keys(builders));
  const hint = meant === undefined ? "; docs/stages.md and docs/esphome.md have them all" : `; did you mean ${meant}?`;
  return `there is no stage ${JSON.stringify(name)}${hint}`;
}
