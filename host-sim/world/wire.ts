/**
 * The wire as the board's TCP meets it, virtual or real: each call is charged and traced, the bytes are
 * counted, and whoever listens sees them.
 */
import type { TCP, TCPOptions } from "../../firmware/device.js";
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";
import type { Trace } from "./trace.js";

/** Who listens to one connection. */
export interface WireTap {
  /** `room`: how many bytes the socket still takes after these. */
  out(bytes: Uint8Array, room: number): void;
  in(bytes: Uint8Array): void;
  /** The connection is over, whoever ended it. */
  closed?(): void;
}

export class Wire {
  bytesOut = 0;
  bytesIn = 0;
  /** Called for each connection that the board opens. */
  tap: () => WireTap | undefined = () => undefined;
}

export function wiredTcpClass(
  Transport: new (options: TCPOptions) => TCP,
  wire: Wire,
  cpu: Cpu,
  trace: Trace,
): new (options: TCPOptions) => TCP {
  let opened = 0;
  return class WiredTCP implements TCP {
    readonly #socket: TCP;
    readonly #label: string;
    readonly #tap: WireTap | undefined;

    constructor(options: TCPOptions) {
      const label = `"socket":${++opened}`;
      this.#label = label;
      const tap = wire.tap();
      this.#tap = tap;
      cpu.charge(costs.tcpOpenUs);
      trace.record(cpu.nowUs, "tcp.open", `${label},"to":${JSON.stringify(options.address + ":" + options.port)}`);
      this.#socket = new Transport({
        ...options,
        onError() {
          trace.record(cpu.nowUs, "tcp.error", label);
          tap?.closed?.();
          options.onError?.();
        },
      });
    }

    read(): ArrayBuffer | undefined {
      cpu.charge(costs.tcpCallUs);
      const buffer = this.#socket.read();
      if (buffer === undefined) return undefined;
      const bytes = new Uint8Array(buffer);
      cpu.charge(bytes.length * costs.tcpByteUs);
      wire.bytesIn += bytes.length;
      trace.bytes(cpu.nowUs, "tcp.read", this.#label, bytes);
      this.#tap?.in(bytes);
      return buffer;
    }

    write(bytes: Uint8Array<ArrayBuffer>): number {
      cpu.charge(costs.tcpCallUs + bytes.length * costs.tcpByteUs);
      const room = this.#socket.write(bytes);
      wire.bytesOut += bytes.length;
      trace.bytes(cpu.nowUs, "tcp.write", this.#label, bytes);
      this.#tap?.out(bytes, room);
      return room;
    }

    close(): void {
      trace.record(cpu.nowUs, "tcp.close", this.#label);
      this.#tap?.closed?.();
      this.#socket.close();
    }
  };
}
