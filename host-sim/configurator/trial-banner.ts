/** A change on trial: how long yet, how far the board has come with it, Confirm and Undo; and afterwards what became of it. */
import { make, say, toast } from "../web/dom.js";
import type { Board } from "./board.js";
import { countdown } from "./words.js";

/** A screen reader is told at the beginning and at these, not each second. */
const toldAtS = [120, 60, 30, 10];

const reasons: Readonly<Record<string, string>> = {
  time: "the time was over",
  hand: "as somebody wished",
  restarts: "the board restarted again and again",
  join: "the Wi-Fi could not be joined",
};

export class TrialBanner {
  readonly element = make("section", { class: "trial", hidden: true, "aria-labelledby": "trial-title" });
  readonly #board: Board;
  readonly #title = make("h2", { id: "trial-title", tabindex: -1 });
  readonly #names = make("p", { class: "names" });
  readonly #clock = make("span", { class: "countdown", role: "timer", "aria-live": "off" });
  readonly #steps = make("ul", { class: "steps" });
  readonly #spoken = make("p", { class: "hidden", role: "status" });
  readonly #confirm = make("button", { type: "button", class: "primary" }, "Confirm");
  readonly #undo = make("button", { type: "button" }, "Undo");
  readonly #close = make("button", { type: "button", class: "quiet" }, "Dismiss");
  #shownState = "none";
  #toldS = Infinity;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(board: Board) {
    this.#board = board;
    const buttons = make("div", { class: "row" }, this.#confirm, this.#undo, this.#close);
    this.element.append(make("div", { class: "trialhead" }, this.#title, this.#clock), this.#names, this.#steps, this.#spoken, buttons);
    this.#confirm.addEventListener("click", () => void this.#decide("confirm"));
    this.#undo.addEventListener("click", () => void this.#decide("undo"));
    this.#close.addEventListener("click", () => (this.element.hidden = true));
    board.on("trial", () => this.#show());
    board.on("network", () => this.#progress());
    board.on("link", () => this.#progress());
    this.#show();
    this.#timer = setInterval(() => this.#tick(), 250);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  get #leftS(): number {
    return Math.max(0, this.#board.trial.leftS - (performance.now() - this.#board.trialAtMs) / 1000);
  }

  #show(): void {
    const { state, reason, names } = this.#board.trial;
    const before = this.#shownState;
    this.#shownState = state;
    // That an old one was kept is no news; that it was undone is, until something is set anew.
    if (before === "undone" || before === "kept" ? state !== "trial" : state === "kept" && before !== "trial") return;
    this.element.hidden = state === "none";
    this.element.dataset["state"] = state;
    for (const button of [this.#confirm, this.#undo]) button.hidden = state !== "trial";
    this.#close.hidden = state === "trial";
    this.#clock.hidden = state !== "trial";
    if (names.length > 0) say(this.#names, names.join(", "));
    if (state === "trial") {
      say(this.#title, "On trial");
      if (before !== "trial") this.#toldS = Infinity;
    } else if (state === "kept") say(this.#title, "Kept: the change works");
    else say(this.#title, `Undone${reason === "" ? "" : `: ${reasons[reason] ?? reason}`}`);
    this.#progress();
    this.#tick();
    if (state !== before) {
      if (state !== "trial") this.#speak(this.#title.textContent ?? "");
      if (document.querySelector("dialog[open]") === null) this.#title.focus();
    }
  }

  #progress(): void {
    const { trial, wifi, broker, connected } = this.#board;
    if (trial.state === "undone") return this.#say([["good", "The settings from before hold again."]]);
    if (trial.state !== "trial") return this.#say([]);
    const joined = wifi.startsWith("up");
    const steps: (readonly [string, string])[] = [
      joined
        ? ["good", `Wi-Fi joined${wifi.length > 3 ? `, as ${wifi.slice(3)}` : ""}`]
        : [
            "busy",
            wifi === "waiting" ? "Wi-Fi not joined: the board tries again soon" : wifi === "off" ? "Wi-Fi is off" : "Joining Wi-Fi …",
          ],
      broker === "up"
        ? ["good", "Broker connected"]
        : joined
          ? ["busy", "Connecting to the broker …"]
          : ["idle", "Broker: comes after Wi-Fi"],
      ["note", "It is kept by itself as soon as the broker has acknowledged a message; else it is undone when the time is over."],
    ];
    if (!connected) steps.unshift(["busy", "Not connected to the board just now: the trial goes on there."]);
    this.#say(steps);
  }

  #say(steps: readonly (readonly [string, string])[]): void {
    this.#steps.hidden = steps.length === 0;
    this.#steps.replaceChildren(...steps.map(([how, text]) => make("li", { "data-how": how }, text)));
  }

  #tick(): void {
    if (this.#board.trial.state !== "trial") return;
    const leftS = this.#leftS;
    say(this.#clock, countdown(leftS));
    const due = toldAtS.find((s) => leftS <= s && s < this.#toldS && leftS > s - 5);
    if (this.#toldS === Infinity || due !== undefined) {
      this.#toldS = due ?? leftS;
      this.#speak(`On trial, ${Math.ceil(leftS)} seconds are left.`);
    }
  }

  #speak(text: string): void {
    this.#spoken.textContent = text;
  }

  async #decide(how: "confirm" | "undo"): Promise<void> {
    this.#confirm.disabled = this.#undo.disabled = true;
    const outcome = await this.#board.decide(how);
    this.#confirm.disabled = this.#undo.disabled = false;
    if (!outcome.ok) toast(outcome.error.message, true);
  }
}
