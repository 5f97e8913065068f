/** The board's channels as they come in: value, unit, a line of the last minutes, and what keeps a reading away. */
import type { Reading } from "../pairing/contract.js";
import { make, say } from "../web/dom.js";
import type { Board } from "./board.js";
import { Sparkline } from "./sparkline.js";
import { told } from "./words.js";

interface Card {
  readonly value: HTMLElement;
  readonly unit: HTMLElement;
  readonly note: HTMLElement;
  readonly line: Sparkline;
}

export class ReadingsView {
  readonly element = make("section", { class: "readings" });
  readonly #cards = new Map<string, Card>();
  readonly #list = make("ul", { class: "cards" });
  readonly #waiting = make("p", { class: "soft waiting" }, "Waiting for the first reading …");
  readonly #board: Board;

  constructor(board: Board) {
    this.#board = board;
    this.element.append(make("h2", { class: "hidden" }, "Readings"), this.#waiting, this.#list);
    board.on("reading", (reading) => this.#show(reading!));
  }

  shown(on: boolean): void {
    void this.#board.live(on);
  }

  #show(reading: Reading): void {
    this.#waiting.hidden = true;
    const card = this.#cards.get(reading.channel) ?? this.#card(reading.channel);
    card.line.add(reading.ms, reading.value);
    say(card.unit, reading.unit);
    if (reading.value === undefined) {
      say(card.value, "–");
      say(card.note, `no reading: ${reading.error ?? "unknown"}`);
    } else {
      say(card.value, told(reading.value));
      const range = card.line.range();
      say(card.note, range === undefined || range.min === range.max ? "" : `${told(range.min)} … ${told(range.max)}`);
    }
    card.note.classList.toggle("wrong", reading.value === undefined);
  }

  #card(channel: string): Card {
    const card = {
      value: make("span", { class: "value" }),
      unit: make("span", { class: "unit" }),
      note: make("p", { class: "note soft" }),
      line: new Sparkline(),
    };
    const now = make("p", { class: "now" }, card.value, card.unit);
    const head = make("div", { class: "cardhead" }, make("h3", {}, channel), now);
    this.#list.append(make("li", { class: "card", "data-channel": channel }, head, card.line.element, card.note));
    this.#cards.set(channel, card);
    return card;
  }
}
