/**
 * Passes what the broker model takes on to a real broker, one way, so that any MQTT tool can watch a run in
 * virtual time. Where time runs faster than a tool could follow, it gets the newest message of each topic
 * at short intervals; nothing piles up. What is not retained is history, of which each message counts: it is all passed on.
 */
import type { BrokerModel, Message } from "../world/broker.js";

const everyMs = 100;
/** Messages passed on at once in one interval; of more, only each topic's newest. */
const atOnceMax = 200;

export class Mirror {
  readonly #publish: (message: Message) => void;
  readonly #newest = new Map<string, Message>();
  #passed = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(publish: (message: Message) => void) {
    this.#publish = publish;
  }

  /** Listens beside whoever does already. `mute`: while it holds, nothing is passed on. */
  attach(broker: BrokerModel, mute: () => boolean): void {
    const heard = broker.onMessage;
    broker.onMessage = (message, duplicate) => {
      heard(message, duplicate);
      if (!mute()) this.#take(message);
    };
  }

  /** Sends what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#passed = 0;
    for (const message of this.#newest.values()) this.#publish(message);
    this.#newest.clear();
  }

  #take(message: Message): void {
    this.#timer ??= setTimeout(() => this.flush(), everyMs);
    if (!message.retain) this.#publish(message);
    else if (this.#passed < atOnceMax) {
      this.#passed++;
      this.#publish(message);
    } else this.#newest.set(message.topic, message);
  }
}
