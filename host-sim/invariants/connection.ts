/** One connection of a station to its broker, as its wire shows it: each packet is parsed once, for all who watch. */
import mqttPacket, { type Packet } from "mqtt-packet";
import type { WireTap } from "../world/wire.js";

export interface ConnectionEvents {
  sent(packet: Packet, bytes: number): void;
  received(packet: Packet): void;
  closed(): void;
  /** What the board sent is no MQTT. */
  garbled(message: string): void;
  /** See Scene. */
  eventUs(): number;
}

export class Connection implements WireTap {
  /** 1 for a boot's first. */
  readonly number: number;
  /** The broker has accepted it. */
  accepted = false;
  over = false;
  readonly #events: ConnectionEvents;
  readonly #out = mqttPacket.parser({ protocolVersion: 4 });
  readonly #in = mqttPacket.parser({ protocolVersion: 4 });
  #legible = true;
  /** What the socket took after the last write: with 0, bytes may wait before it. */
  #room = 1;
  /** The event in which what had waited was written. */
  #releasedUs = -1;
  /** Bytes written since the last packet's end. */
  #begun = 0;

  constructor(number: number, events: ConnectionEvents) {
    this.number = number;
    this.#events = events;
    this.#out.on("packet", (packet) => {
      const bytes = this.#begun;
      this.#begun = 0;
      events.sent(packet, bytes);
    });
    this.#out.on("error", (error) => events.garbled(error.message));
    // What a broker sends may be garbage: the firmware's affair, not the listener's.
    this.#in.on("error", () => (this.#legible = false));
    this.#in.on("packet", (packet) => events.received(packet));
  }

  /** What is being written now was made now: nothing has waited before it. */
  get fresh(): boolean {
    return this.#room > 0 && this.#releasedUs !== this.#events.eventUs();
  }

  /** The board has written less than it has to say. */
  get blocked(): boolean {
    return this.#room === 0 || this.#begun > 0;
  }

  out(bytes: Uint8Array, room: number): void {
    if (this.#room === 0) this.#releasedUs = this.#events.eventUs();
    this.#begun += bytes.length;
    this.#out.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    this.#room = room;
  }

  in(bytes: Uint8Array): void {
    if (this.#legible) this.#in.parse(Buffer.from(bytes));
  }

  closed(): void {
    if (this.over) return;
    this.over = true;
    this.#events.closed();
  }
}
