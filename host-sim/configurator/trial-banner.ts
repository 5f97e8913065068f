/** A change on trial: how long yet, how far the board has come with it, Confirm and Undo; and afterwards what became of it. */
import { make, say, toast } from "../web/dom.js";
import { restart } from "./apply.js";
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
  readonly #doubt = make("p", { class: "doubt", role: "status" });
  readonly #restart = make("button", { type: "button" }, "Restart now");
  readonly #close = make("button", { type: "button", class: "quiet" }, "Dismiss");
  #shownState = "none";
  #toldS = Infinity;
  /** This page has confirmed it. */
  #confirmed = false;
  /** Confirming was asked for while the board is cut off: the next press means it. */
  #asked = false;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(board: Board) {
    this.#board = board;
    const buttons = make("div", { class: "row" }, this.#confirm, this.#undo, this.#restart, this.#close);
    const head = make("div", { class: "trialhead" }, this.#title, this.#clock);
    this.element.append(head, this.#names, this.#steps, this.#spoken, this.#doubt, buttons);
    this.#confirm.addEventListener("click", (event) => {
      if (this.#cutOff === undefined || this.#asked) {
        // The second half of a double press is no answer to the question.
        if (event.detail < 2) void this.#decide("confirm");
        return;
      }
      this.#asked = true;
      this.#progress();
    });
    this.#restart.addEventListener("click", () => void restart(this.#board));
    this.#undo.addEventListener("click", () => void this.#decide("undo"));
    this.#close.addEventListener("click", () => (this.element.hidden = true));
    board.on("trial", () => this.#show());
    board.on("network", () => this.#progress());
    board.on("link", () => this.#progress());
    board.on("waiting", () => this.#progress());
    this.#show(true);
    this.#timer = setInterval(() => this.#tick(), 250);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  get #leftS(): number {
    return Math.max(0, this.#board.trial.leftS - (performance.now() - this.#board.trialAtMs) / 1000);
  }

  /** What the board is cut off from with what is on trial. */
  get #cutOff(): string | undefined {
    const { wifi, broker } = this.#board;
    if (!wifi.startsWith("up")) return "its Wi-Fi";
    return broker === "up" ? undefined : "its broker";
  }

  #show(first = false): void {
    const { state, reason, names } = this.#board.trial;
    const before = this.#shownState;
    this.#shownState = state;
    // That an old one was kept is no news; that it was undone is, until something is set anew.
    if (before === "undone" || before === "kept" ? state !== "trial" : state === "kept" && before !== "trial") return;
    this.element.hidden = state === "none";
    // What was undone before anybody looked alarms nobody any more.
    const earlier = first && state === "undone";
    this.element.dataset["state"] = earlier ? "earlier" : state;
    for (const button of [this.#confirm, this.#undo]) button.hidden = state !== "trial";
    this.#close.hidden = state === "trial";
    this.#clock.hidden = state !== "trial";
    if (names.length > 0) say(this.#names, names.join(", "));
    if (state === "trial") {
      say(this.#title, "On trial");
      if (before !== "trial") {
        this.#toldS = Infinity;
        this.#asked = this.#confirmed = false;
      }
    } else if (state === "kept") say(this.#title, this.#confirmed ? "Kept: you confirmed it" : "Kept: the broker has answered");
    else say(this.#title, `Undone${earlier ? " earlier" : ""}${reason === "" ? "" : `: ${reasons[reason] ?? reason}`}`);
    this.#progress();
    this.#tick();
    if (state !== before && !earlier) {
      if (state !== "trial") this.#speak(this.#title.textContent ?? "");
      if (document.querySelector("dialog[open]") === null) this.#title.focus();
    }
  }

  #progress(): void {
    const { trial, wifi, broker, connected, waiting } = this.#board;
    this.#ask();
    this.#restart.hidden = trial.state !== "kept" || waiting.length === 0 || !connected;
    if (trial.state === "kept" && waiting.length > 0) return this.#say([["note", `With the next restart: ${waiting.join(", ")}.`]]);
    if (trial.state === "undone") return this.#say([["good", "The settings from before hold again."]]);
    if (trial.state !== "trial") return this.#say([]);
    const joined = wifi.startsWith("up");
    const steps: (readonly [string, string])[] = [
      joined
        ? ["good", `Wi-Fi joined${wifi.length > 3 ? `, as ${wifi.slice(3)}` : ""}`]
        : [
            "busy",
            wifi === "waiting"
              ? "Wi-Fi not joined: its password may be wrong. The board tries again."
              : wifi === "off"
                ? "Wi-Fi is off"
                : "Joining Wi-Fi …",
          ],
      broker === "up"
        ? ["good", "Broker connected"]
        : joined
          ? ["busy", "Connecting to the broker …"]
          : ["idle", "Broker: comes after Wi-Fi"],
      ["note", "It is kept by itself as soon as the broker has acknowledged a message; else it is undone when the time is over."],
    ];
    if (waiting.length > 0) steps.push(["note", `Once it is kept, these need a restart: ${waiting.join(", ")}.`]);
    if (!connected) steps.unshift(["busy", "Not connected to the board just now: the trial goes on there."]);
    this.#say(steps);
  }

  #ask(): void {
    const cutOff = this.#board.trial.state === "trial" ? this.#cutOff : undefined;
    if (cutOff === undefined) this.#asked = false;
    this.#confirm.classList.toggle("primary", cutOff === undefined);
    say(this.#confirm, this.#asked ? "Keep it anyway" : "Confirm");
    const doubt = `With this change the board is cut off from ${cutOff} just now. Kept, it stays so until it is changed again from here.`;
    say(this.#doubt, this.#asked ? doubt : "");
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
    this.#confirmed = how === "confirm";
    const outcome = await this.#board.decide(how);
    if (!outcome.ok) this.#confirmed = false;
    this.#confirm.disabled = this.#undo.disabled = false;
    if (!outcome.ok) toast(outcome.error.message, true);
  }
}
