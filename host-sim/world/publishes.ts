/** Reads the MQTT on a board's wire: which messages it published, and which were acknowledged. */
import { MqttFrames } from "./mqtt-frames.js";
import type { WireTap } from "./wire.js";

export interface Publish {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retain: boolean;
}

/** Takes a message where it lies: `packet` is good until it returns. */
export type Reader = (packet: Uint8Array, topicAt: number, topicEnd: number, payloadAt: number) => void;

const nobody = (): void => {};

/** Packet types (MQTT 3.1.1, table 2.1). */
const [connack, publish, puback] = [2, 3, 4];

export class Publishes {
  /** PUBLISH packets on the wire, repetitions left out. One whose first sending was cut short counts when it is sent again. */
  published = 0;
  retransmitted = 0;
  /** PUBACKs that reached the board, for a message that was not acknowledged before. */
  acknowledged = 0;
  /** Connections that the broker accepted. */
  connections = 0;
  /** Called for each that is not a repetition. */
  onPublish: (publish: Publish) => void = nobody;
  /** CONNACK's return code, 0 when the broker accepted. */
  onConnack: (returnCode: number) => void = nobody;
  /** Packet ids that were published whole and not acknowledged yet: over all of the board's connections. */
  readonly #open: number[] = [];
  readonly #read: Reader;
  #connected: WireTap | undefined;

  /** `read` sees each that is not a repetition, before the others do. */
  constructor(read: Reader = nobody) {
    this.#read = read;
  }

  /** The broker has accepted the board's connection, and the board has not let go of it. */
  get connected(): boolean {
    return this.#connected !== undefined;
  }

  /** The board has lost its RAM, and with it what was not acknowledged. */
  powerLost(): void {
    this.#open.length = 0;
    this.#connected = undefined;
  }

  /** Listens to one more connection. */
  tap(): WireTap {
    const out = new MqttFrames((packet, bodyAt) => {
      if (packet[0]! >> 4 === publish) this.#sent(packet, bodyAt);
    });
    // What a broker sends may be garbage: the firmware's affair, not the listener's.
    const back = new MqttFrames((packet, bodyAt) => {
      const type = packet[0]! >> 4;
      if (type === puback && packet.length >= bodyAt + 2) {
        if (this.#close((packet[bodyAt]! << 8) | packet[bodyAt + 1]!)) this.acknowledged++;
      } else if (type === connack && packet.length >= bodyAt + 2) {
        const returnCode = packet[bodyAt + 1]!;
        if (returnCode === 0) {
          this.connections++;
          this.#connected = tap;
        }
        this.onConnack(returnCode);
      }
    });
    const tap: WireTap = {
      out: (bytes) => out.push(bytes),
      in: (bytes) => back.push(bytes),
      closed: () => {
        if (this.#connected === tap) this.#connected = undefined;
      },
    };
    return tap;
  }

  #sent(packet: Uint8Array, bodyAt: number): void {
    const flags = packet[0]!;
    const topicAt = bodyAt + 2;
    const topicEnd = topicAt + ((packet[bodyAt]! << 8) | packet[bodyAt + 1]!);
    const acknowledged = (flags & 0b0110) !== 0;
    if (acknowledged) {
      const id = (packet[topicEnd]! << 8) | packet[topicEnd + 1]!;
      const open = this.#open.includes(id);
      if ((flags & 0b1000) !== 0 && open) {
        this.retransmitted++;
        return;
      }
      if (!open) this.#open.push(id);
    }
    this.published++;
    const payloadAt = topicEnd + (acknowledged ? 2 : 0);
    this.#read(packet, topicAt, topicEnd, payloadAt);
    if (this.onPublish === nobody) return;
    const bytes = Buffer.from(packet);
    this.onPublish({
      topic: bytes.toString("utf8", topicAt, topicEnd),
      payload: bytes.subarray(payloadAt),
      retain: (flags & 1) !== 0,
    });
  }

  #close(id: number): boolean {
    const open = this.#open;
    const index = open.indexOf(id);
    if (index < 0) return false;
    // In no order.
    open[index] = open.at(-1)!;
    open.pop();
    return true;
  }
}
