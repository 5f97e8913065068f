/**
 * A board's history, heard on its wire and read from its flash (`history`). On `data` everything is a block or a gap that decodes; an
 * install is for ever, a boot and a number are given once, and what comes again bears the same bytes (a gap made of
 * numbers that are missing may have grown); records go out in the order of numbers, again only where a consumer has
 * not confirmed them for its time. No record leaves the flash before it was acknowledged, by the broker or by the consumer, or a gap
 * told that it was given up. And in the end each number is with the receiver, or waits in flash.
 */
import type { IPublishPacket, Packet } from "mqtt-packet";
import { limits } from "../../firmware/limits.js";
import { decodeBlock } from "../blocks/decoder.js";
import { decodeGap } from "../blocks/gap.js";
import type { Fault, FaultKind } from "../faults/catalogue.js";
import { HeardHistory, headOf, type RecordHead, u32 } from "../world/heard-history.js";
import { Ranges } from "../world/ranges.js";
import type { Account } from "./account.js";
import type { Connection } from "./connection.js";
import { HistoryFlash } from "./history-flash.js";
import { HistorySamples, type Recorded } from "./history-samples.js";
import type { Point } from "./sometimes.js";
import type { Message, Scene, Watcher } from "./watcher.js";

/** They leave records that nobody can read, and with them all that is said of loss. */
const hurting: readonly FaultKind[] = ["flash-flip", "flash-fail", "flash-worn"];

const invariant = "history";
/** Timers keep the board's time to this, ms. */
const timerMs = 1_000;
/** No board gives more numbers in a run. */
const numberMax = 1e9;

/** A number stands for one record for ever. */
interface Known {
  readonly head: RecordHead;
  readonly seal: number;
}

export class History implements Watcher {
  /** What the board may regard as done: acknowledged to it, or given up by a gap. */
  readonly done = new Ranges();
  /** What has reached who is to confirm. */
  readonly heard = new HeardHistory();
  readonly samples: HistorySamples;
  /** Its flash was damaged. */
  hurt = false;
  /** Confirmations that confirm nothing, since the board started. */
  strays = 0;
  install: number | undefined;
  readonly #scene: Scene;
  readonly #flash: HistoryFlash;
  readonly #known = new Map<number, Known>();
  readonly #gaps = new Map<number, RecordHead>();
  /** Starts by their boot numbers. */
  readonly #starts = new Map<number, Recorded>();
  /** Records on their way, by packet id. */
  readonly #open = new Map<number, RecordHead>();
  /** The last number sent since the board started. */
  #last = -1;
  /** … and ever. */
  #highest = -1;
  /** When each was sent last, since the board started, ms. */
  readonly #sentMs = new Map<number, number>();
  /** Since when the consumer's confirmation is awaited at least, ms. */
  #progressMs = 0;
  /** In vain, one after the other. */
  #rewinds = 0;
  #isBack = false;
  /** When what was confirmed last had been sent: perhaps it was overdue already, and the board not connected. */
  #oldestMs = Infinity;
  #healed = false;
  /** The broker has lost what a consumer was to get: the board has to send it again, in its own time. */
  #lossy = false;

  constructor(scene: Scene, account: Account) {
    this.#scene = scene;
    this.samples = new HistorySamples(scene, account);
    this.#flash = new HistoryFlash(scene, this);
  }

  started(): void {
    this.samples.started();
    this.strays = 0;
    this.#last = -1;
    this.#sentMs.clear();
    this.#oldestMs = Infinity;
    this.#rewinds = 0;
    this.#progressMs = this.#scene.nowMs;
  }

  powerLost(): void {
    this.#open.clear();
    this.#flash.look();
    this.samples.powerLost();
  }

  faultBegun({ kind, parameters }: Fault): void {
    if (kind === "broker-forgets" || parameters["session"] === "lost") this.#lossy = true;
    if (hurting.includes(kind)) this.hurt = true;
  }

  healed(): void {
    this.#healed = true;
  }

  tick(): void {
    this.#flash.tick(this.#healed);
  }

  // ---- on the wire

  sent(packet: Packet, _bytes: number, _connection: Connection): void {
    if (packet.cmd !== "publish" || !isData(packet)) return;
    const head = headOf(packet.payload as Buffer);
    if (head !== undefined && packet.qos === 1) this.#open.set(packet.messageId!, head);
    if (packet.qos !== 1 || packet.retain)
      this.#say(`record ${head?.seq ?? "?"} was sent with QoS ${packet.qos}${packet.retain ? ", retained" : ""}`);
  }

  received(packet: Packet): void {
    const { acknowledge } = this.#scene.journal;
    if (packet.cmd === "puback") {
      const head = this.#open.get(packet.messageId!);
      this.#open.delete(packet.messageId!);
      if (head === undefined || acknowledge !== "broker") return;
      this.done.add(head.seq, head.last);
      // What it acknowledges and loses is the broker's affair.
      this.heard.take(head);
    } else if (packet.cmd === "publish" && packet.topic.endsWith("/ack")) {
      const seq = watermark(packet.payload.toString(), this.install);
      if (seq === undefined || seq > numberMax) {
        this.strays++;
        return this.#scene.reach("stray-ack");
      }
      // The last one again: the consumer is back.
      if (seq === this.done.next(0) - 1) this.#isBack = true;
      if (acknowledge !== "consumer" || this.#known.size === 0 || this.done.has(seq) || seq > this.#highest) return;
      const first = this.done.next(0);
      this.done.add(0, seq);
      this.#oldestMs = this.#sentMs.get(first) ?? Infinity;
      this.#progressMs = this.#scene.nowMs;
      this.#rewinds = 0;
      this.#scene.reach("watermark");
    }
  }

  /** A message of the board's has reached the broker. */
  taken(topic: string, payload: Uint8Array): void {
    if (topic !== "data" || this.#scene.journal.acknowledge !== "broker") return;
    const head = headOf(payload);
    if (head !== undefined) this.heard.take(head);
  }

  published({ topic, payload }: Message): void {
    if (topic !== "data") return;
    const head = headOf(payload);
    if (head === undefined) return this.#say(`what was sent as a record, ${payload.length} bytes, is neither a block nor a gap`);
    this.install ??= head.install;
    if (head.install !== this.install && !this.hurt)
      this.#say(`record ${head.seq} is of install ${head.install}, and those before were of ${this.install}`);
    if (head.install !== this.install) this.install = head.install;
    this.record(head, payload);
    this.#ordered(head);
    this.#scene.reach(head.kind === "block" ? "block" : (gapPoints[head.reason] ?? "block"));
  }

  /** A record was seen, on the wire or in flash. */
  record(head: RecordHead, payload: Uint8Array): void {
    const { seq } = head;
    const seal = u32(payload, payload.length - 4);
    const before = this.#known.get(seq);
    if (before?.seal === seal) return;
    const made = head.reason === 3 || head.reason === 4;
    if (before !== undefined && !made && !this.hurt) {
      this.#say(`number ${seq} was of ${wordsOf(before.head)}, and is now of ${wordsOf(head)}`);
      return;
    }
    this.#known.set(seq, { head, seal });
    if (head.kind === "gap") return this.#gap(head, payload);
    const block = decodeBlock(payload);
    if (!block.ok) return this.#say(`record ${seq} does not decode: ${block.error.message}`);
    const start = this.start(head.boot, seq);
    if (start !== undefined) this.samples.block(seq, block.value, start);
  }

  #gap(head: RecordHead, payload: Uint8Array): void {
    const gap = decodeGap(payload);
    if (!gap.ok) return this.#say(`gap ${head.seq} does not decode: ${gap.error.message}`);
    const { whenFull } = this.#scene.journal;
    const { reason, seq } = head;
    const likely =
      reason === 1 ? whenFull !== "drop-newest" : reason === 2 ? whenFull === "drop-newest" : reason === 3 ? whenFull === "thin-out" : true;
    if (!likely && !this.hurt) this.#say(`gap ${seq} tells of reason ${reason}, and the policy is ${whenFull}`);
    if (reason === 5 && !this.hurt) this.#say(`gap ${seq} says that the flash failed, and it never did`);
    if (reason === 4) this.#flash.damaged(seq, head.last);
    this.#gaps.set(seq, head);
    if (reason !== 3 && reason !== 4) this.start(head.boot, seq);
    if (reason === 1 && head.lost !== undefined) this.done.add(head.lost.from, head.lost.to);
    if ((head.flags & 1) === 0) return;
    const start = this.#starts.get(gap.value.from.boot);
    if (start !== undefined) start.excused = true;
  }

  /** The start that gave itself this boot number. */
  start(boot: number, seq: number): Recorded | undefined {
    const known = this.#starts.get(boot);
    if (known !== undefined) return known;
    const current = this.samples.boots.at(-1);
    // It may be of a start of which nothing could be read.
    if (current === undefined || this.hurt) return undefined;
    if (boot < this.#flash.nextBoot)
      this.#say(`record ${seq} is of boot ${boot}, which nobody had, and ${this.#flash.nextBoot} is the least that was free`);
    for (const [other, start] of this.#starts) {
      if (start === current) this.#say(`record ${seq} is of boot ${boot}, and one of ${other} was written since the same start`);
    }
    this.#starts.set(boot, current);
    current.wrote = true;
    return current;
  }

  #ordered({ seq, last }: RecordHead): void {
    const { nowMs, journal } = this.#scene;
    if (seq <= this.#last && !(this.hurt && seq === this.#last)) {
      const waitedMs = nowMs - Math.min(this.#sentMs.get(seq) ?? -Infinity, this.#oldestMs);
      if (journal.acknowledge === "broker") this.#say(`record ${seq} was sent when ${this.#last} had been sent since the start`);
      else if (!this.#isBack && waitedMs < limits.consumerPatienceMs - timerMs) {
        this.#say(
          `record ${seq} was sent again ${Math.round(waitedMs)} ms after the last time: ${limits.consumerPatienceMs} ms are a consumer's time`,
        );
      }
      this.#rewinds++;
      this.#isBack = false;
      this.#oldestMs = Infinity;
      this.#progressMs = nowMs;
      this.#scene.reach("sent-again");
    }
    this.#last = last;
    this.#sentMs.set(seq, nowMs);
    this.#highest = Math.max(this.#highest, last);
  }

  // ---- who has what

  /** What the receiver has. */
  get receiver() {
    const { journal, station, consumer } = this.#scene;
    const history = journal.acknowledge === "broker" ? this.heard : consumer?.committed.get(station.device ?? "");
    return history?.installs.get(this.install ?? -1);
  }

  /** Numbers up to the last that went out since the board started, less those that are done. */
  get unconfirmed(): number {
    return this.hurt ? 0 : Math.max(0, this.#last + 1 - this.done.next(0));
  }

  /** Until when a consumer may have to wait for what the broker lost, ms. */
  get patientUntilMs(): number {
    if (!this.#lossy || this.#scene.journal.acknowledge === "broker") return 0;
    const patienceMs = Math.min(limits.consumerPatienceMaxMs, limits.consumerPatienceMs * 2 ** this.#rewinds);
    return this.#progressMs + 1.5 * patienceMs + timerMs;
  }

  /** Samples that gaps tell of; undefined: nobody knows how many. */
  told(): number | undefined {
    let told = 0;
    for (const { samples, flags, reason } of this.#gaps.values()) {
      if ((flags & 2) !== 0 || reason === 4) return undefined;
      told += samples;
    }
    return told;
  }

  /** After the orderly end. */
  over(): void {
    const start = this.samples.boots.at(-1);
    if (start !== undefined) start.ended = true;
    this.#flash.look();
    if (this.hurt) return;
    const told = this.told();
    const missing = this.samples.missing(this.#scene.nowMs);
    if (told !== undefined && missing > told) {
      this.#scene.report(
        "recorded",
        `${missing} samples are in no block, and gaps tell of ${told}: the first, ${this.samples.firstMissing()}`,
      );
    }
  }

  #say(what: string): void {
    this.#scene.report(invariant, what);
  }
}

const gapPoints: Readonly<Record<number, Point>> = { 1: "gap-oldest", 2: "gap-newest", 3: "gap-thinned", 4: "gap-damaged" };

function isData({ topic }: IPublishPacket): boolean {
  return topic.endsWith("/data");
}

function wordsOf({ kind, boot, reason }: RecordHead): string {
  return kind === "block" ? `a block of boot ${boot}` : `a gap of boot ${boot}, reason ${reason}`;
}

/** The number that a confirmation for this install names. */
function watermark(text: string, install: number | undefined): number | undefined {
  try {
    const told = JSON.parse(text) as { install?: unknown; seq?: unknown } | null;
    return told?.install === install && typeof told?.seq === "number" ? told.seq : undefined;
  } catch {
    return undefined;
  }
}
