/** What goes in and out of an MQTT session (session.ts): commands, events, errors and counters. */
import type { Failure, Result } from "../base/result.js";
import type { Bytes } from "../device.js";
import type { QoS, TopicName } from "./encode.js";
import type { Text } from "../base/utf8.js";

/**
 * `refused`: CONNACK with a code; `timeout`: no CONNACK, PINGRESP or PUBACK in time; `malformed`, `oversize`: bytes that
 * are no MQTT for us; `protocol`: a packet out of place; `overload`: the broker sends but does not read; `options`:
 * our own CONNECT cannot be written.
 */
export type SessionError = "refused" | "timeout" | "malformed" | "oversize" | "protocol" | "overload" | "options";

/** `full`: later, after `onRoom`; `offline`: QoS 0 without a connection; `stopped`: after `stop`. */
export type PublishError = "full" | "offline" | "topic" | "size" | "stopped";

export interface SessionEvents {
  /** The broker accepted the connection. What was kept is sent again without further ado. */
  onConnected(sessionPresent: boolean): void;
  /** `payload` is valid during the call only. */
  onMessage(topic: string, payload: Bytes, retain: boolean): void;
  /** The QoS 1 publish that returned `token` was acknowledged. */
  onAcknowledged(token: number): void;
  /** A publish was refused with `full`; there is room again. */
  onRoom(): void;
  /** `granted` undefined: the broker refused the filter. */
  onSubscribed(filter: string, granted: QoS | undefined): void;
}

/** What carries a session's bytes. */
export interface Transport {
  /** Bytes that `send` takes now. */
  readonly room: number;
  /** Takes all of `packet`, which may not change until the connection ends. */
  send(packet: Bytes): void;
  /** The transport is to be closed: at once on a failure; without one, after what was sent has left (orderly end). */
  onEnded(error: Failure<SessionError> | undefined): void;
}

/** Since boot. A PUBLISH counts as published the first time, as retransmitted each time after. */
export interface SessionCounters {
  published: number;
  retransmitted: number;
  acknowledged: number;
  received: number;
  connects: number;
}

export interface Session {
  /** The transport is up: sends CONNECT. CONNACK must be there by `deadlineMs`. Only while no connection is open. */
  open(deadlineMs: number): void;
  receive(bytes: Bytes): void;
  /** The transport has more room: sends what waits. */
  writable(): void;
  /** Time went by. To be called at `dueMs`, harmless earlier. */
  tick(): void;
  /** The transport is gone. */
  lost(): void;
  /** Returns a token > 0 at QoS 1, 0 at QoS 0. At QoS 1 what is accepted is kept and delivered, also without a connection. */
  publish(topic: string | TopicName, payload: Text, qos: QoS, retain: boolean): Result<number, PublishError>;
  subscribe(filter: string, qos: QoS): Result<undefined, "topic" | "full">;
  /**
   * Orderly end: takes nothing new, publishes the will's message itself (DISCONNECT discards the will, 3.14.4, so watchers
   * see the same either way), waits at most limits.stopTimeoutMs for acknowledgements, sends DISCONNECT, calls `onEnded`.
   */
  stop(): void;
  /** When `tick` is next due; undefined without a connection. Moves to an earlier time only in `open` and `stop`. */
  dueMs(): number | undefined;
  readonly connected: boolean;
  readonly unacknowledged: number;
  readonly counters: Readonly<SessionCounters>;
}
