/**
 * One connection at the broker model: its bytes as packets, its keep-alive, and how it ends.
 *
 * Fault model: a client that sends nothing for one and a half times its keep-alive is closed (MQTT 3.1.1,
 * 3.1.2.10), and one that has not said CONNECT after 90 s (as Mosquitto does). While the broker hangs, the
 * system under it takes all bytes and nobody reads them; when it goes on, it deals with all of them in
 * order, and answers.
 */
import mqttPacket, { type IConnectPacket, type Packet } from "mqtt-packet";
import type { Peer } from "./lan.js";
import type { Link } from "./link.js";
import { MqttFrames } from "./mqtt-frames.js";
import { messageIdOf, type PacketReader, pubackBytes, publishedMessage } from "./mqtt-packets.js";
import type { Message } from "./message.js";
import type { Event, Scheduler } from "./scheduler.js";
import { TopicNames } from "./topic-names.js";

/** What the broker does with a connection. */
export interface BrokerSide {
  readonly scheduler: Scheduler;
  readonly reader: PacketReader;
  hangs(from: Link | undefined): boolean;
  /** A packet has come. */
  handle(client: BrokerClient, packet: Packet): void;
  /** A PUBLISH has come. `messageId` is undefined with QoS 0. */
  take(client: BrokerClient, message: Message, duplicate: boolean, messageId: number | undefined): void;
  /** The connection has ended; `orderly`: by DISCONNECT. Called once. */
  left(client: BrokerClient, orderly: boolean): void;
}

const connectWithinUs = 90_000_000;

export class BrokerClient {
  /** Its CONNECT, once that was accepted. */
  connect: IConnectPacket | undefined;
  readonly #broker: BrokerSide;
  readonly #peer: Peer;
  readonly #frames: MqttFrames;
  readonly #names = new TopicNames();
  #ended = false;
  #quietUs = connectWithinUs;
  #heardUs: number;
  #alarm: Event;
  /** While the broker hangs: what it has not read yet; undefined is the connection's end. */
  #unread: (Uint8Array | undefined)[] | undefined;
  #unsent: Uint8Array[] | undefined;

  constructor(broker: BrokerSide, peer: Peer) {
    this.#broker = broker;
    this.#peer = peer;
    this.#frames = new MqttFrames(
      (bytes, bodyAt) => this.#handle(bytes, bodyAt),
      () => this.refuse(),
    );
    this.#heardUs = broker.scheduler.nowUs;
    this.#alarm = broker.scheduler.at(this.#heardUs + this.#quietUs, () => this.#check());
  }

  /** The board that it comes from. */
  get from(): Link | undefined {
    return this.#peer.from;
  }

  received(bytes: Uint8Array): void {
    if (this.#ended) return;
    if (this.#broker.hangs(this.from)) (this.#unread ??= []).push(bytes);
    else this.#frames.push(bytes);
  }

  closed(): void {
    if (this.#broker.hangs(this.from)) (this.#unread ??= []).push(undefined);
    else this.#end(false);
  }

  send(packet: Packet): void {
    this.#pass(mqttPacket.generate(packet));
  }

  acknowledge(messageId: number): void {
    this.#pass(pubackBytes(messageId));
  }

  #pass(bytes: Uint8Array): void {
    if (this.#broker.hangs(this.from)) (this.#unsent ??= []).push(bytes);
    else this.#peer.send(bytes);
  }

  /** From here on the client must be heard within one and a half times `keepAliveS`; 0: never. */
  keepAlive(keepAliveS: number): void {
    const { scheduler } = this.#broker;
    scheduler.cancel(this.#alarm);
    this.#quietUs = keepAliveS * 1_500_000;
    if (keepAliveS > 0) this.#alarm = scheduler.at(this.#heardUs + this.#quietUs, () => this.#check());
  }

  /** Ends the connection, whatever the client may think of it. */
  refuse(orderly = false): void {
    this.#end(orderly);
    this.#peer.close();
  }

  /** The broker is gone, and cannot even publish a will. */
  drop(): void {
    this.#ended = true;
    this.#broker.scheduler.cancel(this.#alarm);
    this.#peer.close();
  }

  /** The broker hangs no more: first each client gets what it was to be sent … */
  sendOn(): void {
    const unsent = this.#unsent ?? [];
    this.#unsent = undefined;
    for (const bytes of unsent) this.#peer.send(bytes);
  }

  /** … then the broker reads on where it stopped. */
  readOn(): void {
    this.#heardUs = this.#broker.scheduler.nowUs;
    const unread = this.#unread ?? [];
    this.#unread = undefined;
    for (const bytes of unread) {
      if (bytes === undefined) this.closed();
      else this.received(bytes);
    }
  }

  #handle(bytes: Uint8Array, bodyAt: number): void {
    if (this.#ended) return;
    const message = publishedMessage(bytes, bodyAt, this.#names);
    const packet = message === undefined ? this.#broker.reader.read(bytes) : undefined;
    if (message === undefined && packet === undefined) return this.refuse();
    this.#heardUs = this.#broker.scheduler.nowUs;
    if (packet !== undefined) this.#broker.handle(this, packet);
    else this.#broker.take(this, message!, (bytes[0]! & 0b1000) !== 0, message!.qos === 0 ? undefined : messageIdOf(bytes, bodyAt));
  }

  #check(): void {
    const { scheduler } = this.#broker;
    const hangs = this.#broker.hangs(this.from);
    const dueUs = (hangs ? scheduler.nowUs : this.#heardUs) + this.#quietUs;
    if (dueUs > scheduler.nowUs) this.#alarm = scheduler.at(dueUs, () => this.#check());
    else this.refuse();
  }

  #end(orderly: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#broker.scheduler.cancel(this.#alarm);
    this.#broker.left(this, orderly);
  }
}
