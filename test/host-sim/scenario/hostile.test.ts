import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { parseScenario } from "../../../host-sim/scenario/parse.js";
import { writeScenario } from "../../../host-sim/scenario/write.js";

const folder = fileURLToPath(new URL("../../../host-sim/scenarios/", import.meta.url));
const library = readdirSync(folder).map((name) => readFileSync(folder + name, "utf8"));

/** Ends with a plan that can be written, or with one to five lines that each name a place in the text, and one if there are more. */
function judged(text: string): boolean {
  const parsed = parseScenario("a.yaml", text);
  if (parsed.ok) {
    const again = parseScenario("a.yaml", writeScenario(parsed.value));
    if (!again.ok) throw new Error(`${again.error.message}\n${writeScenario(parsed.value)}`);
    return true;
  }
  const lines = parsed.error.message.split("\n");
  if (lines.length === 6 && lines[5] === "… and more: mend these first") lines.pop();
  if (lines.length > 5) throw new Error(`${lines.length} mistakes`);
  const last = text.split("\n").length;
  for (const line of lines) {
    const place = /^a\.yaml:(\d+):(\d+): \S.{5,}$/.exec(line);
    if (place === null || Number(place[1]) < 1 || Number(place[1]) > last + 1 || Number(place[2]) < 1) throw new Error(`no place: ${line}`);
  }
  return false;
}

const snippets = [
  "5",
  "-1",
  ".nan",
  "[]",
  "{}",
  "null",
  "*a",
  "&a ",
  "!x ",
  "1e999",
  "'",
  '"',
  "\t",
  "- ",
  ": ",
  "#",
  "\u0000",
  "end",
  "9d",
  "{ at: 1s }",
];

/** A text of the library with some of its pieces cut, doubled, swapped or replaced. */
const mutated = fc
  .record({
    text: fc.constantFrom(...library),
    changes: fc.array(fc.record({ at: fc.nat(), length: fc.nat({ max: 12 }), put: fc.constantFrom("", ...snippets) }), {
      minLength: 1,
      maxLength: 4,
    }),
    lines: fc.array(fc.record({ from: fc.nat(), to: fc.nat() }), { maxLength: 2 }),
  })
  .map(({ text, changes, lines }) => {
    const all = text.split("\n");
    for (const { from, to } of lines) all.splice(to % all.length, 0, all[from % all.length]!);
    let changed = all.join("\n");
    for (const { at, length, put } of changes) {
      const begin = at % changed.length;
      changed = changed.slice(0, begin) + put + changed.slice(begin + length);
    }
    return changed;
  });

/** YAML of the right keys with wrong values, and of the wrong keys. */
const key = fc.constantFrom(
  ..."name about seed duration boards environment faults expect never count app board starts clock at for fault with every chance message state value after within temperature noise steps daily".split(
    " ",
  ),
);
const tree = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<unknown>("10m", "5s", 5, -1, 0.5, "own", "wifi-down", "temperature", "at least 1", null, true, NaN, Infinity, "", "0s"),
    fc.string(),
    fc.array(tie("node"), { maxLength: 3 }),
    fc.dictionary(key, tie("node"), { maxKeys: 4 }),
  ),
})).node;
const document = fc.dictionary(key, tree, { maxKeys: 6 }).map((value) => stringify({ duration: "10m", ...value }));

describe("a text that is no scenario", () => {
  test("never throws and is always answered with places: files of the library, mutated", () => {
    let taken = 0;
    fc.assert(
      fc.property(mutated, (text) => {
        if (judged(text)) taken++;
      }),
      { seed: 1, numRuns: 120 },
    );
    expect(taken).toBeGreaterThan(5);
  });

  test("never throws and is always answered with places: YAML of any shape", () => {
    fc.assert(
      fc.property(document, (text) => void judged(text)),
      { seed: 2, numRuns: 250 },
    );
  });

  test("never throws and is always answered with places: any characters", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fc.constantFrom(...snippets, "duration", ": ", "\n", "  ")).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(text, (each) => void judged(each)),
      { seed: 3, numRuns: 150 },
    );
  });

  test.each([
    ["lists in lists", "- ".repeat(20_000)],
    ["brackets", "[".repeat(20_000)],
    ["braces", "{a: ".repeat(20_000)],
    ["keys that are keys", "? ".repeat(20_000)],
  ])("is refused when it is too deep: %s", (_, text) => {
    const parsed = parseScenario("a.yaml", text);
    expect(parsed.ok ? "" : parsed.error.message).toMatch(/^a\.yaml:1:\d+: this is nested more than 40 deep, which no scenario is$/);
  });

  test("is refused when it is too large", () => {
    const parsed = parseScenario("a.yaml", "#".repeat(1_048_577));
    expect(parsed.ok ? "" : parsed.error.message).toContain("a.yaml:1:1: the file is too large: at most 1 MiB");
  });

  test("is refused when its aliases would blow it up", () => {
    const signal = `&s [${"1, ".repeat(99)}1]`;
    const environment = `&e { temperature: ${signal}, humidity: *s, outdoor: *s, pressure: *s }`;
    const boards = Array.from({ length: 1200 }, (_, index) => `  - { name: b${index}, environment: *e }`).join("\n");
    const parsed = parseScenario("a.yaml", `duration: 1s\nenvironment: ${environment}\nboards:\n${boards}\n`);
    expect(parsed.ok ? "" : parsed.error.message).toMatch(/^a\.yaml:2:\d+: the scenario is too large with its aliases written out$/);
  });

  test.each(["duration: 1s\nboards: &a [{ environment: *a }]", "duration: 1s\nfaults: &a [*a]", "&a { duration: 1s, environment: *a }"])(
    "is refused when it contains itself: %j",
    (text) => {
      expect(judged(text)).toBe(false);
    },
  );

  test("takes no long time to be told wrong thousands of times", () => {
    const faults = Array.from({ length: 1000 }, () => `  - { at: 1s, fault: ${"wifi-dawn-".repeat(5)}, board: board-10001 }`).join("\n");
    const startedMs = performance.now();
    expect(judged(`duration: 1m\nboards: [{ count: 10000 }]\nfaults:\n${faults}`)).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(4000);
  });
});
