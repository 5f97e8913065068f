/**
 * What the dashboard remembers of one board, seen from outside: raw readings at its drivers, values in its
 * messages, bytes on its wire, and when power, Wi-Fi and broker were there. All of it is bounded.
 */
import type { ReadingError, Sample } from "../../firmware/sensing/driver.js";
import { quantityOf } from "../../firmware/sensing/quantity.js";
import type { Counters } from "../../firmware/start.js";
import type { EngineMemory } from "../engine.js";
import type { Station } from "../station.js";
import { type Condition, conditions, type Health, type History, type Span, up, type Way } from "../web/protocol.js";
import type { Publish } from "../world/publishes.js";
import type { StationCounts } from "../world/tally.js";
import { inUnit } from "./app-info.js";
import { FlashWatch } from "./flash-watch.js";
import { Series } from "./series.js";
import { WireLog } from "./wire-log.js";

const spansMax = 512;
/** How long a missed sample is news, and a board may take until it has published something, virtual ms. */
const newsMs = 10_000;
const startingMs = 5_000;

export interface ChannelRecord {
  readonly name: string;
  readonly raw: Series;
  readonly out: Series;
  error: string | undefined;
  summary: string | undefined;
  /** The number and time of this boot's newest message. */
  newest: { readonly number: number; readonly atMs: number } | undefined;
}

interface Listener {
  readonly channel: ChannelRecord;
  readonly kind: string;
  readonly quantity: string;
  readonly inUnit: (x: number) => number;
}

export class BoardRecord {
  readonly station: Station;
  readonly channels: readonly ChannelRecord[];
  readonly wire: WireLog;
  readonly #flash: FlashWatch;
  readonly #nowUs: () => number;
  readonly #listeners = new Map<string, Listener[]>();
  readonly #failing = new Set<string>();
  readonly #spans: Span[] = [];
  #bootMs = 0;
  #boots = 0;
  #reset = "";
  #values = 0;
  /** Of the boots before this one, by the numbers in messages. */
  #pastEmitted = 0;
  #pastSuperseded = 0;
  #unacknowledgedLost = 0;
  #refused: string | undefined;
  #missed = 0;
  #missedAtMs = -Infinity;

  constructor(station: Station, nowUs: () => number, pointsMax: number, piecesMax: number) {
    this.station = station;
    this.#nowUs = nowUs;
    const { channels } = station.app;
    this.channels = Object.keys(channels).map((name) => {
      const raw = new Series(pointsMax);
      return { name, raw, out: new Series(pointsMax), error: undefined, summary: undefined, newest: undefined };
    });
    for (const channel of this.channels) {
      const declaration = channels[channel.name]!;
      const [sensor = "", kind = "", quantity = ""] = typeof declaration.from === "string" ? declaration.from.split(".") : [];
      const others = this.#listeners.get(sensor) ?? [];
      others.push({ channel, kind, quantity, inUnit: inUnit(declaration) });
      this.#listeners.set(sensor, others);
    }
    this.wire = new WireLog(piecesMax);
    this.wire.attach(station.board.wire, nowUs);
    this.#flash = new FlashWatch(station.board.flash.get("journal")!, () => nowUs() / 1000);
    const { publishes } = station;
    const count = publishes.onPublish;
    publishes.onPublish = (publish) => {
      count(publish);
      this.#published(publish);
    };
    const answered = publishes.onConnack;
    publishes.onConnack = (code) => {
      answered(code);
      this.#refused = code === 0 ? undefined : (refusals[code] ?? `code ${code}`);
      this.look();
    };
  }

  get spans(): readonly Span[] {
    return this.#spans;
  }

  booted(reason: string): void {
    this.#bootMs = this.#nowUs() / 1000;
    this.#boots++;
    this.#reset = reason;
    this.#failing.clear();
    for (const channel of this.channels) channel.newest = undefined;
    this.look();
  }

  powerLost(): void {
    const { published, acknowledged } = this.station.publishes;
    this.#unacknowledgedLost = published - acknowledged;
    // What the firmware counted goes with its RAM; a machine of XS may be in the middle of something, and is not asked.
    const last = this.station.engine?.kind === "node" ? this.#counters() : undefined;
    const { emitted } = this.station.counts();
    this.#pastSuperseded = last === undefined ? Math.max(0, emitted - this.#values) : this.#pastSuperseded + last.superseded;
    this.#pastEmitted = last === undefined ? emitted : this.#pastEmitted + last.emitted;
    const atMs = this.#nowUs() / 1000;
    for (const { raw, out } of this.channels) {
      raw.push(atMs, NaN);
      out.push(atMs, NaN);
    }
    this.look();
  }

  sampled(sensor: string, sample: Sample | undefined, error: ReadingError | undefined): void {
    if (error === undefined) this.#failing.delete(sensor);
    else this.#failing.add(sensor);
    const listeners = this.#listeners.get(sensor);
    if (listeners === undefined) return;
    const atMs = this.station.board.cpu.nowUs / 1000;
    for (const { channel, kind, quantity, inUnit } of listeners) {
      const read = sample === undefined || sample === null ? undefined : quantityOf(sample, kind, quantity);
      // Of a burst, the newest is drawn: a plot has room for no more.
      const x = typeof read === "object" ? read.values[read.count - 1] : read;
      const value = x === undefined || !Number.isFinite(x) ? NaN : inUnit(x);
      channel.raw.push(atMs, value);
      if (!Number.isNaN(value)) channel.error = undefined;
      else channel.error = error ?? "absent";
    }
    this.look();
  }

  /** Notes a change of the board's states. */
  look(): void {
    const is = this.up;
    if (this.#spans.length > 0 && this.#spans[this.#spans.length - 1]![1] === is) return;
    this.#spans.push([Math.round(this.#nowUs() / 1000), is]);
    if (this.#spans.length > spansMax) this.#spans.shift();
  }

  /** Bits of `up`. */
  get up(): number {
    const { station } = this;
    return (station.powered ? up.power : 0) | (station.board.link.up ? up.wifi : 0) | (station.publishes.connected ? up.broker : 0);
  }

  get condition(): Condition {
    const { station } = this;
    const nowMs = this.#nowUs() / 1000;
    if (!station.powered) return this.#boots === 0 ? "starting" : "off";
    if (this.#failing.size > 0) return "reading errors";
    const starting = nowMs - this.#bootMs < startingMs;
    if (!station.board.link.up) return starting ? "starting" : "no Wi-Fi";
    if (!station.publishes.connected) return starting ? "starting" : "no broker";
    return nowMs - this.#missedAtMs < newsMs ? "missed samples" : "well";
  }

  get conditionIndex(): number {
    return conditions.indexOf(this.condition);
  }

  /** Looks for missed samples, which nobody reports: from time to time. */
  count(): StationCounts {
    const counts = this.station.counts();
    if (counts.missed > this.#missed) this.#missedAtMs = this.#nowUs() / 1000;
    this.#missed = counts.missed;
    return counts;
  }

  way(): Way {
    const { samples, missed, readErrors, published, retransmitted, acknowledged } = this.count();
    const counters = this.#counters();
    return {
      samples,
      missed,
      readErrors,
      emitted: this.#pastEmitted + (counters?.emitted ?? 0),
      superseded: this.#pastSuperseded + (counters?.superseded ?? 0),
      published,
      retransmitted,
      acknowledged,
      inFlight: Math.max(0, published - acknowledged - this.#unacknowledgedLost),
    };
  }

  history(): History {
    return this.#flash.view(this.#counters());
  }

  health(): Health {
    const { station } = this;
    const { wire } = station.board;
    const counters = this.#counters();
    const memory = this.#memory();
    return {
      up: this.up,
      upForMs: station.powered ? this.#nowUs() / 1000 - this.#bootMs : 0,
      boots: this.#boots,
      lastReset: this.#reset,
      connections: station.publishes.connections,
      ...(this.#refused === undefined ? {} : { refused: this.#refused }),
      bytesOut: wire.bytesOut,
      bytesIn: wire.bytesIn,
      ...(counters === undefined ? {} : { late: counters.late, worstLateMs: counters.worstLateMs }),
      ...(memory === undefined ? {} : { arenaBytes: memory.arenaBytes, arenaPeakBytes: memory.arenaPeakBytes }),
    };
  }

  /** None without power, nor from a machine that has just died: its board is about to restart. */
  #counters(): Counters | undefined {
    try {
      return this.station.powered ? this.station.firmwareCounters() : undefined;
    } catch {
      return undefined;
    }
  }

  #memory(): EngineMemory | undefined {
    try {
      return this.station.memory();
    } catch {
      return undefined;
    }
  }

  #published({ topic, payload }: Publish): void {
    const [, , name, more] = topic.split("/");
    if (name === "data") return this.#flash.published(payload);
    const channel = this.channels.find((each) => each.name === name);
    if (channel === undefined) return;
    this.#values++;
    let message: Record<string, unknown>;
    try {
      message = JSON.parse(payload.toString("utf8")) as Record<string, unknown>;
    } catch {
      return;
    }
    if (more === "summary") {
      const { min, max, mean, std, count } = message;
      channel.summary = `last ${count}: ${min} … ${max}, mean ${mean}, deviation ${std}`;
      return;
    }
    const nowMs = this.#nowUs() / 1000;
    const gridMs = this.#bootMs + Number(message["ms"]);
    // A clock that jumped is wrong about when it was.
    const atMs = gridMs <= nowMs && gridMs >= this.#bootMs ? gridMs : nowMs;
    const number = Number(message["n"]);
    const { newest } = channel;
    // Values in between were never published: no line leads through what nobody was told.
    if (newest !== undefined && number > newest.number + 1) channel.out.push((newest.atMs + atMs) / 2, NaN);
    if (newest === undefined || number > newest.number) channel.newest = { number, atMs };
    channel.out.push(atMs, typeof message["value"] === "number" ? message["value"] : NaN);
  }
}

/** MQTT 3.1.1, table 3.1. */
const refusals: Record<number, string> = {
  1: "it does not speak MQTT 3.1.1",
  2: "it does not take the client's name",
  3: "it is not available",
  4: "wrong user name or password",
  5: "not authorised",
};
