/** Many boards at a glance. Sums of what is wrong stand above and filter; the arrow keys walk the grid. */
import { byId, make, say } from "./dom.js";
import { GridCell } from "./cell.js";
import { type Cell, type Condition, conditions, type Hello } from "./protocol.js";

/** Cells drawn in one frame at most: ten frames a second draw each of fifty boards once a second. */
const drawnMax = 5;

export class GridView {
  readonly #open: (board: string) => void;
  readonly #place = byId("cells");
  readonly #find = byId<HTMLInputElement>("find");
  #cells: GridCell[] = [];
  #only: Condition | undefined;
  #turn = 0;
  readonly #sums = new Map<Condition, HTMLButtonElement>();
  readonly #byElement = new Map<Element, GridCell>();

  constructor(open: (board: string) => void) {
    this.#open = open;
    // The style sheet lets the browser skip what is out of sight, and it says so: an observer would cost more than the plots.
    this.#place.addEventListener("contentvisibilityautostatechange", (event) => {
      const cell = this.#byElement.get(event.target as Element);
      if (cell !== undefined) cell.seen = !(event as ContentVisibilityAutoStateChangeEvent).skipped;
    });
    this.#find.addEventListener("input", () => this.#filter());
    for (const condition of conditions) {
      const button = make("button", { type: "button", class: "sum", "data-condition": condition, "aria-pressed": "false" });
      button.hidden = true;
      button.addEventListener("click", () => {
        this.#only = this.#only === condition ? undefined : condition;
        for (const [each, other] of this.#sums) other.setAttribute("aria-pressed", String(each === this.#only));
        this.#filter();
      });
      this.#sums.set(condition, button);
      byId("sums").append(button);
    }
    this.#place.addEventListener("keydown", (event) => this.#walk(event));
  }

  build({ boards, apps }: Hello, channel: string): void {
    this.#byElement.clear();
    this.#cells = boards.map((board) => {
      const { channels } = apps[board.app]!;
      const shown = channels.find(({ name }) => name === channel) ?? channels[0];
      const cell = new GridCell(board, shown, () => this.#open(board.name));
      this.#byElement.set(cell.element, cell);
      return cell;
    });
    this.#place.replaceChildren(...this.#cells.map(({ element }) => element));
    say(byId("grid-title"), `${boards.length} boards`);
    this.#filter();
  }

  take(cells: readonly Cell[]): void {
    let changed = false;
    for (const [index, condition, points] of cells) {
      const cell = this.#cells[index];
      if (cell === undefined) continue;
      if (cell.condition !== condition) changed = true;
      cell.take(condition, points);
    }
    if (changed) this.#sum();
  }

  /** Some in each frame, those that are left in the next: eyes need no more, and a plot drawn costs the browser far more than us. */
  draw(): void {
    const count = this.#cells.length;
    let drawn = 0;
    for (let looked = 0; looked < count && drawn < drawnMax; looked++) {
      const cell = this.#cells[this.#turn % count]!;
      this.#turn = (this.#turn + 1) % count;
      if (!cell.dirty || !cell.seen) continue;
      cell.draw();
      drawn++;
    }
  }

  #sum(): void {
    const sums = new Map<Condition, number>();
    for (const { condition } of this.#cells) {
      const word = conditions[condition];
      if (word !== undefined) sums.set(word, (sums.get(word) ?? 0) + 1);
    }
    for (const [condition, button] of this.#sums) {
      const sum = sums.get(condition) ?? 0;
      button.hidden = sum === 0 && condition !== this.#only;
      say(button, `${sum} ${condition}`);
    }
    if (this.#only !== undefined) this.#filter();
  }

  #filter(): void {
    const text = this.#find.value.trim().toLowerCase();
    let named = 0;
    let shown = 0;
    for (const { element, name, device, condition } of this.#cells) {
      const meant = `${name} ${device}`.toLowerCase().includes(text);
      element.hidden = !meant || (this.#only !== undefined && conditions[condition] !== this.#only);
      if (meant) named++;
      if (!element.hidden) shown++;
    }
    const none = byId("none");
    none.hidden = shown > 0 || this.#cells.length === 0;
    say(none, named === 0 ? "No board is named like that." : `No board ${text === "" ? "" : "named like that "}is: ${this.#only}.`);
  }

  #walk(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.#columns(), ArrowUp: -this.#columns() };
    const step = steps[event.key];
    const shown = this.#cells.filter(({ element }) => !element.hidden);
    const at = shown.findIndex(({ element }) => element.contains(document.activeElement));
    if (step === undefined || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    shown[at + step]?.element.querySelector("button")?.focus();
  }

  #columns(): number {
    return getComputedStyle(this.#place).gridTemplateColumns.split(" ").length;
  }
}
