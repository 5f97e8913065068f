/** What this client wants to hear: filters that are asked for on every new session until the broker answers. Bounded. */
import { failure, success, type Result } from "../base/result.js";
import type { Bytes } from "../device.js";
import { limits } from "../limits.js";
import { subscribePacket, type QoS } from "./encode.js";

interface Subscription {
  readonly filter: string;
  readonly qos: QoS;
  /** Packet id of the SUBSCRIBE that is under way; or `unasked`, or `done`. */
  id: number;
}

/** No packet ids: to be asked for, and answered. */
const unasked = 0;
const done = -1;

export interface Subscriptions {
  /** Error `full`: more than limits.subscriptionsMax; `topic`: not a filter (4.7.1). A filter given again is asked for again. */
  add(filter: string, qos: QoS): Result<undefined, "topic" | "full">;
  has(id: number): boolean;
  /** Is there a filter to be asked for? */
  readonly waiting: boolean;
  /** The next SUBSCRIBE to send, with packet id `id`; undefined when there is none. */
  peek(id: number): Bytes | undefined;
  /** What `peek` returned was sent with `id`. */
  sent(id: number): void;
  /** The filter whose SUBSCRIBE had `id`, which is now answered; undefined when there is none. */
  answer(id: number): string | undefined;
  /** Asks for nothing until `wake`. */
  rest(): void;
  wake(): void;
  /** A new connection: asks again for what was not answered, or for everything when the broker has forgotten it. */
  rewind(sessionPresent: boolean): void;
}

class Filters implements Subscriptions {
  private readonly all: Subscription[] = [];
  private isResting = false;

  add(filter: string, qos: QoS): Result<undefined, "topic" | "full"> {
    const packet = subscribePacket(1, filter, qos);
    if (!packet.ok) return packet;
    const before = this.all.findIndex((one) => one.filter === filter);
    if (before < 0 && this.all.length === limits.subscriptionsMax) {
      return failure("full", limits.subscriptionsMax + " subscriptions are the most: " + filter + " is one too many");
    }
    if (before >= 0) this.all.splice(before, 1);
    this.all.push({ filter, qos, id: unasked });
    return success(undefined);
  }

  has(id: number): boolean {
    return this.withId(id) !== undefined;
  }

  get waiting(): boolean {
    return !this.isResting && this.has(unasked);
  }

  peek(id: number): Bytes | undefined {
    const next = this.withId(unasked);
    const packet = next && subscribePacket(id, next.filter, next.qos);
    return packet?.ok ? packet.value : undefined;
  }

  sent(id: number): void {
    const next = this.withId(unasked);
    if (next !== undefined) next.id = id;
  }

  answer(id: number): string | undefined {
    const answered = this.withId(id);
    if (answered === undefined) return undefined;
    answered.id = done;
    return answered.filter;
  }

  rest(): void {
    this.isResting = true;
  }

  wake(): void {
    this.isResting = false;
  }

  rewind(sessionPresent: boolean): void {
    for (let index = 0; index < this.all.length; index++) {
      const one = this.all[index]!;
      if (!sessionPresent || one.id !== done) one.id = unasked;
    }
  }

  private withId(id: number): Subscription | undefined {
    return this.all.find((one) => one.id === id);
  }
}

export function subscriptions(): Subscriptions {
  return new Filters();
}
