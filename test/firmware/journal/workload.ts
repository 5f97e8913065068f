/** What is done with a journal, drawn from a seed: blocks are appended, read and acknowledged, sectors erased ahead, boards restarted. */
import { openJournal } from "../../../firmware/journal/journal.js";
import type { Journal, WhenFull } from "../../../firmware/journal/contract.js";
import type { Flash } from "../../../firmware/device.js";
import { random, type Random } from "../../../host-sim/world/random.js";
import { audit } from "./audit.js";
import { Broken, type History } from "./history.js";
import type { LightFlash } from "./light-flash.js";
import { sealedBlock } from "./sealed.js";

/** Parts of what is done, in relation to each other. */
export interface Phase {
  readonly append: number;
  /** Reads on by some records, and acknowledges them. */
  readonly drain: number;
  readonly tend: number;
  readonly restart: number;
}

export interface Workload {
  readonly name: string;
  readonly whenFull: WhenFull;
  readonly sectors: number;
  /** Bytes of a block, from … to. */
  readonly bytes: readonly [number, number];
  /** One after the other, each for so many steps, and again. */
  readonly phases: readonly Phase[];
  readonly phaseSteps: number;
}

export function open(flash: Flash, whenFull: WhenFull, seed = 1): Journal {
  const draws = random(seed, "install");
  const opened = openJournal(
    {
      flash: { open: () => flash },
      random: (into) => {
        for (let i = 0; i < into.length; i++) into[i] = draws.next();
      },
    },
    { whenFull },
  );
  if (!opened.ok) throw new Broken(opened.error.message);
  return opened.value;
}

/** Goes on with a journal, step by step. */
export class Going {
  journal: Journal;
  nowMs = 1000;
  readonly #workload: Workload;
  readonly #flash: LightFlash;
  readonly #history: History;
  readonly #draws: Random;
  #salt = 0;
  /** Last numbers of what was read and is not acknowledged. */
  #read: number[] = [];
  #steps: number;

  constructor(journal: Journal, workload: Workload, flash: LightFlash, history: History, draws: Random, steps: number) {
    this.journal = journal;
    this.#steps = steps;
    this.#workload = workload;
    this.#flash = flash;
    this.#history = history;
    history.thins = workload.whenFull === "thin-out";
    history.done = () => this.journal.doneSeq;
    this.#draws = draws;
  }

  step(): void {
    const { phases, phaseSteps } = this.#workload;
    const { append, drain, tend, restart } = phases[Math.floor(this.#steps++ / phaseSteps) % phases.length]!;
    this.#guard(() => this.#act(append, drain, tend, restart));
  }

  /** The journal catches what the flash throws. */
  #guard(act: () => void): void {
    let thrown: unknown;
    try {
      act();
    } catch (error) {
      thrown = error;
    }
    if (this.#flash.broken !== undefined) throw new Broken(this.#flash.broken);
    if (thrown !== undefined) throw thrown;
  }

  #act(append: number, drain: number, tend: number, restart: number): void {
    let which = this.#draws.fraction() * (append + drain + tend + restart);
    if ((which -= append) < 0) this.append();
    else if ((which -= drain) < 0) this.drain(1 + (this.#draws.next() % 6), this.#draws.next() % 3);
    else if ((which -= tend) < 0) this.journal.tend();
    else this.restart((this.#draws.next() & 1) === 0);
  }

  append(): void {
    const [least, most] = this.#workload.bytes;
    const draws = this.#draws;
    const length = least + (draws.next() % (Math.min(most, this.journal.blockBytesMax) - least + 1));
    const startMs = this.nowMs;
    const endMs = startMs + (draws.next() % 60_000);
    this.nowMs = endMs + 1;
    const block = sealedBlock(this.journal.identity(), startMs, length, draws.next() + this.#salt++);
    const samples = 1 + (draws.next() % 300);
    const isKept = this.#history.append(block, samples, startMs, endMs, () => this.journal.append(block, samples, startMs, endMs));
    const { whenFull } = this.#workload;
    if (!isKept && whenFull !== "drop-newest" && !this.#history.damaged)
      throw new Broken(`a block is refused, and the policy is ${whenFull}`);
  }

  /** Whatever came before: when all is delivered, blocks are taken again. */
  revive(): void {
    this.#guard(() => this.#revive());
  }

  #revive(): void {
    const { journal } = this;
    this.drain(5000, 0);
    if (journal.peek() !== undefined) throw new Broken("reading does not come to an end");
    for (let times = 0; journal.tend(); times++) if (times > 100) throw new Broken("there is always more to tend");
    const before = journal.counts.blocks;
    // Flash that fails now and then may fail now.
    for (let times = this.#history.damaged ? 20 : 1; times > 0 && journal.counts.blocks === before; times--) this.append();
    if (journal.counts.blocks === before) throw new Broken("all is acknowledged, and a block is refused");
  }

  /** Reads on, and acknowledges all that was read but the last ones. */
  drain(records: number, but: number): void {
    const { journal } = this;
    for (let each = 0; each < records && journal.peek() !== undefined; each++) {
      this.#read.push(journal.lastSeq);
      journal.skip();
    }
    const count = this.#read.length - but;
    if (count <= 0) return;
    const seq = this.#read.splice(0, count).at(-1)!;
    this.#history.acknowledge(seq, () => journal.acknowledge(seq));
  }

  restart(orderly: boolean): void {
    if (orderly) this.journal.stop();
    // Blocks that were refused since the last gap with counts are not remembered: that more may be lost was said.
    this.#history.restarts();
    this.journal = open(this.#flash, this.#workload.whenFull);
    const { operations } = this.#history;
    audit(this.journal, this.#history, operations, this.#history);
    if (this.#draws.next() % 4 === 0) audit(this.journal, this.#history, operations);
    this.nowMs = 1000;
    this.#read = [];
  }
}
