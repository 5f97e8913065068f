/** One of the two points: the known value, typed, and the raw one, taken from the sensor. */
import { make, say } from "../web/dom.js";
import type { Point } from "./calibration.js";
import { figure } from "./words.js";

let count = 0;

export class PointEntry {
  readonly element: HTMLElement;
  readonly #known: HTMLInputElement;
  readonly #taken = make("output", { class: "taken" });
  readonly #unit = make("span", { class: "unit" });
  readonly #mistake = make("p", { class: "mistake", role: "status" });
  readonly #about = make("p", { class: "soft" });
  readonly #aboutOf: (unit: string) => string;
  #raw: number | undefined;

  constructor(title: string, about: (unit: string) => string, take: () => { readonly raw: number } | undefined, onChange: () => void) {
    this.#aboutOf = about;
    say(this.#about, about(""));
    const id = `point-${++count}`;
    this.#known = make("input", { id, type: "text", inputmode: "decimal", autocomplete: "off", size: 8 });
    const button = make("button", { type: "button" }, "Take reading");
    button.ariaLabel = `${title}: take reading`;
    this.#known.addEventListener("input", () => {
      this.#look();
      onChange();
    });
    button.addEventListener("click", () => {
      const taken = take();
      if (taken === undefined) return say(this.#mistake, "There is no reading yet.");
      this.#raw = taken.raw;
      say(this.#taken, `raw ${figure(taken.raw)}`);
      this.#look();
      onChange();
    });
    this.element = make(
      "fieldset",
      { class: "point" },
      make("legend", {}, title),
      this.#about,
      make("div", { class: "row" }, make("label", { for: id }, "Known value"), this.#known, this.#unit, button, this.#taken),
      this.#mistake,
    );
  }

  unit(text: string): void {
    say(this.#unit, text);
    say(this.#about, this.#aboutOf(text));
  }

  get point(): Point | undefined {
    const known = this.#value;
    return known === undefined || this.#raw === undefined ? undefined : { raw: this.#raw, known };
  }

  reset(): void {
    this.#known.value = "";
    this.#raw = undefined;
    say(this.#taken, "");
    say(this.#mistake, "");
  }

  /** A comma is as good as a dot. */
  get #value(): number | undefined {
    const text = this.#known.value.trim().replace(",", ".").replace("−", "-");
    return /^[+-]?\d+(\.\d*)?$|^[+-]?\.\d+$/.test(text) ? Number(text) : undefined;
  }

  #look(): void {
    const wrong = this.#known.value.trim() !== "" && this.#value === undefined;
    this.#known.ariaInvalid = String(wrong);
    say(this.#mistake, wrong ? "The known value must be a number, such as 21.5." : "");
  }
}
