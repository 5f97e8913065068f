/** Damages the flash of a workload at many of its moments, and holds what the journal makes of it against the history. */
import { readJournalImage } from "../../../host-sim/journal/image.js";
import { firstRecord } from "../../../host-sim/journal/record.js";
import { type FlashPartition, sectorBytes } from "../../../host-sim/world/flash-memory.js";
import { random, type Random } from "../../../host-sim/world/random.js";
import { audit } from "./audit.js";
import { type record, run } from "./explorer.js";
import { Broken, History, same } from "./history.js";
import { LightFlash } from "./light-flash.js";
import { open, type Workload } from "./workload.js";

function flip(partition: FlashPartition, bits: number, draws: Random): void {
  const sectors = [...partition.sectors.keys()];
  for (let each = 0; each < bits; each++) {
    const sector = partition.own(sectors[draws.next() % sectors.length]!);
    const bit = draws.next() % (8 * sectorBytes);
    sector[bit >> 3]! ^= 1 << (bit & 7);
  }
}

/** What becomes of the flash, by name. */
export const damages: Readonly<Record<string, (partition: FlashPartition, draws: Random) => void>> = {
  "a bit flips": (partition, draws) => flip(partition, 1, draws),
  "a few bits flip": (partition, draws) => flip(partition, 2 + (draws.next() % 4), draws),
  "many bits flip": (partition, draws) => flip(partition, 20 + (draws.next() % 200), draws),
  "bits of headers flip"(partition, draws) {
    for (const index of [...partition.sectors.keys()]) {
      if (draws.next() % 2 === 0) partition.own(index)[draws.next() % 64]! ^= 1 << (draws.next() & 7);
    }
  },
  "a page reads as something else"(partition, draws) {
    const sectors = [...partition.sectors.keys()];
    const sector = partition.own(sectors[draws.next() % sectors.length]!);
    const at = (draws.next() % 16) * 256;
    const isNoise = draws.next() % 2 === 0;
    // Never all ff: that a record was there could not be known.
    for (let i = at; i < at + 256; i++) sector[i] = isNoise ? draws.next() : 0;
  },
  "a sector is gone"(partition, draws) {
    const sectors = [...partition.sectors.keys()];
    partition.own(sectors[draws.next() % sectors.length]!).fill(0);
  },
};

function imageOf(partition: FlashPartition): Uint8Array {
  const bytes = new Uint8Array(partition.bytes);
  partition.read(bytes, 0);
  return bytes;
}

/** What FORMAT.md excepts: a sector's first 16 bytes are damaged, and with them every record in it, so that nobody knows that there was one. */
function isBlotted(before: Uint8Array, after: Uint8Array, isHeaderEnough = false): boolean {
  return readJournalImage(before).sectors.some(({ index, state, pieces }) => {
    if (state !== "used" || !pieces.some(({ kind }) => kind === "block" || kind === "gap")) return false;
    const [old, now] = [before, after].map((bytes) => bytes.subarray(index * sectorBytes, (index + 1) * sectorBytes)) as [
      Uint8Array,
      Uint8Array,
    ];
    return (
      !same(old.subarray(0, isHeaderEnough ? 48 : 16), now.subarray(0, isHeaderEnough ? 48 : 16)) && firstRecord(now, index) === undefined
    );
  });
}

/** The contract is broken after the first start. */
class BrokenLater extends Broken {}

export interface Damaged {
  tried: number;
  /** Nothing told that there had been records. */
  excepted: number;
  /** Nothing was left of the journal at all. */
  begunAnew: number;
}

/** Throws Broken where a record is wrong, lost without being told, or a number given again. */
export function damage(workload: Workload, { moments, history }: ReturnType<typeof record>, name: string): Damaged {
  const draws = random(1, `${workload.name} ${name}`);
  const found: Damaged = { tried: 0, excepted: 0, begunAnew: 0 };
  for (let at = 20 + (draws.next() % 5); at < moments.length; at += 3 + (draws.next() % 5)) {
    found.tried++;
    const partition = moments[at]!.flash.fork(draws);
    const before = imageOf(partition);
    damages[name]!(partition, draws);
    const after = imageOf(partition);
    const damaged = new History(history, at);
    damaged.damaged = true;
    try {
      if (!judge(workload, partition, damaged, after, draws)) found.begunAnew++;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      // At later starts such a sector may have been erased meanwhile, and with it what told of its numbers.
      if (!isBlotted(before, after, error instanceof BrokenLater))
        throw new Broken(`${error.message}\n  ${name}, at operation ${at} of ${workload.name}`);
      found.excepted++;
    }
  }
  return found;
}

/** False: another install is begun. */
function judge(workload: Workload, partition: FlashPartition, damaged: History, after: Uint8Array, draws: Random): boolean {
  const flash = new LightFlash(partition);
  const journal = open(flash, workload.whenFull, 2);
  if (journal.install !== damaged.install) {
    // All identities are new.
    if (readJournalImage(after).newest !== undefined)
      throw new Broken("another install is begun, though something of the old one can be read");
    return false;
  }
  const next = new History(damaged, 0);
  const outcome = audit(journal, damaged, 0, next);
  const again = audit(open(flash, workload.whenFull, 2), damaged, 0);
  if (JSON.stringify(again) !== JSON.stringify(outcome)) throw new Broken("a second start gives another outcome");
  try {
    run(workload, next, partition, draws, draws.next() % 500, 12, draws);
  } catch (error) {
    throw error instanceof Broken ? new BrokenLater(error.message) : error;
  }
  return true;
}
