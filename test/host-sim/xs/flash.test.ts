/** Preloaded modules are read-only for good, and cost the arena nothing; others run in the arena. */
import { describe, expect, test } from "vitest";
import { onXs, withoutXs } from "./available.js";
import { errorOnXs, valueOnXs } from "./run.js";

const table = `
  const cache = [];
  const cached = { last: 0 };
  const squares = new Map();
  const bytes = new Uint8Array(4);
  let calls = 0;
  export class Shape { static made = 0; area() { return 1; } }
  export const deep = { inner: { list: [{ n: 1 }] } };
  export const writes = {
    array: (x) => { cache[x] = x * x; },
    push: (x) => { cache.push(x); },
    object: (x) => { cached.last = x; },
    map: (x) => { squares.set(x, x * x); },
    typed: (x) => { bytes[0] = x; },
    variable: () => { calls++; },
    inner: (x) => { deep.inner.list[0].n = x; },
    static: () => { Shape.made++; },
    prototype: () => { Shape.prototype.area = () => 2; },
    builtIn: () => { Array.prototype.last = () => 0; },
    builtInFunction: () => { Object.extra = 1; },
  };
  export const reads = () => [cache.length, cached.last, squares.size, bytes[0], calls, deep.inner.list[0].n, Shape.made, new Shape().area()];
`;

const use = `
  import { reads, writes } from "table";
  const thrown = {};
  for (const name of Object.keys(writes)) {
    try { writes[name](3); thrown[name] = "nothing"; } catch (error) { thrown[name] = error instanceof TypeError ? "TypeError" : String(error); }
  }
  report({ thrown, reads: reads() });`;

const names = ["array", "push", "object", "map", "typed", "variable", "inner", "static", "prototype", "builtIn", "builtInFunction"];

describe.skipIf(withoutXs)(onXs("a preloaded module"), () => {
  test("cannot write a table of its own later, whatever the table is", () => {
    expect(valueOnXs(use, { sources: { table }, preload: ["table"] })).toEqual({
      thrown: Object.fromEntries(names.map((name) => [name, "TypeError"])),
      reads: [0, 0, 0, 0, 0, 1, 0, 1],
    });
  });

  test("could, were it not preloaded: it is the freezing that throws", () => {
    const free = names.filter((name) => !name.startsWith("builtIn"));
    const { thrown } = valueOnXs(use, { sources: { table } }) as { thrown: Record<string, string> };
    expect(Object.keys(thrown).filter((name) => thrown[name] === "nothing")).toEqual(free);
  });

  test("takes no slot of the arena", () => {
    const big = `export const rows = [${Array.from({ length: 500 }, (_, n) => `{ n: ${n}, name: "row ${n}" }`).join(",")}];`;
    const source =
      'import { rows } from "big"; let sum = 0; for (let i = 0; i < rows.length; i++) sum += rows[i].n + rows[i].name.length; collect(); report([sum, slotsInUse() < 200]);';
    expect(valueOnXs(source, { sources: { big }, preload: ["big"], arenaBytes: 16 * 1024, keys: 32 })).toEqual([128_140, true]);
  });

  test("survives many collections of the arena that refers to it", () => {
    const words =
      'export const words = "alpha beta".split(" "); export const big = 12345678901234567890n; export const join = (a) => words[0] + a + String(big);';
    const source =
      'import { join, words } from "words"; let all = []; for (let i = 0; i < 2000; i++) { all = [join(i), words[1], ...all].slice(0, 5); if (i % 50 === 0) collect(); } report(all[0] + all[1]);';
    expect(valueOnXs(source, { sources: { words }, preload: ["words"], arenaBytes: 24 * 1024 })).toBe("alpha199912345678901234567890beta");
  });

  test("cannot call the host while it is linked", () => {
    expect(errorOnXs("", { sources: { eager: 'hostCall(1, "x");' }, preload: ["eager"] })).toEqual({
      kind: "link",
      message: "preload of eager: Error: the host cannot be called while modules are preloaded",
    });
  });
});

describe.skipIf(withoutXs)(onXs("linking"), () => {
  test("names the module that cannot be compiled", () => {
    const error = errorOnXs("", { sources: { broken: "export const x = ;" }, preload: ["broken"] });
    expect(error.kind).toBe("link");
    expect(error.message).toContain("broken");
  });

  test("names the module that is missing and who wants it", () => {
    expect(errorOnXs('import "firmware/nowhere";')).toEqual({
      kind: "link",
      message: "entry wants firmware/nowhere, and there is no such module",
    });
  });

  test("resolves relative imports against the importer, and `mote` as the firmware's", () => {
    const sources = { "a/b/c": 'export { d } from "../d.js";', "a/d": 'export * from "./b/../e.js";', "a/e": "export const d = 7;" };
    const source =
      'import { d } from "a/b/c"; import { defineApp } from "mote"; import { defineApp as same } from "firmware/mote"; report([d, same === defineApp]);';
    expect(valueOnXs(source, { sources })).toEqual([7, true]);
  });
});
