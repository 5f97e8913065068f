/**
 * Runs a workload once and remembers the flash before each operation; then ends the power within each of them, opens the journal on what is left,
 * holds it against the history, goes on, and ends the power again. Nothing is run twice: a cut costs a start.
 */
import { FlashPartition, sectorBytes } from "../../../host-sim/world/flash-memory.js";
import { random, type Random } from "../../../host-sim/world/random.js";
import { readJournalImage } from "../../../host-sim/journal/image.js";
import { isBlank, readPieces } from "../../../host-sim/journal/record.js";
import { audit } from "./audit.js";
import { Broken, History } from "./history.js";
import { apply, LightFlash, type Operation, unit } from "./light-flash.js";
import { Going, open, type Workload } from "./workload.js";

const gapRecordBytes = 16 + 64;

export interface Explored {
  operations: number;
  erases: number;
  cuts: number;
  doubleCuts: number;
  /** Starts that were done twice, and compared. */
  repeated: number;
}

export interface Depth {
  readonly operations: number;
  /** Operations after a cut, in each of which the power goes again; and how many of the cuts are gone on from. */
  readonly after: number;
  readonly everyCut: number;
  readonly seed: number;
  /** What is wrong with the flash from the beginning on. */
  readonly prepare?: (partition: FlashPartition, history: History) => void;
  /** Hears of the flash, and what was done to it, in the run in which the contract breaks: to look at. */
  readonly onBroken?: (flash: FlashPartition, operations: readonly Operation[], begun?: FlashPartition) => void;
}

export interface Moment {
  readonly flash: FlashPartition;
  readonly operation: Operation;
}

/** Throws Broken, with what it takes to see it again, where the contract is. */
export function explore(workload: Workload, depth: Depth): Explored {
  const draws = random(depth.seed, workload.name);
  const torn = draws.split("torn");
  const explored: Explored = { operations: 0, erases: 0, cuts: 0, doubleCuts: 0, repeated: 0 };
  const { moments, history } = record(workload, depth);
  explored.operations = moments.length;
  for (const [at, { flash, operation }] of moments.entries()) {
    if ("erase" in operation) explored.erases++;
    for (const share of shares(operation, draws)) {
      explored.cuts++;
      if ((explored.cuts - explored.doubleCuts) % depth.everyCut !== 0) {
        within(() => cut(workload, history, at, flash, operation, share, torn, explored), workload, at, share);
        continue;
      }
      within(
        () => {
          const went = cut(workload, history, at, flash, operation, share, torn, explored);
          const again = run(workload, went.history, went.flash, draws, draws.next() % 1000, depth.after, torn, depth);
          for (const [later, { flash, operation }] of again.entries()) {
            // Thinning out is many operations at once.
            if (again.length > 2 * depth.after && draws.next() % again.length >= 2 * depth.after) continue;
            const second = shares(operation, draws);
            const share = second[draws.next() % second.length]!;
            within(() => cut(workload, went.history, later, flash, operation, share, torn, explored), workload, later, share);
            explored.cuts++;
            explored.doubleCuts++;
          }
        },
        workload,
        at,
        share,
      );
    }
  }
  return explored;
}

function within(act: () => void, { name }: Workload, at: number, share: number): void {
  try {
    act();
  } catch (error) {
    if (error instanceof Broken)
      throw new Broken(`${error.message}\n  power cut at operation ${at} of ${name}, ${share.toFixed(4)} of it done`);
    throw error;
  }
}

/** Where the power ends within an operation: before it, and at places within. */
function shares(operation: Operation, draws: Random): number[] {
  if ("erase" in operation) return [0, 0.01 + 0.2 * draws.fraction(), 0.25, 0.3 + 0.6 * draws.fraction(), 0.999];
  const { length } = operation.bytes;
  // Within its last bytes: seals, and padding that changes nothing.
  return [0, draws.fraction(), (length - 1 - ((draws.next() % 20) % length)) / length + 0.5 / length];
}

/** The moments of a workload from empty flash on, and its history. */
export function record(workload: Workload, depth: Depth): { moments: readonly Moment[]; history: History } {
  const draws = random(depth.seed, workload.name);
  const torn = draws.split("torn");
  const history = new History();
  const partition = new FlashPartition(workload.sectors * sectorBytes, { draws: torn });
  depth.prepare?.(partition, history);
  return { moments: run(workload, history, partition, draws.split("steps"), 0, depth.operations, torn, depth), history };
}

/** The moments of the operations. A run that comes to its end is audited there. */
export function run(
  workload: Workload,
  history: History,
  partition: FlashPartition,
  draws: Random,
  steps: number,
  operations: number,
  torn: Random,
  { onBroken }: Pick<Depth, "onBroken"> = {},
): Moment[] {
  const moments: Moment[] = [];
  const flash = new LightFlash(partition);
  flash.before = (operation, fails) => {
    const copy = "erase" in operation ? operation : { at: operation.at, bytes: operation.bytes.slice() };
    moments.push({ flash: partition.fork(torn), operation: copy });
    if ("erase" in operation) excuse(history, partition, operation.erase);
    else if (fails === undefined) history.programs(operation.bytes);
    history.operations++;
  };
  const opened = open(flash, workload.whenFull);
  history.install ??= opened.install;
  const going = new Going(opened, workload, flash, history, draws, steps);
  // A full journal that nobody drains does nothing.
  try {
    for (let each = 0; moments.length < operations && each < 10 * operations; each++) going.step();
    const { length } = moments;
    audit(open(new LightFlash(partition.fork(torn)), workload.whenFull), history, history.operations);
    going.revive();
    moments.length = length;
    flash.before = undefined;
    audit(open(flash, workload.whenFull), history, history.operations, history);
  } catch (error) {
    onBroken?.(
      partition,
      moments.map(({ operation }) => operation),
      moments[0]?.flash,
    );
    throw error;
  }
  return moments;
}

/** Where the newest sector can take no gap, and no other is erased, the oldest is given up without one. */
function excuse(history: History, partition: FlashPartition, index: number): void {
  const sector = partition.sectors.get(index);
  if (sector === undefined) return;
  const owes = (seq: number): boolean => history.keptAt(seq, history.operations) !== undefined;
  const owed = readPieces(sector, index, history.install).pieces.flatMap((piece) => ("seq" in piece && owes(piece.seq) ? [piece.seq] : []));
  if (owed.length === 0) return;
  const bytes = new Uint8Array(partition.bytes);
  partition.read(bytes, 0);
  const { sectors, newest } = readJournalImage(bytes);
  if (
    newest === undefined ||
    sectors.some(({ state, index }) => state === "erased" && isBlank(bytes, index * sectorBytes + unit, (index + 1) * sectorBytes))
  )
    return;
  const { filled, pieces, salvaged, end } = sectors[newest]!;
  if (!salvaged && end === undefined && filled + gapRecordBytes <= sectorBytes && pieces.every(({ kind }) => kind !== "damage")) return;
  for (const seq of owed) history.excuse(seq);
  // What was thinned out of it goes with it.
  const { first, end: mergedEnd } = sectors[index]!;
  if (mergedEnd !== undefined) for (let seq = first!; seq < mergedEnd; seq++) if (owes(seq)) history.excuse(seq);
}

function cut(
  workload: Workload,
  history: History,
  at: number,
  before: FlashPartition,
  operation: Operation,
  share: number,
  torn: Random,
  explored: Explored,
): { history: History; flash: FlashPartition } {
  const partition = before.fork(torn);
  apply(partition, operation, share);
  const next = new History(history, at);
  const flash = new LightFlash(partition);
  const journal = open(flash, workload.whenFull);
  const outcome = audit(journal, history, at, next);
  if (flash.operations > 0) throw new Broken("a start writes to the flash");
  if (explored.cuts % 5 === 0) {
    explored.repeated++;
    const again = audit(open(new LightFlash(partition), workload.whenFull), history, at);
    // Bits of a torn erase read differently each time, so that there may seem to be more records, or fewer, of which nothing is left.
    if (partition.wavers) Object.assign(again, { nextSeq: outcome.nextSeq });
    if (JSON.stringify(again) !== JSON.stringify(outcome))
      throw new Broken(`a second start gives ${JSON.stringify(again)}, the first gave ${JSON.stringify(outcome)}`);
  }
  return { history: next, flash: partition };
}
