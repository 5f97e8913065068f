/**
 * A million hostile payloads through decoding and storing: blocks and gaps with changed bytes (some sealed again, so that the CRC
 * lets them through), cut, joined, random, from few devices and from many. No crash, bounded memory, and what a store says stays sound.
 */
import { expect, test } from "vitest";
import { reports } from "../../../host-sim/collector/losses.js";
import { exported } from "../../../host-sim/collector/export.js";
import { Ingest, type Arrival } from "../../../host-sim/collector/ingest.js";
import { openStore } from "../../../host-sim/collector/store.js";
import { draw } from "./draws.js";
import { block, gap, sealed } from "./records.js";

const payloads = 1_000_000;
const batch = 500;
/** A store of its own for each so many: the test is about the collector's memory, and this one's store is in memory. */
const storeEach = 100_000;
const heapBytesMax = 64 * 1024 * 1024;

test("a million hostile payloads crash nothing, take no more memory, and leave sound stores", { timeout: 60_000 }, () => {
  const random = draw(20261121);
  const pick = (count: number): number => Math.floor(random() * count);
  const seeds = [
    block({ seq: 0, samples: 3 }),
    block({ seq: 1, samples: 2, channels: 2, names: false }),
    block({ seq: 2, samples: 4, missingAt: [1, 2] }),
    gap({ seq: 3, reason: 3, count: 2 }),
    gap({ seq: 9, reason: 1, first: 4, count: 3, from: [0, 5], to: [1, 9] }),
    gap({ seq: 10, reason: 2, first: 0, count: 0, flags: 7 }),
  ];
  const hostile = (): Buffer => {
    const kind = random();
    if (kind < 0.1) return Buffer.from(Array.from({ length: pick(80) }, () => pick(256)));
    const bytes = Buffer.from(seeds[pick(seeds.length)]!);
    if (kind < 0.15) return bytes.subarray(0, pick(bytes.length));
    if (kind < 0.2) return Buffer.concat([bytes, Buffer.alloc(1 + pick(3))]);
    // Within the same few identities, or anywhere.
    if (kind < 0.3) bytes.writeUInt32LE(pick(60), 12);
    else for (let changes = 1 + pick(3); changes > 0; changes--) bytes[pick(bytes.length)] = pick(256);
    return kind < 0.34 ? sealed(bytes) : bytes;
  };
  const device = (): string => (random() < 0.01 ? `guest-${pick(1e9)}` : `board-${pick(3)}`);

  let taken = 0;
  let refused = 0;
  global.gc?.();
  const beforeBytes = process.memoryUsage().heapUsed;
  let mostBytes = 0;
  for (let done = 0; done < payloads;) {
    const opened = openStore(":memory:");
    if (!opened.ok) throw new Error(opened.error.message);
    const { sql, close } = opened.value;
    const ingest = new Ingest(sql);
    let stored = 0;
    let samples = 0;
    const end = done + storeEach;
    for (; done < end; done += batch) {
      const arrivals: Arrival[] = Array.from({ length: batch }, () => ({
        device: device(),
        payload: hostile(),
        atMs: 1_700_000_000_000 + done,
        again: random() < 0.1,
      }));
      const came = ingest.commit(arrivals);
      expect(came.notes.length).toBeLessThanOrEqual(100);
      stored += came.blocks;
      samples += came.samples;
      taken += came.blocks + came.gaps + came.duplicates;
      refused += came.malformed + came.conflicts;
      const watermark = came.watermarks.get("board-0");
      if (watermark !== undefined) expect(JSON.stringify(watermark).length).toBeLessThanOrEqual(128);
      mostBytes = Math.max(mostBytes, process.memoryUsage().heapUsed - beforeBytes);
    }
    const counted = (table: string): number =>
      Number((sql.prepare(`SELECT count(*) FROM ${table}`).raw().get([]) as unknown as [number])[0]);
    expect(counted("blocks")).toBe(stored);
    expect(counted("points")).toBe(samples);
    expect(sql.prepare("PRAGMA integrity_check").raw().get([])).toEqual(["ok"]);
    for (const { next, base, highest, holes } of reports(opened.value, "board-1")) {
      expect(next).toBeGreaterThan(base);
      for (const hole of holes) expect(hole.first >= next && hole.last <= highest).toBe(true);
    }
    let rows = 0;
    for (const { timeMs } of exported(opened.value, { fromMs: undefined, toMs: undefined, device: "board-1", channel: undefined })) {
      expect(Number.isFinite(timeMs)).toBe(true);
      if (++rows > 2000) break;
    }
    close();
  }
  expect(taken + refused).toBe(payloads);
  expect(taken).toBeGreaterThan(payloads / 25);
  expect(refused).toBeGreaterThan(payloads / 2);
  expect(mostBytes).toBeLessThan(heapBytesMax);
});
