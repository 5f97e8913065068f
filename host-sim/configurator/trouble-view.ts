/** Something is in the way: what it is, what to do, and buttons that do it. */
import { make } from "../web/dom.js";
import type { Remedy, Trouble } from "./trouble.js";

const labels: Readonly<Record<Remedy, string>> = {
  again: "Connect again",
  choose: "Choose another board",
  code: "Enter another code",
  wait: "Wait for the button",
};

export class TroubleView {
  readonly element: HTMLElement;
  readonly title: HTMLElement;

  constructor({ kind, title, text, steps, remedies }: Trouble, onRemedy: (remedy: Remedy) => void, onBack: () => void) {
    this.title = make("h2", { id: "trouble-title", tabindex: -1 }, title);
    const buttons = remedies.map((remedy, index) => {
      const button = make("button", { type: "button", class: index === 0 ? "primary" : "", "data-remedy": remedy }, labels[remedy]);
      button.addEventListener("click", () => onRemedy(remedy));
      return button;
    });
    const back = make("button", { type: "button", class: "quiet" }, "Back to the start");
    back.addEventListener("click", onBack);
    this.element = make(
      "section",
      { class: "panel trouble", "aria-labelledby": "trouble-title", "data-kind": kind },
      this.title,
      make("p", {}, text),
      ...(steps.length === 0 ? [] : [make("ul", { class: "todo" }, ...steps.map((step) => make("li", {}, step)))]),
      make("div", { class: "row" }, ...buttons, back),
    );
  }
}
