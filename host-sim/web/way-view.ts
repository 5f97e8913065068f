/** The way of a sample: how many came to each stage, and how many were lost on the way. */
import { make, say } from "./dom.js";
import { count } from "./format.js";
import type { Way } from "./protocol.js";

interface Stage {
  readonly title: string;
  readonly about: string;
  reached(way: Way): number;
  /** What did not come on from here, and what it is called. */
  readonly losses: readonly { readonly word: string; readonly bad: boolean; of(way: Way): number }[];
}

const stages: readonly Stage[] = [
  {
    title: "sampled",
    about: "samples that drivers took; missed are points of the time grid that passed under power without one",
    reached: (way) => way.samples,
    losses: [{ word: "missed", bad: true, of: (way) => way.missed }],
  },
  {
    title: "read",
    about: "samples that could be read in full",
    reached: (way) => way.samples - way.readErrors,
    losses: [{ word: "errors", bad: true, of: (way) => way.readErrors }],
  },
  {
    title: "emitted",
    about:
      "values and errors that came out of the channels, as the firmware counts them; superseded were replaced by a newer one before they could be sent, and stay in the history of their channel where it is kept",
    reached: (way) => way.emitted,
    losses: [{ word: "superseded", bad: false, of: (way) => way.superseded }],
  },
  {
    title: "published",
    about: "messages on the wire, the board's own status and counters among them; sent again are repetitions",
    reached: (way) => way.published,
    losses: [{ word: "sent again", bad: false, of: (way) => way.retransmitted }],
  },
  {
    title: "acknowledged",
    about: "messages that the broker took; on the way are those that it has not acknowledged yet",
    reached: (way) => way.acknowledged,
    losses: [{ word: "on the way", bad: false, of: (way) => way.inFlight }],
  },
];

export class WayView {
  readonly #show: ((way: Way) => void)[] = [];

  constructor(place: HTMLElement) {
    for (const { title, about, reached, losses } of stages) {
      const number = make("strong", {}, "0");
      const lost = losses.map(({ word, bad, of }) => {
        const element = make("span", { class: "loss" }, `0 ${word}`);
        this.#show.push((way) => {
          const value = of(way);
          say(element, `${count(value)} ${word}`);
          element.classList.toggle("wrong", bad && value > 0);
          element.classList.toggle("some", !bad && value > 0);
        });
        return element;
      });
      this.#show.push((way) => say(number, count(reached(way))));
      place.append(make("li", { title: about }, make("span", { class: "stage" }, title), number, ...lost));
    }
  }

  show(way: Way): void {
    for (const show of this.#show) show(way);
  }
}
