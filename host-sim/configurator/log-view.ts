/** The board's log as it grows, and its health and journal in figures. Asked for only while it is seen. */
import { make, say } from "../web/dom.js";
import type { Board } from "./board.js";
import { save } from "./download.js";
import { Polling } from "./polling.js";
import { facts } from "./facts.js";
import { sinceBoot } from "./words.js";

const pauseMs = 3000;
const linesMax = 500;

export class LogView {
  readonly element = make("section", { class: "log" });
  readonly #board: Board;
  readonly #lines = make("ol", { class: "lines", tabindex: 0, "aria-label": "Log, the newest last" });
  readonly #health = make("dl", { class: "facts" });
  readonly #journal = make("dl", { class: "facts" });
  readonly #trouble = make("p", { class: "soft", role: "status" });
  #next = 0;
  readonly #polling = new Polling(pauseMs, (isWanted) => this.#look(isWanted));

  constructor(board: Board) {
    this.#board = board;
    const saving = make("button", { type: "button" }, "Save");
    saving.ariaLabel = "Save the log to a file";
    saving.addEventListener("click", () => {
      const text = Array.from(this.#lines.children, (line) => line.textContent).join("\n");
      save(`${board.name}-log.txt`, text + "\n", "text/plain");
    });
    const panel = (title: string, content: HTMLElement, ...more: HTMLElement[]): HTMLElement =>
      make("div", { class: "panel" }, make("div", { class: "head" }, make("h2", {}, title), ...more), content);
    this.element.append(
      this.#trouble,
      make("div", { class: "pair" }, panel("Health", this.#health), panel("Journal", this.#journal)),
      panel("Log", this.#lines, saving),
    );
    board.on("link", () => {
      // A board that has restarted counts anew.
      if (board.connected) this.#next = 0;
    });
  }

  shown(on: boolean): void {
    if (on) this.#polling.start();
    else this.#polling.stop();
  }

  async #look(isWanted: () => boolean): Promise<void> {
    if (!this.#board.connected) return;
    const { client } = this.#board;
    const [log, health, journal] = [await client.log(this.#next), await client.health(), await client.journal()];
    if (!isWanted()) return;
    say(this.#trouble, log.ok ? "" : log.error.message);
    if (health.ok) facts(this.#health, health.value);
    if (journal.ok) facts(this.#journal, journal.value);
    if (!log.ok || log.value.length === 0) return;
    const atEnd = this.#lines.scrollTop + this.#lines.clientHeight > this.#lines.scrollHeight - 8;
    if (this.#next === 0) this.#lines.replaceChildren();
    for (const { number, ms, text } of log.value) {
      this.#lines.append(make("li", {}, make("time", {}, sinceBoot(ms)), " ", text));
      this.#next = Math.max(this.#next, number + 1);
    }
    while (this.#lines.childElementCount > linesMax) this.#lines.firstElementChild!.remove();
    if (atEnd) this.#lines.scrollTop = this.#lines.scrollHeight;
  }
}
