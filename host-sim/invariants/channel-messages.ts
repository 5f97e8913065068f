/**
 * What is published of a channel is what its samples make of it (`stages`), under the grid point of the sample
 * that made it and numbered without gaps that nobody explains (`messages`); and of values that had to wait,
 * the newest is the one that gets out (`newest`). A failed reading is an error, never a value, and a message
 * holds what its kind holds and no more, a value with the unit as the app declares it (`messages`).
 */
import type { Account } from "./account.js";
import type { Emission, Slot } from "./slot.js";
import type { Message, Scene, Watcher } from "./watcher.js";

/** What a message may hold: topics.ts of the firmware. */
interface Body {
  readonly value?: unknown;
  readonly error?: unknown;
  readonly ms?: unknown;
  readonly n?: unknown;
  readonly [name: string]: unknown;
}

const valueKeys = ["value", "ms", "n"];
const valueKeysWithUnit = ["value", "unit", "ms", "n"];
const errorKeys = ["error", "ms", "n"];
const summaryKeys = ["min", "max", "mean", "std", "count", "ms", "n"];

/** What boards say beside; records are history.ts's affair. */
const others = ["status", "counters", "data", "settings"];

/** Doubles that are the nearest to the same decimal may differ by this part of themselves after a sum. */
const rounding = 1e-9;

export class ChannelMessages implements Watcher {
  readonly #scene: Scene;
  readonly #account: Account;

  constructor(scene: Scene, account: Account) {
    this.#scene = scene;
    this.#account = account;
  }

  published(message: Message): void {
    const slot = this.#account.slotOf.get(message.topic);
    if (slot === undefined) {
      if (!others.includes(message.topic)) this.#say("messages", message, "is under a topic of no channel");
      return;
    }
    let body: Body;
    try {
      body = JSON.parse(message.text) as Body;
    } catch {
      this.#say("messages", message, "is no JSON");
      return;
    }
    this.#numbered(message, body, slot);
    const emission = slot.emissions[Number(body.n) - 1];
    if (emission === undefined) {
      this.#say("stages", message, `is number ${String(body.n)}, but its samples made only ${slot.emissions.length}`);
      return;
    }
    slot.lastNumber = Number(body.n);
    slot.sent++;
    if (slot.topic.endsWith("/summary")) this.#scene.reach("summary");
    const { firstMs, declaration } = this.#account.track(slot.sensor);
    if ((Number(body.ms) - firstMs) % declaration.everyMs !== 0) {
      this.#say("grid", message, `has ms off the grid ${firstMs} ms + k × ${declaration.everyMs} ms`);
    } else if (body.ms !== emission.ms) this.#say("stages", message, `should come from the sample of ${emission.ms} ms`);
    else {
      this.#compare(message, body, emission, slot);
      this.#shape(message, body, emission, slot);
    }
  }

  #numbered(message: Message, { n }: Body, slot: Slot): void {
    const number = Number(n);
    if (!Number.isInteger(number) || number <= slot.lastNumber) {
      this.#say("messages", message, `has n ${String(n)} after n ${slot.lastNumber} went out under its topic`);
    }
    if (number > slot.lastNumber + 1) this.#scene.reach("superseded");
    const newest = slot.countBefore(this.#scene.eventUs);
    if (message.fresh && number < newest) {
      this.#say("newest", message, `was first sent when the channel had already given out ${newest}, of which the newest should have gone`);
    }
  }

  /** These members and no others, and the unit that the app declares. */
  #shape(message: Message, body: Body, { kind }: Emission, { topic }: Slot): void {
    const unit = kind === "value" ? this.#scene.app.channels[topic]?.unit : undefined;
    const keys = kind === "error" ? errorKeys : kind === "summary" ? summaryKeys : unit === undefined ? valueKeys : valueKeysWithUnit;
    const given = Object.keys(body);
    if (given.length !== keys.length || !keys.every((key) => given.includes(key))) {
      this.#say("messages", message, `should hold ${keys.join(", ")} and nothing else`);
    } else if (body["unit"] !== unit) this.#say("messages", message, `should have the unit ${unit}`);
  }

  #compare(message: Message, body: Body, emission: Emission, { resolution }: Slot): void {
    if (emission.kind === "error") {
      if (body.error !== emission.error) this.#say("stages", message, `should tell of the error "${emission.error}"`);
      return;
    }
    const expected: Readonly<Record<string, number>> = emission.kind === "value" ? { value: emission.value } : { ...emission.summary };
    for (const [name, x] of Object.entries(expected)) {
      const given = body[name];
      const tolerance = resolution / 2 + Math.abs(x) * rounding + resolution * rounding;
      if (typeof given === "number" && Math.abs(given - x) <= tolerance) continue;
      this.#say("stages", message, `should have the ${name} ${x} (to ${resolution})`);
      return;
    }
  }

  #say(invariant: string, { topic, text }: Message, what: string): void {
    this.#scene.report(invariant, `${topic}: ${text} ${what}`);
  }
}
