/** Reads the MQTT on a board's wire: which messages it published, and which were acknowledged. */
import mqttPacket from "mqtt-packet";
import type { WireTap } from "./wire.js";

export interface Publish {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retain: boolean;
}

export class Publishes {
  /** PUBLISH packets on the wire, repetitions left out. One whose first sending was cut short counts when it is sent again. */
  published = 0;
  retransmitted = 0;
  /** PUBACKs that reached the board, for a message that was not acknowledged before. */
  acknowledged = 0;
  /** Connections that the broker accepted. */
  connections = 0;
  /** Called for each that is not a repetition. */
  onPublish: (publish: Publish) => void = () => {};
  /** CONNACK's return code, 0 when the broker accepted. */
  onConnack: (returnCode: number) => void = () => {};
  /** Packet ids that were published whole and not acknowledged yet: over all of the board's connections. */
  readonly #open = new Set<number>();

  /** The board has lost its RAM, and with it what was not acknowledged. */
  powerLost(): void {
    this.#open.clear();
  }

  /** Listens to one more connection. */
  tap(): WireTap {
    const out = mqttPacket.parser({ protocolVersion: 4 });
    out.on("packet", (packet) => {
      if (packet.cmd !== "publish") return;
      const id = packet.messageId;
      if (packet.dup && id !== undefined && this.#open.has(id)) this.retransmitted++;
      else {
        if (id !== undefined) this.#open.add(id);
        this.published++;
        this.onPublish({ topic: packet.topic, payload: Buffer.from(packet.payload), retain: packet.retain });
      }
    });
    const back = mqttPacket.parser({ protocolVersion: 4 });
    let legible = true;
    // What a broker sends may be garbage: the firmware's affair, not the listener's.
    back.on("error", () => {
      legible = false;
    });
    back.on("packet", (packet) => {
      if (packet.cmd === "puback") {
        if (this.#open.delete(packet.messageId!)) this.acknowledged++;
      } else if (packet.cmd === "connack") {
        if (packet.returnCode === 0) this.connections++;
        this.onConnack(packet.returnCode ?? 0);
      }
    });
    return {
      out: (bytes) => void out.parse(Buffer.from(bytes)),
      in: (bytes) => {
        if (legible) back.parse(Buffer.from(bytes));
      },
    };
  }
}
