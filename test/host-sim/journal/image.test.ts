/** The reader of journal images says of bytes what firmware/journal/FORMAT.md says of them; the bytes are the test's own. */
import { describe, expect, test } from "vitest";
import { readJournalImage } from "../../../host-sim/journal/image.js";
import { random } from "../../../host-sim/world/random.js";
import { block, erasedHeader, fill, gap, install, mark, openedHeader, partition, thinned } from "./writer.js";

const seqs = (records: readonly { readonly seq: number }[]): number[] => records.map(({ seq }) => seq);

/** Three sectors in order, in the places 2, 0 and 1, of which the last is under way; a fourth that is erased, a fifth that is blank. */
function ring(): Uint8Array<ArrayBuffer> {
  const image = partition(5);
  fill(image, 2, openedHeader({ first: 0, erases: 7 }), block(0), block(1), block(2));
  fill(
    image,
    0,
    openedHeader({ first: 3, boot: 2 }),
    block(3, { boot: 2 }),
    gap(4, { boot: 2, first: 0, count: 0, reason: 2 }),
    block(5, { boot: 2 }),
  );
  fill(image, 1, openedHeader({ first: 6, boot: 2, done: 1 }), block(6, { boot: 2 }), mark(2), block(7, { boot: 3 }));
  fill(image, 3, erasedHeader(9));
  return image;
}

test("sectors are told by their headers, records by their numbers, and what is done by the highest mark", () => {
  const { sectors, records, waiting, findings, ...rest } = readJournalImage(ring());
  expect(rest).toEqual({ install, newest: 1, done: 2, nextSeq: 8, nextBoot: 4, holes: [] });
  expect(sectors.map(({ state, first, boot, erases }) => [state, first, boot, erases])).toEqual([
    ["used", 3, 2, 1],
    ["used", 6, 2, 1],
    ["used", 0, 1, 7],
    ["erased", undefined, undefined, 9],
    ["blank", undefined, undefined, undefined],
  ]);
  expect([seqs(records), seqs(waiting), findings]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7], [2, 3, 4, 5, 6, 7], []]);
  expect(records.map(({ kind }) => kind[0]).join("")).toBe("bbbbgbbb");
  const { boot, samples, endMs, payload, sector, at } = records[5]!;
  expect([boot, samples, endMs, payload.length, sector, at]).toEqual([2, 10, 5000, 100, 0, 48 + 128 + 80]);
  expect(sectors.map(({ filled }) => filled)).toEqual([48 + 128 + 80 + 128, 48 + 128 + 16 + 128, 48 + 3 * 128, 16, 0]);
});

test("times are read in all their 48 bits", () => {
  const image = partition(4);
  const endMs = 2 ** 47 + 2 ** 33 + 12_345;
  fill(image, 0, openedHeader({ first: 0 }), block(0, { endMs, samples: 65_535 }));
  expect(readJournalImage(image).records[0]).toMatchObject({ endMs, samples: 65_535 });
});

test("an empty partition holds nothing, and no bytes at all are no partition", () => {
  expect(readJournalImage(partition(4))).toMatchObject({
    install: undefined,
    newest: undefined,
    done: 0,
    nextSeq: 0,
    nextBoot: 0,
    records: [],
    findings: [],
  });
  expect(readJournalImage(new Uint8Array(100)).sectors).toEqual([]);
});

describe("damage", () => {
  const changed = (at: number, bit = 0): Uint8Array => {
    const image = ring();
    image[at]! ^= 1 << bit;
    return image;
  };

  test("of a payload costs that record, whichever bit it is of", () => {
    for (let at = 4096 + 48 + 16; at < 4096 + 48 + 16 + 100; at++) {
      const { records, holes, findings } = readJournalImage(changed(at, at % 8));
      expect([at, seqs(records), holes, findings.length]).toEqual([at, [0, 1, 2, 3, 4, 5, 7], [{ from: 6, to: 7 }], 1]);
    }
  });

  test("of a record's header costs that record: the next is found on the grid", () => {
    for (let at = 48 + 128; at < 48 + 128 + 16; at++) {
      const { records, findings } = readJournalImage(changed(at, at % 8));
      expect([at, seqs(records), findings]).toEqual([
        at,
        [0, 1, 2, 3, 5, 6, 7],
        [`sector 0: byte ${48 + 128}: the CRC of its header is wrong`],
      ]);
    }
  });

  test("of a sector's header costs nothing but what the header says: its first record tells where it stands", () => {
    for (let at = 4096; at < 4096 + 48; at++) {
      const { sectors, records, newest, done, findings } = readJournalImage(changed(at, at % 8));
      expect([at, seqs(records), newest, done]).toEqual([at, [0, 1, 2, 3, 4, 5, 6, 7], 1, 2]);
      expect(sectors[1]).toMatchObject({ state: "used", salvaged: true, first: 6 });
      expect(findings).toEqual(["sector 1: its header cannot be read; records of it can"]);
    }
  });

  test("of a mark leaves the one before it", () => {
    expect(readJournalImage(changed(4096 + 48 + 128 + 5)).done).toBe(1);
  });

  test("behind the end of the records is told", () => {
    const { findings, sectors } = readJournalImage(changed(4096 + 3000));
    expect(findings).toEqual(["sector 1: behind the end of its records, byte 320, stands something"]);
    expect(sectors[1]!.state).toBe("used");
    const erased = readJournalImage(changed(3 * 4096 + 3000));
    expect(erased.findings).toEqual(["sector 3: behind the header of an erased sector stands something"]);
  });

  test("of the header of a sector that is erased makes it dirty", () => {
    expect(readJournalImage(changed(3 * 4096 + 5)).sectors[3]).toMatchObject({ state: "dirty", erases: undefined });
  });
});

test("sectors of another install than the newest's are dirty", () => {
  const image = ring();
  fill(image, 4, openedHeader({ first: 2, install: 5 }));
  expect(readJournalImage(image).sectors[4]!.state).toBe("dirty");
});

test("a record of another install is none", () => {
  const image = ring();
  fill(image, 4, openedHeader({ first: 8, install: 5 }), block(8));
  const { install: newest, records, findings } = readJournalImage(image);
  expect([newest, records, findings]).toEqual([5, [], ["sector 4: byte 48: it is of another install"]]);
});

test("a gap for what was dropped is a mark as well", () => {
  const image = ring();
  fill(image, 4, openedHeader({ first: 8 }), gap(8, { first: 0, count: 3, samples: 30 }));
  expect(readJournalImage(image)).toMatchObject({ done: 3, nextSeq: 9 });
});

describe("a merged sector", () => {
  const merged = (): Uint8Array<ArrayBuffer> => {
    const image = ring();
    fill(
      image,
      4,
      openedHeader({ first: 0, end: 6, level: 1, boot: 3 }),
      block(0),
      thinned(1, 10),
      block(2),
      thinned(1, 10),
      gap(4, { boot: 2, first: 0, count: 0, reason: 2 }),
      thinned(1, 10),
    );
    return image;
  };

  test("stands for the two that it was made of, which are dirty", () => {
    const { sectors, records, holes } = readJournalImage(merged());
    expect(sectors.map(({ state }) => state)).toEqual(["dirty", "used", "dirty", "erased", "used"]);
    expect(seqs(records)).toEqual([0, 2, 4, 6, 7]);
    // Number 2 is the first that is not done.
    expect(holes).toEqual([
      { from: 3, to: 4 },
      { from: 5, to: 6 },
    ]);
    expect(sectors[4]!.pieces.map(({ kind }) => kind)).toEqual(["block", "thinned", "block", "thinned", "gap", "thinned"]);
  });

  test("that was not committed, or not wholly, is none: the two hold all that is in it", () => {
    for (const bytes of [0, 5, 16, 31]) {
      const image = merged();
      image.fill(0xff, 4 * 4096 + 16 + bytes, 4 * 4096 + 48);
      const { sectors, records } = readJournalImage(image);
      expect(sectors.map(({ state }) => state)).toEqual(["used", "used", "used", "erased", bytes === 0 ? "erased" : "dirty"]);
      expect(seqs(records)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    }
  });
});

test("any bytes give an image, and its records are valid ones", () => {
  const draws = random(1, "image");
  for (let times = 0; times < 1000; times++) {
    const image = ring();
    const changes = 1 + (draws.next() % 40);
    for (let each = 0; each < changes; each++) {
      const at = draws.next() % image.length;
      if (draws.next() % 3 === 0)
        image.copyWithin(at & ~15, (draws.next() % image.length) & ~15, ((draws.next() % image.length) & ~15) + 160);
      else image[at] = draws.next();
    }
    const { records, waiting, sectors, done } = readJournalImage(image);
    expect(sectors).toHaveLength(5);
    for (const [index, { seq }] of records.entries()) if (index > 0 && seq <= records[index - 1]!.seq) throw new Error("out of order");
    if (waiting.some(({ seq }) => seq < done)) throw new Error("done, and waiting");
    for (const { payload, seq, kind } of records) expect([...payload]).toEqual([...(kind === "gap" ? gapOf(seq) : blockOf(seq))]);
  }
});

const original = readJournalImage(ring()).records;
const blockOf = (seq: number): Uint8Array => original.find((record) => record.seq === seq)!.payload;
const gapOf = blockOf;
