/**
 * Once all faults are over for good, a board comes back by itself within `convergenceMs`, and stays: it is
 * connected, the broker holds its status as online, what it publishes is acknowledged, the newest of each
 * channel stands retained at the broker, and samples go on.
 *
 * The time: a dead connection is noticed after a quiet time of three quarters of the keep-alive and
 * `connectTimeoutMs`; then comes the longest back-off; the Wi-Fi, on its own, may be at its longest back-off
 * too and needs `joinTimeoutMs` at most; another attempt takes `connectTimeoutMs`. A clock that jumped back has
 * lost the time since it was read before, which on a quiet connection is as long as the first of these.
 */
import type { Packet } from "mqtt-packet";
import { limits } from "../../firmware/limits.js";
import type { Account } from "./account.js";
import type { Connection } from "./connection.js";
import type { Delivery } from "./delivery.js";
import type { Slot } from "./slot.js";
import type { Scene, Watcher } from "./watcher.js";

export const convergenceMs =
  limits.keepAliveS * 750 + 2 * limits.connectTimeoutMs + 2 * limits.backoffLongestMs + limits.joinTimeoutMs + 2_000;
/** How long a message may take from its sample to the broker and back once all is well, ms. */
const settledMs = 5_000;

export class Convergence implements Watcher {
  readonly #scene: Scene;
  readonly #account: Account;
  readonly #delivery: Delivery;
  #dueMs = Infinity;
  #healedMs = Infinity;
  #connection: Connection | undefined;
  /** The broker lost what it was told about the board's status, and said that it had it. */
  #statusForgotten = false;

  constructor(scene: Scene, account: Account, delivery: Delivery) {
    this.#scene = scene;
    this.#account = account;
    this.#delivery = delivery;
  }

  opened(connection: Connection): void {
    this.#connection = connection;
  }

  sent(packet: Packet): void {
    if (packet.cmd !== "publish" || !packet.topic.endsWith("/status")) return;
    this.#statusForgotten = [...this.#scene.faults].some(({ kind }) => kind === "broker-forgets" || kind === "broker-silent");
  }

  healed(): void {
    const { nowMs } = this.#scene;
    this.#healedMs = nowMs + settledMs;
    const jumpedMs = this.#account.heldUntilMs + limits.keepAliveS * 750;
    this.#dueMs = Math.max(nowMs, jumpedMs) + convergenceMs;
  }

  tick(): void {
    const { nowMs, station } = this.#scene;
    if (nowMs < this.#dueMs || nowMs < this.#scene.settledAtMs) return;
    if (!station.powered) return this.#say("is without power");
    if (this.#connection === undefined || !this.#connection.accepted || this.#connection.over) return this.#say("is not connected");
    this.#scene.reach("healed");
    this.#status();
    for (const [id, { topic, firstMs, lastMs }] of this.#delivery.open) {
      if (nowMs - lastMs > settledMs)
        this.#say(`has no acknowledgement of message ${id} (${topic}), first sent at ${firstMs.toFixed(3)} ms`);
    }
    for (const slot of this.#account.slots) this.#newest(slot);
    for (const { name, declaration, endedAtMs } of this.#account.tracks) {
      const silentMs = nowMs - endedAtMs;
      const { heldUntilMs, jumpedMs } = this.#account;
      const stretchMs = heldUntilMs > endedAtMs - declaration.everyMs ? jumpedMs : 0;
      if (silentMs > declaration.everyMs + stretchMs + settledMs) this.#say(`has not sampled ${name} for ${Math.round(silentMs)} ms`);
    }
  }

  #status(): void {
    const status = this.#retained("status");
    if (status !== "online" && !this.#statusForgotten) this.#say(`has the status ${status ?? "(none)"} at the broker`);
  }

  /** Of what was given out since, and long enough ago to have arrived. */
  #newest({ topic, emissions }: Slot): void {
    const { nowMs } = this.#scene;
    let number = emissions.length;
    while (number > 0 && emissions[number - 1]!.atMs > nowMs - settledMs) number--;
    if (number === 0 || emissions[number - 1]!.atMs < this.#healedMs) return;
    const text = this.#retained(topic);
    const retained = Number(/"n":(\d+)\}$/.exec(text ?? "")?.[1] ?? 0);
    if (retained < number) this.#say(`gave out number ${number} under ${topic}, and the broker holds ${text ?? "nothing"}`);
  }

  #retained(topic: string): string | undefined {
    const { simulation, station } = this.#scene;
    return simulation.broker.retained.get(`mote/${station.device}/${topic}`)?.payload.toString();
  }

  #say(what: string): void {
    this.#scene.report("convergence", `the board ${what}, and all faults have been over for ${convergenceMs} ms and more`);
  }
}
