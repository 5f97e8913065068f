/** A client's session at the broker model: what it subscribed to, what waits for it, and what it has not acknowledged yet. */
import type { BrokerClient } from "./broker-client.js";
import { matches } from "./topic-filter.js";

export interface Message {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

export class Session {
  readonly subscriptions = new Map<string, 0 | 1>();
  /** Its client's connection; undefined while the client is away. */
  client: BrokerClient | undefined;
  readonly #waiting: Message[] = [];
  /** By packet id. */
  readonly #unacknowledged = new Map<number, Message>();
  #idBefore = 0;

  /** Takes a message that the broker publishes, if the client has subscribed to it. */
  offer(message: Message): void {
    for (const [filter, qos] of this.subscriptions) {
      if (!matches(filter, message.topic)) continue;
      this.forward({ ...message, qos: message.qos < qos ? message.qos : qos, retain: false });
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
    if (message.qos === 1) this.#unacknowledged.set(messageId, message);
    client.send({ cmd: "publish", dup: false, ...message, messageId });
  }

  /** The client is back: first again what it had not acknowledged, then what waited. */
  resume(client: BrokerClient): void {
    this.client = client;
    for (const [messageId, message] of this.#unacknowledged) client.send({ cmd: "publish", dup: true, ...message, messageId });
    for (const message of this.#waiting.splice(0)) this.forward(message);
  }

  acknowledged(id: number): void {
    this.#unacknowledged.delete(id);
  }
}
