/**
 * A model of an MQTT 3.1.1 broker on `mqtt-packet`, for virtual time, where a real broker has no clock.
 * It keeps persistent sessions, retained messages and wills, and counts what it took and acknowledged.
 *
 * Fault model: none of its own yet: it accepts, keeps and acknowledges at once all that it understands,
 * and closes a connection that breaks the protocol.
 */
import mqttPacket, { type IConnectPacket, type IPublishPacket, type Packet } from "mqtt-packet";
import type { Scheduler } from "./scheduler.js";
import type { Peer, PeerHandlers, Service } from "./lan.js";

export interface Message {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

export interface BrokerCounts {
  /** PUBLISH packets taken, those sent again (DUP) left out. */
  published: number;
  duplicates: number;
  /** PUBACKs sent. */
  acknowledged: number;
  connects: number;
}

/** A client's session: its subscriptions, what waits for it, and what it has not acknowledged yet, by packet id. */
interface Session {
  readonly subscriptions: Map<string, 0 | 1>;
  readonly waiting: Message[];
  readonly unacknowledged: Map<number, Message>;
  nextId: number;
  client: Client | undefined;
}

interface Client {
  readonly peer: Peer;
  readonly connect: IConnectPacket;
  /** Another connection takes the client's name over (MQTT 3.1.1, 3.1.4). */
  replaced(): void;
}

export class BrokerModel {
  /** Virtual time, for keep-alives. */
  constructor(readonly scheduler: Scheduler) {}

  readonly counts: BrokerCounts = { published: 0, duplicates: 0, acknowledged: 0, connects: 0 };
  readonly retained = new Map<string, Message>();
  readonly #sessions = new Map<string, Session>();
  /** Hears every message that the broker takes, in its order. */
  onMessage: (message: Message, duplicate: boolean) => void = () => {};

  readonly service: Service = (peer) => this.#serve(peer);

  /** Publishes as if a client had. */
  publish(message: Message): void {
    if (message.retain) {
      if (message.payload.length === 0) this.retained.delete(message.topic);
      else this.retained.set(message.topic, message);
    }
    for (const session of this.#sessions.values()) {
      for (const [filter, qos] of session.subscriptions) {
        if (!matches(filter, message.topic)) continue;
        this.#forward(session, { ...message, qos: message.qos < qos ? message.qos : qos, retain: false });
        break;
      }
    }
  }

  #serve(peer: Peer): PeerHandlers {
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    let session: Session | undefined;
    let client: Client | undefined;
    let ended = false;

    const leave = (orderly: boolean): void => {
      if (ended) return;
      ended = true;
      if (client === undefined || session === undefined) return;
      if (session.client === client) session.client = undefined;
      if (client.connect.clean) this.#sessions.delete(client.connect.clientId);
      const will = client.connect.will;
      if (!orderly && will !== undefined) {
        this.#take(
          { topic: will.topic, payload: Buffer.from(will.payload), qos: will.qos === 0 ? 0 : 1, retain: will.retain ?? false },
          false,
        );
      }
    };
    const refuse = (): void => {
      leave(false);
      peer.close();
    };
    const send = (packet: Packet): void => peer.send(mqttPacket.generate(packet));

    const handle = (packet: Packet): void => {
      if (ended) return;
      if (packet.cmd === "connect") {
        if (client !== undefined) return refuse();
        this.counts.connects++;
        const known = this.#sessions.get(packet.clientId);
        const present = known !== undefined && !packet.clean;
        known?.client?.replaced();
        session = present ? known : { subscriptions: new Map(), waiting: [], unacknowledged: new Map(), nextId: 1, client: undefined };
        client = { peer, connect: packet, replaced: refuse };
        session.client = client;
        this.#sessions.set(packet.clientId, session);
        send({ cmd: "connack", sessionPresent: present, returnCode: 0 });
        for (const [messageId, message] of session.unacknowledged) send({ cmd: "publish", dup: true, ...message, messageId });
        for (const message of session.waiting.splice(0)) this.#forward(session, message);
        return;
      }
      if (client === undefined || session === undefined) return refuse();
      switch (packet.cmd) {
        case "publish":
          this.#take(messageOf(packet), packet.dup);
          if (packet.qos === 1) {
            this.counts.acknowledged++;
            send({ cmd: "puback", messageId: packet.messageId! });
          }
          break;
        case "subscribe":
          send({ cmd: "suback", messageId: packet.messageId!, granted: packet.subscriptions.map(({ qos }) => (qos === 0 ? 0 : 1)) });
          for (const { topic, qos } of packet.subscriptions) {
            session.subscriptions.set(topic, qos === 0 ? 0 : 1);
            for (const message of this.retained.values()) if (matches(topic, message.topic)) this.#forward(session, message);
          }
          break;
        case "pingreq":
          send({ cmd: "pingresp" });
          break;
        case "puback":
          session.unacknowledged.delete(packet.messageId!);
          break;
        case "disconnect":
          leave(true);
          peer.close();
          break;
        default:
          refuse();
      }
    };

    parser.on("packet", handle);
    parser.on("error", refuse);
    return { received: (bytes) => void parser.parse(Buffer.from(bytes)), closed: () => leave(false) };
  }

  #take(message: Message, duplicate: boolean): void {
    if (duplicate) this.counts.duplicates++;
    else this.counts.published++;
    this.onMessage(message, duplicate);
    this.publish(message);
  }

  #forward(session: Session, message: Message): void {
    const client = session.client;
    if (client === undefined) {
      if (message.qos === 1) session.waiting.push(message);
      return;
    }
    const messageId = session.nextId;
    session.nextId = messageId === 65535 ? 1 : messageId + 1;
    if (message.qos === 1) session.unacknowledged.set(messageId, message);
    client.peer.send(mqttPacket.generate({ cmd: "publish", dup: false, ...message, messageId }));
  }
}

function messageOf(packet: IPublishPacket): Message {
  return { topic: packet.topic, payload: Buffer.from(packet.payload), qos: packet.qos === 0 ? 0 : 1, retain: packet.retain };
}

/** Topic filters with `+` and `#` (MQTT 3.1.1, 4.7). */
export function matches(filter: string, topic: string): boolean {
  const wanted = filter.split("/");
  const levels = topic.split("/");
  for (let index = 0; index < wanted.length; index++) {
    if (wanted[index] === "#") return true;
    if (index >= levels.length || (wanted[index] !== "+" && wanted[index] !== levels[index])) return false;
  }
  return wanted.length === levels.length;
}
