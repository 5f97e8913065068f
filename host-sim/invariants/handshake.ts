/**
 * MQTT's manners on a wire: CONNECT comes first, once, and as the board is to be known; nothing else before
 * the broker has accepted; nothing after a refusal; no packet larger than `limits.packetBytesMax`.
 */
import type { Packet } from "mqtt-packet";
import { limits } from "../../firmware/limits.js";
import type { Connection } from "./connection.js";
import type { Scene, Watcher } from "./watcher.js";

const invariant = "handshake";

export class Handshake implements Watcher {
  readonly #scene: Scene;
  #packets = 0;
  #refused = false;
  #everAccepted = false;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  started(): void {
    this.#everAccepted = false;
  }

  opened(): void {
    this.#packets = 0;
    this.#refused = false;
  }

  sent(packet: Packet, bytes: number, connection: Connection): void {
    const { station } = this.#scene;
    const say = (what: string): void => this.#scene.report(invariant, what);
    const first = this.#packets++ === 0;
    if (bytes > limits.packetBytesMax) say(`a ${packet.cmd} of ${bytes} bytes, at most ${limits.packetBytesMax} are promised`);
    if (packet.cmd !== "connect") {
      if (first) say(`a connection began with ${packet.cmd} in place of CONNECT`);
      else if (this.#refused) say(`${packet.cmd} after the broker had refused the connection`);
      else if (!connection.accepted) say(`${packet.cmd} before the broker's CONNACK`);
      return;
    }
    if (!first) return say("a second CONNECT on one connection");
    const { clientId, clean, keepalive, will } = packet;
    const status = `mote/${station.device}/status`;
    if (clientId !== station.device) say(`CONNECT names the board ${clientId}, its topics ${station.device}`);
    if (clean !== true) say("CONNECT asks for a session that the board does not keep itself");
    if (keepalive !== limits.keepAliveS) say(`CONNECT promises a keep-alive of ${keepalive} s, not ${limits.keepAliveS}`);
    if (will?.topic !== status || String(will.payload) !== "offline" || will.retain !== true || will.qos !== 1) {
      say(`CONNECT's will is not a retained "offline" under ${status}`);
    }
  }

  received(packet: Packet): void {
    if (packet.cmd !== "connack") return;
    if (packet.returnCode === 0) this.#everAccepted = true;
    else {
      this.#refused = true;
      this.#scene.reach("refused");
    }
  }

  closed(): void {
    if (this.#packets === 0) this.#scene.reach("unreachable");
  }

  powerLost(): void {
    if (!this.#everAccepted) this.#scene.reach("reboot-boot");
  }
}
