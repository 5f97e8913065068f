/**
 * Publishes that were accepted and not yet acknowledged, oldest first, each as the packet it is sent as. They
 * stay across connections and leave only by their PUBACK. Bounded in number and in bytes.
 */
import type { Bytes } from "../device.js";
import { limits } from "../limits.js";
import { duplicateFlag } from "./encode.js";

interface Entry {
  readonly id: number;
  readonly token: number;
  readonly packet: Bytes;
  /** When it was last sent; −1 before the first time. */
  sentMs: number;
}

export interface Inflight {
  readonly count: number;
  /** Entries not yet sent on this connection. */
  readonly waiting: number;
  /** When the oldest entry sent on this connection was sent; undefined without one. */
  readonly oldestSentMs: number | undefined;
  hasRoom(packetBytes: number): boolean;
  has(id: number): boolean;
  /** Returns the entry's token: 1 for the first, and so on. */
  add(id: number, packet: Bytes): number;
  /** The next packet to send on this connection, with DUP when it was sent before (MQTT-3.3.1-1); undefined when all are. */
  peek(): Bytes | undefined;
  /** What `peek` returned was sent; true when that was not the first time. */
  sent(nowMs: number): boolean;
  /** Removes the entry that was sent with `id`, and returns its token; 0 when there is none. */
  acknowledge(id: number): number;
  /** A new connection: all are to be sent again, in the order in which they were accepted (4.6). */
  rewind(): void;
}

class Window implements Inflight {
  private readonly entries: Entry[] = [];
  private bytes = 0;
  private lastToken = 0;
  /** Index of the first entry not yet sent on this connection. */
  private next = 0;

  get count(): number {
    return this.entries.length;
  }

  get waiting(): number {
    return this.entries.length - this.next;
  }

  get oldestSentMs(): number | undefined {
    return this.next === 0 ? undefined : this.entries[0]!.sentMs;
  }

  hasRoom(packetBytes: number): boolean {
    return this.entries.length < limits.inflightMax && this.bytes + packetBytes <= limits.inflightBytesMax;
  }

  has(id: number): boolean {
    return this.indexOf(id) >= 0;
  }

  add(id: number, packet: Bytes): number {
    const token = ++this.lastToken;
    this.entries.push({ id, token, packet, sentMs: -1 });
    this.bytes += packet.length;
    return token;
  }

  peek(): Bytes | undefined {
    if (this.next === this.entries.length) return undefined;
    const entry = this.entries[this.next]!;
    if (entry.sentMs >= 0) entry.packet[0]! |= duplicateFlag;
    return entry.packet;
  }

  sent(nowMs: number): boolean {
    const entry = this.entries[this.next++]!;
    const again = entry.sentMs >= 0;
    entry.sentMs = nowMs;
    return again;
  }

  acknowledge(id: number): number {
    const index = this.indexOf(id);
    // One that was not sent on this connection cannot have been acknowledged on it.
    if (index < 0 || index >= this.next) return 0;
    const entry = this.entries[index]!;
    this.entries.splice(index, 1);
    this.bytes -= entry.packet.length;
    this.next--;
    return entry.token;
  }

  rewind(): void {
    this.next = 0;
  }

  private indexOf(id: number): number {
    const entries = this.entries;
    for (let index = 0; index < entries.length; index++) if (entries[index]!.id === id) return index;
    return -1;
  }
}

export function inflight(): Inflight {
  return new Window();
}
