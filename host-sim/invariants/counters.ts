/**
 * What the board says that it counted is what was counted outside it. Its text is made while an event is
 * handled, and what happens in the same event may or may not be in it; one that had to wait for the socket may
 * be behind, but never ahead. And it says so each minute: while nothing is in its way, no more than
 * `limits.countersEveryMs` pass without such a message.
 */
import type { Packet } from "mqtt-packet";
import { limits } from "../../firmware/limits.js";
import type { Account } from "./account.js";
import type { Connection } from "./connection.js";
import type { Delivery } from "./delivery.js";
import type { History } from "./history.js";
import type { Slot } from "./slot.js";
import type { Message, Scene, Watcher } from "./watcher.js";

/** Nothing is in a message's way for so long before one is missed, and so much later than a minute it may be, ms. */
const freeMsMin = 3_000;
const lateMsMax = 2_000;
/** With so many messages in flight or fewer, there is room for another whatever their size. */
const roomyInflight = 4;

export class Counters implements Watcher {
  readonly #scene: Scene;
  readonly #account: Account;
  readonly #delivery: Delivery;
  readonly #history: History;
  #last: Record<string, number> = {};
  #connects = 0;
  /** On the wire's own count, when the firmware started. */
  #bytesOutBefore = 0;
  #bytesInBefore = 0;
  /** Bytes of the packet that is being written. */
  #packetBytes = 0;
  /** Some connection ended with bytes waiting, of which the wire knows nothing. */
  #cutOff = false;
  /** The counts as they were when the event `#eventUs` began. */
  #eventUs = -1;
  #before: Record<string, number> = {};
  #connection: Connection | undefined;
  /** When the last message went out, or the firmware started. */
  #toldMs = 0;
  /** Since when nothing has been in a message's way. */
  #freeSinceMs = Infinity;

  constructor(scene: Scene, account: Account, delivery: Delivery, history: History) {
    this.#history = history;
    this.#scene = scene;
    this.#account = account;
    this.#delivery = delivery;
  }

  started(): void {
    const { wire } = this.#scene.station.board;
    this.#last = {};
    this.#connects = 0;
    this.#bytesOutBefore = wire.bytesOut;
    this.#bytesInBefore = wire.bytesIn;
    this.#cutOff = false;
    this.#toldMs = this.#scene.nowMs;
    this.#freeSinceMs = Infinity;
  }

  powerLost(): void {
    this.#connection = undefined;
  }

  opened(connection: Connection): void {
    this.#connection = connection;
    this.#freeSinceMs = Infinity;
  }

  /** The firmware's timer does not follow jumps of the board's clock. */
  tick(): void {
    const connection = this.#connection;
    const { nowMs } = this.#scene;
    const free =
      connection !== undefined &&
      connection.accepted &&
      !connection.over &&
      !connection.blocked &&
      this.#delivery.open.size <= roomyInflight;
    this.#freeSinceMs = free ? Math.min(this.#freeSinceMs, nowMs) : Infinity;
    const silentMs = nowMs - this.#toldMs;
    if (nowMs - this.#freeSinceMs < freeMsMin || silentMs <= limits.countersEveryMs + lateMsMax) return;
    this.#say(`has not come for ${Math.round(silentMs)} ms, and nothing is in its way`);
  }

  /** Before the delivery is told, so that its counts are still those without this packet. */
  sent(_packet: Packet, bytes: number): void {
    this.#packetBytes = bytes;
    this.#remember();
  }

  received(packet: Packet, connection: Connection): void {
    this.#packetBytes = 0;
    this.#remember();
    if (packet.cmd === "connack" && connection.accepted) this.#connects++;
  }

  closed(connection: Connection): void {
    if (connection.blocked) this.#cutOff = true;
  }

  published({ topic, text, fresh }: Message): void {
    if (topic !== "counters") return;
    this.#toldMs = this.#scene.nowMs;
    let told: Record<string, unknown>;
    try {
      told = JSON.parse(text) as Record<string, unknown>;
    } catch {
      return this.#say(`${text} is no JSON`);
    }
    const { now, before, sampledEventUs } = this.#account;
    const least = sampledEventUs === this.#scene.eventUs ? before : now;
    const expect = (name: string, from: number, to: number): void => {
      const x = told[name];
      const last = this.#last[name] ?? 0;
      if (typeof x !== "number" || x > to || x < (fresh ? from : last)) {
        const right = from === to ? String(to) : to === Infinity ? `at least ${from}` : `${from} to ${to}`;
        this.#say(`says ${name} ${String(x)}; counted outside: ${right}${fresh ? "" : `, and it said ${last} before`}`);
      } else this.#last[name] = x;
    };
    for (const name of ["samples", "late", "missed", "worstLateMs", "readErrors", "emitted"] as const) expect(name, least[name], now[name]);
    for (const [name, x] of Object.entries(this.#counts())) {
      expect(name, this.#before[name]!, name === "retransmitted" && this.#cutOff ? Infinity : x);
    }
    const { eventUs } = this.#scene;
    expect(
      "superseded",
      this.#superseded((slot) => slot.countBefore(eventUs)),
      this.#superseded(({ emissions }) => emissions.length),
    );
    expect(
      "recorded",
      this.#recorded((slot) => slot.countBefore(eventUs)),
      this.#recorded(({ emissions }) => emissions.length),
    );
    const { waiting } = told;
    const unconfirmed = this.#history.unconfirmed;
    if (fresh && !(typeof waiting === "number" && waiting >= unconfirmed)) {
      this.#say(`says waiting ${String(waiting)}, and ${unconfirmed} records went out that nobody has confirmed`);
    }
    const { strays, hurt } = this.#history;
    // One that has just come is perhaps not read yet.
    if (fresh && !hurt && !(Number(told["strangeAcks"]) >= strays - 1 && Number(told["strangeAcks"]) <= strays)) {
      this.#say(`says strangeAcks ${String(told["strangeAcks"])}, and ${strays} confirmations came that confirm nothing`);
    }
    if (fresh) this.#scene.reach("counters");
  }

  #remember(): void {
    const { eventUs } = this.#scene;
    if (eventUs === this.#eventUs) return;
    this.#eventUs = eventUs;
    this.#before = this.#counts();
  }

  /** Without the packet that is being written. */
  #counts(): Record<string, number> {
    const { messages, retransmitted, acknowledged } = this.#delivery;
    const { wire } = this.#scene.station.board;
    return {
      published: messages,
      retransmitted,
      acknowledged,
      connects: this.#connects,
      bytesOut: wire.bytesOut - this.#bytesOutBefore - this.#packetBytes,
      bytesIn: wire.bytesIn - this.#bytesInBefore,
    };
  }

  /** Samples that were given out by channels that are kept. */
  #recorded(count: (slot: Slot) => number): number {
    let recorded = 0;
    for (const [name, { keep }] of Object.entries(this.#scene.app.channels)) {
      if (keep !== false) recorded += count(this.#account.slotOf.get(name)!);
    }
    return recorded;
  }

  /** What was given out, less what was sent and what still waits: of each slot the newest, if it was not sent. */
  #superseded(count: (slot: Slot) => number): number {
    let superseded = 0;
    for (const slot of this.#account.slots) {
      const given = count(slot);
      superseded += given - slot.sent - (given > slot.lastNumber ? 1 : 0);
    }
    return superseded;
  }

  #say(what: string): void {
    this.#scene.report("counters", `the board's counters message ${what}`);
  }
}
