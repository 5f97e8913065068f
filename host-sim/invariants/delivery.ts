/**
 * QoS 1 (MQTT 3.1.1, 4.3.2, 4.4, 4.6) as the session promises it: what was sent and not acknowledged is sent
 * again on every new connection, first, in its order, with DUP and otherwise the same bytes; DUP stands on
 * nothing else; an id is never reused while in flight; no more than `limits.inflightMax` are in flight. Holds
 * from one boot to the next power loss.
 */
import type { IPublishPacket, Packet } from "mqtt-packet";
import { limits } from "../../firmware/limits.js";
import type { Connection } from "./connection.js";
import type { Message, Scene, Watcher } from "./watcher.js";

const invariant = "delivery";

interface Sent {
  readonly topic: string;
  readonly payload: Buffer;
  /** Of the connection that it was last sent on. */
  connection: number;
  readonly firstMs: number;
  lastMs: number;
}

export class Delivery implements Watcher {
  messages = 0;
  retransmitted = 0;
  acknowledged = 0;
  /** Sent whole and not acknowledged, by packet id, oldest first. */
  readonly open = new Map<number, Sent>();
  readonly #scene: Scene;
  readonly #onPublished: (message: Message) => void;
  /** Ids that this connection has still to repeat, in order. */
  #owed: number[] = [];
  /** Something new was sent on this connection. */
  #moved = false;
  /** A connection before this one was accepted: what was cut off on it may come with DUP. */
  #acceptedBefore = false;

  constructor(scene: Scene, onPublished: (message: Message) => void) {
    this.#scene = scene;
    this.#onPublished = onPublished;
  }

  started(): void {
    this.messages = this.retransmitted = this.acknowledged = 0;
    this.open.clear();
    this.#owed = [];
    this.#acceptedBefore = false;
  }

  opened(): void {
    this.#moved = false;
  }

  closed(connection: Connection): void {
    if (connection.accepted) this.#acceptedBefore = true;
    if (this.open.size > 0) this.#scene.reach("torn");
  }

  received(packet: Packet, connection: Connection): void {
    if (packet.cmd === "connack") {
      if (connection.accepted) this.#owed = [...this.open.keys()];
    } else if (packet.cmd === "puback") {
      const id = packet.messageId!;
      // One that was not sent on this connection cannot have been acknowledged on it.
      if (this.open.get(id)?.connection !== connection.number) return;
      this.open.delete(id);
      this.acknowledged++;
    }
  }

  sent(packet: Packet, _bytes: number, connection: Connection): void {
    if (packet.cmd !== "publish" || packet.qos !== 1) return;
    const before = this.open.get(packet.messageId!);
    if (before === undefined) this.#first(packet, connection);
    else this.#again(packet, before, connection);
  }

  #first(packet: IPublishPacket, connection: Connection): void {
    const { topic, dup } = packet;
    const id = packet.messageId!;
    const name = `message ${id} (${topic})`;
    if (this.#owed.length > 0) {
      this.#say(
        `${name} was sent while ${this.#owed.length} unacknowledged from before had not been sent again, the first ${this.#named(this.#owed[0]!)}`,
      );
    }
    if (!dup) this.#moved = true;
    // On the connection before, no more than its beginning may have left the board.
    else if (this.#moved || !this.#acceptedBefore) this.#say(`${name} has DUP and was never sent before`);
    const payload = packet.payload as Buffer;
    if (dup) this.retransmitted++;
    const { nowMs } = this.#scene;
    this.open.set(id, { topic, payload, connection: connection.number, firstMs: nowMs, lastMs: nowMs });
    // A board that restarts in order says so whatever is in flight.
    const isFarewell = topic.endsWith("/status") && payload.toString() === "offline";
    if (this.open.size > limits.inflightMax + (isFarewell ? 1 : 0)) {
      this.#say(`${this.open.size} messages are in flight, at most ${limits.inflightMax} are promised`);
    }
    if (this.open.size === limits.inflightMax) this.#scene.reach("window-full");
    // It is not in what the board has counted before it.
    const text = payload.toString();
    this.#onPublished({ topic: topic.slice(topic.indexOf("/", 5) + 1), text, payload, fresh: connection.fresh && !dup });
    this.messages++;
  }

  #again(packet: IPublishPacket, before: Sent, connection: Connection): void {
    const id = packet.messageId!;
    const same = packet.topic === before.topic && before.payload.equals(packet.payload as Buffer);
    if (!same) this.#say(`packet id ${id} was used for a message under ${packet.topic} while ${this.#named(id)} was in flight`);
    else if (before.connection === connection.number) this.#say(`${this.#named(id)} was sent twice on one connection`);
    else if (!packet.dup) this.#say(`${this.#named(id)} was sent again without DUP`);
    else if (this.#owed[0] !== id) this.#say(`${this.#named(id)} was sent again out of turn: ${this.#named(this.#owed[0]!)} is older`);
    this.#owed.shift();
    before.connection = connection.number;
    before.lastMs = this.#scene.nowMs;
    this.retransmitted++;
    this.#scene.reach("retransmission");
  }

  #named(id: number): string {
    const sent = this.open.get(id);
    return sent === undefined ? `message ${id}` : `message ${id} (${sent.topic}, first sent at ${sent.firstMs.toFixed(3)} ms)`;
  }

  #say(what: string): void {
    this.#scene.report(invariant, what);
  }
}
