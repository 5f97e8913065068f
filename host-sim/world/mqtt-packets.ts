/** MQTT packets as `mqtt-packet` reads and writes them, one whole packet at a time: one reader serves all connections, which costs a connection nothing. */
import mqttPacket, { type Packet } from "mqtt-packet";

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

/** The packets that a broker sends most are two numbers: their bytes (MQTT 3.1.1, 3.4). */
export function pubackBytes(messageId: number): Uint8Array {
  return Uint8Array.of(0x40, 2, messageId >> 8, messageId & 0xff);
}
