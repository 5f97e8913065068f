/** An open board: its lamps, what is on trial, and its parts as tabs. A lost connection leaves it standing, but not to be used. */
import { byId, make, say } from "../web/dom.js";
import type { Board } from "./board.js";
import { CalibrationView } from "./calibration-view.js";
import { DeviceView } from "./device-view.js";
import { Lamps } from "./lamps.js";
import { LogView } from "./log-view.js";
import { LossBanner } from "./loss-banner.js";
import { NetworksView } from "./networks-view.js";
import type { Paired } from "./pairing.js";
import { ReadingsView } from "./readings-view.js";
import { SettingsView } from "./settings-view.js";
import { Tabs } from "./tabs.js";
import { TrialBanner } from "./trial-banner.js";

/** The board lets go of who asks nothing for 2 minutes; and a link that died without a word is noticed by it. */
const keepMs = 20_000;
/** Of a page that nobody touches, it may. */
const awayMs = 600_000;

export class BoardView {
  readonly element = make("section", { class: "board" });
  readonly title = byId("title");
  readonly #board: Board;
  readonly #tabs: Tabs;
  readonly #trial: TrialBanner;
  readonly #loss: LossBanner;
  readonly #keeping: ReturnType<typeof setInterval>;
  readonly #lamps: Lamps;
  readonly #touch = (): void => void (this.#touchedMs = performance.now());
  #touchedMs = performance.now();

  constructor(board: Board, pair: () => Promise<Paired>, onLeave: () => void) {
    this.#board = board;
    this.#lamps = new Lamps(board);
    byId("lamps").replaceChildren(this.#lamps.element);
    this.#trial = new TrialBanner(board);
    this.#loss = new LossBanner(board, pair, onLeave);
    const readings = new ReadingsView(board);
    const networks = new NetworksView(board);
    const settings = new SettingsView(board);
    const calibration = new CalibrationView(board);
    const log = new LogView(board);
    const device = new DeviceView(board, onLeave);
    this.#tabs = new Tabs([
      { id: "readings", label: "Readings", panel: readings.element, onShown: (on) => readings.shown(on) },
      { id: "wifi", label: "Wi-Fi", panel: networks.element, onShown: (on) => networks.shown(on) },
      { id: "settings", label: "Settings", panel: settings.element },
      { id: "calibration", label: "Calibration", panel: calibration.element, onShown: (on) => calibration.shown(on) },
      { id: "log", label: "Log", panel: log.element, onShown: (on) => log.shown(on) },
      { id: "device", label: "Board", panel: device.element, onShown: (on) => device.shown(on) },
    ]);
    const panels = make("div", { class: "panels" });
    for (const view of [readings, networks, settings, calibration, log, device]) panels.append(view.element);
    this.element.append(this.#loss.element, this.#trial.element, this.#tabs.list, panels);
    board.on("link", () => {
      panels.inert = !board.connected;
      this.element.classList.toggle("lost", !board.connected);
      this.#name();
    });
    this.#name();
    this.#keeping = setInterval(() => void this.#keep(), keepMs);
    for (const type of ["pointerdown", "keydown"]) addEventListener(type, this.#touch, { passive: true });
  }

  show(tab: string): void {
    this.#tabs.show(tab);
  }

  end(): void {
    this.#tabs.end();
    this.#trial.end();
    this.#loss.end();
    clearInterval(this.#keeping);
    for (const type of ["pointerdown", "keydown"]) removeEventListener(type, this.#touch);
    byId("lamps").replaceChildren();
  }

  #name(): void {
    say(this.title, this.#board.name);
    say(byId("subtitle"), this.#board.about.get("app") ?? "");
    document.title = `${this.#board.name} – Mote`;
  }

  async #keep(): Promise<void> {
    const away = document.hidden || performance.now() - this.#touchedMs > awayMs;
    if (away || !this.#board.connected) return;
    await this.#board.client.trial();
  }
}
