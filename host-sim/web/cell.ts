/** One board in the grid: its name, what is wrong with it in colour and word, its newest value, and a small plot that is drawn only where it is seen. */
import { make, say } from "./dom.js";
import { reading } from "./format.js";
import { type BoardInfo, type ChannelInfo, conditions } from "./protocol.js";

const pointsMax = 48;
const height = 36;
const svgSpace = "http://www.w3.org/2000/svg";

export class GridCell {
  readonly element: HTMLLIElement;
  readonly name: string;
  readonly device: string;
  condition = -1;
  seen = false;
  dirty = false;
  readonly #resolution: number;
  readonly #unit: string;
  readonly #word = make("span", { class: "word" });
  readonly #value = make("span", { class: "cellvalue" });
  readonly #path = document.createElementNS(svgSpace, "path");
  readonly #points: (number | null)[] = [];

  constructor({ name, device }: BoardInfo, channel: ChannelInfo | undefined, open: () => void) {
    this.name = name;
    this.device = device;
    this.#resolution = channel?.resolution ?? 1;
    this.#unit = channel?.unit ?? "";
    // No canvas: each would be a layer of its own, and many layers are what costs a browser most.
    const plot = document.createElementNS(svgSpace, "svg");
    plot.setAttribute("viewBox", `0 0 ${pointsMax - 1} ${height}`);
    plot.setAttribute("preserveAspectRatio", "none");
    plot.setAttribute("aria-hidden", "true");
    plot.append(this.#path);
    const button = make(
      "button",
      { type: "button", class: "cell", title: device === name ? name : `${name}: ${device} in topics` },
      make("span", { class: "cellname" }, name),
      make("span", { class: "own" }, this.#value),
      this.#word,
      make("span", { class: "own" }, plot),
    );
    button.addEventListener("click", open);
    this.element = make("li", { "data-board": name }, button);
  }

  take(condition: number, points: readonly (number | null)[]): void {
    if (condition !== this.condition) {
      this.condition = condition;
      const word = conditions[condition]!;
      say(this.#word, word);
      this.element.dataset["condition"] = word;
    }
    this.#points.push(...points);
    if (this.#points.length > pointsMax) this.#points.splice(0, this.#points.length - pointsMax);
    this.dirty = true;
  }

  draw(): void {
    this.dirty = false;
    const last = this.#points[this.#points.length - 1];
    say(this.#value, last == null ? "–" : `${reading(last, this.#resolution)} ${this.#unit}`);
    this.#path.setAttribute("d", this.#line());
  }

  /** In a field of `pointsMax` by `height`, which the style sheet stretches. */
  #line(): string {
    let least = Infinity;
    let most = -Infinity;
    for (const value of this.#points) {
      if (value === null) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    if (least === Infinity) return "";
    // A line of noise in the last digit is a quiet line.
    const scale = (height - 4) / Math.max(most - least, 4 * this.#resolution);
    const middle = (most + least) / 2;
    let text = "";
    let pen = "M";
    for (let index = 0; index < this.#points.length; index++) {
      const value = this.#points[index]!;
      if (value === null) pen = "M";
      else {
        text += `${pen}${index} ${(height / 2 - (value - middle) * scale).toFixed(1)}`;
        pen = "L";
      }
    }
    return text;
  }
}
