/**
 * Boards' histories as their receiver has them: the scenario's consumer, where there is one, else the broker. And whether one has all
 * that stands in the board's flash (journal/image.ts). Never asks the firmware.
 */
import { readJournalImage } from "../journal/image.js";
import type { Simulation } from "../simulation.js";
import type { Station } from "../station.js";
import type { Consumer } from "../world/consumer.js";
import { HeardHistory, headOf } from "../world/heard-history.js";
import { random } from "../world/random.js";

/** A board's flash is read so often at most, µs. */
const lookEveryUs = 1_000_000;

export class Histories {
  readonly #simulation: Simulation;
  readonly #consumer: Consumer | undefined;
  readonly #heard = new Map<string, HeardHistory>();
  readonly #looked = new Map<Station, { readonly atUs: number; readonly complete: boolean }>();

  constructor(simulation: Simulation, consumer: Consumer | undefined) {
    this.#simulation = simulation;
    this.#consumer = consumer;
    const { broker } = simulation;
    const heard = broker.onMessage;
    broker.onMessage = (message, duplicate) => {
      heard(message, duplicate);
      const [, device = "", topic] = message.topic.split("/");
      const head = topic === "data" ? headOf(message.payload) : undefined;
      if (head === undefined) return;
      let history = this.#heard.get(device);
      if (history === undefined) this.#heard.set(device, (history = new HeardHistory()));
      history.take(head);
    };
  }

  /** All that stands in its flash and is not done is there, and no number below is missing. */
  complete(station: Station): boolean {
    const { nowUs } = this.#simulation.scheduler;
    const before = this.#looked.get(station);
    if (before !== undefined && nowUs - before.atUs < lookEveryUs) return before.complete;
    const complete = this.#look(station);
    this.#looked.set(station, { atUs: nowUs, complete });
    return complete;
  }

  #look(station: Station): boolean {
    const partition = station.board.flash.get("journal")!;
    const bytes = new Uint8Array(partition.bytes);
    // Bits that waver are read as they may read, without a draw of the board's own.
    partition.fork(random(1).split("image")).read(bytes, 0);
    const { waiting, nextSeq } = readJournalImage(bytes);
    const numbers = (this.#consumer?.committed ?? this.#heard).get(station.device ?? "")?.current?.numbers;
    if (numbers === undefined) return nextSeq === 0;
    return numbers.holes().length === 0 && waiting.every(({ seq }) => numbers.has(seq));
  }
}
