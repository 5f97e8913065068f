/**
 * The network beyond the access point: hosts with services, names, and the time a segment takes.
 *
 * Fault model: each segment takes `latencyUs` and up to `jitterUs` more, in order; a board whose link
 * is down reaches nobody and nobody reaches it; an address without a service refuses; an unknown name
 * does not resolve. Loss, resets and half-open connections are not modelled here yet.
 */
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";
import type { Random } from "./random.js";
import type { Scheduler } from "./scheduler.js";
import type { Trace } from "./trace.js";

/** The far end of a connection, as its service sees it. */
export interface Peer {
  send(bytes: Uint8Array): void;
  /** Ends the connection; what was sent before still arrives. */
  close(): void;
}

/** What a service does with one connection. */
export interface PeerHandlers {
  received(bytes: Uint8Array): void;
  closed(): void;
}

export type Service = (peer: Peer) => PeerHandlers;

export class Lan {
  readonly names = new Map<string, string>();
  /** By `address:port`. */
  readonly services = new Map<string, Service>();
  latencyUs = 2_000;
  jitterUs = 1_000;
}

/** One board's attachment to the network: whether it has an address now, and how long its segments take. */
export class Link {
  up = false;
  readonly #lan: Lan;
  readonly #draws: Random;

  /** Draws of its own: another board's traffic does not shift this one's. */
  constructor(lan: Lan, draws: Random) {
    this.#lan = lan;
    this.#draws = draws;
  }

  /** How long the next segment takes, µs. */
  delayUs(): number {
    const { latencyUs, jitterUs } = this.#lan;
    return latencyUs + (jitterUs > 0 ? this.#draws.next() % jitterUs : 0);
  }
}

const dottedAddress = /^\d{1,3}(\.\d{1,3}){3}$/;

/** `Device.resolve` by the LAN's names; a dotted address is its own answer. Nobody answers while the link is down. */
export function resolver(lan: Lan, link: Link, scheduler: Scheduler, cpu: Cpu, trace: Trace) {
  return (name: string, onResolved: (address: string | undefined) => void): void => {
    cpu.charge(costs.resolveUs);
    trace.record(cpu.nowUs, "dns.query", `"name":${JSON.stringify(name)}`);
    scheduler.at(cpu.nowUs + 2 * link.delayUs(), () => {
      const address = !link.up ? undefined : dottedAddress.test(name) ? name : lan.names.get(name);
      cpu.post(() => {
        trace.record(cpu.nowUs, "dns.answer", `"address":${JSON.stringify(address ?? null)}`);
        onResolved(address);
      });
    });
  };
}
