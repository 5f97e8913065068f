/**
 * The network beyond the access point: hosts with services, and names.
 *
 * Fault model: an address without a service refuses, and so does a service that wants no connections;
 * an unknown name does not resolve. What lies between a board and all this is its Link.
 */
import type { Link } from "./link.js";

/** The far end of a connection, as its service sees it. */
export interface Peer {
  /** The attachment of the board that it is; undefined for a client from outside the world. */
  readonly from?: Link;
  /** Nothing happens once the connection has ended. */
  send(bytes: Uint8Array): void;
  /** Ends the connection; what was sent before still arrives. */
  close(): void;
}

/** What a service does with one connection. */
export interface PeerHandlers {
  /** `bytes` are the service's to keep. */
  received(bytes: Uint8Array): void;
  /** Called once, unless the service has closed the connection itself. */
  closed(): void;
}

/** Undefined refuses the connection. */
export type Service = (peer: Peer) => PeerHandlers | undefined;

export class Lan {
  readonly names = new Map<string, string>();
  /** By `address:port`. */
  readonly services = new Map<string, Service>();
  /** What each packet takes, and up to how much more. */
  latencyUs = 2_000;
  jitterUs = 1_000;
}
