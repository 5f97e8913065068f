/** A client's session at the broker model: what it subscribed to, what waits for it, and what it has not acknowledged yet. */
import type { IPublishPacket } from "mqtt-packet";
import type { BrokerClient } from "./broker-client.js";
import type { Message } from "./message.js";
import { matches } from "./topic-filter.js";

export class Session {
  readonly subscriptions = new Map<string, 0 | 1>();
  /** Its client's connection; undefined while the client is away. */
  client: BrokerClient | undefined;
  readonly #waiting: Message[] = [];
  /** By packet id. */
  #unacknowledged: Map<number, Message> | undefined;
  #idBefore = 0;

  /** Takes a message that the broker publishes, if the client has subscribed to it. */
  offer(message: Message): void {
    for (const [filter, qos] of this.subscriptions) {
      if (!matches(filter, message.topic)) continue;
      const { topic, payload } = message;
      this.forward({ topic, payload, qos: message.qos < qos ? message.qos : qos, retain: false });
      return;
    }
  }

  /** Sends it to the client, or keeps it for later when its QoS says so. */
  forward(message: Message): void {
    const { client } = this;
    if (client === undefined) {
      if (message.qos === 1) this.#waiting.push(message);
      return;
    }
    const messageId = this.#idBefore === 65535 ? 1 : this.#idBefore + 1;
    this.#idBefore = messageId;
    if (message.qos === 1) (this.#unacknowledged ??= new Map()).set(messageId, message);
    client.send(packetOf(message, messageId, false));
  }

  /** The client is back: first again what it had not acknowledged, then what waited. */
  resume(client: BrokerClient): void {
    this.client = client;
    for (const [messageId, message] of this.#unacknowledged ?? []) client.send(packetOf(message, messageId, true));
    for (const message of this.#waiting.splice(0)) this.forward(message);
  }

  acknowledged(id: number): void {
    this.#unacknowledged?.delete(id);
  }
}

function packetOf({ topic, payload, qos, retain }: Message, messageId: number, dup: boolean): IPublishPacket {
  return { cmd: "publish", dup, topic, payload, qos, retain, messageId };
}
