/**
 * Where a text stops being JSON, by line and column, and what stands there. Engines tell that in words of their
 * own, and not always where; this reads the text once more for people.
 */

export interface JsonMistake {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly what: string;
}

/** Deeper than any app, and far from the end of the stack. */
const depthMax = 100;

/** Undefined for a text that is JSON. */
export function jsonMistake(text: string): JsonMistake | undefined {
  const scan = new Scan(text);
  try {
    scan.whole();
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof Stop)) throw thrown;
    const before = text.slice(0, thrown.at).split("\n");
    return { line: before.length, column: before[before.length - 1]!.length + 1, what: thrown.what };
  }
}

class Stop {
  readonly at: number;
  readonly what: string;

  constructor(at: number, what: string) {
    this.at = at;
    this.what = what;
  }
}

class Scan {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): void {
    if (this.#text.trim() === "") throw new Stop(0, "the file is empty");
    this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) this.#stop("the text should end here");
  }

  #value(depth: number): void {
    if (depth > depthMax) this.#stop(`it is more than ${depthMax} deep`);
    this.#space();
    const next = this.#text[this.#at];
    if (next === "{") this.#several("}", () => this.#entry(depth));
    else if (next === "[") this.#several("]", () => this.#value(depth + 1));
    else if (next === '"') this.#quoted();
    else if (!this.#take(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y)) this.#stop("a value should stand here");
  }

  #entry(depth: number): void {
    this.#space();
    if (this.#text[this.#at] !== '"') this.#stop("a name in double quotes should stand here");
    this.#quoted();
    this.#space();
    if (this.#text[this.#at] !== ":") this.#stop('":" should stand here');
    this.#at++;
    this.#value(depth + 1);
  }

  #several(end: string, each: () => void): void {
    const start = this.#at++;
    this.#space();
    if (this.#text[this.#at] === end) {
      this.#at++;
      return;
    }
    for (;;) {
      each();
      this.#space();
      const next = this.#text[this.#at];
      if (next === end) break;
      if (next === undefined)
        throw new Stop(this.#at, `the text ends, and "${end}" is missing (the bracket opens in line ${this.#lineOf(start)})`);
      if (next !== ",") this.#stop(`"," or "${end}" should stand here`);
      const comma = this.#at++;
      this.#space();
      if (this.#text[this.#at] === end) throw new Stop(comma, `a comma before "${end}": leave it out`);
    }
    this.#at++;
  }

  #quoted(): void {
    const start = this.#at;
    // eslint-disable-next-line no-control-regex
    if (this.#take(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y)) return;
    throw new Stop(start, "this text in quotes has no end in its line, or a \\ in it that JSON does not know");
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return false;
    this.#at += found[0].length;
    return true;
  }

  #space(): void {
    this.#take(/[ \t\r\n]*/y);
  }

  #lineOf(at: number): number {
    return this.#text.slice(0, at).split("\n").length;
  }

  #stop(need: string): never {
    const rest = this.#text.slice(this.#at);
    if (rest === "") throw new Stop(this.#at, "the text ends too early: " + need);
    if (/^(\/\/|\/\*|#)/.test(rest)) throw new Stop(this.#at, "a comment: JSON has none, leave it out");
    if (rest.startsWith("'")) throw new Stop(this.#at, 'a single quote: JSON has only double ones, "…"');
    if (rest.startsWith("\uFEFF")) throw new Stop(this.#at, "a byte order mark: save the file as UTF-8 without one");
    const found = /^[\w.$+-]{1,20}/.exec(rest)?.[0] ?? rest[0]!;
    throw new Stop(this.#at, `${JSON.stringify(found)}: ${need}`);
  }
}
