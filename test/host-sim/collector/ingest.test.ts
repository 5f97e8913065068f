/** What goes into a store: each identity once, in whatever order and how often it comes, and how far it may be confirmed. */
import { describe, expect, test } from "vitest";
import { Ingest, type Taken } from "../../../host-sim/collector/ingest.js";
import { openStore, type Store } from "../../../host-sim/collector/store.js";
import { settleMs } from "../../../host-sim/collector/progress.js";
import { block, gap, sealed } from "./records.js";

interface Bench {
  store: Store;
  ingest: Ingest;
  take(...payloads: Buffer[]): Taken;
  takeAt(atMs: number, again: boolean, ...payloads: Buffer[]): Taken;
  /** The seq that may be confirmed after what came last. */
  rows(question: string): unknown[][];
}

function bench(): Bench {
  const opened = openStore(":memory:");
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  const ingest = new Ingest(store.sql);
  const takeAt = (atMs: number, again: boolean, ...payloads: Buffer[]): Taken =>
    ingest.commit(payloads.map((payload) => ({ device: "porch", payload, atMs, again })));
  return {
    store,
    ingest,
    takeAt,
    take: (...payloads) => takeAt(1_000_000, false, ...payloads),
    rows: (question) => store.sql.prepare(question).raw().all([]) as unknown[][],
  };
}

const mark = (taken: Taken): number | undefined => taken.watermarks.get("porch")?.seq;

describe("identity", () => {
  test("a record that comes twice is stored once, and the board is told its watermark again", () => {
    const { take, rows } = bench();
    expect(take(block({ seq: 0 }), block({ seq: 0 }))).toMatchObject({ blocks: 1, samples: 10, duplicates: 1, conflicts: 0 });
    const again = take(block({ seq: 0 }));
    expect(again).toMatchObject({ blocks: 0, samples: 0, duplicates: 1 });
    expect([...again.unaware]).toEqual(["porch"]);
    expect(mark(again)).toBe(0);
    expect(rows("SELECT count(*) FROM points")).toEqual([[10]]);
  });

  test("an identity that comes again with other bytes is a conflict: counted, and the first is kept", () => {
    const { take, rows } = bench();
    take(block({ seq: 0, first: 20 }));
    const second = take(block({ seq: 0, first: 30 }));
    expect(second).toMatchObject({ blocks: 0, duplicates: 0, conflicts: 1 });
    expect(second.notes[0]).toMatchObject({
      kind: "conflict",
      device: "porch",
      text: expect.stringContaining("number 0 came again with other contents"),
    });
    expect(rows("SELECT min(value) FROM samples")).toEqual([[20]]);
    expect(rows("SELECT device, what, count FROM refused")).toEqual([["porch", "conflict", 1]]);
  });

  test("the same number of another install, boot or device is another record", () => {
    const { take, ingest, rows } = bench();
    take(block({ seq: 0 }), block({ seq: 0, install: 2 }), block({ seq: 0, boot: 1 }));
    ingest.commit([{ device: "attic", payload: block({ seq: 0 }), atMs: 1, again: false }]);
    expect(rows("SELECT count(*) FROM blocks")).toEqual([[4]]);
  });

  test("what is malformed is kept out, counted by device with its reason, and stops nothing", () => {
    const { take, rows } = bench();
    const damaged = block({ seq: 1 });
    damaged[30]! ^= 1;
    const taken = take(damaged, Buffer.alloc(0), Buffer.from("hello"), Buffer.concat([block({ seq: 0 }), Buffer.of(0)]), block({ seq: 0 }));
    expect(taken).toMatchObject({ malformed: 4, blocks: 1 });
    expect(taken.notes.map(({ text }) => text)).toEqual([
      expect.stringContaining("bytes were damaged"),
      "it is empty",
      "byte 0: a block begins with 4d, not 68",
      expect.stringContaining("1 bytes more behind its end"),
    ]);
    expect(rows("SELECT what, count FROM refused")).toEqual([["malformed", 4]]);
  });

  test("a transaction that fails leaves nothing behind, in the store or in memory", () => {
    const { store, ingest, take, rows } = bench();
    take(block({ seq: 0 }));
    const pages = Number((rows("PRAGMA page_count")[0] as [number])[0]);
    store.sql.exec(`PRAGMA max_page_count = ${pages + 1}`);
    const many = Array.from({ length: 50 }, (_, i) => block({ seq: i + 1, samples: 200, everyMs: 50 }));
    const both = [...many.slice(0, 1), ...many].map((payload, index) => ({
      device: index === 0 ? "attic" : "porch",
      payload,
      atMs: 1,
      again: false,
    }));
    expect(() => ingest.commit(both)).toThrow(expect.objectContaining({ code: "SQLITE_FULL" }));
    expect(rows("SELECT count(*) FROM blocks")).toEqual([[1]]);
    expect(rows("SELECT next FROM installs")).toEqual([[1]]);
    store.sql.exec("PRAGMA max_page_count = 1000000");
    // Neither how far the numbers had come, nor what a device or channel was called by.
    expect(mark(take(block({ seq: 60, samples: 1 })))).toBe(0);
    expect(rows("SELECT count(*) FROM samples")).toEqual([[11]]);
    ingest.commit([{ device: "attic", payload: block({ seq: 0 }), atMs: 1, again: false }]);
    expect(rows("SELECT count(*) FROM samples WHERE device = 'attic'")).toEqual([[10]]);
    const taken = take(...many);
    expect(taken).toMatchObject({ blocks: 50, duplicates: 0 });
    expect(mark(taken)).toBe(50);
  });
});

describe("the watermark", () => {
  test("follows numbers without a hole, over boots", () => {
    const { take } = bench();
    expect(mark(take(block({ seq: 0 })))).toBe(0);
    const taken = take(block({ seq: 1, boot: 1, startMs: 0 }), block({ seq: 2, boot: 1, startMs: 20_000 }));
    expect(taken.watermarks.get("porch")).toEqual({ install: 1, boot: 1, seq: 2 });
  });

  test("stays below a hole, and jumps when it is filled, over 3,000 that came before their turn", () => {
    const { take } = bench();
    take(block({ seq: 0 }));
    const late = Array.from({ length: 3000 }, (_, i) => block({ seq: i + 2, samples: 1 }));
    expect(mark(take(...late))).toBe(0);
    expect(mark(take(block({ seq: 1 })))).toBe(3001);
  });

  test("passes what a gap stands for in its place: reasons 3 and 4 cover the numbers from their own on", () => {
    for (const reason of [3, 4]) {
      const { take } = bench();
      take(block({ seq: 0 }));
      expect(mark(take(gap({ seq: 1, reason, count: 4 })))).toBe(4);
      expect(mark(take(block({ seq: 5 })))).toBe(5);
    }
  });

  test("passes what a gap of its own number tells of: nothing before it came, all after", () => {
    const { take } = bench();
    take(block({ seq: 0 }));
    expect(mark(take(block({ seq: 4 }), block({ seq: 5 })))).toBe(0);
    expect(mark(take(gap({ seq: 6, reason: 1, first: 1, count: 3 })))).toBe(6);
    expect(mark(take(gap({ seq: 7, reason: 2, first: 0, count: 0 })))).toBe(7);
  });

  test("a gap that came before its turn is found when the hole before it is filled", () => {
    const { take } = bench();
    take(block({ seq: 0 }));
    expect(mark(take(gap({ seq: 2, reason: 3, count: 3 }), block({ seq: 5 }), gap({ seq: 9, reason: 1, first: 6, count: 3 })))).toBe(0);
    expect(mark(take(block({ seq: 1 })))).toBe(9);
  });

  test("a gap in the place of a record that is here is no conflict, grows, and covers what it has grown to", () => {
    const { take, rows } = bench();
    take(block({ seq: 0 }), block({ seq: 1 }));
    expect(take(gap({ seq: 1, reason: 3, count: 1 }))).toMatchObject({ conflicts: 0, gaps: 1 });
    const grown = take(gap({ seq: 1, reason: 3, count: 3, samples: 30 }));
    expect(grown).toMatchObject({ conflicts: 0, gaps: 1 });
    expect(mark(grown)).toBe(3);
    expect(take(gap({ seq: 1, reason: 3, count: 1 }))).toMatchObject({ conflicts: 0, gaps: 0, duplicates: 1 });
    expect(rows("SELECT seq, records FROM gaps")).toEqual([[1, 3]]);
    expect(take(gap({ seq: 1, reason: 3, count: 3, samples: 31 }))).toMatchObject({ conflicts: 1 });
  });

  test("a consumer that came in the middle confirms nothing until it has seen where the board starts over", () => {
    const { take, takeAt } = bench();
    expect(mark(take(block({ seq: 104 }), block({ seq: 105 })))).toBeUndefined();
    // The broker's own repetition says nothing.
    expect(mark(takeAt(1_000_000, true, block({ seq: 104 })))).toBeUndefined();
    expect(mark(take(block({ seq: 100 })))).toBe(100);
    expect(mark(take(block({ seq: 101 }), block({ seq: 102 }), block({ seq: 103 })))).toBe(105);
  });

  test("what was in flight when a connection was cut comes again without a sign, and is no start over", () => {
    const { take } = bench();
    take(block({ seq: 24 }));
    // A broker does not pass DUP on.
    expect(mark(take(block({ seq: 24 })))).toBeUndefined();
    expect(mark(take(block({ seq: 23 }), block({ seq: 24 })))).toBeUndefined();
    take(block({ seq: 25 }), block({ seq: 26 }));
    expect(mark(take(block({ seq: 20 })))).toBe(20);
  });

  test("a board that never starts over is confirmed when it would have by now, and what lay before is not expected", () => {
    const { take, takeAt } = bench();
    take(block({ seq: 104 }));
    expect(mark(takeAt(1_000_000 + settleMs - 1, false, block({ seq: 105 })))).toBeUndefined();
    expect(mark(takeAt(1_000_000 + settleMs, false, block({ seq: 106 })))).toBe(106);
    expect(mark(takeAt(1_000_000 + settleMs, false, block({ seq: 90 })))).toBe(106);
  });

  test("is the same when the store is opened by another process, at any point", () => {
    const { store, take, ingest } = bench();
    take(block({ seq: 0 }), block({ seq: 2 }));
    const other = new Ingest(store.sql);
    expect(other.watermarks()).toEqual(new Map([["porch", { install: 1, boot: 0, seq: 0 }]]));
    const taken = other.commit([{ device: "porch", payload: block({ seq: 1 }), atMs: 1, again: false }]);
    expect(mark(taken)).toBe(2);
    expect(ingest.watermarks().get("porch")?.seq).toBe(2);
  });
});

test("two samples of a channel at one time, and times that go back, are all kept", () => {
  const { take, rows } = bench();
  const section = "42 04 37 cc 21 30";
  const back = "05 cf 0f e8 07";
  const text = `4d 11 00 00 01 00 00 00 00 00 00 00 00 00 00 00 88 27 01 00 12 e8 07 ${section} ${back} ${section} 00 00 00 00`;
  const bytes = Buffer.from(text.replaceAll(" ", ""), "hex");
  bytes.writeUInt16LE(bytes.length, 2);
  const taken = take(sealed(bytes));
  expect(taken.notes).toEqual([]);
  expect(taken.samples).toBe(8);
  expect(rows("SELECT count(*), count(DISTINCT ms) FROM points")[0]![0]).toBe(8);
});
