/**
 * The wire as the board's TCP meets it, virtual or real: each call is charged and traced, the bytes are
 * counted, and whoever listens sees them.
 */
import type { TCP, TCPOptions } from "../../firmware/device.js";
import { boundClass } from "./bound-class.js";
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

/** What all sockets of one board's boot share. */
interface Wired {
  readonly Transport: new (options: TCPOptions) => TCP;
  readonly wire: Wire;
  readonly cpu: Cpu;
  readonly trace: Trace;
  opened: number;
}

class WiredTCP implements TCP {
  readonly #of: Wired;
  readonly #socket: TCP;
  readonly #label: string;
  readonly #tap: WireTap | undefined;

  constructor(of: Wired, options: TCPOptions) {
    const { wire, cpu, trace } = of;
    this.#of = of;
    const label = `"socket":${++of.opened}`;
    this.#label = label;
    const tap = wire.tap();
    this.#tap = tap;
    cpu.charge(costs.tcpOpenUs);
    trace.record(cpu.nowUs, "tcp.open", `${label},"to":${JSON.stringify(options.address + ":" + options.port)}`);
    this.#socket = new of.Transport({
      ...options,
      onError() {
        trace.record(cpu.nowUs, "tcp.error", label);
        tap?.closed?.();
        options.onError?.();
      },
    });
  }

  read(): ArrayBuffer | undefined {
    this.#of.cpu.charge(costs.tcpCallUs);
    const buffer = this.#socket.read();
    if (buffer === undefined) return undefined;
    const bytes = new Uint8Array(buffer);
    this.#of.cpu.charge(bytes.length * costs.tcpByteUs);
    this.#of.wire.bytesIn += bytes.length;
    this.#of.trace.bytes(this.#of.cpu.nowUs, "tcp.read", this.#label, bytes);
    this.#tap?.in(bytes);
    return buffer;
  }

  write(bytes: Uint8Array<ArrayBuffer>): number {
    this.#of.cpu.charge(costs.tcpCallUs + bytes.length * costs.tcpByteUs);
    const room = this.#socket.write(bytes);
    this.#of.wire.bytesOut += bytes.length;
    this.#of.trace.bytes(this.#of.cpu.nowUs, "tcp.write", this.#label, bytes);
    this.#tap?.out(bytes, room);
    return room;
  }

  close(): void {
    // Without power nobody closes anything.
    this.#of.cpu.charge(0);
    this.#of.trace.record(this.#of.cpu.nowUs, "tcp.close", this.#label);
    this.#tap?.closed?.();
    this.#socket.close();
  }
}

export function wiredTcpClass(
  Transport: new (options: TCPOptions) => TCP,
  wire: Wire,
  cpu: Cpu,
  trace: Trace,
): new (options: TCPOptions) => TCP {
  const of: Wired = { Transport, wire, cpu, trace, opened: 0 };
  return boundClass(WiredTCP, of);
}
