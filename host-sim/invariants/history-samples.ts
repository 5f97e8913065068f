/**
 * What channels gave out is what the journal's blocks hold (`recorded`): the same samples with the same times, values and
 * reasons, each channel's in order, and none left out but those that gaps tell of and, before each loss of power, what was
 * younger than `blockS` and stood in RAM.
 */
import { type Block, valueOf } from "../blocks/block.js";
import { Ranges } from "../world/ranges.js";
import type { Account } from "./account.js";
import type { Emission } from "./slot.js";
import type { Scene } from "./watcher.js";

const invariant = "recorded";
/** How much later than due a block may be written: what may hold up the thread, an erase and a measurement among it, ms. */
const slackMs = 3_000;
const rounding = 1e-9;

/** A channel in one boot. */
interface Lane {
  readonly name: string;
  readonly resolution: number;
  readonly emissions: readonly Emission[];
  /** Of the emissions, by index from 0, those that blocks hold. */
  readonly there: Ranges;
}

/** One boot's. */
export interface Recorded {
  /** By the channel's id in blocks. */
  readonly lanes: readonly (Lane | undefined)[];
  /** When its power went, in the world's time; undefined while it has not. */
  lostAtMs: number | undefined;
  /** Its orderly end wrote down what stood in RAM. */
  ended: boolean;
  /** Nobody can tell what it lost: a gap says so. */
  excused: boolean;
  /** A record of it was seen. */
  wrote: boolean;
}

export class HistorySamples {
  readonly boots: Recorded[] = [];
  readonly #scene: Scene;
  readonly #account: Account;

  constructor(scene: Scene, account: Account) {
    this.#scene = scene;
    this.#account = account;
  }

  started(): void {
    const { channels } = this.#scene.app;
    const lanes = Object.entries(channels).map(([name, { keep, resolution }]): Lane | undefined => {
      const slot = keep === false ? undefined : this.#account.slotOf.get(name);
      return slot && { name, resolution, emissions: slot.emissions, there: new Ranges() };
    });
    this.boots.push({ lanes, lostAtMs: undefined, ended: false, excused: false, wrote: false });
  }

  /** What was given out stays known when the account begins anew. */
  powerLost(): void {
    const boot = this.boots.pop();
    if (boot === undefined) return;
    const lanes = boot.lanes.map((lane) => lane && { ...lane, emissions: [...lane.emissions] });
    this.boots.push({ ...boot, lanes, lostAtMs: boot.lostAtMs ?? this.#scene.nowMs });
  }

  /** A block of that boot was seen for the first time. */
  block(seq: number, { channels }: Block, boot: Recorded): void {
    for (const series of channels) {
      const lane = boot.lanes[series.id];
      if (lane === undefined) {
        this.#say(`block ${seq} has a channel ${series.id}, which is none of those that are kept`);
        continue;
      }
      let index = -1;
      let first = -1;
      for (const run of series.runs) {
        if (run.kind === "gap") continue;
        for (const [at, ms] of run.timesMs.entries()) {
          const next = index < 0 ? indexAt(lane.emissions, ms) : index + 1;
          if (first < 0) first = next;
          index = next;
          const emission = lane.emissions[next];
          if (emission === undefined || emission.ms !== ms) {
            this.#say(`block ${seq} has a sample of ${lane.name} at ${ms} ms, where ${emission?.ms ?? "none"} is next of what it gave out`);
            return;
          }
          const number = run.kind === "values" ? valueOf(series, run.numbers[at]!) : undefined;
          const right =
            number === undefined
              ? emission.kind === "error" && run.kind === "missing" && run.reason === emission.error
              : isOf(number, emission, lane);
          if (right) continue;
          const is = number ?? (run.kind === "missing" ? run.reason : "");
          this.#say(
            `block ${seq} has ${is} of ${lane.name} at ${ms} ms, and it gave out ${emission.kind === "value" ? emission.value : emission.kind}`,
          );
          return;
        }
      }
      if (first >= 0) lane.there.add(first, index);
    }
  }

  /** Samples that are in no block and should be. `nowMs`: of those that are young enough to stand in RAM, nothing is asked. */
  missing(nowMs: number): number {
    let missing = 0;
    const blockMs = this.#scene.journal.blockS * 1000;
    let isUntold = false;
    for (const { lanes, lostAtMs = nowMs, ended, excused, wrote } of this.boots) {
      // A gap that says that more is lost stands for the boots behind it too, until one has room for a record again.
      isUntold = excused || (isUntold && !wrote);
      if (isUntold) continue;
      for (const lane of lanes) {
        if (lane === undefined) continue;
        const { emissions, there } = lane;
        for (let at = there.next(0); at < emissions.length; at = there.next(at + 1)) {
          if (ended || emissions[at]!.atMs < lostAtMs - blockMs - slackMs) missing++;
        }
      }
    }
    return missing;
  }

  /** For the message: the first sample that is missing. */
  firstMissing(): string {
    for (const [boot, { lanes }] of this.boots.entries()) {
      for (const lane of lanes) {
        const emission = lane?.emissions[lane.there.next(0)];
        if (emission !== undefined) return `${lane!.name} at ${emission.ms} ms of start ${boot + 1}`;
      }
    }
    return "none";
  }

  #say(what: string): void {
    this.#scene.report(invariant, what);
  }
}

function isOf(number: number, emission: Emission, { resolution }: Lane): boolean {
  if (emission.kind !== "value") return false;
  return Math.abs(number - emission.value) <= resolution / 2 + Math.abs(emission.value) * rounding + resolution * rounding;
}

/** The place of the emission of that time, or of the first behind it. */
function indexAt(emissions: readonly Emission[], ms: number): number {
  let low = 0;
  let high = emissions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (emissions[middle]!.ms < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
