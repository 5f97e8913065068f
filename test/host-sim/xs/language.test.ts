/** The language on XS is the language on Node, as far as firmware uses it. */
import { describe, expect, test } from "vitest";
import { onXs, withoutXs } from "./available.js";
import { valueOnNode, valueOnXs } from "./run.js";

const pieces: Record<string, string> = {
  "sums, products, quotients and remainders": `
    const out = [];
    let state = 1;
    for (let i = 0; i < 20000; i++) {
      state = (Math.imul(state, 1103515245) + 12345) | 0;
      const a = state / 65536, b = ((state * 7) | 0) / 1000 + 0.1;
      out.push(a + b, a - b, a * b, a / b, a % b, Math.sqrt(a < 0 ? -a : a), Math.floor(a), Math.round(b), Math.trunc(a), Math.fround(b));
    }
    let text = 0;
    const bits = new DataView(new ArrayBuffer(8));
    for (const x of out) { bits.setFloat64(0, x); text = (Math.imul(text, 31) + (bits.getUint32(0) ^ bits.getUint32(4))) | 0; }
    report(text);`,
  "negative zero": `
    const zero = 0, minus = -1;
    report([Object.is(zero * minus, -0), Object.is(-zero, -0), 1 / Math.round(-0.2), JSON.stringify(-0), (-0).toFixed(2)].map(String));`,
  "numbers as text": `
    const out = [];
    for (let i = -3000; i < 3000; i++) { const x = i * 0.37 + 1 / 3; out.push(x.toFixed(2), x.toFixed(6), String(x), (i * 7919).toString(16)); }
    report(out);`,
  "JSON both ways": `
    const value = { a: [1, 2.5, -0.001, 1e21, null, true, "é\\u0000\\n\\"☃"], b: { c: {} }, u: undefined };
    report([JSON.stringify(value), JSON.parse(JSON.stringify(value))]);`,
  "integers of 32 bits": `
    const out = [];
    for (const x of [0, 1, -1, 2147483647, -2147483648, 4294967295, 1e10, -1e10, NaN, 0.5]) out.push(x | 0, x >>> 0, x << 3, x >> 3, x >>> 3, ~x, x ^ 0x5a5a5a5a, Math.imul(x, 48271), Math.clz32(x));
    report(out);`,
  "classes, closures and destructuring": `
    class A { #x = 1; static made = 0; constructor(y) { this.y = y; A.made++; } get sum() { return this.#x + this.y; } static { this.tag = "t"; } }
    class B extends A { get sum() { return super.sum * 10; } }
    const { sum, ...rest } = { sum: new B(4).sum, k: 1 };
    const [first, , third = 9] = [1, 2];
    report([sum, rest, first, third, A.made, A.tag, [3, 1, 2].at(-1), [..."aé☃"].length, null ?? 5, undefined?.x === undefined]);`,
  "errors and what they say of themselves": `
    const kinds = [];
    for (const bad of [() => null.x, () => { const c = 1; c = 2; }, () => { throw new RangeError("r"); }]) try { bad(); } catch (error) { kinds.push(error instanceof Error, error.constructor === TypeError, error.message === "r"); }
    report(kinds);`,
};

describe.skipIf(withoutXs)(onXs("XS and Node agree on"), () => {
  for (const [name, source] of Object.entries(pieces)) {
    test(name, () => {
      expect(valueOnXs(source)).toEqual(valueOnNode(source));
    });
  }
});

describe.skipIf(withoutXs)(onXs("the bench's natives"), () => {
  test("count every slot and byte that is allocated", () => {
    const source = `
      const slots = slotsInUse(), bytes = chunkBytesInUse(), before = collections();
      let sum = 0;
      for (let i = 0; i < 1000; i++) sum += i / 3;
      const idleSlots = slotsInUse() - slots, idleBytes = chunkBytesInUse() - bytes;
      for (let i = 0; i < 1000; i++) sum += { i }.i;
      const objects = slotsInUse() - slots;
      const from = chunkBytesInUse();
      const text = "x".repeat(1000);
      report({ idleSlots, idleBytes, objects, text: chunkBytesInUse() - from >= 1000, collected: collections() - before });
      collect();
      if (collections() === before) throw new Error("nothing was collected");`;
    expect(valueOnXs(source)).toEqual({ idleSlots: 0, idleBytes: 0, objects: 2000, text: true, collected: 0 });
  });

  test("tell time that runs", () => {
    expect(valueOnXs("const from = nowUs(); for (let i = 0; i < 1e5; i++); report(nowUs() - from > 10);")).toBe(true);
  });

  test("functions have neither name nor length, as on a stripped board", () => {
    expect(valueOnXs('report([Object.hasOwn(function named(a) {}, "name"), Object.hasOwn((a) => a, "length")]);')).toEqual([false, false]);
  });
});
