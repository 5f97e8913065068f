/**
 * Sends the journal's records, in order, a few at a time, and frees them when they are confirmed: by the
 * broker's PUBACK, or by a consumer that has committed them and says so on the board's `ack` topic. A record
 * stays in flash until then, over any number of connections and restarts; one may come twice, and bears the
 * same identity then.
 */
import type { Bytes, Timer, Timers } from "../device.js";
import type { Journal } from "../journal/contract.js";
import { limits } from "../limits.js";
import { readWatermark } from "./watermark.js";

/** Who confirms a record. */
export type Acknowledge = "broker" | "consumer";

/** Takes a QoS 1 message for good and returns its token; 0: not now. */
export type Send = (record: Bytes) => number;

export interface DrainCounts {
  /** Records handed to the connection, those sent again included. */
  sent: number;
  /** Confirmations of another install, of numbers never given, or that cannot be read. */
  strangeAcks: number;
}

/** A record that the connection has, and the last number it stands for. */
interface Sent {
  readonly token: number;
  readonly seq: number;
  isDone: boolean;
}

export class Drain {
  readonly counts: DrainCounts = { sent: 0, strangeAcks: 0 };
  private readonly journal: Journal;
  private readonly acknowledge: Acknowledge;
  private readonly timers: Timers;
  private readonly send: Send;
  /** Draws from 0 to below 1. */
  private readonly draw: () => number;
  /** Oldest first. */
  private readonly sent: Sent[] = [];
  /** Of the consumer's confirmation: when it is overdue. Undefined while nothing is awaited. */
  private timer: Timer;
  private patienceMs: number = limits.consumerPatienceMs;
  /** A confirmation was overdue, and none has come since. */
  private isInVain = false;
  /** Since it was overdue, the consumer showed that it is there, and all was sent again. */
  private isTriedAgain = false;

  constructor(ground: { journal: Journal; acknowledge: Acknowledge; timers: Timers; send: Send; draw: () => number }) {
    this.journal = ground.journal;
    this.acknowledge = ground.acknowledge;
    this.timers = ground.timers;
    this.send = ground.send;
    this.draw = ground.draw;
  }

  /** Sends what there is, as far as there is room. Called whenever that may have changed. */
  pump(): void {
    const { journal, sent } = this;
    while (sent.length < limits.drainWindow && !this.isFarAhead()) {
      const record = journal.peek();
      if (record === undefined) return;
      const token = this.send(record);
      if (token === 0) return;
      sent.push({ token, seq: journal.lastSeq, isDone: false });
      this.counts.sent++;
      journal.skip();
      if (this.acknowledge === "consumer" && this.timer === undefined) this.await();
    }
  }

  /** The broker has taken the message with that token. */
  taken(token: number): void {
    const { sent } = this;
    let index = 0;
    while (index < sent.length && sent[index]!.token !== token) index++;
    if (index === sent.length) return;
    sent[index]!.isDone = true;
    while (sent.length > 0 && sent[0]!.isDone) {
      const { seq } = sent.shift()!;
      if (this.acknowledge === "broker") this.journal.acknowledge(seq);
    }
    this.pump();
  }

  /** A message on the `ack` topic: `{"install":…,"boot":…,"seq":…}`, all records of that install up to seq are committed. */
  confirmed(payload: Bytes): void {
    const told = readWatermark(payload);
    const { install, boot, nextSeq } = this.journal;
    if (told === undefined || told.install !== install || told.boot > boot || told.seq >= nextSeq) {
      this.counts.strangeAcks++;
      return;
    }
    const { seq } = told;
    if (this.acknowledge !== "consumer") return;
    const { doneSeq } = this.journal;
    // The last one again: the consumer is back, and perhaps never got what came behind.
    if (seq >= doneSeq) {
      this.isInVain = false;
      this.journal.acknowledge(seq);
      this.patienceMs = limits.consumerPatienceMs;
      this.settle();
    } else if (this.isInVain && !this.isTriedAgain && seq === doneSeq - 1) {
      // Once each time that it was overdue: one that never gets past a record would have all behind it sent for ever.
      this.isTriedAgain = true;
      this.journal.rewind();
      // Its time to confirm begins anew.
      this.stop();
      this.await();
    } else return;
    this.pump();
  }

  stop(): void {
    if (this.timer !== undefined) this.timers.clear(this.timer);
    this.timer = undefined;
  }

  /**
   * Not all records may be on their way to a consumer that perhaps never gets them. But when it confirms nothing of those
   * it may miss what was dropped since, and the gap that tells of it is the last of all: then everything goes out.
   */
  private isFarAhead(): boolean {
    return this.acknowledge === "consumer" && !this.isInVain && this.journal.cursorSeq - this.journal.doneSeq >= limits.drainAheadMax;
  }

  private await(): void {
    // Up to half as long again, so that boards do not all come back at once.
    this.timer = this.timers.set(() => this.overdue(), Math.floor(this.patienceMs * (1 + this.draw() / 2)));
  }

  /** What was sent is perhaps lost: it is sent again, ever more rarely. */
  private overdue(): void {
    this.timer = undefined;
    this.isInVain = true;
    this.isTriedAgain = false;
    this.patienceMs = this.patienceMs * 2 > limits.consumerPatienceMaxMs ? limits.consumerPatienceMaxMs : this.patienceMs * 2;
    this.journal.rewind();
    this.pump();
  }

  private settle(): void {
    if (this.timer !== undefined) this.timers.clear(this.timer);
    this.timer = undefined;
    if (this.acknowledge === "consumer" && this.journal.cursorSeq > this.journal.doneSeq) this.await();
  }
}
