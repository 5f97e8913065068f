/** On the way to a board: which steps are done, and that somebody may stop it. */
import { make } from "../web/dom.js";

export class ProgressView<Step extends string> {
  readonly element: HTMLElement;
  readonly title: HTMLElement;
  readonly #steps = new Map<Step, HTMLElement>();
  readonly #spoken = make("p", { class: "hidden", role: "status" });

  constructor(title: string, steps: readonly (readonly [Step, string])[], onStop: () => void, more?: HTMLElement) {
    this.title = make("h2", { id: "progress-title", tabindex: -1 }, title);
    const list = make("ol", { class: "steps" });
    for (const [step, text] of steps) {
      const item = make("li", { "data-how": "idle" }, text);
      this.#steps.set(step, item);
      list.append(item);
    }
    const stop = make("button", { type: "button" }, "Stop");
    stop.addEventListener("click", onStop);
    const row = make("div", { class: "row" }, ...(more === undefined ? [] : [more]), stop);
    this.element = make("section", { class: "panel progress", "aria-labelledby": "progress-title" }, this.title, list, this.#spoken, row);
  }

  /** All before it are done. */
  at(step: Step): void {
    let how = "good";
    for (const [each, item] of this.#steps) {
      if (each === step) {
        how = "idle";
        item.dataset["how"] = "busy";
        this.#spoken.textContent = item.textContent;
      } else item.dataset["how"] = how;
    }
  }
}
