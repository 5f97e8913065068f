/**
 * MQTT packets as `mqtt-packet` reads and writes them, one whole packet at a time: one reader serves all
 * connections, which costs a connection nothing. What a broker meets most is read and written by hand.
 */
import mqttPacket, { type Packet } from "mqtt-packet";
import { CompactMessage } from "./message.js";
import { asBuffer, type TopicNames } from "./topic-names.js";

export class PacketReader {
  #parser = mqttPacket.parser({ protocolVersion: 4 });
  #read: Packet | undefined;

  constructor() {
    this.#listen();
  }

  /** Undefined when the bytes are no packet of MQTT 3.1.1. What it returns owns its bytes. */
  read(packet: Uint8Array): Packet | undefined {
    this.#read = undefined;
    const left = this.#parser.parse(Buffer.from(packet));
    const read = this.#read as Packet | undefined;
    if (read !== undefined && left === 0) return read;
    // It waits for more, or has stopped at a mistake.
    this.#parser = mqttPacket.parser({ protocolVersion: 4 });
    this.#listen();
    return undefined;
  }

  #listen(): void {
    this.#parser.on("packet", (packet) => {
      this.#read = packet;
    });
    this.#parser.on("error", () => {
      this.#read = undefined;
    });
  }
}

const publishType = 3;

/** The message of a plain PUBLISH (MQTT 3.1.1, 3.3); undefined where `packet` is anything else, or wrong. */
export function publishedMessage(packet: Uint8Array, bodyAt: number, names: TopicNames): CompactMessage | undefined {
  const header = packet[0]!;
  const qos = (header >> 1) & 3;
  const topicAt = bodyAt + 2;
  if (header >> 4 !== publishType || qos > 1 || topicAt > packet.length) return undefined;
  const topicEnd = topicAt + twoBytes(packet, bodyAt);
  const payloadAt = topicEnd + 2 * qos;
  if (payloadAt > packet.length) return undefined;
  const payload = asBuffer(packet).toString("latin1", payloadAt, packet.length);
  return new CompactMessage(names.of(packet, topicAt, topicEnd), payload, qos as 0 | 1, (header & 1) !== 0);
}

/** Of a PUBLISH with QoS 1 that `publishedMessage` could read. */
export function messageIdOf(packet: Uint8Array, bodyAt: number): number {
  return twoBytes(packet, bodyAt + 2 + twoBytes(packet, bodyAt));
}

function twoBytes(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

/** The packets that a broker sends most are two numbers: their bytes (MQTT 3.1.1, 3.4). */
export function pubackBytes(messageId: number): Uint8Array {
  return Uint8Array.of(0x40, 2, messageId >> 8, messageId & 0xff);
}
