/** The connection to the board is lost: it is tried again by itself, then by a button; and what became of a change under way is told. */
import { make, say } from "../web/dom.js";
import { fate } from "./apply.js";
import type { Board } from "./board.js";
import type { Paired } from "./pairing.js";
import { trouble } from "./trouble.js";

const attemptsMax = 5;
const pauseMs = 3000;

/** What this page has asked for itself. */
const leavings = {
  restart: { title: "Restarting …", text: "The board comes back by itself in some seconds.", attempts: 6 },
  erase: { title: "Erasing, about 6 s …", text: "The board comes back by itself, as it left its flashing.", attempts: 10 },
} as const;

export class LossBanner {
  readonly element = make("section", { class: "loss", role: "alert", hidden: true });
  readonly #board: Board;
  readonly #pair: () => Promise<Paired>;
  readonly #title = make("h2", { tabindex: -1 });
  readonly #text = make("p");
  readonly #change = make("p");
  readonly #again = make("button", { type: "button", class: "primary" }, "Reconnect");
  readonly #close = make("button", { type: "button", class: "quiet" }, "Dismiss");
  readonly #leave = make("button", { type: "button", class: "quiet" }, "Back to the start");
  #left = false;

  constructor(board: Board, pair: () => Promise<Paired>, onLeave: () => void) {
    this.#board = board;
    this.#pair = pair;
    this.#again.addEventListener("click", () => void this.#try(1));
    this.#close.addEventListener("click", () => (this.element.hidden = true));
    this.#leave.addEventListener("click", onLeave);
    this.element.append(this.#title, this.#text, this.#change, make("div", { class: "row" }, this.#again, this.#leave, this.#close));
    board.on("link", () => {
      if (!board.connected) this.#lost();
    });
  }

  /** The page is left: nothing is tried any more. */
  end(): void {
    this.#left = true;
  }

  #lost(): void {
    const { ended, unanswered, leaving } = this.#board;
    this.element.hidden = false;
    this.element.dataset["state"] = leaving === undefined ? "lost" : "leaving";
    this.#close.hidden = true;
    this.#leave.hidden = false;
    const { title, text } = leaving === undefined ? trouble(ended.kind, ended.message) : leavings[leaving];
    say(this.#title, title);
    say(this.#text, text);
    const halfway =
      "A change was on its way. Nothing of it is half applied: the board takes all of a change or none. Once it is connected again, this page says which.";
    say(this.#change, unanswered === undefined ? "" : halfway);
    this.#title.focus();
    if (leaving !== undefined) void this.#try(leavings[leaving].attempts);
    else if (ended.kind === "gone") void this.#try(attemptsMax);
    else this.#again.hidden = false;
  }

  async #try(attempts: number): Promise<void> {
    this.#again.hidden = true;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      if (attempts > 1) await new Promise((resolve) => setTimeout(resolve, attempt === 1 ? 500 : pauseMs));
      if (this.#left) return;
      const calm = this.#board.leaving !== undefined && attempt < attempts;
      if (!calm) say(this.#text, attempts > 1 ? `Looking for it again, ${attempt} of ${attempts} …` : "Looking for it …");
      const paired = await this.#pair();
      if (this.#left) return paired.ok ? paired.client.close() : undefined;
      if (paired.ok) {
        const revived = await this.#board.revive(paired.client);
        // Lost once more while it was read: what heard of that goes on here.
        if (revived.ok) this.#found();
        return;
      }
      const { title, text, steps, kind } = paired.trouble;
      if (calm && (kind === "unreachable" || kind === "gone" || kind === "closed")) continue;
      this.#board.leaving = undefined;
      this.element.dataset["state"] = "lost";
      say(this.#title, title);
      say(this.#text, [text, ...steps].join(" "));
      if (kind !== "unreachable" && kind !== "gone" && kind !== "closed") break;
    }
    this.#again.hidden = false;
    this.#again.focus();
  }

  #found(): void {
    const { unanswered } = this.#board;
    this.element.dataset["state"] = "found";
    say(this.#title, "Connected again");
    say(this.#text, "");
    say(this.#change, unanswered === undefined ? "" : fate(this.#board, unanswered));
    this.#board.unanswered = undefined;
    if (unanswered === undefined) this.element.hidden = true;
    this.#close.hidden = false;
    this.#again.hidden = this.#leave.hidden = true;
  }
}
