/** A machine's limits and deaths: each is a value with its reason, and none is a wait. */
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Machine, openMachine } from "../../../host-sim/xs/machine.js";
import { link } from "../../../host-sim/xs/modules.js";
import { openPipe } from "../../../host-sim/xs/pipe.js";
import { findProgram } from "../../../host-sim/xs/program.js";
import type { Value } from "../../../host-sim/xs/protocol.js";
import { onXs, withoutXs } from "./available.js";
import { errorOnXs, valueOnXs } from "./run.js";

/** A machine whose entry is `source`; `onCall` answers it. */
function machine(source: string, onCall: (operation: number, values: Value[]) => Value = () => undefined): Machine {
  const program = findProgram();
  if (!program.ok) throw new Error(program.error.message);
  const linked = link({ sources: { entry: source }, entries: ["entry"], preload: [] });
  if (!linked.ok) throw new Error(linked.error.message);
  const opened = openMachine({ program: program.value.path, flash: linked.value, arenaBytes: 256 * 1024, onCall });
  if (!opened.ok) throw new Error(opened.error.message);
  const ran = opened.value.run("entry");
  if (!ran.ok) throw new Error(ran.error.message);
  return opened.value;
}

describe.skipIf(withoutXs)(onXs("an arena"), () => {
  test("that is full of live objects ends the machine, saying so", () => {
    const error = errorOnXs("const all = []; for (;;) all.push({ a: 1 });", { arenaBytes: 32 * 1024 });
    expect(error.kind).toBe("arena");
    expect(error.message).toMatch(/^the arena of (32768|65536) bytes is full$/);
  });

  test("that is full of one long string ends the machine too", () => {
    expect(errorOnXs('let text = "x"; for (;;) text += text;', { arenaBytes: 32 * 1024 }).kind).toBe("arena");
  });

  test("too small for an empty machine is refused, saying so", () => {
    const error = errorOnXs("", { arenaBytes: 4 * 1024 });
    expect(error.kind).toBe("arena");
    expect(error.message).toMatch(/ (4096|8192) bytes is /);
  });

  test("gives back what is garbage, slots and chunks alike, for as long as it runs", () => {
    const source = `
      let keep = "";
      for (let i = 0; i < 20000; i++) { const list = [i, { i }, "text " + i]; if (i % 100 === 0) keep = list[2]; }
      for (let i = 0; i < 200; i++) { const block = new Uint8Array(6000); block[i] = i; }
      for (let i = 0; i < 20; i++) { const objects = []; for (let n = 0; n < 300; n++) objects.push({ n }); }
      report(keep);`;
    expect(valueOnXs(source, { arenaBytes: 40 * 1024, keys: 32 })).toBe("text 19900");
  });

  test("counts what is alive in it", () => {
    const source = "globalThis.kept = []; for (let i = 0; i < 1000; i++) kept.push({ i });";
    const opened = machine(source);
    try {
      const memory = opened.memory(true);
      if (!memory.ok) throw new Error(memory.error.message);
      const { slotBytes, slotsInUseBytes, chunksInUseBytes, arenaBytes, fixedBytes, reservedBytes } = memory.value;
      expect(slotsInUseBytes).toBeGreaterThanOrEqual(2000 * slotBytes);
      expect(slotsInUseBytes).toBeLessThan(2200 * slotBytes);
      expect(chunksInUseBytes).toBeGreaterThanOrEqual(1000 * slotBytes);
      expect(fixedBytes).toBeGreaterThanOrEqual(384 * slotBytes);
      expect(reservedBytes).toBeGreaterThanOrEqual(fixedBytes + slotsInUseBytes + chunksInUseBytes);
      expect(reservedBytes).toBeLessThanOrEqual(arenaBytes);
    } finally {
      opened.close();
    }
  });
});

describe.skipIf(withoutXs)(onXs("a machine"), () => {
  test("with too deep a recursion ends, saying so", () => {
    expect(errorOnXs("const deep = (n) => 1 + deep(n + 1); deep(0);", { stackSlots: 384 })).toEqual({
      kind: "stack",
      message: "the stack is full",
    });
  });

  test("with too many names ends, saying so", () => {
    expect(errorOnXs('const all = {}; for (let i = 0; i < 99; i++) all["name" + i] = i;', { keys: 16 }).kind).toBe("keys");
  });

  test("has no promises: making a job of one throws", () => {
    expect(errorOnXs("Promise.resolve(1).then(() => 2);").message).toContain("promise: no queue");
  });

  test("goes on after an exception, which is a value here", () => {
    const opened = machine('hostCallbacks().push(() => { throw new RangeError("too much"); }, (x) => x + 1);');
    expect(opened.dispatch(0, false)).toEqual({ ok: false, error: { kind: "exception", message: "RangeError: too much" } });
    expect(opened.dispatch(1, false, 41)).toEqual({ ok: true, value: 42 });
    opened.close();
  });

  test("is called while it waits for an answer, and the answer still comes", () => {
    const seen: Value[] = [];
    const opened = machine(
      'hostCallbacks().push(() => "outer " + hostCall(1, "ask"), (x) => "inner " + hostCall(2, x));',
      (operation, values) => {
        seen.push(operation, ...values);
        if (operation === 2) return "deep";
        const inner = opened.dispatch(1, false, 5);
        return inner.ok ? (inner.value as string) : "failed";
      },
    );
    expect(opened.dispatch(0, false)).toEqual({ ok: true, value: "outer inner deep" });
    expect(seen).toEqual([1, "ask", 2, 5]);
    opened.close();
  });

  test("throws in XS what the host threw, with its message", () => {
    const opened = machine(
      'hostCallbacks().push(() => { try { hostCall(1); } catch (error) { return error instanceof Error ? error.message : "not an Error"; } });',
      () => {
        throw new Error("no acknowledge from 0x44: is it wired?");
      },
    );
    expect(opened.dispatch(0, false)).toEqual({ ok: true, value: "no acknowledge from 0x44: is it wired?" });
    opened.close();
  });

  test("brings every value across and back unchanged", () => {
    const opened = machine("hostCallbacks().push((x) => x instanceof ArrayBuffer ? new Uint8Array(x) : x);");
    const values = fc.oneof(
      fc.constantFrom(undefined, null, true, false, -0, NaN, Infinity, 2 ** 31, -(2 ** 31), 2 ** 53, "", "\0", "a\0☃"),
      fc.double(),
      fc.integer(),
      fc.string({ unit: "grapheme" }),
      fc.uint8Array({ maxLength: 5000 }).map((bytes) => new Uint8Array(bytes)),
    );
    try {
      fc.assert(
        fc.property(values, (value) => {
          expect(opened.dispatch(0, false, value)).toEqual({ ok: true, value });
        }),
        { seed: 7, numRuns: 300 },
      );
    } finally {
      opened.close();
    }
  });

  test("that is killed while it asks is an error, and every later call too", () => {
    const opened: Machine = machine("hostCallbacks().push(() => hostCall(1));", () => {
      process.kill(opened.processId, "SIGKILL");
      return 1;
    });
    const dead = { ok: false, error: { kind: "process", message: "the XS process is gone" } };
    expect(opened.dispatch(0, false)).toEqual(dead);
    expect(opened.dispatch(0, false)).toEqual(dead);
    expect(opened.memory(true)).toEqual(dead);
    opened.close();
  });

  test("that is killed in between is an error at the next call", () => {
    const opened = machine("hostCallbacks().push(() => 1);");
    process.kill(opened.processId, "SIGKILL");
    expect(opened.dispatch(0, false)).toMatchObject({ ok: false, error: { kind: "process" } });
    opened.close();
  });

  test("ends when its caller closes it, and does not outlive a caller that dies", () => {
    const opened = machine("");
    opened.close();
    const script = `
      const { spawn } = require("node:child_process");
      const child = spawn(process.argv[1], [], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
      console.log(child.pid);
      process.kill(process.pid, "SIGKILL");`;
    const program = findProgram();
    if (!program.ok) throw new Error(program.error.message);
    const processId = Number(spawnSync(process.execPath, ["-e", script, program.value.path], { encoding: "utf8" }).stdout);
    expect(processId).toBeGreaterThan(0);
    for (const id of [opened.processId, processId]) expect(gone(id)).toBe(true);
  });
});

test("a program that is no XS host is an error, not a wait", () => {
  for (const program of ["/nonexistent/mote-xs", "true", "false"]) {
    const opened = openMachine({
      program,
      flash: { modules: new Map([["entry", "x".repeat(200_000)]]), aliases: new Map(), preload: [] },
      arenaBytes: 65536,
      onCall: () => undefined,
    });
    expect(opened).toMatchObject({ ok: false, error: { kind: "process" } });
  }
});

test("what a process said on stderr before it died is part of the error", () => {
  const opened = openPipe("sh");
  if (!opened.ok) throw new Error(opened.error.message);
  // A shell without input on descriptor 0 ends at once.
  expect(opened.value.receive()).toBeUndefined();
  opened.value.close();
});

/** Waits for a process to end, a few seconds at most. */
function gone(processId: number): boolean {
  for (let tries = 0; tries < 300; tries++) {
    const state = spawnSync("ps", ["-o", "stat=", "-p", String(processId)], { encoding: "utf8" }).stdout.trim();
    if (state === "" || state.startsWith("Z")) return true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
  return false;
}
