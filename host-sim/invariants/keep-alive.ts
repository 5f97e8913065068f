/**
 * The keep-alive of CONNECT is kept (MQTT-3.1.2-23): an accepted connection on which the board stays silent
 * for longer is closed by the board, not by the broker. The bound is the keep-alive and four seconds: a
 * ping that finds the socket full waits in vain for ten seconds after 22.5, and then the connection ends.
 */
import type { Packet } from "mqtt-packet";
import { limits } from "../../firmware/limits.js";
import type { Account } from "./account.js";
import type { Connection } from "./connection.js";
import type { Scene, Watcher } from "./watcher.js";

const silentMsMax = limits.keepAliveS * 1000 + 4_000;

export class KeepAlive implements Watcher {
  readonly #scene: Scene;
  readonly #account: Account;
  /** When the board last sent on its accepted connection; undefined without one. */
  #sentMs: number | undefined;

  constructor(scene: Scene, account: Account) {
    this.#scene = scene;
    this.#account = account;
  }

  received(packet: Packet, connection: Connection): void {
    if (packet.cmd === "connack" && connection.accepted) this.#sentMs = this.#scene.nowMs;
  }

  sent(packet: Packet): void {
    if (packet.cmd === "pingreq") this.#scene.reach("ping");
    this.tick();
    if (this.#sentMs !== undefined) this.#sentMs = this.#scene.nowMs;
  }

  closed(): void {
    this.tick();
    this.#sentMs = undefined;
  }

  powerLost(): void {
    this.#sentMs = undefined;
  }

  tick(): void {
    const sentMs = this.#sentMs;
    // A board whose clock has jumped back cannot know.
    if (sentMs === undefined || this.#account.heldUntilMs > sentMs) return;
    const silentMs = this.#scene.nowMs - sentMs;
    if (silentMs <= silentMsMax) return;
    this.#scene.report(
      "keep-alive",
      `the board has been silent for ${Math.round(silentMs)} ms on a connection whose keep-alive is ${limits.keepAliveS} s (${silentMsMax} ms are allowed)`,
    );
  }
}
