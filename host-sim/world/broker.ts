/**
 * A model of an MQTT 3.1.1 broker on `mqtt-packet`, for virtual time, where a real broker has no clock.
 * It keeps persistent sessions, retained messages and wills, and counts what it took and acknowledged.
 *
 * Fault model: it closes a connection that breaks the protocol or falls silent (broker-client.ts). It can
 * stop, and come back with what it knew or without; wills are lost then. It can refuse whoever connects,
 * close connections, hang (it takes all bytes and answers none of them until it goes on), and acknowledge
 * messages that it then loses. Otherwise it keeps and acknowledges at once all that it understands.
 */
import type { IConnectPacket, ISubscribePacket, Packet } from "mqtt-packet";
import { BrokerClient, type BrokerSide } from "./broker-client.js";
import { Affliction, strikes, type Struck } from "./broker-faults.js";
import { Session } from "./broker-session.js";
import type { Service } from "./lan.js";
import type { Link } from "./link.js";
import { empty, type Message } from "./message.js";
import { PacketReader } from "./mqtt-packets.js";
import type { Scheduler } from "./scheduler.js";
import { matches } from "./topic-filter.js";

export type { Message } from "./message.js";
export { matches } from "./topic-filter.js";

export interface BrokerCounts {
  /** PUBLISH packets taken, those sent again (DUP) left out. */
  published: number;
  duplicates: number;
  /** PUBLISH packets taken and lost, with or without DUP. */
  forgotten: number;
  /** PUBACKs sent. */
  acknowledged: number;
  /** CONNECTs accepted. */
  connects: number;
}

export class BrokerModel implements BrokerSide {
  readonly scheduler: Scheduler;
  readonly reader = new PacketReader();
  readonly counts: BrokerCounts = { published: 0, duplicates: 0, forgotten: 0, acknowledged: 0, connects: 0 };
  readonly retained = new Map<string, Message>();
  readonly #sessions = new Map<string, Session>();
  /** Of the sessions, those with a subscription: most boards have none. */
  readonly #listening = new Set<Session>();
  readonly #bySession = new Map<BrokerClient, Session>();
  /** All connections, oldest first. */
  readonly #clients = new Set<BrokerClient>();
  #stops = 0;
  readonly #refusals = new Affliction<1 | 2 | 3 | 4 | 5>();
  readonly #hangs = new Affliction<true>();
  readonly #lapses = new Affliction<true>();
  /** Hears every message that the broker takes, in its order. */
  onMessage: (message: Message, duplicate: boolean) => void = () => {};

  /** Virtual time, for keep-alives. */
  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }

  readonly service: Service = (peer) => {
    if (this.#stops > 0) return undefined;
    const client = new BrokerClient(this, peer);
    this.#clients.add(client);
    return client;
  };

  /** Publishes as if a client had. */
  publish(message: Message): void {
    if (message.retain) {
      if (empty(message)) this.retained.delete(message.topic);
      else this.retained.set(message.topic, message);
    }
    for (const session of this.#listening) session.offer(message);
  }

  // ---- faults: those that last return what heals them

  /** Stops, until it is started as often as it was stopped; what it knew is kept on a disk, or lost. */
  stop(memory: "kept" | "lost"): () => void {
    this.#stops++;
    for (const client of this.#clients) client.drop();
    this.#clients.clear();
    for (const [client, session] of this.#bySession) this.#release(client, session);
    if (memory === "lost") {
      this.retained.clear();
      this.#sessions.clear();
      this.#listening.clear();
    }
    let started = false;
    return () => {
      if (!started) this.#stops--;
      started = true;
    };
  }

  /** Answers CONNECT with `code` and closes. */
  refuse(code: 1 | 2 | 3 | 4 | 5, struck?: Struck): () => void {
    return this.#refusals.begin(struck, code);
  }

  disconnect(struck?: Struck): void {
    for (const client of [...this.#clients]) if (strikes(struck, client.from)) client.refuse();
  }

  hang(struck?: Struck): () => void {
    const heal = this.#hangs.begin(struck, true);
    return () => {
      heal();
      const awake = [...this.#clients].filter(({ from }) => !this.hangs(from));
      for (const client of awake) client.sendOn();
      for (const client of awake) client.readOn();
    };
  }

  /** Acknowledges what is published, and loses it: it is not retained, not forwarded, and nobody hears of it. */
  forget(struck?: Struck): () => void {
    return this.#lapses.begin(struck, true);
  }

  // ---- its connections

  hangs(from: Link | undefined): boolean {
    return this.#hangs.any && this.#hangs.of(from) !== undefined;
  }

  handle(client: BrokerClient, packet: Packet): void {
    if (packet.cmd === "connect") return client.connect === undefined ? this.#connect(client, packet) : client.refuse();
    const session = this.#bySession.get(client);
    if (session === undefined) return client.refuse();
    switch (packet.cmd) {
      case "publish": {
        const { topic, payload, retain, dup, qos, messageId } = packet;
        this.take(client, { topic, payload: Buffer.from(payload), qos: qos === 0 ? 0 : 1, retain }, dup, qos === 1 ? messageId : undefined);
        break;
      }
      case "subscribe":
        this.#subscribe(client, session, packet);
        break;
      case "pingreq":
        client.send({ cmd: "pingresp" });
        break;
      case "puback":
        session.acknowledged(packet.messageId!);
        break;
      case "disconnect":
        client.refuse(true);
        break;
      default:
        client.refuse();
    }
  }

  take(client: BrokerClient, message: Message, duplicate: boolean, messageId: number | undefined): void {
    if (!this.#bySession.has(client)) return client.refuse();
    if (this.#lapses.any && this.#lapses.of(client.from) !== undefined) this.counts.forgotten++;
    else this.#hear(message, duplicate);
    if (messageId === undefined) return;
    this.counts.acknowledged++;
    client.acknowledge(messageId);
  }

  left(client: BrokerClient, orderly: boolean): void {
    this.#clients.delete(client);
    const session = this.#bySession.get(client);
    if (session === undefined) return;
    this.#release(client, session);
    const will = client.connect?.will;
    if (orderly || will === undefined) return;
    const { topic, payload, qos, retain = false } = will;
    this.#hear({ topic, payload: Buffer.from(payload), qos: qos === 0 ? 0 : 1, retain }, false);
  }

  /** The client is away; its session ends with it, or stays. */
  #release(client: BrokerClient, session: Session): void {
    this.#bySession.delete(client);
    if (session.client === client) session.client = undefined;
    if (client.connect?.clean !== true) return;
    this.#sessions.delete(client.connect.clientId);
    this.#listening.delete(session);
  }

  #connect(client: BrokerClient, packet: IConnectPacket): void {
    const code = this.#refusals.of(client.from);
    if (code !== undefined) {
      client.send({ cmd: "connack", sessionPresent: false, returnCode: code });
      return client.refuse();
    }
    this.counts.connects++;
    const { clientId, clean = true, keepalive = 0 } = packet;
    const known = this.#sessions.get(clientId);
    const present = known !== undefined && !clean;
    // Another connection takes the client's name over (3.1.4).
    known?.client?.refuse();
    if (known !== undefined && !present) this.#listening.delete(known);
    const session = present ? known : new Session();
    client.connect = packet;
    this.#sessions.set(clientId, session);
    this.#bySession.set(client, session);
    client.keepAlive(keepalive);
    client.send({ cmd: "connack", sessionPresent: present, returnCode: 0 });
    session.resume(client);
  }

  #subscribe(client: BrokerClient, session: Session, { messageId, subscriptions }: ISubscribePacket): void {
    client.send({ cmd: "suback", messageId: messageId!, granted: subscriptions.map(({ qos }) => (qos === 0 ? 0 : 1)) });
    this.#listening.add(session);
    for (const { topic, qos } of subscriptions) {
      session.subscriptions.set(topic, qos === 0 ? 0 : 1);
      for (const message of this.retained.values()) if (matches(topic, message.topic)) session.forward(message);
    }
  }

  #hear(message: Message, duplicate: boolean): void {
    if (duplicate) this.counts.duplicates++;
    else this.counts.published++;
    this.onMessage(message, duplicate);
    this.publish(message);
  }
}
