import { describe, expect, test } from "vitest";
import { type ChipScript, scriptError, ScriptedChip } from "../../../../host-sim/world/chips/scripted.js";
import { weather } from "../../../../host-sim/world/environment.js";
import { random } from "../../../../host-sim/world/random.js";

const environment = { ...weather(random(1)), temperatureC: (nowUs: number) => nowUs / 1e6 };

function chip(script: Omit<ChipScript, "address">) {
  const complaints: string[] = [];
  const made = new ScriptedChip({ address: 0x48, ...script }, environment, (mistake) => complaints.push(mistake));
  return {
    made,
    complaints,
    write: (...bytes: number[]) => made.write(Uint8Array.from(bytes), 0),
    read(length: number, nowUs = 0): number[] | undefined {
      const into = new Uint8Array(length);
      return made.read(into, nowUs) ? [...into] : undefined;
    },
  };
}

describe("a chip of registers", () => {
  test("reads from its pointer on, over registers of any width, and 0 where nothing lies", () => {
    const { write, read } = chip({ registers: { 0x10: [1, 2], 0x11: 3, 0x13: 4 } });
    expect(write(0x10)).toBe(true);
    expect(read(6)).toEqual([1, 2, 3, 0, 4, 0]);
    expect(read(1)).toEqual([1]);
  });

  test("keeps what is written, in the registers' own widths", () => {
    const { write, read } = chip({ registers: { 1: [0, 0], 2: 0 } });
    write(1, 0xaa, 0xbb, 0xcc, 0xdd);
    write(1);
    expect(read(4)).toEqual([0xaa, 0xbb, 0xcc, 0xdd]);
  });

  test("asks a function each time, and leaves it as it is", () => {
    const { write, read } = chip({ registers: { 5: ({ temperatureC, nowMs }) => [temperatureC, nowMs & 0xff] } });
    write(5, 99, 99);
    write(5);
    expect(read(2, 3e6)).toEqual([3, 3000 & 0xff]);
    expect(read(2, 4e6)).toEqual([4, 4000 & 0xff]);
  });

  test("may have pointers of two bytes", () => {
    const { write, read } = chip({ pointerBytes: 2, registers: { 0x1234: 7 } });
    write(0x12, 0x34);
    expect(read(1)).toEqual([7]);
  });

  test("shares no bytes with its script", () => {
    const registers = { 1: [0, 0] };
    chip({ registers }).write(1, 5);
    expect(registers).toEqual({ 1: [0, 0] });
  });
});

describe("a chip of functions", () => {
  test("gives what they give, and is silent where they say so", () => {
    const seen: number[][] = [];
    const { write, read } = chip({
      write(bytes) {
        seen.push([...bytes]);
        return bytes[0] !== 0xff;
      },
      read: (length, { temperatureC }) => (temperatureC < 1 ? undefined : [length]),
    });
    expect([write(1, 2), write(0xff)]).toEqual([true, false]);
    expect(seen).toEqual([[1, 2], [0xff]]);
    expect([read(3), read(3, 1e6)]).toEqual([undefined, [3, 0, 0]]);
  });

  test("that throw, or give what is no byte, answer nothing, and it is told once", () => {
    const thrown = chip({
      read() {
        throw new TypeError("no such thing");
      },
    });
    expect([thrown.read(1), thrown.read(1)]).toEqual([undefined, undefined]);
    expect(thrown.complaints).toEqual(["no such thing"]);
    const float = chip({ registers: { 0: () => 21.5 } });
    expect([float.read(1), float.complaints]).toEqual([undefined, ["it gives 21.5 where a byte belongs, 0 … 255"]]);
  });
});

test("it has every chip's faults", () => {
  const { made, read, write } = chip({ registers: { 0: ({ temperatureC }) => temperatureC } });
  expect(read(1, 20e6)).toEqual([20]);
  made.faults.frozen = true;
  expect(read(1, 30e6)).toEqual([20]);
  made.faults.frozen = false;
  made.faults.corruptNext = 1;
  expect(read(1, 30e6)).toEqual([30 ^ 0x10]);
  made.faults.nakNext = 2;
  expect([write(0), read(1), write(0)]).toEqual([false, undefined, true]);
});

test.each<[unknown, RegExp]>([
  [7, /^it must be a chip: \{ address, registers \}/],
  [{}, /address must be .*, not undefined$/],
  [{ address: 0x80, registers: {} }, /from 8 to 119 .*, not 128$/],
  [{ address: "0x48", registers: {} }, /not "0x48"$/],
  [{ address: 0x48 }, /needs registers, or the functions read and write/],
  [{ address: 0x48, registers: {}, name: "x" }, /has "name": a chip has address, registers/],
  [{ address: 0x48, registers: {}, read() {} }, /one of the two/],
  [{ address: 0x48, read: 7 }, /read must be a function, not 7/],
  [{ address: 0x48, read() {}, pointerBytes: 2 }, /pointerBytes goes with registers/],
  [{ address: 0x48, registers: {}, pointerBytes: 3 }, /pointerBytes must be 1 or 2/],
  [{ address: 0x48, registers: 7 }, /registers must be an object/],
  [{ address: 0x48, registers: { 256: 1 } }, /"256" is no register: .* 0 to 255/],
  [{ address: 0x48, registers: { status: 1 } }, /"status" is no register/],
  [{ address: 0x48, registers: { 1: [] } }, /register 1 is empty/],
  [{ address: 0x48, registers: { 1: [0, 256] } }, /register 1 must hold bytes, 0 … 255, not 256/],
  [{ address: 0x48, registers: { 1: "7" } }, /not "7"/],
])("a script like %j is refused with what is wrong", (script, message) => {
  expect(scriptError(script, "it")).toMatch(message);
});

test("a whole script is taken", () => {
  expect(scriptError({ address: 0x48, pointerBytes: 2, registers: { 0xffff: 1, 2: [3], 4: () => 5 } }, "it")).toBeUndefined();
  expect(scriptError({ address: 8, write() {} }, "it")).toBeUndefined();
});
