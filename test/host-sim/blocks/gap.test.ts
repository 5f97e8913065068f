/** Gap records, byte by byte of firmware/journal/FORMAT.md, and as `mote decode` shows them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { decodeGap, explained } from "../../../host-sim/blocks/gap.js";
import { mote } from "../cli/command.js";
import { block, gap, sealed } from "../collector/records.js";

const folder = mkdtempSync(join(tmpdir(), "mote-gap-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a gap", () => {
  test("is decoded to the byte", () => {
    const bytes = gap({
      install: 0xdeadbeef,
      boot: 3,
      seq: 258,
      reason: 1,
      first: 200,
      count: 8,
      samples: 480,
      flags: 1,
      from: [2, 2 ** 40 + 5],
      to: [3, 7],
    });
    expect(decodeGap(bytes)).toEqual({
      ok: true,
      value: {
        length: 64,
        identity: { install: 0xdeadbeef, boot: 3, seq: 258 },
        reason: "oldest-dropped",
        first: 200,
        count: 8,
        samples: 480,
        more: true,
        samplesUnknown: false,
        timesUnknown: false,
        from: { boot: 2, ms: 2 ** 40 + 5 },
        to: { boot: 3, ms: 7 },
      },
    });
  });

  test("explains the numbers in its place, or those that it tells of and its own", () => {
    const of = (bytes: Buffer): unknown => {
      const decoded = decodeGap(bytes);
      return decoded.ok ? explained(decoded.value) : decoded.error.message;
    };
    expect(of(gap({ seq: 9, reason: 3, count: 4 }))).toEqual([{ from: 9, to: 12 }]);
    expect(of(gap({ seq: 9, reason: 4, count: 0 }))).toEqual([{ from: 9, to: 9 }]);
    expect(of(gap({ seq: 9, reason: 5, first: 3, count: 2 }))).toEqual([
      { from: 3, to: 4 },
      { from: 9, to: 9 },
    ]);
    expect(of(gap({ seq: 9, reason: 2, first: 3, count: 0 }))).toEqual([{ from: 9, to: 9 }]);
    expect(of(gap({ seq: 4294967295, reason: 3, count: 2 }))).toContain("no number is above 4294967295");
  });

  test("that is damaged, cut off, of another version or another length is refused with its byte", () => {
    const good = gap({ seq: 1, reason: 1 });
    const refused = (change: (bytes: Buffer) => Buffer): string => {
      const decoded = decodeGap(change(Buffer.from(good)));
      return decoded.ok ? "taken" : decoded.error.message;
    };
    expect(refused((bytes) => bytes)).toBe("taken");
    expect(refused((bytes) => bytes.subarray(0, 63))).toMatch(/^byte 2: a gap is 64 bytes long, and only 63/);
    for (let at = 0; at < 64; at++) {
      const message = refused((bytes) => {
        bytes[at]! ^= 4;
        return bytes;
      });
      expect(message).toMatch(/^byte \d+: /);
    }
    const resealed = (at: number, value: number): string => refused((bytes) => ((bytes[at] = value), sealed(bytes)));
    expect(resealed(1, 0x20)).toContain("version 2");
    expect(resealed(2, 65)).toContain("a length of 65 bytes");
    expect(resealed(39, 1)).toContain("outside of all times");
    expect(resealed(52, 6)).toBe("taken");
    for (let length = 0; length < 64; length++) expect(decodeGap(good.subarray(0, length)).ok).toBe(false);
  });
});

test("mote decode shows gaps among blocks, in each of its forms, and finds them behind what is neither", async () => {
  const file = join(folder, "records.bin");
  const told = gap({ seq: 1, reason: 3, count: 2, samples: 20, from: [0, 10_000], to: [0, 29_000] });
  writeFileSync(file, Buffer.concat([block({ seq: 0 }), told, Buffer.from("MG..."), told, block({ seq: 3 })]));
  const { code, out, err } = await mote("decode", file);
  expect(code).toBe(1);
  expect(err).toContain("block 3, at byte ");
  expect(out).toMatch(
    /Gap 2, at byte \d+: lost 20 samples in 2 records, install 00000001 boot 0 seq 1\n {2}the journal was full: thinned out\n {2}numbers 1 to 2, boot 0 00:00:10.000 to boot 0 00:00:29.000\n/,
  );
  expect(out).toContain("Gap 4, at byte");
  expect(out).toContain("All 2 blocks: 20 samples");
  expect((await mote("decode", file, "--csv")).out).toContain("\n2,1,0,1,,,,10000,,thinned-out,29000,20\n");
  const lines = (await mote("decode", file, "--json")).out.trimEnd().split("\n");
  expect(JSON.parse(lines[1]!)).toMatchObject({
    gap: 2,
    install: 1,
    seq: 1,
    reason: "thinned-out",
    samples: 20,
    from: { boot: 0, ms: 10_000 },
  });
});
