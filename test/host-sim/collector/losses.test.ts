/** What a store says of what it does not have. */
import { expect, test } from "vitest";
import { Ingest } from "../../../host-sim/collector/ingest.js";
import { joined, reports, type InstallReport } from "../../../host-sim/collector/losses.js";
import { openStore } from "../../../host-sim/collector/store.js";
import { block, gap } from "./records.js";

function report(...payloads: Buffer[]): InstallReport {
  const opened = openStore(":memory:");
  if (!opened.ok) throw new Error(opened.error.message);
  new Ingest(opened.value.sql).commit(
    payloads.map((payload, index) => ({ device: "porch", payload, atMs: 1e12 + index * 10_000, again: false })),
  );
  return [...reports(opened.value, undefined)][0]!;
}

test("a gap is told with its reason, counts and times, less the records that arrived after all", () => {
  const { losses, holes } = report(
    block({ seq: 0 }),
    block({ seq: 1 }),
    block({ seq: 5 }),
    gap({ seq: 6, reason: 1, first: 1, count: 4, samples: 40, from: [0, 10_000], to: [0, 49_000] }),
  );
  expect(losses).toEqual([
    {
      reason: "oldest-dropped",
      seq: 6,
      first: 1,
      last: 4,
      records: 3,
      samples: 30,
      arrived: 1,
      more: false,
      samplesUnknown: false,
      from: { boot: 0, ms: 10_000, timeMs: expect.any(Number) },
      to: { boot: 0, ms: 49_000, timeMs: expect.any(Number) },
    },
  ]);
  expect(holes).toEqual([]);
});

test("a gap that grew is told once, and one that only begins a loss not where its end is told", () => {
  const grown = report(
    block({ seq: 0 }),
    gap({ seq: 1, reason: 3, count: 1 }),
    gap({ seq: 3, reason: 3, count: 1 }),
    gap({ seq: 1, reason: 3, count: 4, samples: 40 }),
  );
  expect(grown.losses).toMatchObject([{ seq: 1, records: 4, samples: 40 }]);
  const begun = gap({ seq: 1, reason: 2, first: 0, count: 0, samples: 0, flags: 1 });
  const ended = gap({ seq: 2, reason: 2, first: 0, count: 0, samples: 70 });
  expect(report(block({ seq: 0 }), begun, ended).losses).toMatchObject([{ seq: 2, samples: 70, more: false, first: undefined }]);
  expect(report(block({ seq: 0 }), begun).losses).toMatchObject([{ seq: 1, samples: 0, more: true }]);
});

test("a gap that a later one tells on is not told twice", () => {
  const { losses } = report(
    block({ seq: 0 }),
    gap({ seq: 8, reason: 1, first: 1, count: 4, samples: 40 }),
    gap({ seq: 12, reason: 1, first: 1, count: 10, samples: 95 }),
  );
  expect(losses).toMatchObject([{ seq: 12, samples: 95 }]);
});

test("numbers that nothing explains have not arrived yet, with the samples about them", () => {
  const { holes, next, highest } = report(
    block({ seq: 0 }),
    block({ seq: 2 }),
    gap({ seq: 5, reason: 4, count: 3 }),
    block({ seq: 11 }),
    gap({ seq: 20, reason: 1, first: 12, count: 6 }),
  );
  expect({ next, highest }).toEqual({ next: 1, highest: 20 });
  expect(holes.map(({ first, last }) => [first, last])).toEqual([
    [1, 1],
    [3, 4],
    [8, 10],
    [18, 19],
  ]);
  expect(holes[0]).toMatchObject({ after: { boot: 0, ms: 9000 }, before: { boot: 0, ms: 20_000 } });
  expect(holes[3]!.before).toBeUndefined();
});

test("restarts are told with the last sample before and the first after", () => {
  const { restarts } = report(block({ seq: 0 }), block({ seq: 1, boot: 4, startMs: 500 }));
  expect(restarts).toMatchObject([{ last: { boot: 0, ms: 9000 }, first: { boot: 4, ms: 500 } }]);
});

test("losses of a full journal, a gap for each sector, are told as one where no number lies between them", () => {
  const { losses } = report(
    block({ seq: 0 }),
    gap({ seq: 20, reason: 1, first: 1, count: 4, samples: 40, from: [0, 10_000], to: [0, 49_000] }),
    gap({ seq: 21, reason: 1, first: 5, count: 5, samples: 50, from: [0, 50_000], to: [1, 9000] }),
    gap({ seq: 22, reason: 1, first: 11, count: 2, samples: 20, from: [1, 20_000], to: [1, 39_000] }),
    gap({ seq: 23, reason: 5, first: 13, count: 1 }),
  );
  expect(joined(losses)).toMatchObject([
    { first: 1, last: 9, records: 9, samples: 90, from: { boot: 0, ms: 10_000 }, to: { boot: 1, ms: 9000 } },
    { first: 11, last: 12 },
    { first: 13, last: 13, reason: "flash-failed" },
  ]);
});
