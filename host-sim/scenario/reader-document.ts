/**
 * The text of a scenario as a tree of YAML nodes that know where they stand. Whatever the text is, it ends
 * with a tree or a message: size and depth are bounded before anything is built from it, tags and
 * directives are refused, and aliases are only noted, never written out.
 */
import { type Alias, Composer, type CST, isAlias, LineCounter, type Node, Parser, visit } from "yaml";
import { countNames } from "./plan.js";
import { signsRemedy } from "./schema-range.js";

export interface Sheet {
  readonly root: Node | null;
  /** What each alias stands for. */
  readonly aliases: ReadonlyMap<Alias, Node>;
  readonly lines: LineCounter;
}

export interface Flaw {
  /** Characters from the text's beginning. */
  readonly at: number;
  readonly what: string;
}

const charactersMax = 1_048_576;
/** The format itself goes eight levels deep, each of which YAML may count twice. */
const depthMax = 40;

export function sheetOf(text: string): { readonly lines: LineCounter; readonly sheet: Sheet | Flaw } {
  const lines = new LineCounter();
  const flaw = (at: number, what: string) => ({ lines, sheet: { at, what } });
  if (text.length > charactersMax) {
    lines.addNewLine(0);
    return flaw(0, "the file is too large: at most 1 MiB; many boards of a kind are one entry with a count");
  }
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tooDeep(tokens);
  if (deep !== undefined) return flaw(deep, `this is nested more than ${depthMax} deep, which no scenario is`);
  const directive = tokens.find((token) => token.type === "directive");
  if (directive !== undefined) return flaw(directive.offset, "a scenario has no lines that begin with %: leave this out");
  // Keys are checked where they are read: this way a thousand of them take no million comparisons.
  const options = {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
    resolveKnownTags: false,
    keepSourceTokens: true,
  } as const;
  const [document, second] = new Composer(options).compose(tokens, true, text.length);
  if (second !== undefined) return flaw(second.range[0], "a second document begins here (---): a file holds one scenario");
  const [error] = [...document!.errors, ...document!.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (error !== undefined) {
    const signs = signsAt(text, error.pos[0]);
    return signs === undefined ? flaw(error.pos[0], said(error.code, error.message)) : flaw(signs.at, signs.what);
  }
  const root = document!.contents;
  return { lines, sheet: { root, aliases: aliasesIn(root), lines } };
}

/** Where the first token lies that is nested too deep, without going there by calls. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const open: [token: CST.Token, depth: number][] = tokens.map((token) => [token, 0]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [token, depth] = next;
    if (depth > depthMax) return token.offset;
    if ("value" in token && token.value !== undefined) open.push([token.value, depth + 1]);
    for (const item of "items" in token ? token.items : []) {
      if (item.key != null) open.push([item.key, depth + 1]);
      if (item.value !== undefined) open.push([item.value, depth + 1]);
    }
  }
  return undefined;
}

/** An alias stands for the latest anchor of its name before it. */
function aliasesIn(root: Node | null): Map<Alias, Node> {
  const anchors = new Map<string, Node>();
  const aliases = new Map<Alias, Node>();
  if (root === null) return aliases;
  visit(root, {
    Node(_, node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target !== undefined) aliases.set(node, target);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return aliases;
}

const ranged: readonly string[] = ["value", ...countNames];

/** A mistake of YAML's that is a range in signs, such as `missed: > 0`, where > begins a text of several lines. */
function signsAt(text: string, at: number): Flaw | undefined {
  const from = Math.max(text.lastIndexOf("\n", at - 1) + 1, at - 80);
  const [line = ""] = text.slice(from, at + 40).split("\n");
  for (const { index, 0: all, 1: key, 2: signs } of line.matchAll(/([\w-]+)["']?:[ \t]+([<>][^,}\]#\r]*)/g)) {
    const begin = from + index + all.length - signs!.length;
    if (at < begin || at > begin + signs!.length || !ranged.includes(key!)) continue;
    const what = signsRemedy(signs!, key !== "value");
    if (what !== undefined) return { at: begin, what: `${key} ${what}` };
  }
  return undefined;
}

/** YAML's own mistakes, in words that say what to do. */
function said(code: string, message: string): string {
  switch (code) {
    case "TAB_AS_INDENT":
      return "a tab stands at the line's beginning: indent with blanks";
    case "BLOCK_AS_IMPLICIT_KEY":
      return "there is a colon too many, or the line is indented too far: a text with a colon in it needs quotes";
    case "MULTILINE_IMPLICIT_KEY":
      return "this line is no key and value: a colon and a blank are missing, or it is indented wrongly";
    case "BAD_SCALAR_START":
      return "a text cannot begin with this character: put it in quotes";
    case "TAG_RESOLVE_FAILED":
      return "a scenario has no tags: leave out what begins with !";
    case "NON_STRING_KEY":
      return "a key must be a plain word";
    case "BAD_DQ_ESCAPE":
      return `${message.replace(/^Invalid/, "this is an invalid")}: in single quotes a backslash means nothing special`;
    case "MULTIPLE_DOCS":
      return "a second document begins here (---): a file holds one scenario";
    default:
      return `this is not YAML: ${message.slice(0, 1).toLowerCase()}${message.slice(1, 160)}`.replace(/\s+/g, " ");
  }
}
