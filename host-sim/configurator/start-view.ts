/** The first thing to be seen: the pairing code, then the board. */
import type { Pairing } from "../pairing/code.js";
import { make } from "../web/dom.js";
import { BoardsList } from "./boards-list.js";
import { CodeField } from "./code-field.js";
import type { Ground, LinkError, Place } from "./ground.js";
import { trouble } from "./trouble.js";

export class StartView {
  readonly element = make("section", { class: "start", "aria-labelledby": "start-title" });
  readonly title = make("h2", { id: "start-title", tabindex: -1 }, "Set up a board");
  readonly #ground: Ground;
  readonly #field: CodeField;
  readonly #list: BoardsList | undefined;
  readonly #connect = make("button", { type: "submit", class: "primary large" }, "Connect over Bluetooth …");
  readonly #why = make("div", { class: "why", role: "status" });

  /** `onChoose` opens the browser's list, in the click's own turn. `wanted` names a simulated board: it is chosen as soon as it is seen. */
  constructor(ground: Ground, onChoose: (code: Pairing) => void, onPlace: (place: Place, code: Pairing) => void, wanted = "") {
    this.#field = new CodeField(() => {});
    const form = make("form", { class: "panel", novalidate: true, "aria-label": "Connect" });
    const steps = make("ol", { class: "big" });
    const note = make(
      "p",
      { class: "soft" },
      "It is on the label that came with the board, and was shown when it was flashed. It never leaves this page.",
    );
    const reach = make(
      "p",
      { class: "soft" },
      "Press the board's button, so that it can be found for 5 minutes. A new board can be found as soon as it has power.",
    );
    steps.append(
      make("li", {}, make("label", { for: "code" }, "Pairing code"), note, this.#field.element),
      make("li", {}, make("h3", {}, "The board"), reach, this.#connect, this.#why),
    );
    form.append(steps);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#field.code === undefined) this.#field.complain();
      else onChoose(this.#field.code);
    });
    const lead = make("p", { class: "lead soft" }, "Wi-Fi, broker, calibration: over Bluetooth, encrypted from this page to the board.");
    this.element.append(this.title, lead, form);
    if (ground.simulator !== undefined) {
      const { simulator } = ground;
      const chosen = (code: string, id: string): boolean => this.#field.fill(`MOTE:${id}:${code}`);
      this.#list = new BoardsList(
        simulator,
        (board) => {
          if (this.#field.code === undefined) this.#field.complain();
          else onPlace(simulator.place(board), this.#field.code);
        },
        chosen,
        wanted,
      );
      this.#why.before(this.#list.element);
    }
    this.#ground = ground;
    // Who has been to the system's settings comes back.
    addEventListener("focus", this.#look);
    this.#look();
  }

  /** From the page's address. */
  fill(text: string): boolean {
    return this.#field.fill(text);
  }

  focusCode(): void {
    this.#field.focus();
  }

  focusConnect(): void {
    this.#connect.focus();
  }

  end(): void {
    removeEventListener("focus", this.#look);
    this.#list?.end();
  }

  readonly #look = (): void => {
    void this.#ground.bluetoothTrouble().then((kind) => this.#explain(kind));
  };

  #explain(kind: LinkError | undefined): void {
    if (this.#why.dataset["kind"] === (kind ?? "")) return;
    this.#why.dataset["kind"] = kind ?? "";
    this.#why.replaceChildren();
    // Bluetooth that is off may be on by the time of the click.
    const usable = kind === undefined || kind === "off";
    this.#connect.disabled = !usable;
    this.#connect.classList.toggle("primary", usable);
    if (kind === undefined) return;
    const { title, text, steps } = trouble(kind);
    this.#why.append(
      make("p", {}, make("strong", {}, title)),
      make("p", {}, text),
      make("ul", {}, ...steps.map((step) => make("li", {}, step))),
    );
  }
}
