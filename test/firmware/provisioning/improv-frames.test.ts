/** Improv's frames: however they are split, and whatever is wrong with them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Bytes } from "../../../firmware/device.js";
import { ImprovFrame, improvResult } from "../../../firmware/provisioning/improv-frames.js";
import { bytes, frame, hex, ImprovRig, named, strictResult, unhex, vector, wifi } from "./improv-rig.js";

/** Parts of at most `bytesMax`, the first one `first` long. */
function parts(whole: Bytes, first: number, bytesMax = 20): Bytes[] {
  const cut = first === 0 ? [] : [whole.subarray(0, first)];
  for (let at = first; at < whole.length; at += bytesMax) cut.push(whole.subarray(at, at + bytesMax));
  return cut;
}

const wanted = ["state 3", "advertise", "join MyWirelessAP mysecurepassword"];

describe("a frame in several writes", () => {
  test("the text's example arrives whole at MTU 23, wherever it is split first", () => {
    const whole = unhex(vector);
    for (let first = 0; first <= 20; first++) expect(new ImprovRig().write(...parts(whole, first))).toEqual(wanted);
  });

  test("two cuts anywhere do no harm", () => {
    const whole = unhex(vector);
    for (let one = 1; one < whole.length - 1; one++) {
      for (let two = one + 1; two < whole.length; two++) {
        const rig = new ImprovRig();
        expect(rig.write(whole.subarray(0, one), whole.subarray(one, two), whole.subarray(two))).toEqual(wanted);
        rig.pass(5_000);
        // That of the join.
        expect(rig.timers.size).toBe(1);
      }
    }
  });

  test("byte by byte, with the longest pauses that are allowed, it is taken as well", () => {
    const rig = new ImprovRig();
    const whole = unhex(vector);
    const log = whole.reduce<string[]>((all, byte) => [...all, ...rig.write(bytes(byte)), ...rig.pass(1_999)], []);
    expect(log).toEqual(wanted);
  });

  test("the longest frame there is, 258 bytes, arrives at MTU 23", () => {
    const rig = new ImprovRig();
    const longest = named(6, "n".repeat(255));
    expect(longest).toHaveLength(258);
    expect(rig.write(...parts(longest, 0))).toEqual([`name ${"n".repeat(255)}`, `result 6 ${"n".repeat(254)}`]);
  });

  test("what does not go on within 2 s is dropped with error 1, and the next frame counts from its beginning", () => {
    const whole = unhex(vector);
    for (let first = 1; first < whole.length; first++) {
      const rig = new ImprovRig();
      rig.write(whole.subarray(0, first));
      expect(rig.pass(2_000)).toEqual(["error 1"]);
      expect(rig.write(whole)).toEqual(["error 0", ...wanted]);
    }
  });

  test("what was begun by one central is not ended by the next", () => {
    const rig = new ImprovRig();
    const whole = unhex(vector);
    rig.write(whole.subarray(0, 20));
    rig.disconnect();
    expect(rig.timers.size).toBe(0);
    expect(rig.write(whole)).toEqual(wanted);
  });

  test("a write that goes on after the frame's end is error 1, and nothing of it is done", () => {
    const whole = unhex(vector);
    expect(new ImprovRig().write(bytes(...whole, 0))).toEqual(["error 1"]);
    expect(new ImprovRig().write(bytes(...whole, ...whole))).toEqual(["error 1"]);
    expect(new ImprovRig().write(whole.subarray(0, 20), bytes(...whole.subarray(20), 1))).toEqual(["error 1"]);
  });
});

test("a frame that is done with leaves no password in RAM", () => {
  const taken = new ImprovFrame();
  taken.take(unhex(vector));
  const data = taken.data;
  taken.drop();
  expect([...data]).toEqual(Array.from({ length: 30 }, () => 0));
});

describe("wrong frames", () => {
  test("one byte changed in any way is error 1, and does not keep the next frame from its join", () => {
    const whole = unhex(vector);
    for (let at = 0; at < whole.length; at++) {
      for (const change of [1, 0x10, 0x80, 0xff]) {
        const wrong = whole.slice();
        wrong[at] = wrong[at]! ^ change;
        const rig = new ImprovRig();
        rig.write(wrong);
        rig.pass(2_000);
        expect([rig.joins.length, rig.error]).toEqual([0, 1]);
        expect(rig.write(whole)).toEqual(["error 0", ...wanted]);
      }
    }
  });

  test("every wrong checksum of an identify is error 1", () => {
    for (let sum = 0; sum < 256; sum++) expect(new ImprovRig().write(bytes(2, 0, sum))).toEqual([sum === 2 ? "identify" : "error 1"]);
  });

  test("a length that is one too small is error 1, one too large waits and is dropped", () => {
    const whole = unhex(vector);
    const off = (by: number): Bytes => {
      const wrong = whole.slice(0, -1);
      wrong[1] = wrong[1]! + by;
      return bytes(...wrong, wrong.reduce((sum, byte) => sum + byte, 0) % 256);
    };
    expect(new ImprovRig().write(off(-1))).toEqual(["error 1"]);
    const rig = new ImprovRig();
    expect(rig.write(off(1))).toEqual([]);
    expect(rig.pass(2_000)).toEqual(["error 1"]);
  });

  test("an empty write is error 1", () => {
    expect(new ImprovRig().write(bytes())).toEqual(["error 1"]);
  });

  test("each wrong frame is told anew, and none is forgotten by the error of before", () => {
    const rig = new ImprovRig();
    expect(rig.write(bytes(2, 0, 9), bytes(2, 0, 9), frame(2), bytes(2, 0, 9))).toEqual([
      "error 1",
      "error 1",
      "error 0",
      "identify",
      "error 1",
    ]);
  });

  test("a right frame twice is done twice, but joined once", () => {
    const rig = new ImprovRig();
    expect(rig.write(frame(2), frame(2))).toEqual(["identify", "identify"]);
    expect(rig.write(wifi("a", "b"), wifi("a", "b")).filter((each) => each.startsWith("join"))).toHaveLength(1);
  });

  test("writes without end bring hardly more notifications than themselves, for the radio has few buffers; what is new is told later", () => {
    const rig = new ImprovRig();
    rig.takesSettings = false;
    const told = Array.from({ length: 1_000 }, () => rig.write(wifi("net", "short")).filter((each) => /^(state|error|result)/.test(each)));
    expect(told[0]).toEqual(["state 3", "error 3", "state 2"]);
    expect(told.flat().length).toBeLessThanOrEqual(1_012);
    expect(rig.write(frame(3))).toEqual(["error 0"]);
    expect(rig.pass(4_099)).toEqual([]);
    expect(rig.pass(1)).toEqual(["state 2", "result 3 Mote|1.0|esp32|Greenhouse"]);
    for (let count = 0; count < 20; count++) rig.write(wifi("net", "short"));
    expect(rig.buffersLeast).toBeGreaterThanOrEqual(0);
    rig.pass(20_000);
    expect(rig.timers.size).toBe(0);
    expect(
      rig.write(wifi("net", "short"), wifi("net", "short"), wifi("net", "short")).filter((each) => /^error|^state/.test(each)),
    ).toHaveLength(12);
    expect(rig.buffersLeast).toBeGreaterThanOrEqual(0);
    rig.write(frame(3));
    expect(rig.write(frame(3))).toEqual(["result 3 Mote|1.0|esp32|Greenhouse"]);
  });

  test("64 KB of anything, in writes of any length, is over with its last byte", () => {
    for (const length of [1, 19, 20, 182, 257, 258, 259, 512, 65_536]) {
      for (const byte of [0, 1, 5, 255]) {
        const rig = new ImprovRig();
        const flood = new Uint8Array(65_536).fill(byte);
        for (let at = 0; at < flood.length; at += length) rig.receive(flood.subarray(at, at + length));
        rig.pass(30_000);
        expect(rig.timersMost).toBeLessThanOrEqual(2);
        expect(rig.joins).toHaveLength(0);
        expect(rig.write(unhex(vector)).slice(-3)).toEqual(wanted);
      }
    }
  });
});

test("every result that there can be has right lengths and a right checksum", () => {
  fc.assert(
    fc.property(fc.nat(255), fc.array(fc.string({ unit: "binary", maxLength: 300 }), { maxLength: 64 }), (command, texts) => {
      const result = improvResult(command, texts);
      expect(result.length).toBeLessThanOrEqual(258);
      const read = strictResult(result);
      expect(read.command).toBe(command);
      expect(read.texts).toHaveLength(texts.length);
      const whole = texts.reduce((sum, each) => sum + 1 + Buffer.byteLength(each), 0) <= 255;
      read.texts.forEach((text, index) => expect(whole ? text : texts[index]!.startsWith(text)).toEqual(whole ? texts[index] : true));
    }),
    { seed: 6, numRuns: 150 },
  );
});

test("the example's frame is what the text's table gives", () => {
  expect(hex(wifi("MyWirelessAP", "mysecurepassword"))).toBe(vector);
});
