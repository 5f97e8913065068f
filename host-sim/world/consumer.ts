/**
 * A consumer of all boards' histories, in virtual time: a client of the broker model with a persistent session, as `mote collect` is.
 * It keeps records by their identity, commits what came a while later, acknowledges to the broker only then, and confirms to each board
 * how far its numbers are here without a hole.
 *
 * Fault model: it can be away, its session waiting at the broker; and die, losing what it had not committed, which
 * the broker then sends again. Where the broker has forgotten its session, what waited there never comes. Somebody else may say nonsense in its place.
 */
import type { Packet } from "mqtt-packet";
import mqttPacket from "mqtt-packet";
import type { BrokerModel } from "./broker.js";
import { HeardHistory, headOf, type RecordHead } from "./heard-history.js";
import type { PeerHandlers } from "./lan.js";

interface Pending {
  readonly messageId: number | undefined;
  readonly device: string;
  readonly head: RecordHead | undefined;
}

const retryUs = 1_000_000;
const clientId = "consumer";

export class Consumer {
  /** By the devices' names in topics. */
  readonly committed = new Map<string, HeardHistory>();
  /** Hears of each confirmation that it sends. */
  onConfirmed: (device: string, install: number, seq: number) => void = () => {};
  /** Of each device, what the broker heard last. */
  readonly #newest = new Map<string, RecordHead>();
  readonly #broker: BrokerModel;
  readonly #commitUs: number;
  #connection: PeerHandlers | undefined;
  #accepted = false;
  #pending: Pending[] = [];
  #isCommitting = false;
  #away = 0;
  /** Confirmed last, as text, by device. */
  readonly #said = new Map<string, string>();
  #ids = 0;

  /** Connects at once. `commitMs`: from a record's arrival to its commit. */
  constructor(broker: BrokerModel, commitMs: number) {
    this.#broker = broker;
    this.#commitUs = commitMs * 1000;
    const heard = broker.onMessage;
    broker.onMessage = (message, duplicate) => {
      heard(message, duplicate);
      const [, device = "", topic] = message.topic.split("/");
      const head = topic === "data" ? headOf(message.payload) : undefined;
      if (head !== undefined) this.#newest.set(device, head);
    };
    this.#connect();
  }

  /** What it returns brings it back. */
  leave(): () => void {
    this.#away++;
    this.#lost();
    this.#connection?.closed();
    this.#connection = undefined;
    let back = false;
    return () => {
      if (back) return;
      back = true;
      this.#away--;
      this.#connect();
    };
  }

  /** Dies, and is back at once. */
  crash(): void {
    this.leave()();
  }

  /** Something on the board's ack topic that confirms nothing: another install's, of a number never given, or no confirmation at all. */
  stray(device: string, which: number): void {
    const { install, last } = this.#newest.get(device) ?? { install: 1, last: 3 };
    const texts = [
      // Of numbers that this one gave, and perhaps nobody has committed.
      JSON.stringify({ install: (install ^ 0x5a5a5a5a) >>> 0, boot: 0, seq: last }),
      JSON.stringify({ install, boot: 0, seq: 4_000_000_000 }),
      '{"install":',
    ];
    const payload = Buffer.from(texts[which % 4 === 1 ? 1 : which % 4 === 3 ? 2 : 0]!);
    this.#broker.publish({ topic: `mote/${device}/ack`, payload, qos: 1, retain: false });
  }

  #connect(): void {
    if (this.#away > 0 || this.#connection !== undefined) return;
    const { scheduler } = this.#broker;
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    parser.on("packet", (packet) => void (made === this.#connection && this.#received(packet)));
    const ended = (): void => {
      if (made !== this.#connection) return;
      this.#connection = undefined;
      this.#lost();
      scheduler.at(scheduler.nowUs + retryUs, () => this.#connect());
    };
    // What the broker says in answer must find the connection made.
    const later = (what: () => void): void => void scheduler.at(scheduler.nowUs, what);
    const made = this.#broker.service({ send: (bytes) => later(() => parser.parse(Buffer.from(bytes))), close: () => later(ended) });
    this.#connection = made;
    if (made === undefined) {
      scheduler.at(scheduler.nowUs + retryUs, () => this.#connect());
      return;
    }
    this.#send({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clientId, clean: false, keepalive: 0 });
  }

  #received(packet: Packet): void {
    if (packet.cmd === "connack") {
      if (packet.returnCode !== 0) return;
      this.#accepted = true;
      this.#send({ cmd: "subscribe", messageId: this.#nextId(), subscriptions: [{ topic: "mote/+/data", qos: 1 }] });
      for (const [device] of this.committed) this.#confirm(device, true);
    } else if (packet.cmd === "publish") {
      const [, device = ""] = packet.topic.split("/");
      this.#pending.push({ messageId: packet.qos === 1 ? packet.messageId! : undefined, device, head: headOf(packet.payload as Buffer) });
      if (this.#isCommitting) return;
      this.#isCommitting = true;
      const { scheduler } = this.#broker;
      const connection = this.#connection;
      scheduler.at(scheduler.nowUs + this.#commitUs, () => void (connection === this.#connection && this.#commit()));
    }
  }

  #commit(): void {
    this.#isCommitting = false;
    const batch = this.#pending;
    this.#pending = [];
    /** Those who sent what was here do not know how far it is. */
    const touched = new Map<string, boolean>();
    for (const { device, head } of batch) {
      if (head === undefined) continue;
      let history = this.committed.get(device);
      if (history === undefined) this.committed.set(device, (history = new HeardHistory()));
      const isNew = history.take(head);
      touched.set(device, (touched.get(device) ?? false) || !isNew);
    }
    for (const { messageId } of batch) if (messageId !== undefined) this.#send({ cmd: "puback", messageId });
    for (const [device, again] of touched) this.#confirm(device, again);
  }

  #confirm(device: string, again: boolean): void {
    const { install, numbers, boots } = this.committed.get(device)!.current!;
    const seq = numbers.next(0) - 1;
    if (seq < 0) return;
    const text = JSON.stringify({ install, boot: boots.get(seq) ?? 0, seq });
    if (!again && this.#said.get(device) === text) return;
    this.#said.set(device, text);
    this.onConfirmed(device, install, seq);
    this.#send({ cmd: "publish", topic: `mote/${device}/ack`, payload: text, qos: 1, retain: true, dup: false, messageId: this.#nextId() });
  }

  /** The connection, and all that was not committed. */
  #lost(): void {
    this.#accepted = false;
    this.#pending = [];
    this.#isCommitting = false;
  }

  #send(packet: Packet): void {
    if (packet.cmd !== "connect" && !this.#accepted) return;
    this.#connection?.received(mqttPacket.generate(packet));
  }

  #nextId(): number {
    this.#ids = (this.#ids % 65_535) + 1;
    return this.#ids;
  }
}
