/** Three lamps in the page's head: the connection, Wi-Fi, the broker. */
import { make, say } from "../web/dom.js";
import type { Board } from "./board.js";

type How = "good" | "poor" | "bad" | "off";

export class Lamps {
  readonly element = make("ul", { class: "lamps", "aria-label": "State of the board" });
  readonly #board: Board;
  readonly #lamps = ["Bluetooth", "Wi-Fi", "Broker"].map((name) => {
    const word = make("span", { class: "word" });
    const lamp = make("li", { class: "lamp" }, make("span", { class: "name" }, name), word);
    this.element.append(lamp);
    return { lamp, word };
  });

  constructor(board: Board) {
    this.#board = board;
    board.on("network", () => this.#show());
    board.on("link", () => this.#show());
    this.#show();
  }

  #show(): void {
    const { connected, wifi, broker, leaving } = this.#board;
    const wifis: Record<string, readonly [How, string]> = {
      joining: ["poor", "joining"],
      waiting: ["bad", "not joined"],
      off: ["off", "off"],
      "": ["off", "…"],
    };
    const states: readonly (readonly [How, string])[] = [
      connected
        ? ["good", "connected"]
        : leaving === undefined
          ? ["bad", "lost"]
          : ["poor", leaving === "erase" ? "erasing" : "restarting"],
      !connected ? ["off", "?"] : wifi.startsWith("up") ? ["good", "joined"] : (wifis[wifi] ?? ["poor", wifi]),
      !connected ? ["off", "?"] : broker === "" ? ["off", "…"] : broker === "up" ? ["good", "connected"] : ["poor", "away"],
    ];
    for (const [index, [how, text]] of states.entries()) {
      const { lamp, word } = this.#lamps[index]!;
      lamp.dataset["how"] = how;
      say(word, text);
    }
  }
}
