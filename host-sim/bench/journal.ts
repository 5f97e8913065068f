/** The journal: what its blocks cost the flash, how long a start reads, and what it takes of the board's RAM. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { costs } from "../world/costs.js";
import { random } from "../world/random.js";
import { runInXs } from "../xs/run.js";
import type { Benchmark, Row } from "./benchmark.js";
import { CountedFlash, openOn, type Room, startReads, work } from "./journal-rounds.js";

const slotBytes = 16;
const sectorsOf256K = 64;
const sectorsOf512K = 128;

export function measureRoom(sectors: number): Result<Room> {
  const ran = runInXs({
    source: `import { roomOf } from "host-sim/bench/journal-rounds"; report(roomOf(${sectors}));`,
    preload: ["firmware/journal/journal"],
  });
  return ran.ok ? success(ran.value.value as Room) : failure(ran.error.kind, ran.error.message);
}

/** RAM beside the buffer that records are read into, which is as long as the longest block. */
export function besideBuffer({ slots, chunkBytes }: Room): number {
  return slots * slotBytes + chunkBytes - openOn(new CountedFlash(4), "drop-oldest").blockBytesMax;
}

/** ms of reading at the flash's speed. */
function readMs(bytes: number): number {
  return (bytes * costs.flashReadByteUs) / 1000;
}

export function flashRows(): Row[] {
  const rows: Row[] = [];
  for (const length of [512, 544]) {
    for (const isDrained of [true, false]) {
      const state = isDrained ? "drained as they come" : "the oldest dropped, a gap for each sector";
      const worked = work(new CountedFlash(sectorsOf256K), "drop-oldest", length, isDrained);
      rows.push({
        what: `bytes programmed a byte of blocks of ${length} B, ${state}`,
        measured: worked.amplification,
        limit: { atMost: 1.1 },
      });
      rows.push({ what: `erases a sector filled, ${state}, ${length} B`, measured: worked.erasesPerSector, limit: { atMost: 1 } });
    }
  }
  const thinned = work(new CountedFlash(sectorsOf256K), "thin-out", 512, false);
  rows.push({ what: "bytes programmed a byte of blocks of 512 B that are thinned out again and again", measured: thinned.amplification });

  const full = new CountedFlash(sectorsOf256K);
  work(full, "drop-oldest", 512, false);
  rows.push({ what: "start on 256 KiB, full: reading at 10 MB/s", measured: readMs(startReads(full)), unit: "ms", limit: { atMost: 20 } });
  const torn = new CountedFlash(sectorsOf256K);
  work(torn, "drop-oldest", 512, false);
  // An erase under way when the power went, and a header that lost a bit.
  const draws = random(1);
  for (let i = 0; i < 4096; i++) torn.bytes[5 * 4096 + i] = draws.next();
  torn.bytes[9 * 4096 + 20]! ^= 1;
  rows.push({
    what: "the same, one sector torn and one header damaged",
    measured: readMs(startReads(torn)),
    unit: "ms",
    limit: { atMost: 20 },
  });
  const noise = new CountedFlash(sectorsOf256K);
  for (let i = 0; i < noise.bytes.length; i++) noise.bytes[i] = draws.next();
  rows.push({ what: "start on 256 KiB of noise", measured: readMs(startReads(noise)), unit: "ms" });
  return rows;
}

export const journal: Benchmark = {
  name: "journal",
  run() {
    const rows = flashRows();
    for (const sectors of [sectorsOf256K, sectorsOf512K]) {
      const room = measureRoom(sectors);
      if (!room.ok) return room;
      rows.push({
        what: `RAM of a journal of ${sectors * 4} KiB, beside one block buffer`,
        measured: besideBuffer(room.value),
        unit: "B",
        limit: { atMost: 2048 },
      });
    }
    return success(rows);
  },
};
