/**
 * No storm of attempts: after the k-th failure in a row, a board waits for half of `backoffShortestMs` × 2^(k−1)
 * at the least, and half of `backoffLongestMs` in the end, before it tries its Wi-Fi or its broker again. The
 * wait is taken from the failure where that is heard outside, else from the attempt's beginning, so that it is
 * never taken for shorter than it was. The Wi-Fi's row ends when the board has an address; the broker's when the
 * Wi-Fi is joined anew, or a CONNACK accepts: the board itself waits for more than that, and may wait longer.
 */
import type { Packet } from "mqtt-packet";
import { limits } from "../../firmware/limits.js";
import type { Connection } from "./connection.js";
import { applyMs } from "./settings.js";
import type { Scene, Watcher } from "./watcher.js";

/** Between the timer and what is heard of the failure, the thread does some work. */
const slackMs = 5;

/** The least that a board waits after so many failures in a row, ms. */
export function leastWaitMs(failures: number): number {
  return Math.min(limits.backoffShortestMs * 2 ** (failures - 1), limits.backoffLongestMs) / 2;
}

/** Attempts at one thing. */
class Row {
  readonly #scene: Scene;
  readonly #what: string;
  #failures = 0;
  /** When the last attempt failed, as far as that was heard, else began; undefined: the next need not wait. */
  #sinceMs: number | undefined;
  #failed = false;

  constructor(scene: Scene, what: string) {
    this.#scene = scene;
    this.#what = what;
  }

  /** Nothing was tried yet. */
  clear(): void {
    this.#failures = 0;
    this.#sinceMs = undefined;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#failed = false;
  }

  began(): void {
    const { nowMs } = this.#scene;
    if (this.#sinceMs !== undefined) {
      const leastMs = leastWaitMs(++this.#failures);
      const waitedMs = nowMs - this.#sinceMs;
      if (waitedMs < leastMs - slackMs) {
        const nth = `failure ${this.#failures} in a row`;
        this.#scene.report(
          "back-off",
          `the board tried its ${this.#what} again ${waitedMs.toFixed(3)} ms after ${nth}; it should wait ${leastMs} ms at the least`,
        );
      }
      if (this.#failures >= 3) this.#scene.reach("back-off");
    }
    this.#sinceMs = nowMs;
    this.#failed = false;
  }

  /** Counts once for each attempt. */
  failed(): void {
    if (this.#failed || this.#sinceMs === undefined) return;
    this.#failed = true;
    this.#sinceMs = this.#scene.nowMs;
  }
}

export class BackOff implements Watcher {
  readonly #wifi: Row;
  readonly #broker: Row;
  readonly #scene: Scene;
  readonly #settings: { readonly changedMs: number };
  /** A name was asked for: the connection that follows is of the same attempt. */
  #asked = false;

  /** `settings`: when they were last changed, after which what is new is tried at once. */
  constructor(scene: Scene, settings: { readonly changedMs: number } = { changedMs: -Infinity }) {
    this.#scene = scene;
    this.#settings = settings;
    this.#wifi = new Row(scene, "Wi-Fi");
    this.#broker = new Row(scene, "broker");
  }

  started(): void {
    this.#wifi.clear();
    this.#broker.clear();
    this.#asked = false;
  }

  joining(): void {
    this.#forgive();
    this.#wifi.began();
    this.#broker.clear();
    this.#asked = false;
  }

  joined(): void {
    this.#wifi.succeeded();
  }

  apart(): void {
    this.#wifi.failed();
  }

  asked(): void {
    this.#forgive();
    this.#broker.began();
    this.#asked = true;
  }

  unresolved(): void {
    this.#broker.failed();
    this.#asked = false;
  }

  opened(): void {
    this.#forgive();
    if (!this.#asked) this.#broker.began();
    this.#asked = false;
  }

  received(packet: Packet, connection: Connection): void {
    if (packet.cmd === "connack" && connection.accepted) this.#broker.succeeded();
  }

  closed(): void {
    this.#broker.failed();
  }

  #forgive(): void {
    if (this.#scene.nowMs - this.#settings.changedMs > applyMs) return;
    this.#wifi.clear();
    this.#broker.clear();
  }
}
