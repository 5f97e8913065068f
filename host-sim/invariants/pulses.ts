/**
 * A pulse counter counts each closure of its contact once: never more than there were, and fewer only where
 * it could not see them, while its thread was held up by a stuck bus, a slow erase or a handshake, or its clock jumped back.
 */
import { PulseCounter } from "../../firmware/sensing/drivers/pulse.js";
import type { Sample } from "../../firmware/sensing/driver.js";
import type { Fault } from "../faults/catalogue.js";
import type { Account } from "./account.js";
import { Contact } from "./contact.js";
import { onErase } from "./erases.js";
import type { Scene, Watcher } from "./watcher.js";

const longEraseMs = 60;

interface Counted {
  readonly contact: Contact;
  /** Closures that need not have been seen. */
  excused: number;
  /** At the sample before, and when that was over. */
  closures: number;
  sampledMs: number;
}

export class Pulses implements Watcher {
  readonly #scene: Scene;
  readonly #account: Account;
  readonly #counted = new Map<string, Counted>();
  /** When the thread was last held up by a stuck bus, or by an erase or a key agreement that lasted long. */
  #stuckMs = -Infinity;
  /** It was last held up from then to then. */
  #heldFromMs = -Infinity;
  #heldToMs = -Infinity;

  constructor(scene: Scene, account: Account) {
    this.#scene = scene;
    this.#account = account;
    const { board } = scene.station;
    onErase(scene.station, (atMs, ms) => this.heldUp(atMs, ms));
    for (const [name, { driver, pin }] of Object.entries(scene.app.sensors)) {
      if (driver !== PulseCounter) continue;
      const contact = new Contact(board.line(pin ?? board.model.pulse), () => scene.nowMs * 1000);
      this.#counted.set(name, { contact, excused: 0, closures: 0, sampledMs: 0 });
    }
  }

  started(): void {
    for (const counted of this.#counted.values()) {
      counted.contact.reset();
      counted.excused = counted.closures = counted.sampledMs = 0;
    }
  }

  sampled(sensor: string, sample: Sample | undefined): void {
    const counted = this.#counted.get(sensor);
    if (counted === undefined) return;
    const { closures } = counted.contact;
    this.faultBegun();
    // Something may have kept the driver from seeing edges in time.
    const blind = Math.max(this.#stuckMs, this.#account.heldUntilMs) >= counted.sampledMs;
    if (blind) counted.excused += closures - counted.closures + 1;
    counted.closures = closures;
    counted.sampledMs = this.#scene.nowMs;
    const total = Number(sample?.["counter"]?.["total"]);
    // One may just be settling, on either clock.
    const least = closures - 1 - counted.excused;
    if (total >= least && total <= closures + 1) return;
    this.#scene.report(
      "truth",
      `${sensor} counted ${total} closures of its contact, and there were ${closures}, of which it may have missed ${counted.excused}`,
    );
  }

  /** One thing after another may hold it up for long, though each is short. */
  heldUp(atMs: number, ms: number): void {
    if (atMs > this.#heldToMs + 1) this.#heldFromMs = atMs;
    this.#heldToMs = atMs + ms;
    if (this.#heldToMs - this.#heldFromMs > longEraseMs) this.#stuckMs = this.#heldToMs;
  }

  faultBegun(): void {
    for (const { kind } of this.#scene.faults) if (kind === "bus-stuck") this.#stuckMs = this.#scene.nowMs;
  }

  faultHealed({ kind }: Fault): void {
    if (kind === "bus-stuck") this.#stuckMs = this.#scene.nowMs;
  }
}
