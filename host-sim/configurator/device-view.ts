/** The board itself: who it is, blink, restart, and the way back to how it left its flashing. */
import { make, toast } from "../web/dom.js";
import { restart } from "./apply.js";
import type { Board } from "./board.js";
import { ask } from "./dialog.js";
import { facts } from "./facts.js";
import { Polling } from "./polling.js";

const typed = "erase";
const pauseMs = 2000;

export class DeviceView {
  readonly element = make("section", { class: "device" });
  readonly #board: Board;
  readonly #about = make("dl", { class: "facts" });
  readonly #polling = new Polling(pauseMs, async (isWanted) => {
    if (!this.#board.connected || document.hidden) return;
    await this.#board.refreshAbout();
    if (isWanted()) this.#show();
  });

  constructor(board: Board, onLeave: () => void) {
    this.#board = board;
    const action = (text: string, about: string, run: () => void, alarm = false): HTMLElement => {
      const button = make("button", { type: "button", class: alarm ? "danger" : "" }, text);
      button.addEventListener("click", run);
      return make("div", { class: "action" }, make("p", {}, about), button);
    };
    this.element.append(
      make("div", { class: "panel" }, make("h2", {}, "This board"), this.#about),
      make(
        "div",
        { class: "panel actions" },
        make("h2", {}, "What it can do"),
        action("Blink", "Its LED blinks for 5 seconds: so you see which one it is.", () => void this.#identify()),
        action("Restart", "Samples are kept. The connection ends, and can be made again.", () => void this.#restart()),
        action("Disconnect", "Others can connect then.", onLeave),
        action("Factory reset …", "Forgets its settings and its samples. Its pairing code stays.", () => void this.#reset(), true),
      ),
    );
    board.on("link", () => this.#show());
    board.on("trial", () => this.#show());
    this.#show();
  }

  /** Its times go on as the board counts them. */
  shown(on: boolean): void {
    if (on) this.#polling.start();
    else this.#polling.stop();
  }

  #show(): void {
    facts(this.#about, this.#board.about);
  }

  async #identify(): Promise<void> {
    const done = await this.#board.client.identify();
    toast(done.ok ? "The board blinks." : done.error.message, !done.ok);
  }

  async #restart(): Promise<void> {
    const content = [make("p", {}, "It comes back in some seconds, and can be connected to again for at least 2 minutes.")];
    if (await ask({ title: "Restart the board?", content, yes: "Restart" })) await restart(this.#board);
  }

  async #reset(): Promise<void> {
    const input = make("input", { id: "erase", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
    const content = [
      make(
        "p",
        {},
        "The board forgets its Wi-Fi, its broker and all other settings, its calibration, and every sample that nobody has confirmed yet. There is no way back.",
      ),
      make("label", { for: "erase" }, `Type "${typed}" to go on`),
      input,
    ];
    const ready = (allow: (may: boolean) => void): void =>
      input.addEventListener("input", () => allow(input.value.trim().toLowerCase() === typed));
    if (!(await ask({ title: `Erase ${this.#board.name}?`, content, yes: "Erase", alarm: true, ready }))) return;
    const done = await this.#board.leave("erase");
    if (!done.ok && this.#board.connected) toast(done.error.message, true);
  }
}
