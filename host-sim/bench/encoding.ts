/** Blocks of samples on XS: bytes and ns a sample on the two windows, beside Gorilla, CBOR and JSON on the same in the same run. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { valueOf } from "../blocks/block.js";
import { decodeBlock } from "../blocks/decoder.js";
import { runInXs } from "../xs/run.js";
import { type Benchmark, median, medianRatio, type Row } from "./benchmark.js";
import type { Measured, MeasuredWindow } from "./encoding-rounds.js";
import { expectedSums, sampleWindow, windowSamples, type WindowKind } from "./encoding-windows.js";
import { referenceNs, there } from "./reference.js";

export function measureEncoding(): Result<Measured> {
  const ran = runInXs({
    source: 'import { measure } from "host-sim/bench/encoding-rounds"; report(measure());',
    preload: ["firmware/telemetry/block-encoder"],
  });
  return ran.ok ? success(ran.value.value as Measured) : failure(ran.error.kind, ran.error.message);
}

/** A board's slot; the 64-bit machine has as many of them, each of twice the size. */
const slotBytes = 16;
const asked: Readonly<Record<WindowKind, number>> = { smooth: 0.65, raw: 1.7 };

export const encoding: Benchmark = {
  name: "encoding on XS",
  run() {
    const measured = measureEncoding();
    if (!measured.ok) return measured;
    const { rooms, windows, yardstickUs, yardstickSamples } = measured.value;
    const half = yardstickUs.length / 2;
    const rows = (kind: WindowKind, from: number): Row[] =>
      windowRows(kind, windows[kind], yardstickUs.slice(from, from + half), yardstickSamples);
    const roomRow = (count: "one" | "six", channels: string): Row => ({
      what: `heap of an encoder of ${channels}, its buffer of 1 KB included`,
      measured: rooms[count].slots * slotBytes + rooms[count].chunkBytes,
      unit: "B",
    });
    return success([...rows("smooth", 0), ...rows("raw", half), roomRow("one", "one channel"), roomRow("six", "six channels")]);
  },
};

/** True when the blocks, one after the other, hold the window to the last bit. */
export function holds(blocks: readonly number[][], kind: WindowKind): boolean {
  const times: number[] = [];
  const values: number[] = [];
  for (const bytes of blocks) {
    const block = decodeBlock(Uint8Array.from(bytes));
    if (!block.ok) return false;
    const series = block.value.channels[0]!;
    for (const run of series.runs) {
      if (run.kind !== "values") return false;
      times.push(...run.timesMs);
      for (const number of run.numbers) values.push(valueOf(series, number));
    }
  }
  const window = sampleWindow(kind);
  const same = (one: readonly number[], other: readonly number[]): boolean =>
    one.length === other.length && one.every((x, index) => x === other[index]);
  return same(times, window.times) && same(values, window.values);
}

function windowRows(kind: WindowKind, window: MeasuredWindow, yardstickUs: readonly number[], yardstickSamples: number): Row[] {
  const p1Ns = (us: readonly number[]): number => medianRatio(us, yardstickUs) * (yardstickSamples / windowSamples) * referenceNs;
  const length = (blocks: readonly number[][]): number => blocks.reduce((sum, block) => sum + block.length, 0) / windowSamples;
  const rows: Row[] = [
    { what: `${kind}: sum of times`, measured: window.sums.times, limit: { equal: expectedSums[kind].times } },
    { what: `${kind}: sum of values`, measured: window.sums.values, limit: { equal: expectedSums[kind].values } },
  ];
  for (const { name, bytes, us, equal } of window.encodings) {
    const own = name === "blocks";
    const size = { what: `${kind}: ${name}${own ? " of 1 KB" : ""}, a sample`, measured: bytes / windowSamples, unit: "B" };
    rows.push(own ? { ...size, limit: { atMost: asked[kind] } } : size);
    const time = { what: `${kind}: ${name}, a sample, ${there}`, measured: p1Ns(us), unit: "ns" };
    rows.push(own ? { ...time, limit: { atMost: 700 }, knownMiss: true } : time);
    rows.push({ what: `${kind}: ${name}, a sample on this computer`, measured: (median(us) * 1000) / windowSamples, unit: "ns" });
    const back = own ? holds(window.blocks, kind) && holds(window.shortBlocks, kind) : equal;
    rows.push({ what: `${kind}: ${name}, decoded again`, measured: back ? "equal" : "not equal", limit: { equal: "equal" } });
  }
  rows.push({
    what: `${kind}: blocks of 125 samples, a sample`,
    measured: length(window.shortBlocks),
    unit: "B",
    limit: { atMost: asked[kind] },
  });
  rows.push({ what: `${kind}: slots allocated a window of 1000`, measured: window.slots });
  rows.push({ what: `${kind}: chunk bytes allocated a window of 1000`, measured: window.chunkBytes, unit: "B" });
  return rows;
}
