/** Flash that holds what it should not: flipped bits, random bytes, forged headers, operations that fail. Errors are values, and the rest holds. */
import { describe, expect, test } from "vitest";
import { readDocument } from "../../../firmware/config/document.js";
import { openConfig, setConfig } from "../../../firmware/config/open.js";
import { documentBytesMax } from "../../../firmware/config/schema.js";
import { headerBytes, writeHeader } from "../../../firmware/config/slot.js";
import { readStore, writeStore } from "../../../firmware/config/store.js";
import { crc32 } from "../../../firmware/base/crc32.js";
import { type FlashPartition, sectorBytes } from "../../../host-sim/world/flash-memory.js";
import { random } from "../../../host-sim/world/random.js";
import { bytesIn, copyOf, flashOf, memory, put } from "./flash-rig.js";

const older = { wifi: { ssid: "older" } };
const later = { wifi: { ssid: "later" }, broker: { port: 1884 } };

/** Slot 0 holds the older, slot 1 the later. */
function twoSlots(): FlashPartition {
  const flash = memory();
  setConfig(flashOf(flash), older);
  setConfig(flashOf(flash), later);
  return flash;
}

/** A slot as its bytes, with a right CRC over whatever is in it. */
function slotOf(text: string, fields: { format?: number; schema?: number; generation?: number; length?: number } = {}): Uint8Array {
  const bytes = Uint8Array.from(Buffer.from(text, "latin1"));
  const padded = new Uint8Array(headerBytes + Math.ceil(bytes.length / 16) * 16).fill(0xff);
  const textCrc = crc32(bytes, 0, bytes.length);
  padded.set(writeHeader({ format: 1, schema: 2, generation: 1, length: bytes.length, textCrc, onTrial: false, ...fields }));
  padded.set(bytes, headerBytes);
  return padded;
}

describe("flipped bits", () => {
  test("in any byte of the slot that holds give it or the other one, and in the other one change nothing", () => {
    const flash = twoSlots();
    const seen = { later: 0, older: 0 };
    for (const slot of [0, 1]) {
      const sector = bytesIn(flash, slot);
      for (let at = 0; at < sectorBytes; at++) {
        for (const mask of at < 128 ? [1, 2, 4, 8, 16, 32, 64, 128, 255] : [1 << (at % 8)]) {
          sector[at]! ^= mask;
          const { stored, problem, problems } = openConfig(flashOf(flash), {});
          sector[at]! ^= mask;
          if (slot === 0 || JSON.stringify(stored) === JSON.stringify(later)) {
            expect(stored).toEqual(later);
            seen.later++;
          } else {
            expect(stored).toEqual(older);
            expect(problems).toBe(1);
            expect(problem?.message).toContain("the other one holds");
            seen.older++;
          }
        }
      }
    }
    // 32 bytes of header and the text.
    expect(seen.older).toBe(9 * (headerBytes + JSON.stringify(later).length));
  });

  test("in both slots give the seed, a problem that says so, and settings that can be set again", () => {
    const flash = twoSlots();
    bytesIn(flash, 0)[40]! ^= 4;
    bytesIn(flash, 1)[3]! ^= 4;
    const opened = openConfig(flashOf(flash), { wifi: { ssid: "seed" } });
    expect(opened).toMatchObject({ stored: {}, problems: 2, config: { wifi: { ssid: "seed" }, broker: { port: 1883 } } });
    expect(opened.problem).toEqual({ kind: "settings", message: expect.stringContaining("what was set is lost") as string });
    expect(setConfig(flashOf(flash), { counters: { everyS: 10 } })).toMatchObject({
      ok: true,
      value: { stored: { counters: { everyS: 10 } } },
    });
    expect(openConfig(flashOf(flash), {}).stored).toEqual({ counters: { everyS: 10 } });
  });

  test("that flip back do not bring back what was given up meanwhile", () => {
    const flash = twoSlots();
    bytesIn(flash, 0)[3]! ^= 4;
    bytesIn(flash, 1)[40]! ^= 4;
    setConfig(flashOf(flash), { counters: { everyS: 10 } });
    bytesIn(flash, 1)[40]! ^= 4;
    expect(openConfig(flashOf(flash), {}).stored).toEqual({ counters: { everyS: 10 } });
  });
});

test("each byte is read once: one that wavers is judged as it was read", () => {
  const flash = twoSlots();
  const rig = flashOf(flash);
  openConfig(rig, {});
  expect(rig.bytesRead).toBe(2 * headerBytes + 48);
});

describe("what a later Mote wrote", () => {
  test.each([
    ["version", { schema: 3 }, /later Mote \(version 3; this one knows 2\)/],
    ["format", { format: 3 }, /later Mote \(format 3; this one knows 2\)/],
  ])(
    "of a later %s does not count, nor does the slot before it, until something is set; then that goes to the other slot",
    (_, fields, message) => {
      const flash = memory();
      setConfig(flashOf(flash), older);
      put(flash, 1, slotOf("whatever", { generation: 2, ...fields }));
      const rig = flashOf(flash);
      expect(openConfig(rig, { wifi: { ssid: "seed" } })).toMatchObject({
        config: { wifi: { ssid: "seed" } },
        stored: {},
        problem: { kind: "newer" },
      });
      expect(openConfig(rig, {}).problem?.message).toMatch(message);
      expect(rig.operations).toEqual([]);
      const theirs = Uint8Array.from(bytesIn(flash, 1));
      expect(setConfig(flashOf(flash), { broker: { port: 5 } })).toMatchObject({ ok: true });
      expect(bytesIn(flash, 1)).toEqual(theirs);
      expect(openConfig(flashOf(flash), {})).toMatchObject({ stored: { broker: { port: 5 } }, problems: 0 });
    },
  );
});

describe("forged slots, CRCs right", () => {
  test.each<[string, string, string]>([
    ["no JSON", "hello", "no JSON"],
    ["nothing", "", "no JSON"],
    ["a list", "[]", "must be an object"],
    ["values out of bounds", '{"broker":{"port":0}}', "stored: broker.port must be"],
    ["unknown names", '{"broker":{"colour":0}}', "stored: there is no setting"],
    ["prototype names", '{"__proto__":{"port":0},"constructor":{"prototype":1}}', "stored: there is no group"],
    ["brackets without end", "[".repeat(2048), "cannot be read"],
    ["objects without end", '{"a":'.repeat(400), "cannot be read"],
  ])("with %s are told, and the seed holds", (_, text, message) => {
    const flash = memory();
    put(flash, 0, slotOf(text));
    const opened = openConfig(flashOf(flash), { broker: { port: 7 } });
    expect(opened.config.broker.port).toBe(7);
    expect(opened.problem?.message).toContain(message);
  });

  test("with a wrong value beside right ones keep the right ones", () => {
    const flash = memory();
    put(flash, 0, slotOf('{"broker":{"port":0,"host":"a"},"wifi":{"ssid":"b"}}'));
    expect(openConfig(flashOf(flash), {})).toMatchObject({ stored: { broker: { host: "a" }, wifi: { ssid: "b" } }, problems: 1 });
  });

  test("with brackets in texts are read", () => {
    const flash = memory();
    setConfig(flashOf(flash), { wifi: { ssid: '[[[[[{{{{{"\\[[[[["' } });
    expect(openConfig(flashOf(flash), {})).toMatchObject({ stored: { wifi: { ssid: '[[[[[{{{{{"\\[[[[["' } }, problems: 0 });
  });

  test("with a text longer than may be, or of version 0, are not read", () => {
    for (const fields of [{ length: documentBytesMax + 1 }, { length: 65535 }, { schema: 0 }]) {
      const flash = memory();
      put(flash, 0, slotOf("{}", fields));
      const rig = flashOf(flash);
      expect(openConfig(rig, {})).toMatchObject({ stored: {}, problems: 1 });
      expect(rig.bytesRead).toBeLessThan(100);
    }
  });

  test("whose generations have begun again at 0 are in order", () => {
    const flash = memory();
    put(flash, 0, slotOf('{"broker":{"port":1}}', { generation: 0xffffffff }));
    expect(setConfig(flashOf(flash), { broker: { port: 2 } })).toMatchObject({ ok: true });
    expect(readStore(flashOf(flash))).toMatchObject({ kept: { slot: 1 }, generation: 0 });
    expect(openConfig(flashOf(flash), {}).stored).toEqual({ broker: { port: 2 } });
  });
});

describe("a flash that fails", () => {
  test("gives the seed and a problem when there is no partition, and sets nothing", () => {
    const none = {
      open(): never {
        throw new Error("no partition config");
      },
    };
    expect(openConfig(none, { broker: { port: 7 } })).toMatchObject({ config: { broker: { port: 7 } }, stored: {}, problems: 1 });
    expect(openConfig(none, {}).problem).toEqual({
      kind: "flash",
      message: "the flash for settings (partition config) does not work: no partition config",
    });
    expect(setConfig(none, { broker: { port: 8 } })).toMatchObject({ ok: false, error: { kind: "flash" } });
  });

  test("keeps what was set when a write is refused, and takes it the next time", () => {
    for (let operation = 0; operation < 3; operation++) {
      const flash = twoSlots();
      const set = setConfig(flashOf(flash, { operation, share: 0 }), { broker: { port: 9 } });
      expect(set).toMatchObject({ ok: false, error: { kind: "flash", message: expect.stringContaining("does not work") as string } });
      expect(openConfig(flashOf(flash), {}).stored).toEqual(later);
      expect(setConfig(flashOf(flash), { broker: { port: 9 } })).toMatchObject({ ok: true });
    }
  });

  test("that keeps zeros through an erase is noticed before the settings are committed", () => {
    const flash = twoSlots();
    const { erase } = flash;
    flash.erase = (index, share) => {
      erase.call(flash, index, share);
      flash.program(Uint8Array.of(0x7f), index * sectorBytes + headerBytes);
      flash.program(Uint8Array.of(0), index * sectorBytes + headerBytes + 9);
    };
    const rig = flashOf(flash);
    const set = setConfig(rig, { broker: { port: 9 } });
    expect(set).toMatchObject({ ok: false, error: { kind: "flash", message: expect.stringContaining("did not keep") as string } });
    expect(rig.operations).toHaveLength(2);
    expect(openConfig(flashOf(flash), {})).toMatchObject({ stored: later, problems: 0 });
  });

  test("is not touched for a text that is too long", () => {
    const flash = twoSlots();
    const rig = flashOf(flash);
    const reading = readStore(rig);
    expect(writeStore(rig, reading, "x".repeat(documentBytesMax + 1))).toEqual({
      kind: "settings",
      message: "all settings together must be at most 3072 bytes of JSON, not 3073: shorten a text",
    });
    expect(rig.operations).toEqual([]);
    expect(writeStore(rig, reading, " ".repeat(documentBytesMax))).toBeUndefined();
    expect(rig.operations).toHaveLength(3);
  });
});

test("a hundred thousand random contents give right settings and no throw, and never what was not written", () => {
  const draws = random(11).split("config fuzz");
  const good = twoSlots();
  const known = ["{}", JSON.stringify(older), JSON.stringify(later)];
  const flash = copyOf(good, 1);
  const rig = flashOf(flash);
  const images = [bytesIn(good, 0), bytesIn(good, 1)].map((bytes) => bytes.slice(0, 160));
  const tally = new Map<string, number>();
  for (let image = 0; image < 100_000; image++) {
    for (const slot of [0, 1]) {
      const sector = bytesIn(flash, slot);
      sector.set(images[slot]!);
      const kind = draws.next() % 4;
      if (kind === 0) for (let at = 0; at < 96; at++) sector[at] = draws.next() & 0xff;
      else for (let change = 0; change < kind * 2; change++) sector[draws.next() % 160] = draws.next() & 0xff;
      if (kind === 3)
        sector.set(
          writeHeader({
            format: 1,
            schema: 1 + (draws.next() % 2),
            generation: draws.next(),
            length: draws.next() % 2100,
            textCrc: draws.next(),
            onTrial: draws.next() % 2 === 0,
          }),
        );
    }
    const { stored, config } = openConfig(rig, {});
    const what = JSON.stringify(stored);
    if (!known.includes(what)) expect(known).toContain(what);
    tally.set(what, (tally.get(what) ?? 0) + 1);
    if (image % 100 === 0) readDocument(config, (mistake) => expect(mistake).toBe(""));
  }
  for (const what of known) expect(tally.get(what)).toBeGreaterThan(1000);
});

test("ten thousand forged texts give right settings and no throw", () => {
  const draws = random(12).split("config texts");
  const alphabet = [
    '{"',
    '"}',
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    '"',
    "\\",
    "wifi",
    "broker",
    "port",
    "ssid",
    "1",
    "-",
    "null",
    "\u00e9",
    "__proto__",
    '":"',
    '":{"',
  ];
  const flash = memory();
  const rig = flashOf(flash);
  for (let image = 0; image < 10_000; image++) {
    const text = Array.from({ length: draws.next() % 24 }, () => alphabet[draws.next() % alphabet.length]!).join("");
    flash.erase(0);
    put(flash, 0, slotOf(text, { schema: 1 + (draws.next() % 2) }));
    const { config } = openConfig(rig, {});
    readDocument(config, (mistake) => expect(mistake).toBe(""));
  }
});
