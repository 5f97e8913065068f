/** The journal of a board: its flash as a map of sectors, what waits in it, what left it, and what it lost. The arrow keys walk the map. */
import { byId, make, say } from "./dom.js";
import { count, lasting } from "./format.js";
import { type History, type SectorCell, sectorStates } from "./protocol.js";

type State = (typeof sectorStates)[number];

const words: Readonly<Record<State, string>> = {
  free: "free",
  waiting: "to be delivered",
  newest: "being filled",
  acknowledged: "acknowledged",
  dirty: "to be erased",
  erasing: "just erased",
};
const sectorBytes = 4096;
/** What is full shows no step. */
const fillSteps = 8;

export class HistoryView {
  readonly #map = byId("sectors");
  readonly #told = byId("sector");
  readonly #legend = new Map<State | "worn", HTMLElement>();
  readonly #facts = new Map<string, HTMLElement>();
  #cells: HTMLElement[] = [];
  #looks: string[] = [];
  #history: History | undefined;
  /** The sector that is told of; −1: none. */
  #chosen = -1;
  #losses = "";

  constructor() {
    for (const state of [...sectorStates, "worn"] as const) {
      const word = make("span");
      this.#legend.set(state, word);
      const mark = make("i", { class: "sector", "data-state": state === "worn" ? "free" : state, "data-worn": state === "worn" });
      byId("legend").append(make("li", {}, mark, word));
    }
    this.#map.addEventListener("pointerover", ({ target }) => this.#choose(this.#cells.indexOf(target as HTMLElement)));
    this.#map.addEventListener("click", ({ target }) => this.#choose(this.#cells.indexOf(target as HTMLElement)));
    this.#map.addEventListener("focus", () => this.#choose(this.#chosen < 0 ? this.#newest() : this.#chosen));
    this.#map.addEventListener("keydown", (event) => this.#walk(event));
  }

  take(history: History): void {
    this.#history = history;
    const { sectors } = history;
    if (this.#cells.length !== sectors.length) this.#build(sectors.length);
    const sums = new Map<State | "worn", number>();
    for (let index = 0; index < sectors.length; index++) {
      const [state, , , , , , filledBytes, worn] = sectors[index]!;
      const name = sectorStates[state]!;
      sums.set(name, (sums.get(name) ?? 0) + 1);
      if (worn === 1) sums.set("worn", (sums.get("worn") ?? 0) + 1);
      const fill = name === "newest" ? Math.max(1, Math.round((fillSteps * filledBytes) / sectorBytes)) : fillSteps;
      const look = `${name} ${fill} ${worn}`;
      if (look === this.#looks[index]) continue;
      this.#looks[index] = look;
      const { dataset, style } = this.#cells[index]!;
      dataset["state"] = name;
      if (worn === 1) dataset["worn"] = "";
      else delete dataset["worn"];
      style.setProperty("--fill", `${(100 * fill) / fillSteps}%`);
    }
    for (const [state, word] of this.#legend) {
      const sum = sums.get(state) ?? 0;
      say(word, `${sum} ${state === "worn" ? "worn out" : words[state]}`);
      // What is rarely to be seen needs no place when it is not.
      word.parentElement!.hidden = sum === 0 && (state === "worn" || state === "dirty" || state === "erasing");
    }
    this.#map.setAttribute(
      "aria-label",
      `Flash, ${sectors.length} sectors: ${[...sums].map(([state, sum]) => `${sum} ${state === "worn" ? "worn out" : words[state]}`).join(", ")}`,
    );
    this.#tell();
    this.#showLosses(history);
  }

  draw(nowMs: number): void {
    const history = this.#history;
    if (history === undefined) return;
    const { waiting, waitingBytes, waitingSamples, oldestMs, done, sent, next, blocksSent, blockBytesSent, gapsSent, last } = history;
    this.#fact(
      "Waiting",
      waiting === 0 ? "nothing" : `${some(waiting, "record")}, ${count(waitingSamples)} samples, ${bytesText(waitingBytes)}`,
    );
    this.#fact(
      "Oldest of them",
      waiting === 0 ? "–" : oldestMs === undefined ? "from before this run" : `written ${lasting(nowMs - oldestMs)} ago`,
    );
    this.#fact("Numbers", `done to ${upTo(done)}, sent to ${upTo(sent)}, written to ${upTo(next)}`);
    this.#fact("Sent", `${some(blocksSent, "block")}, ${bytesText(blockBytesSent)}${gapsSent === 0 ? "" : `, ${some(gapsSent, "gap")}`}`);
    this.#fact(
      "Last block",
      last === undefined
        ? "–"
        : `${count(last.seq)}: ${count(last.samples)} samples in ${count(last.bytes)} bytes, ${(last.bytes / Math.max(1, last.samples)).toFixed(2)} each`,
    );
    this.#fact("Flash", `${bytesText(history.programmedBytes)} programmed, ${some(history.erases, "erase")}`);
  }

  #build(sectors: number): void {
    this.#cells = Array.from({ length: sectors }, (_, index) => make("li", { id: `sector-${index}`, class: "sector", role: "option" }));
    this.#looks = [];
    this.#chosen = -1;
    this.#map.replaceChildren(...this.#cells);
  }

  #newest(): number {
    return Math.max(
      0,
      this.#looks.findIndex((look) => look.startsWith("newest")),
    );
  }

  #choose(index: number): void {
    if (index < 0 || index >= this.#cells.length) return;
    this.#cells[this.#chosen]?.removeAttribute("aria-selected");
    this.#chosen = index;
    this.#cells[index]!.setAttribute("aria-selected", "true");
    this.#map.setAttribute("aria-activedescendant", `sector-${index}`);
    this.#tell();
  }

  #tell(): void {
    const cell = this.#history?.sectors[this.#chosen];
    const text = cell === undefined ? "Point at a sector, or walk with the arrow keys." : sectorText(this.#chosen, cell);
    say(this.#told, text);
    const element = this.#cells[this.#chosen];
    if (element === undefined || element.title === text) return;
    element.title = text;
    element.setAttribute("aria-label", text);
  }

  #walk(event: KeyboardEvent): void {
    const columns = getComputedStyle(this.#map).gridTemplateColumns.split(" ").length;
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#choose(this.#chosen + step);
  }

  #fact(name: string, text: string): void {
    let value = this.#facts.get(name);
    if (value === undefined) {
      value = make("dd");
      this.#facts.set(name, value);
      byId("history-facts").append(make("div", {}, make("dt", {}, name), value));
    }
    say(value, text);
  }

  #showLosses({ losses, samplesLost }: History): void {
    const text = JSON.stringify([losses, samplesLost]);
    if (text === this.#losses) return;
    this.#losses = text;
    say(byId("lost-sum"), `Lost: ${count(samplesLost)} samples`);
    byId("lost").hidden = losses.length === 0;
    byId("losses").replaceChildren(
      ...losses.map(({ why, lost, when, told }) =>
        make(
          "li",
          {},
          make("b", {}, lost),
          make("span", {}, why),
          make("span", {}, when),
          make("span", { class: "soft" }, told ? "told" : "to be told"),
        ),
      ),
    );
  }
}

function sectorText(index: number, [state, erases, first, last, records, waiting, filledBytes, worn]: SectorCell): string {
  const name = sectorStates[state]!;
  const numbers =
    records === 0
      ? ""
      : `: ${some(records, "record")}, number${records === 1 ? ` ${count(first)}` : `s ${count(first)} to ${count(last)}`}`;
  const parts = [
    `Sector ${index}, ${words[name]}${numbers}`,
    ...(waiting === 0 ? [] : [waiting === records ? "none delivered" : `${waiting} not delivered`]),
    ...(filledBytes > 16 ? [`${Math.round((100 * filledBytes) / sectorBytes)} % full`] : []),
    erases < 0 ? "never used" : `erased ${erases === 1 ? "once" : `${count(erases)} times`}`,
    ...(worn === 1 ? ["worn out"] : []),
  ];
  return parts.join(", ");
}

/** The last number before `next`. */
function upTo(next: number): string {
  return next === 0 ? "–" : count(next - 1);
}

function some(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? "" : "s"}`;
}

function bytesText(bytes: number): string {
  return bytes < 10_000 ? `${count(bytes)} bytes` : `${count(Math.round(bytes / 1000))} kB`;
}
