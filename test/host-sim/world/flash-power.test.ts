/** What a power cut leaves in flash, at every microsecond of a write, and along an erase. */
import { describe, expect, test } from "vitest";
import { costs } from "../../../host-sim/world/costs.js";
import { Cpu, PowerLost } from "../../../host-sim/world/cpu.js";
import { flashStorage } from "../../../host-sim/world/flash.js";
import { FlashPartition, sectorBytes } from "../../../host-sim/world/flash-memory.js";
import { random } from "../../../host-sim/world/random.js";
import { Scheduler } from "../../../host-sim/world/scheduler.js";
import type { Trace } from "../../../host-sim/world/trace.js";
import type { Flash } from "../../../firmware/device.js";

const untraced: Trace = { on: false, record() {}, bytes() {} };

function partition(seed: number, content?: Uint8Array): FlashPartition {
  const made = new FlashPartition(2 * sectorBytes, { draws: random(seed) });
  if (content !== undefined) made.program(content, 0);
  return made;
}

/** Has `operation` done on a board whose power goes `lastsUs` after the operation's handler began. */
function cut(memory: FlashPartition, lastsUs: number, operation: (flash: Flash) => void): { threw: unknown } {
  const cpu = new Cpu(new Scheduler());
  cpu.powerEndsAt(costs.dispatchUs + lastsUs);
  const flash = flashStorage(new Map([["journal", memory]]), cpu, untraced).open({ path: "journal" });
  let threw: unknown;
  cpu.post(() => {
    try {
      operation(flash);
    } catch (error) {
      threw = error;
    }
  });
  return { threw };
}

function bytesOf(seed: number, count: number): Uint8Array<ArrayBuffer> {
  const draws = random(seed).split("bytes");
  return Uint8Array.from({ length: count }, () => draws.next() & 0xff);
}

function stored(memory: FlashPartition, from: number, count: number): number[] {
  const sector = memory.sectors.get(0);
  return Array.from({ length: count }, (_, index) => sector?.[from + index] ?? 0xff);
}

describe("a write of 16 bytes that the power ends", () => {
  const writeUs = 16 * costs.flashWriteByteUs;

  test("has done its bytes in order, one of them in part, and no other, wherever it ends", () => {
    const parts = new Set<number>();
    for (let seed = 1; seed <= 20; seed++) {
      const old = bytesOf(seed, 16).map((byte) => byte | bytesOf(seed + 1000, 1)[0]!);
      const written = bytesOf(seed + 2000, 16);
      for (let lastsUs = 0; lastsUs <= writeUs + 3; lastsUs++) {
        const memory = partition(seed * 100 + lastsUs, old);
        const { threw } = cut(memory, lastsUs, (flash) => flash.write(written, 0));
        expect(threw instanceof PowerLost).toBe(lastsUs < writeUs);
        const whole = Math.min(16, Math.floor(lastsUs / costs.flashWriteByteUs));
        for (const [at, byte] of stored(memory, 0, 16).entries()) {
          const done = old[at]! & written[at]!;
          if (at < whole) expect(byte).toBe(done);
          else if (at > whole) expect(byte).toBe(old[at]);
          else {
            // No bit but those that were to clear, and none set.
            expect(byte & done).toBe(done);
            expect(byte | old[at]!).toBe(old[at]);
            if (done !== old[at]) parts.add(byte === done ? 1 : byte === old[at] ? 0 : 0.5);
          }
        }
      }
    }
    expect([...parts].sort()).toEqual([0, 0.5, 1]);
  });

  test("reads the same each time afterwards", () => {
    const memory = partition(1);
    cut(memory, 17, (flash) => flash.write(new Uint8Array(16), 0));
    const [once, again] = [new Uint8Array(16), new Uint8Array(16)];
    memory.read(once, 0);
    memory.read(again, 0);
    expect([...again]).toEqual([...once]);
    expect([once[5], once[7]]).toEqual([0, 0xff]);
  });

  test("stays as it is when the firmware catches the loss and writes on", () => {
    const memory = partition(1);
    cut(memory, 17, (flash) => {
      expect(() => flash.write(new Uint8Array(16), 0)).toThrow(PowerLost);
      const torn = stored(memory, 0, 32);
      expect(() => flash.write(new Uint8Array(16), 16)).toThrow(PowerLost);
      expect(() => flash.eraseBlock(0)).toThrow(PowerLost);
      expect(stored(memory, 0, 32)).toEqual(torn);
    });
    expect(memory.erases.size).toBe(0);
  });

  test("that begins when the power is just gone does nothing", () => {
    const memory = partition(1);
    cut(memory, 0, (flash) => flash.write(new Uint8Array(16), 0));
    cut(memory, 0, (flash) => flash.eraseBlock(0));
    expect([memory.sectors.size, memory.erases.size]).toEqual([0, 0]);
  });
});

describe("an erase that the power ends", () => {
  const old = new Uint8Array(bytesOf(7, sectorBytes).buffer);
  const oldWords = new Uint32Array(old.buffer);

  function ones(words: Uint32Array): number {
    let count = 0;
    for (let index = 0; index < words.length; index++) {
      let word = words[index]!;
      word -= (word >>> 1) & 0x55555555;
      word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
      count += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
    }
    return count;
  }

  test("first clears bits of the old and then lets bits rise, and is neither whole nor undone, wherever it ends", () => {
    const all = 8 * sectorBytes;
    const oldOnes = ones(oldWords);
    const draws = random(1);
    const memory = new FlashPartition(sectorBytes, { draws });
    let wrong = 0;
    let cleared = 0;
    const turnUs = costs.flashEraseUs / 4;
    let cuts = 0;
    // Each microsecond where something begins, turns or ends, and every eleventh between: the same happens there.
    const near = (us: number): boolean => us < 200 || Math.abs(us - turnUs) < 100 || us > costs.flashEraseUs - 200;
    for (let lastsUs = 1; lastsUs < costs.flashEraseUs; lastsUs += near(lastsUs) ? 1 : 11) {
      cuts++;
      memory.sectors.set(0, Uint8Array.from(old));
      const { threw } = cut(memory, lastsUs, (flash) => flash.eraseBlock(0));
      const words = new Uint32Array(memory.sectors.get(0)!.buffer);
      const share = lastsUs / costs.flashEraseUs;
      const count = ones(words);
      if (share < 0.25) {
        cleared++;
        const left = oldOnes * (1 - 4 * share);
        if (!words.every((word, index) => (word & ~oldWords[index]!) === 0)) wrong++;
        if (count > left + 0.07 * all || count < left - 0.03 * all) wrong++;
      } else {
        const risen = all * ((share - 0.25) / 0.75);
        if (count > risen + 0.03 * all || count < risen - 0.08 * all) wrong++;
      }
      if (!(threw instanceof PowerLost)) wrong++;
    }
    expect(wrong).toBe(0);
    expect(cleared).toBeGreaterThan(1000);
    expect(memory.erases.get(0)).toBe(cuts);
  });

  test("is whole when the power lasts just long enough, and not begun when there is none left", () => {
    const done = partition(1, old);
    expect(cut(done, costs.flashEraseUs, (flash) => flash.eraseBlock(0)).threw).toBeUndefined();
    expect(done.sectors.size).toBe(0);
    const none = partition(1, old);
    cut(none, 0, (flash) => flash.eraseBlock(0));
    expect(stored(none, 0, sectorBytes)).toEqual([...old]);
  });

  test("leaves the sectors after it as they were, and those before it empty", () => {
    const memory = new FlashPartition(3 * sectorBytes, { draws: random(1) });
    for (const block of [0, 1, 2]) memory.program(old, block * sectorBytes);
    cut(memory, 1.5 * costs.flashEraseUs, (flash) => flash.eraseBlock(0, 3));
    expect(memory.sectors.has(0)).toBe(false);
    expect(memory.sectors.get(1)).not.toEqual(old);
    expect(memory.sectors.get(2)).toEqual(old);
    expect([...memory.erases]).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  test("leaves some bits that read differently from time to time, until they are programmed or erased in full", () => {
    const memory = partition(3, old);
    cut(memory, 20_000, (flash) => flash.eraseBlock(0));
    const reads = Array.from({ length: 20 }, () => {
      const into = new Uint8Array(sectorBytes);
      memory.read(into, 0);
      return new Uint32Array(into.buffer);
    });
    const wavering = new Uint32Array(sectorBytes / 4);
    for (const read of reads) for (let word = 0; word < read.length; word++) wavering[word]! |= read[word]! ^ reads[0]![word]!;
    // One bit of 32; twenty reads find it almost surely.
    expect(ones(wavering)).toBeGreaterThan(1000);
    expect(wavering.every((word) => (word & (word - 1)) === 0)).toBe(true);
    const firm = new Uint8Array(64);
    memory.program(firm, 128);
    for (let times = 0; times < 20; times++) {
      const into = new Uint8Array(64).fill(1);
      memory.read(into, 128);
      expect(into).toEqual(firm);
    }
    memory.erase(0);
    const into = new Uint8Array(sectorBytes);
    memory.read(into, 0);
    expect(into.every((byte) => byte === 0xff)).toBe(true);
  });

  test("leaves the same for the same seed, and something else for another", () => {
    const after = (seed: number): number[] => {
      const memory = partition(seed, old);
      cut(memory, 20_000, (flash) => flash.eraseBlock(0));
      const into = new Uint8Array(sectorBytes);
      memory.read(into, 0);
      return [...into];
    };
    expect(after(1)).toEqual(after(1));
    expect(after(1)).not.toEqual(after(2));
  });
});
