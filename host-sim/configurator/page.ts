/** What of the page is seen: the start, the way to a board, what is in the way, or the board. One at a time, and the focus goes with it. */
import { type Pairing, pairingCode, qrPayload } from "../pairing/code.js";
import type { BoardClient } from "../pairing/contract.js";
import { byId, make, say, toast } from "../web/dom.js";
import { startTheme, toggleTheme } from "../web/theme.js";
import { BoardView } from "./board-view.js";
import { Board } from "./board.js";
import type { Ground, Place } from "./ground.js";
import { pair, type Paired, type PairingStep } from "./pairing.js";
import { ProgressView } from "./progress-view.js";
import { StartView } from "./start-view.js";
import { type Remedy, trouble, type Trouble } from "./trouble.js";
import { TroubleView } from "./trouble-view.js";

interface View {
  readonly element: HTMLElement;
  readonly title: HTMLElement;
  end?(): void;
}

type Step = PairingStep | "load";

const waitEachMs = 2000;
const waitForMs = 300_000;

export class Page {
  readonly #ground: Ground;
  #view: View | undefined;
  #place: Place | undefined;
  #code: Pairing | undefined;
  #codeText = "";
  /** A simulated board that the address names: chosen once. */
  #wanted = new URLSearchParams(location.search).get("board") ?? "";
  /** Raised when somebody goes elsewhere: what was under way then ends. */
  #turn = 0;

  constructor(ground: Ground) {
    this.#ground = ground;
    startTheme();
    byId("theme").addEventListener("click", toggleTheme);
    this.start(false);
    this.#address();
    addEventListener("hashchange", () => this.#address());
  }

  start(focus = true): StartView {
    this.#turn++;
    const view = new StartView(
      this.#ground,
      (code) => void this.#choose(code),
      (place, code) => void this.#connect(place, code),
      this.#wanted,
    );
    this.#wanted = "";
    this.#show(view, focus);
    say(byId("title"), "Mote");
    say(byId("subtitle"), "Configurator");
    document.title = "Mote configurator";
    if (this.#codeText !== "") view.fill(this.#codeText);
    return view;
  }

  /** A link with a pairing code in it. The code is taken out of the address at once: addresses are kept and shown. */
  #address(): void {
    const text = decodeURIComponent(location.hash.slice(1));
    if (!/^MOTE:/i.test(text)) return;
    history.replaceState(null, "", location.pathname + location.search);
    const view = this.#view instanceof StartView ? this.#view : undefined;
    if (view === undefined) return toast("There is a pairing code in the address: disconnect first.", true);
    if (view.fill(text)) view.focusConnect();
    else view.focusCode();
  }

  #show(view: View, focus = true): void {
    this.#view?.end?.();
    this.#view = view;
    byId("content").replaceChildren(view.element);
    scrollTo(0, 0);
    if (focus) view.title.focus();
  }

  async #choose(code: Pairing): Promise<void> {
    const chosen = await this.#ground.choose();
    this.#code = code;
    if (chosen.ok) return this.#connect(chosen.value, code);
    this.#place = undefined;
    this.#trouble(trouble(chosen.error.kind, chosen.error.message));
  }

  async #connect(place: Place, code: Pairing): Promise<void> {
    this.#place = place;
    this.#code = code;
    this.#codeText = textOf(code);
    const turn = ++this.#turn;
    const view = this.#progress(`Connecting to ${place.name}`);
    const paired = await pair(this.#ground, place, code, (step) => view.at(step));
    if (turn !== this.#turn) return paired.ok ? paired.client.close() : undefined;
    if (!paired.ok) return this.#trouble(paired.trouble);
    view.at("load");
    await this.#open(paired.client, place, code, turn);
  }

  async #open(client: BoardClient, place: Place, code: Pairing, turn: number): Promise<void> {
    const board = new Board(client);
    const loaded = await board.load();
    if (turn !== this.#turn) return client.close();
    if (!loaded.ok) return this.#trouble(trouble(loaded.error.kind, loaded.error.message));
    const again = (): Promise<Paired> => pair(this.#ground, place, code, () => {});
    const shown = new BoardView(board, again, () => this.#leave(board));
    this.#show(shown);
    const ssid = board.settings.find(({ name }) => name === "wifi.ssid")?.value ?? "";
    // What a new board needs first.
    if (ssid === "") shown.show("wifi");
  }

  #progress(title: string): ProgressView<Step> {
    const steps: readonly (readonly [Step, string])[] = [
      ["connect", "Connecting"],
      ["info", "Looking who it is"],
      ["session", "Proving the code, both ways"],
      ["load", "Reading its settings"],
    ];
    const view = new ProgressView<Step>(title, steps, () => this.start());
    this.#show(view);
    return view;
  }

  #trouble(found: Trouble): void {
    this.#turn++;
    this.#show(
      new TroubleView(
        found,
        (remedy) => this.#remedy(remedy),
        () => this.start(),
      ),
    );
  }

  #remedy(remedy: Remedy): void {
    const [place, code] = [this.#place, this.#code];
    if (remedy === "code") return this.start().focusCode();
    if (code === undefined) return void this.start();
    if (remedy === "wait" && place !== undefined) return void this.#wait(place, code);
    if (remedy === "again" && place !== undefined) return void this.#connect(place, code);
    if (this.#ground.simulator !== undefined) return this.start().focusConnect();
    void this.#choose(code);
  }

  /** Until somebody has pressed the board's button. */
  async #wait(place: Place, code: Pairing): Promise<void> {
    const turn = ++this.#turn;
    const steps = [["press", "Waiting for the button …"]] as const;
    const view = new ProgressView<"press">("Press the board's button", steps, () => this.start(), presser(place));
    this.#show(view);
    view.at("press");
    for (let waitedMs = 0; waitedMs < waitForMs; waitedMs += waitEachMs) {
      const paired = await pair(this.#ground, place, code, () => {});
      if (turn !== this.#turn) return paired.ok ? paired.client.close() : undefined;
      if (paired.ok) return this.#open(paired.client, place, code, turn);
      const { kind } = paired.trouble;
      if (kind !== "closed" && kind !== "locked" && kind !== "unreachable") return this.#trouble(paired.trouble);
      await new Promise((resolve) => setTimeout(resolve, waitEachMs));
      if (turn !== this.#turn) return;
    }
    this.#trouble(trouble("closed"));
  }

  #leave(board: Board): void {
    board.client.close();
    this.start();
  }
}

/** A simulated board stands nowhere: its button is here. */
function presser(place: Place): HTMLElement | undefined {
  if (place.pressButton === undefined) return undefined;
  const button = make("button", { type: "button", class: "primary" }, "Press its button");
  button.addEventListener("click", () => void place.pressButton!());
  return button;
}

/** As a QR code says it, where its board is known. */
function textOf({ id, secret }: Pairing): string {
  return id === undefined ? pairingCode(secret) : qrPayload(id, secret);
}

export function startPage(ground: Ground): Page {
  return new Page(ground);
}
