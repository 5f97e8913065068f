/** When an open MQTT connection must send a PINGREQ, and when a silent broker is given up (3.1.2.10). Times of the device's clock, ms. */
import { limits } from "../limits.js";

/** A connection that the broker accepted. */
export interface Up {
  readonly at: "up";
  /** When a packet was last sent, and last received. */
  sentMs: number;
  receivedMs: number;
  /** When the PINGREQ was sent that has no answer. */
  pingedMs: number | undefined;
  /** Set once an orderly end is under way: when it is to be over. */
  stopByMs: number | undefined;
}

/** How long neither side may be quiet, ms. A quarter early: the interval may not be exceeded (MQTT-3.1.2-23), and timers fire late, never early. */
export function quietMsMax(keepAliveS: number): number {
  const earlyMs = keepAliveS * 750;
  return earlyMs === 0 || earlyMs > limits.acknowledgeTimeoutMs ? limits.acknowledgeTimeoutMs : earlyMs;
}

/** When the next PINGREQ is due; undefined while one waits for its answer. */
export function pingAtMs(up: Up, quietMs: number): number | undefined {
  if (up.pingedMs !== undefined) return undefined;
  return quietMs + (up.sentMs < up.receivedMs ? up.sentMs : up.receivedMs);
}

/** What the broker owes since too long, in words; undefined when it owes nothing. `oldestSentMs`: of the publishes without PUBACK. */
export function overdue(up: Up, oldestSentMs: number | undefined, nowMs: number): string | undefined {
  if (up.pingedMs !== undefined && nowMs >= up.pingedMs + limits.connectTimeoutMs) {
    return "the broker did not answer PINGREQ within " + limits.connectTimeoutMs + " ms";
  }
  if (oldestSentMs !== undefined && nowMs >= oldestSentMs + limits.acknowledgeTimeoutMs) {
    return "the broker did not acknowledge a publish within " + limits.acknowledgeTimeoutMs + " ms";
  }
  return undefined;
}

/** When something of the above is next to be looked at. */
export function nextDueMs(up: Up, oldestSentMs: number | undefined, quietMs: number): number {
  let due = pingAtMs(up, quietMs) ?? up.pingedMs! + limits.connectTimeoutMs;
  if (oldestSentMs !== undefined && oldestSentMs + limits.acknowledgeTimeoutMs < due) due = oldestSentMs + limits.acknowledgeTimeoutMs;
  return up.stopByMs !== undefined && up.stopByMs < due ? up.stopByMs : due;
}
