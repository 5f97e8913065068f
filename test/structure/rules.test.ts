/** Each rule of the structure test sees what it is there to see: a bad sample a rule, and a good one beside it. */
import { describe, expect, test } from "vitest";
import { jumpsOutOfSwitch } from "./control-flow.js";
import { firmwareImports, hostImports, partCycles } from "./import-direction.js";
import { firmwareLanguage, worldLanguage } from "./language.js";
import { moduleState } from "./module-state.js";
import { source, type Finding, type Source } from "./source.js";

const firmware = (text: string, path = "firmware/uplink/sample.ts"): Source => source(path, text);
const importing = (path: string, from: string): Source => source(path, `import { x } from "${from}";`);

function caught(found: readonly Finding[], word: string | RegExp): void {
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(word);
}

describe("import directions of the firmware", () => {
  test.each([
    ["firmware/base/ring.ts", "../limits.js"],
    ["firmware/base/ring.ts", "../device.js"],
    ["firmware/limits.ts", "./device.js"],
    ["firmware/pipeline/compile.ts", "../start.js"],
    ["firmware/pipeline/compile.ts", "../mote.js"],
    ["firmware/pipeline/compile.ts", "../app.js"],
    ["firmware/pipeline/compile.ts", "../uplink/session.js"],
    ["firmware/network/wifi.ts", "../uplink/session.js"],
    ["firmware/config/store.ts", "../provisioning/gatt.js"],
    ["firmware/uplink/session.ts", "../esp32/crypto.js"],
    ["firmware/esp32/crypto.ts", "../uplink/session.js"],
    ["firmware/start.ts", "./app.js"],
    ["firmware/start.ts", "./main.js"],
    ["firmware/check.ts", "./start.js"],
    ["firmware/app.ts", "./start.js"],
    ["firmware/uplink/session.ts", "../../host-sim/world/broker.js"],
    ["firmware/uplink/session.ts", "node:net"],
    ["firmware/uplink/session.ts", "embedded:io/socket/tcp"],
    ["firmware/start.ts", "mqtt-packet"],
    ["firmware/uplink/session.ts", "./encode"],
    ["firmware/uplink/session.ts", "./encode.ts"],
  ])("%s may not import %s", (path, from) => {
    caught(firmwareImports(importing(path, from)), "imports");
  });

  test("a type is an import like any other", () => {
    caught(firmwareImports(source("firmware/pipeline/compile.ts", 'import type { Session } from "../uplink/session.js";')), "direction");
  });

  test("a re-export is an import like any other", () => {
    caught(firmwareImports(source("firmware/pipeline/compile.ts", 'export * from "../uplink/session.js";')), "direction");
  });

  test.each([
    ["firmware/base/ring.ts", "./result.js"],
    ["firmware/pipeline/stages/delta.ts", "../../base/result.js"],
    ["firmware/pipeline/stages/delta.ts", "../push.js"],
    ["firmware/uplink/session.ts", "../limits.js"],
    ["firmware/network/wifi.ts", "../device.js"],
    ["firmware/device.ts", "./boards/board.js"],
    ["firmware/declaration.ts", "./sensing/driver.js"],
    ["firmware/sensing/probe.ts", "../pipeline/compile.js"],
    ["firmware/provisioning/gatt.ts", "../config/store.js"],
    ["firmware/start.ts", "./uplink/session.js"],
    ["firmware/channel.ts", "./check.js"],
    ["firmware/mote.ts", "./sensing/drivers/sht3x.js"],
    ["firmware/app.ts", "./mote.js"],
    ["firmware/main.ts", "./start.js"],
    ["firmware/main.ts", "embedded:io/i2c"],
    ["firmware/esp32/crypto.ts", "crypt"],
  ])("%s may import %s", (path, from) => {
    expect(firmwareImports(importing(path, from))).toEqual([]);
  });

  test("two parts that import each other are a cycle", () => {
    const cycle = [
      importing("firmware/sensing/probe.ts", "../pipeline/compile.js"),
      importing("firmware/pipeline/compile.ts", "../sensing/probe.js"),
    ];
    expect(partCycles(cycle)).toEqual(["pipeline → sensing → pipeline"]);
    expect(partCycles(cycle.slice(1))).toEqual([]);
  });
});

describe("import directions of the host", () => {
  test.each([
    ["host-sim/world/tcp.ts", "../node/tcp.js"],
    ["host-sim/world/tcp.ts", "../cli/main.js"],
    ["host-sim/world/tcp.ts", "../xs/run.js"],
    ["host-sim/world/tcp.ts", "node:timers"],
    ["host-sim/world/tcp.ts", "node:fs"],
    ["host-sim/world/tcp.ts", "node:net"],
    ["host-sim/world/tcp.ts", "aedes"],
    ["host-sim/node/tcp.ts", "../cli/main.js"],
    ["host-sim/node/tcp.ts", "../../firmware/main.js"],
    ["host-sim/node/tcp.ts", "../../test/structure/source.js"],
    ["host-sim/misplaced/tcp.ts", "node:fs"],
  ])("%s may not import %s", (path, from) => {
    expect(hostImports(importing(path, from))).toHaveLength(1);
  });

  test("the world takes arithmetic from node:crypto but no chance", () => {
    caught(hostImports(source("host-sim/world/trace.ts", 'import { createHash, randomBytes } from "node:crypto";')), "randomBytes");
  });

  test("the world may import the firmware and mqtt-packet", () => {
    const good = 'import a from "../../firmware/limits.js"; import b from "mqtt-packet"; import c from "./cpu.js";';
    expect(hostImports(source("host-sim/world/tcp.ts", good))).toEqual([]);
  });
});

describe("the language of the firmware", () => {
  test.each([
    ["const a = Date.now();", "Date"],
    ["const a = new Date();", "Date"],
    ["const a = { Date };", "Date"],
    ["Promise.resolve();", "Promise"],
    ["const a = async () => {};", "async"],
    ["async function a() {}", "async"],
    ["const a = { async b() {} };", "async"],
    ["class A { async b() {} }", "async"],
    ["new WeakRef(a);", "WeakRef"],
    ["new FinalizationRegistry(a);", "FinalizationRegistry"],
    ["Intl.NumberFormat;", "Intl"],
    ['eval("1");', "eval"],
    ['new Function("1");', "Function"],
    ["console.log(1);", "console"],
    ["globalThis.x = 1;", "globalThis"],
    ["setTimeout(a, 1);", "setTimeout"],
    ["Math.random();", /Math\.random/],
    ["Math.sin(1);", /Math\.sin/],
    ["Math.log2(1);", /Math\.log2/],
    ["Math.pow(1, 2);", /Math\.pow/],
    ["Math.hypot(1, 2);", /Math\.hypot/],
    ["Math.cbrt(1);", /Math\.cbrt/],
    ['Math["sin"](1);', /Math\.sin/],
    ["const { sin } = Math;", "Math"],
    ["const m = Math;", "Math"],
    ["const a = b ** 2;", /\*\*/],
    ["a **= 2;", /\*\*/],
    ["const a = (b as number) ** 2;", /\*\*/],
    ["a.toLocaleString();", "toLocaleString"],
    ["a.toPrecision(3);", "toPrecision"],
    ["a.localeCompare(b);", "localeCompare"],
    ["a.toFixed(0);", "toFixed"],
    ["a.toFixed();", "toFixed"],
    ["new Array(5);", "Array"],
    ["new Array<number>(5);", "Array"],
    ["Array(5);", "Array"],
    ['import("./x.js");', "import"],
  ])("%s is caught", (text, word) => {
    caught(firmwareLanguage(firmware(text)), word);
  });

  test.each([
    "Math.floor(Math.sqrt(2)) * Math.PI;",
    "const a = { Date: 1 };",
    "a.Date; a.console; a.process();",
    "let a: Promise<Date>;",
    "interface A { Date: Date }",
    "function a(process: number) { return process; }",
    "a.toFixed(2);",
    "const a: number[] = []; Array.isArray(a);",
    "new Uint8Array(5);",
    "const a = 2 * 3 * 4; // ** Date",
  ])("%s is fine", (text) => {
    expect(firmwareLanguage(firmware(text))).toEqual([]);
  });
});

describe("the language of the simulated world", () => {
  test.each([
    ["Date.now();", "Date"],
    ["performance.now();", "performance"],
    ["Math.random();", /Math\.random/],
    ["setTimeout(a, 1);", "setTimeout"],
    ["setInterval(a, 1);", "setInterval"],
    ["setImmediate(a);", "setImmediate"],
    ["process.hrtime();", "process"],
    ["crypto.getRandomValues(a);", "crypto"],
    ['import("node:fs");', "import"],
  ])("%s is caught", (text, word) => {
    caught(worldLanguage(source("host-sim/world/sample.ts", text)), word);
  });

  test("a parameter may be called crypto", () => {
    expect(worldLanguage(source("host-sim/world/sample.ts", "export const a = (crypto: Crypto) => crypto.sha256(b);"))).toEqual([]);
  });
});

describe("state at module level", () => {
  test.each([
    ["let count = 0;", "let"],
    ["export let count = 0;", "let"],
    ["var count = 0;", "var"],
    ["const seen: string[] = []; export function see(x: string) { seen.push(x); }", '"seen"'],
    ["const table = {}; export const put = (k: string) => { table[k] = 1; };", '"table"'],
    ["const table: any = {}; export function put() { (table as any).x = 1; }", '"table"'],
    ["const table: any = {}; export function put() { table.a[0].b++; }", '"table"'],
    ["const table: any = {}; export function drop() { delete table.a; }", '"table"'],
    ["const cache = new Map(); export function put() { cache.set(1, 2); }", '"cache"'],
    ["const bytes = new Uint8Array(4); export function put() { bytes[0] = 1; }", '"bytes"'],
    ["const bytes = new Uint8Array(4); export function put() { bytes.fill(1); }", '"bytes"'],
    ["const table = {}; export function put() { Object.assign(table, { a: 1 }); }", '"table"'],
    ["class Count { static total = 0; add() { Count.total++; } }", '"Count"'],
    ["export function f() { f.calls = 1; }", '"f"'],
    ['import { limits } from "./limits.js"; export function g() { limits.a = 1; }', '"limits"'],
    ["const a: any = {}; if (true) { const b = () => { a.x = 1; }; }", '"a"'],
  ])("%s is caught", (text, word) => {
    caught(moduleState(firmware(text)), word);
  });

  test.each([
    "const table = new Uint8Array(256); for (let i = 0; i < 256; i++) table[i] = i;",
    "const table = [1, 2]; export const get = (i: number) => table[i];",
    "const count = 1; export function f() { let count = 0; count++; return count; }",
    "const list: number[] = []; export function f(list: number[]) { list.push(1); }",
    "const list: number[] = []; export function f() { for (const list of [[1]]) list.push(1); }",
    "export class A { #x = 0; f() { this.#x = 1; } }",
    'import Timer from "timer"; export const f = () => Timer.set(g, 1);',
    "declare let x: number;",
  ])("%s is fine", (text) => {
    expect(moduleState(firmware(text))).toEqual([]);
  });
});

describe("jumps out of a switch", () => {
  test.each([
    "for (;;) { switch (a) { case 1: continue; } }",
    "while (a) { switch (b) { case 1: if (c) { continue; } } }",
    "outer: for (;;) { switch (a) { case 1: break outer; } }",
    "outer: for (;;) { for (;;) { switch (a) { case 1: continue outer; } } }",
    "for (const a of b) switch (a) { default: continue; }",
  ])("%s is caught", (text) => {
    caught(jumpsOutOfSwitch(firmware(text)), "switch");
  });

  test.each([
    "for (;;) { switch (a) { case 1: break; } }",
    "for (;;) { if (a) continue; }",
    "switch (a) { case 1: for (;;) { if (b) continue; } }",
    "one: switch (a) { case 1: for (;;) { break one; } }",
    "outer: for (;;) { for (;;) { continue outer; } }",
    "function f() { for (;;) { switch (a) { case 1: return; } } }",
  ])("%s is fine", (text) => {
    expect(jumpsOutOfSwitch(firmware(text))).toEqual([]);
  });
});
