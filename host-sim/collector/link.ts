/**
 * The collector's way to its broker: a persistent session under a name of its own, so that the broker keeps what comes meanwhile;
 * messages of `mote/+/data` go in, and are confirmed when told; watermarks go out, the newest of each device. Tries again for ever.
 */
import { connect as open } from "node:net";
import { type IPublishPacket, MqttClient } from "mqtt";
import { brokerTrouble } from "../node/traffic.js";
import type { Settings } from "../../firmware/settings.js";
import { Gate } from "./gate.js";
import type { Watermark } from "./ingest.js";

export interface Message {
  readonly device: string;
  readonly payload: Buffer;
  /** The broker sends it once more (DUP), or had kept it (retained). */
  readonly again: boolean;
  /** Tells the broker that it is kept. */
  readonly confirm: { readonly gate: Gate; readonly id: number } | undefined;
}

export interface LinkEvents {
  /** `ready` lets the next message come. */
  onMessage(message: Message, ready: () => void): void;
  /** Subscribed; `resumed`: the broker had kept the session. */
  onListening(resumed: boolean): void;
  /** Once each time it is away, and when the reason is another. */
  onAway(why: string): void;
}

const filter = "mote/+/data";
const answerWithinMs = 10_000;
const againAfterMs = 1000;
const farewellMs = 1000;

export class Link {
  readonly #client: MqttClient;
  readonly #events: LinkEvents;
  /** Watermarks to be told, and devices whose last one the broker has not confirmed. */
  readonly #waiting = new Map<string, Watermark>();
  readonly #underWay = new Set<string>();
  #gate: Gate | undefined;
  #listening = false;
  #trouble: string | undefined;
  #lastError: string | undefined;
  #onTold: (() => void) | undefined;

  constructor({ host, port, username, password }: Settings["broker"], clientId: string, events: LinkEvents) {
    this.#events = events;
    const build = (): Gate => {
      const socket = open({ host, port });
      socket.setNoDelay(true);
      return (this.#gate = new Gate(socket));
    };
    const client = new MqttClient(build, {
      clientId,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      protocolVersion: 4,
      clean: false,
      resubscribe: false,
      connectTimeout: answerWithinMs,
      reconnectPeriod: againAfterMs,
      reconnectOnConnackError: true,
    });
    this.#client = client;
    client.handleMessage = (packet, done) => this.#take(packet, done);
    client.on("error", (error) => (this.#lastError = brokerTrouble(error)));
    client.on("close", () => this.#closed());
    client.on("connect", ({ sessionPresent }) => void this.#subscribe(sessionPresent));
  }

  get listening(): boolean {
    return this.#listening;
  }

  confirm(messages: readonly Message[]): void {
    const ids = new Map<Gate, number[]>();
    for (const { confirm } of messages) {
      if (confirm === undefined) continue;
      const { gate, id } = confirm;
      const list = ids.get(gate);
      if (list === undefined) ids.set(gate, [id]);
      else list.push(id);
    }
    for (const [gate, list] of ids) gate.acknowledge(list);
  }

  /** Tells a board, retained, up to where all of its records are kept. */
  tell(device: string, watermark: Watermark): void {
    this.#waiting.set(device, watermark);
    this.#publish(device);
  }

  /** Waits a little for what is still to be told, and leaves; the session stays. */
  async close(): Promise<void> {
    const late = new Promise((resolve) => setTimeout(resolve, farewellMs).unref());
    if (this.#listening && this.#underWay.size > 0) await Promise.race([late, new Promise<void>((resolve) => (this.#onTold = resolve))]);
    this.#listening = false;
    const forced = setTimeout(() => this.#client.end(true), farewellMs);
    await new Promise<void>((resolve) => {
      setTimeout(resolve, farewellMs + 100).unref();
      this.#client.end(!this.#client.connected, () => resolve());
    });
    clearTimeout(forced);
  }

  #take(packet: IPublishPacket, done: () => void): void {
    const topic = packet.topic.toString();
    const levels = topic.split("/");
    const { messageId, qos, payload } = packet;
    const confirm = qos === 1 && this.#gate !== undefined && messageId !== undefined ? { gate: this.#gate, id: messageId } : undefined;
    if (levels.length !== 3 || levels[0] !== "mote" || levels[2] !== "data") {
      // Of a subscription that somebody else made under this name.
      if (confirm !== undefined) confirm.gate.acknowledge([confirm.id]);
      return done();
    }
    // A copy: MQTT.js gives views of far larger buffers.
    const bytes = Buffer.from(payload as Uint8Array);
    this.#events.onMessage({ device: levels[1]!, payload: bytes, again: packet.dup || packet.retain, confirm }, () => done());
  }

  async #subscribe(resumed: boolean): Promise<void> {
    try {
      await this.#client.subscribeAsync(filter, { qos: 1 });
    } catch (error) {
      const { packet } = error as { packet?: { granted?: readonly number[] } };
      if (packet?.granted !== undefined) this.#away(`it refuses the subscription to ${filter}`);
      return;
    }
    this.#listening = true;
    this.#trouble = undefined;
    this.#lastError = undefined;
    this.#events.onListening(resumed);
    for (const device of this.#waiting.keys()) this.#publish(device);
  }

  #closed(): void {
    const was = this.#listening;
    this.#listening = false;
    if (!this.#client.disconnecting)
      this.#away(this.#lastError ?? (was ? "the connection broke off" : "it closed the connection without a word"));
  }

  #away(why: string): void {
    if (this.#trouble === why) return;
    this.#trouble = why;
    this.#events.onAway(why);
  }

  #publish(device: string): void {
    const watermark = this.#waiting.get(device);
    if (watermark === undefined || !this.#listening || this.#underWay.has(device)) return;
    this.#waiting.delete(device);
    this.#underWay.add(device);
    const { install, boot, seq } = watermark;
    this.#client.publish(`mote/${device}/ack`, JSON.stringify({ install, boot, seq }), { qos: 1, retain: true }, () => {
      this.#underWay.delete(device);
      this.#publish(device);
      if (this.#underWay.size === 0 && this.#waiting.size === 0) this.#onTold?.();
    });
  }
}
