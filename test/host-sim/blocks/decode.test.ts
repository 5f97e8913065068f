/** `mote decode`: where it finds blocks, what it shows, and what it says of bad ones. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { blockJson, blockText, bootTime, csvRows } from "../../../host-sim/blocks/rendering.js";
import { parseDecodeOptions } from "../../../host-sim/cli/decode-options.js";
import { sourceOf } from "../../../host-sim/cli/decode-source.js";
import { decoded, encoderOf } from "../../firmware/telemetry/entries.js";
import { mote } from "../cli/command.js";

const utf8 = new TextEncoder();
const encoder = encoderOf({
  channels: [
    { id: 0, resolution: 0.01, periodMs: 1000, name: utf8.encode("temperature"), unit: utf8.encode("°C") },
    { id: 5, resolution: 1, name: utf8.encode('say "\u001b[2J"') },
  ],
  bytesMax: 512,
  identified: true,
});

function blockOf(seq: number): Buffer {
  for (let i = 0; i < 5; i++) encoder.values[0]!(20 + i / 100, 90_000_000 + 1000 * i);
  encoder.missing(0, "bus", 90_005_000);
  encoder.gap(0, 90_006_000, 90_010_000, 4);
  encoder.values[1]!(-3, 90_000_000);
  return Buffer.from(encoder.finish({ install: 0xcafe, boot: 2, seq })!);
}
encoder.introduce();
const first = blockOf(0);
const second = blockOf(1);
const both = Buffer.concat([first, second]);
const folder = mkdtempSync(join(tmpdir(), "mote-decode-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: Buffer | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("blocks are found", () => {
  const found = (bytes: Buffer | string) => sourceOf("f", Buffer.from(bytes));

  test("in raw bytes, and in hex however it is broken up", () => {
    const hex = both.toString("hex");
    for (const content of [both, hex, hex.replace(/../g, "$& ").replace(/.{48}/g, "$&\n"), hex.toUpperCase() + "\n"]) {
      const source = found(content);
      expect(source.ok && Buffer.from(source.value.stretches[0]!.bytes).equals(both)).toBe(true);
    }
  });

  test("among the messages of recorded traffic", () => {
    const lines = [
      { ms: 1, topic: "mote/a/temperature", payload: "21.5" },
      { ms: 2, topic: "mote/a/data", hex: first.toString("hex") },
      { ms: 3, topic: "mote/a/motd", payload: "Morning" },
    ];
    const source = found(lines.map((line) => JSON.stringify(line)).join("\n"));
    expect(source.ok && source.value).toMatchObject({ others: 2, stretches: [{ place: "f:2", owner: "mote/a/data" }] });
  });

  test.each([
    ["", "f: it is empty"],
    ["4d 1", "3 hex digits: the last byte has only one"],
    ["4d10\n4x", 'f:2: "x" is no hex digit'],
    ["timestamp,temperature\n", "a recording of readings holds no blocks"],
    ['{"topic":"a"}\n{', "f:2: it is no JSON"],
    ['{"topic":"a","payload":"M"}', "none of its 1 messages is a block"],
  ])("or it is said why not: %j", (content, message) => {
    const source = found(content);
    expect(source.ok).toBe(false);
    if (!source.ok) expect(source.error.message).toContain(message);
  });
});

describe("a block is shown", () => {
  const block = decoded(first);
  const names = new Map<number, { name: string; unit: string }>();

  test("as a table, with what is missing, and nothing that a terminal obeys", () => {
    const text = blockText("Block 1", block, names);
    expect(text).toContain("Block 1: 7 samples in ");
    expect(text).toMatch(/0 {2}temperature {3,}5 {8}1 {5}1 {2}1d 01:00:00\.000 {2}1d 01:00:10\.000 {2}20\.00 {2}20\.02 {5}20\.04 {2}°C/);
    expect(text).toContain("temperature  1d 01:00:05.000  1 missing: bus");
    expect(text).toContain("gap until 1d 01:00:10.000, 4 samples lost");
    expect(text).not.toContain("\u001b");
  });

  test("as CSV", () => {
    expect([...csvRows(3, block, names)]).toEqual([
      ...[0, 1, 2, 3, 4].map((i) => `3,51966,2,0,0,temperature,°C,${90_000_000 + 1000 * i},20.0${i},,,`),
      "3,51966,2,0,0,temperature,°C,90005000,,bus,,",
      "3,51966,2,0,0,temperature,°C,90006000,,,90010000,4",
      '3,51966,2,0,5,"say ""�[2J""",,90000000,-3,,,',
    ]);
  });

  test("as JSON", () => {
    expect(JSON.parse(blockJson(1, block, names))).toMatchObject({
      block: 1,
      install: 0xcafe,
      channels: [
        { name: "temperature", samples: expect.arrayContaining([[90_005_000, null, "bus"], { gap: [90_006_000, 90_010_000], lost: 4 }]) },
        {},
      ],
    });
  });

  test("with times since boot", () => {
    expect([0, 59_999, 86_400_000 * 400 + 3_600_001].map(bootTime)).toEqual(["00:00:00.000", "00:00:59.999", "400d 01:00:00.001"]);
  });
});

describe("mote decode", () => {
  test("takes a file and one form", () => {
    expect(parseDecodeOptions(["-", "--csv"])).toEqual({ ok: true, value: { file: "-", form: "csv" } });
    for (const words of [[], ["a", "b"], ["a", "--json", "--csv"], ["a", "--jsn"]]) expect(parseDecodeOptions(words).ok).toBe(false);
  });

  test("shows all blocks of a file, and knows names that an earlier one told", async () => {
    const { code, out } = await mote("decode", file("both.bin", both));
    expect(code).toBe(0);
    expect(out.match(/temperature {2,}5/g)).toHaveLength(2);
    expect(out).toContain("All 2 blocks: 14 samples in ");
  });

  test("tells the number and the byte of a bad block, and goes on with the next", async () => {
    const bad = Buffer.concat([first, first, second]);
    bad[first.length + 20]! ^= 1;
    const { code, out, err } = await mote("decode", file("bad.bin", bad));
    expect(code).toBe(1);
    expect(err).toContain(`block 2, at byte ${first.length}: byte ${first.length - 4}: the CRC is `);
    expect(out).toContain("Block 1:");
    expect(out).toContain(`Block 3, at byte ${2 * first.length}:`);
  });
});
