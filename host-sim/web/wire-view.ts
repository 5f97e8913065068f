/** MQTT packets on a board's wire, the newest on top, bounded. */
import { byId, make } from "./dom.js";
import { clock } from "./format.js";
import type { WireRow } from "./protocol.js";

const rowsMax = 60;
const drawEveryMs = 300;

export class WireView {
  readonly #place = byId("wire");
  readonly #acknowledgements = byId<HTMLInputElement>("wire-acks");
  #waiting: WireRow[] = [];
  #drawnAtMs = 0;

  constructor() {
    const show = (): void => void this.#place.classList.toggle("noacks", !this.#acknowledgements.checked);
    this.#acknowledgements.addEventListener("change", show);
    show();
  }

  clear(): void {
    this.#waiting = [];
    this.#place.replaceChildren();
  }

  add(rows: readonly WireRow[]): void {
    if (rows.length === 0) return;
    this.#waiting.push(...rows);
    if (this.#waiting.length > rowsMax) this.#waiting = this.#waiting.slice(-rowsMax);
  }

  draw(nowMs: number): void {
    if (this.#waiting.length === 0 || nowMs - this.#drawnAtMs < drawEveryMs) return;
    this.#drawnAtMs = nowMs;
    const made = this.#waiting
      .reverse()
      .map(({ atMs, way, what, text }) =>
        make(
          "li",
          { class: /^(PUBACK|PING)/.test(what) ? "ack" : what === "PUBLISH" ? "publish" : "session" },
          make("time", {}, clock(atMs).replace(/\.\d$/, (Math.floor(atMs % 1000) / 1000).toFixed(3).slice(1))),
          make("span", { class: way, "aria-label": way === "out" ? "from the board" : "to the board" }, way === "out" ? "→" : "←"),
          make("b", {}, what),
          make("span", { class: "text" }, text),
        ),
      );
    this.#waiting = [];
    this.#place.prepend(...made);
    while (this.#place.childElementCount > rowsMax) this.#place.lastElementChild!.remove();
  }
}
