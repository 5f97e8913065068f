/** What a station did, counted outside the firmware over all its boots: samples at its drivers, values by the numbers in its messages. */
import { checkApp } from "../../firmware/check.js";
import type { App } from "../../firmware/declaration.js";
import type { ReadingError } from "../../firmware/base/reading-error.js";
import { TopicNames } from "./topic-names.js";

export interface StationCounts {
  simulatedMs: number;
  boots: number;
  samples: number;
  /** Grid points that passed under power without a sample. */
  missed: number;
  readErrors: number;
  /** What the channels gave out, by the numbers in their messages. */
  emitted: number;
  published: number;
  retransmitted: number;
  acknowledged: number;
  /** Connections that the broker accepted. */
  connections: number;
  bytesOut: number;
  /** Blocks and gaps of its history, the first time each, and the samples that the gaps say are lost. */
  blocks: number;
  gaps: number;
  lost: number;
}

/** A sample that has begun may still be measuring: the slowest shipped sensor, a BME280 at 16×, takes 113 ms. */
const measuringMs = 120;

/** One sensor in this boot. */
interface Grid {
  readonly everyMs: number;
  readonly phaseMs: number;
  count: number;
  /** When its last sample was over, ms; −1 before the first. */
  lastMs: number;
}

export class Tally {
  readonly #grids = new Map<string, Grid>();
  /** Of this boot, by topic. */
  readonly #numbers = new Map<string, number>();
  readonly #names = new TopicNames();
  /** Infinity while the power is off. */
  #bootMs = Infinity;
  /** When sampling ended in order. */
  #endMs: number | undefined;
  boots = 0;
  samples = 0;
  readErrors = 0;
  // Of the boots before this one.
  #pastMissed = 0;
  #pastEmitted = 0;
  // Of the journal's records on the wire.
  blocks = 0;
  gaps = 0;
  lost = 0;
  #install = -1;
  #seqMax = -1;
  /** What gaps have told. */
  #told: { readonly seq: number; readonly samples: number }[] = [];

  /** For an app that the firmware will refuse, it counts nothing. */
  constructor(app: App) {
    if (!checkApp(app).ok) return;
    for (const [sensor, { everyMs, phaseMs = 0 }] of Object.entries(app.sensors)) {
      this.#grids.set(sensor, { everyMs, phaseMs, count: 0, lastMs: -1 });
    }
  }

  booted(atMs: number): void {
    this.boots++;
    this.#bootMs = atMs;
    this.#endMs = undefined;
  }

  sampled(sensor: string, atMs: number, error: ReadingError | undefined): void {
    const grid = this.#grids.get(sensor)!;
    grid.count++;
    grid.lastMs = atMs;
    this.samples++;
    if (error !== undefined) this.readErrors++;
  }

  published(packet: Uint8Array, topicAt: number, topicEnd: number, payloadAt: number): void {
    const first = packet[payloadAt];
    if ((first === blockMagic || first === gapMagic) && packet.length >= payloadAt + recordBytesMin && endsInData(packet, topicEnd)) {
      return this.#recorded(packet, payloadAt, first === gapMagic);
    }
    const number = numberOf(packet, payloadAt);
    if (number > 0) this.#numbers.set(this.#names.of(packet, topicAt, topicEnd), number);
  }

  /** A record of the journal; one that was sent in an earlier boot as well counts once. */
  #recorded(packet: Uint8Array, payloadAt: number, isGap: boolean): void {
    const install = u32(packet, payloadAt + 4);
    const seq = u32(packet, payloadAt + 12);
    if (install === this.#install && seq <= this.#seqMax) return;
    this.#install = install;
    this.#seqMax = seq;
    if (!isGap) this.blocks++;
    else this.#lostTold(seq, packet, payloadAt);
  }

  /** A gap may tell on what earlier ones told that were given up in their turn: then it stands for them. */
  #lostTold(seq: number, packet: Uint8Array, payloadAt: number): void {
    const first = u32(packet, payloadAt + 16);
    const end = first + u32(packet, payloadAt + 20);
    const samples = u32(packet, payloadAt + 24);
    this.gaps++;
    this.lost += samples;
    this.#told = this.#told.filter((earlier) => {
      const isToldOn = earlier.seq >= first && earlier.seq < end;
      if (isToldOn) this.lost -= earlier.samples;
      return !isToldOn;
    });
    this.#told.push({ seq, samples });
  }

  /** Sampling ends in order. */
  stopped(atMs: number): void {
    this.#endMs = atMs;
  }

  powerLost(atMs: number): void {
    this.#pastMissed = this.missed(atMs);
    this.#pastEmitted = this.emitted;
    for (const grid of this.#grids.values()) {
      grid.count = 0;
      grid.lastMs = -1;
    }
    this.#numbers.clear();
    this.#bootMs = Infinity;
  }

  /** What the channels gave out, by the numbers in their messages. */
  get emitted(): number {
    let emitted = this.#pastEmitted;
    for (const number of this.#numbers.values()) emitted += number;
    return emitted;
  }

  /** How many grid points passed by now, under power, without their sample. */
  missed(nowMs: number): number {
    const atMs = this.#endMs ?? nowMs;
    let missed = this.#pastMissed;
    for (const { everyMs, phaseMs, count, lastMs } of this.#grids.values()) {
      const throughMs = Math.max(lastMs, atMs - measuringMs) - this.#bootMs - phaseMs;
      const points = throughMs < 0 ? 0 : Math.floor(throughMs / everyMs) + 1;
      if (points > count) missed += points - count;
    }
    return missed;
  }

  simulatedMs(nowMs: number): number {
    return Math.floor(this.#endMs ?? nowMs);
  }
}

/** N of a packet whose payload ends in `"n":N}`; 0 where it does not. */
function numberOf(packet: Uint8Array, payloadAt: number): number {
  let at = packet.length - 1;
  if (at < payloadAt || packet[at] !== closingBrace) return 0;
  let number = 0;
  for (let unit = 1; at > payloadAt && packet[at - 1]! >= zero && packet[at - 1]! <= zero + 9; unit *= 10)
    number += (packet[--at]! - zero) * unit;
  return at - 4 >= payloadAt && packet[at - 1] === colon && packet[at - 3] === letterN && packet[at - 4] === quote ? number : 0;
}

function endsInData(packet: Uint8Array, topicEnd: number): boolean {
  for (let index = 0; index < dataTopic.length; index++) {
    if (packet[topicEnd - dataTopic.length + index] !== dataTopic[index]) return false;
  }
  return true;
}

function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

/** firmware/telemetry/FORMAT.md and firmware/journal/FORMAT.md. */
const [blockMagic, gapMagic, recordBytesMin] = [0x4d, 0x47, 28];
/** "/data" */
const dataTopic = [0x2f, 0x64, 0x61, 0x74, 0x61];
const [closingBrace, zero, colon, letterN, quote] = [0x7d, 0x30, 0x3a, 0x6e, 0x22];
