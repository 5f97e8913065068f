/** The last minutes of one channel as a small line. Drawn as SVG, so that it takes the style sheet's colours. */
import { make } from "../web/dom.js";

const pointsMax = 240;
const width = 240;
const height = 48;
const namespace = "http://www.w3.org/2000/svg";

export class Sparkline {
  readonly element: HTMLElement;
  readonly #line = document.createElementNS(namespace, "path");
  readonly #area = document.createElementNS(namespace, "path");
  readonly #points: { readonly ms: number; readonly value: number | undefined }[] = [];
  #drawing = false;

  constructor() {
    const svg = document.createElementNS(namespace, "svg");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    this.#area.setAttribute("class", "area");
    svg.append(this.#area, this.#line);
    this.element = make("div", { class: "spark" }, svg);
  }

  /** `undefined` is a reading that failed: the line has a gap there, and where none came for more than 3 intervals. Time that goes back is a restart: the line begins anew. */
  add(ms: number, value: number | undefined): void {
    const last = this.#points[this.#points.length - 1];
    if (last !== undefined && ms < last.ms) this.#points.length = 0;
    this.#points.push({ ms, value });
    if (this.#points.length > pointsMax) this.#points.shift();
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => this.#draw());
  }

  /** Over what is drawn. */
  range(): { readonly min: number; readonly max: number } | undefined {
    const values = this.#points.flatMap(({ value }) => (value === undefined ? [] : [value]));
    return values.length === 0 ? undefined : { min: Math.min(...values), max: Math.max(...values) };
  }

  /** The usual one between two readings. */
  #intervalMs(): number {
    const apart = this.#points.slice(1).map(({ ms }, index) => ms - this.#points[index]!.ms);
    return apart.sort((a, b) => a - b)[apart.length >> 1] ?? 0;
  }

  #draw(): void {
    this.#drawing = false;
    const range = this.range();
    const [first] = this.#points;
    const last = this.#points[this.#points.length - 1];
    if (range === undefined || first === undefined || last === undefined) return;
    const gapMs = 3 * this.#intervalMs();
    const spanMs = Math.max(1, last.ms - first.ms);
    const span = range.max - range.min;
    const pieces: string[] = [];
    const areas: string[] = [];
    let piece: string[] = [];
    const end = (): void => {
      if (piece.length > 1) {
        pieces.push(`M${piece.join("L")}`);
        const [from, to] = [piece[0]!, piece[piece.length - 1]!].map((each) => each.split(" ")[0]);
        areas.push(`M${from} ${height}L${piece.join("L")}L${to} ${height}Z`);
      }
      piece = [];
    };
    let beforeMs = first.ms;
    for (const { ms, value } of this.#points) {
      if (ms - beforeMs > gapMs) end();
      beforeMs = ms;
      if (value === undefined) end();
      else {
        const x = ((ms - first.ms) / spanMs) * width;
        const y = span === 0 ? height / 2 : height - 4 - ((value - range.min) / span) * (height - 8);
        piece.push(`${x.toFixed(1)} ${y.toFixed(1)}`);
      }
    }
    end();
    this.#line.setAttribute("d", pieces.join(""));
    this.#area.setAttribute("d", areas.join(""));
  }
}
