/** A running board as its root sees it. */
import type { HistoryCounters } from "./history.js";

/** What the board counted since boot. All but `worstLateMs` and `waiting` only grow. */
export interface Counters extends HistoryCounters {
  samples: number;
  late: number;
  missed: number;
  worstLateMs: number;
  /** Samples of which at least one quantity could not be read. */
  readErrors: number;
  emitted: number;
  superseded: number;
  published: number;
  retransmitted: number;
  acknowledged: number;
  connects: number;
  connectionFailures: number;
  networkFailures: number;
  bytesOut: number;
  bytesIn: number;
}

export interface Runtime {
  /** The board's name in topics. */
  readonly name: string;
  /** What a person should know who looks at this board: settings that are missing or wrong. A line each. */
  readonly notes: readonly string[];
  counters(): Counters;
  /** Stops sampling, says offline, lets go of the network; `onStopped` is called once, within `limits.stopTimeoutMs` and `limits.lingerMs`. To be called once. */
  stop(onStopped: () => void): void;
}
