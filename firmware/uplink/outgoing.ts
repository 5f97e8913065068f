/** Packets on their way into a TCP socket: first in, first out, bounded, and cut to the pieces that the socket has room for. */
import { invariant } from "../base/invariant.js";
import type { Bytes, TCP } from "../device.js";
import { limits } from "../limits.js";

export interface Outgoing {
  /** Bytes that `push` takes now. */
  readonly room: number;
  readonly waitingBytes: number;
  /** Bytes that sockets took since boot. */
  readonly writtenBytes: number;
  /** Queues `packet`, without a copy, and writes what the socket takes. False when the socket broke. */
  push(packet: Bytes): boolean;
  /** The socket takes `bytes` now. False when it broke. */
  writable(tcp: TCP, bytes: number): boolean;
  /** The connection is gone, and what waited with it. */
  clear(): void;
}

class PacketQueue implements Outgoing {
  waitingBytes = 0;
  writtenBytes = 0;
  private readonly packets: Bytes[] = [];
  /** Bytes of the first packet that were written. */
  private offset = 0;
  private socket: TCP | undefined;
  private writableBytes = 0;

  get room(): number {
    return limits.outgoingBytesMax - this.waitingBytes;
  }

  push(packet: Bytes): boolean {
    this.waitingBytes += packet.length;
    invariant(this.waitingBytes <= limits.outgoingBytesMax, "the outgoing buffer is bounded");
    this.packets.push(packet);
    return this.flush();
  }

  writable(tcp: TCP, bytes: number): boolean {
    this.socket = tcp;
    this.writableBytes = bytes;
    return this.flush();
  }

  clear(): void {
    this.packets.length = 0;
    this.waitingBytes = 0;
    this.offset = 0;
    this.socket = undefined;
    this.writableBytes = 0;
  }

  private flush(): boolean {
    const packets = this.packets;
    while (this.socket !== undefined && packets.length > 0 && this.writableBytes > 0) {
      const packet = packets[0]!;
      const left = packet.length - this.offset;
      const count = left < this.writableBytes ? left : this.writableBytes;
      try {
        this.writableBytes = this.socket.write(count === packet.length ? packet : packet.subarray(this.offset, this.offset + count));
      } catch {
        // A socket whose end is known to the system and not yet told to us.
        this.socket = undefined;
        return false;
      }
      this.writtenBytes += count;
      this.waitingBytes -= count;
      this.offset += count;
      if (count === left) {
        packets.shift();
        this.offset = 0;
      }
    }
    return true;
  }
}

export function outgoing(): Outgoing {
  return new PacketQueue();
}
