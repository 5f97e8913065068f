/** The Wi-Fi that the board hears, strongest first, and joining one of them: on trial, as every change that could cut the board off. */
import type { FoundNetwork } from "../pairing/contract.js";
import { make, say } from "../web/dom.js";
import { apply } from "./apply.js";
import type { Board, Change } from "./board.js";
import { fieldOf, settingOf } from "./change.js";
import { ask } from "./dialog.js";
import { mistakeOf } from "./rule.js";

const names = { ssid: "wifi.ssid", password: "wifi.password" };

export class NetworksView {
  readonly element = make("section", { class: "networks" });
  readonly #board: Board;
  readonly #state = make("p", { class: "state", role: "status" });
  readonly #list = make("ul", { class: "found", "aria-label": "Networks that the board hears" });
  readonly #scan = make("button", { type: "button" }, "Scan");
  #scanned = false;

  constructor(board: Board) {
    this.#board = board;
    const hidden = make("button", { type: "button", class: "quiet" }, "Another network …");
    this.#scan.addEventListener("click", () => void this.#look());
    hidden.addEventListener("click", () => void this.#join(undefined));
    const head = make("div", { class: "head" }, make("h2", {}, "Networks"), this.#scan);
    this.element.append(make("div", { class: "panel" }, head, this.#state, this.#list, make("div", { class: "row" }, hidden)));
    board.on("settings", () => this.#mark());
    board.on("network", () => this.#mark());
  }

  shown(on: boolean): void {
    if (on && !this.#scanned && this.#board.connected) void this.#look();
  }

  async #look(): Promise<void> {
    if (this.#scan.disabled) return;
    this.#scan.disabled = true;
    this.element.ariaBusy = "true";
    say(this.#state, "The board listens …");
    const found = await this.#board.client.scan();
    this.#scan.disabled = false;
    this.element.ariaBusy = "false";
    say(this.#scan, "Scan again");
    if (!found.ok) return say(this.#state, found.error.message);
    this.#scanned = true;
    const { length } = found.value;
    say(
      this.#state,
      length === 0
        ? "The board hears no network. It hears 2.4 GHz only."
        : `${length} ${length === 1 ? "network" : "networks"}, strongest first`,
    );
    this.#list.replaceChildren(...found.value.map((each) => this.#entry(each)));
    this.#mark();
  }

  #entry(network: FoundNetwork): HTMLElement {
    const { ssid, rssi, security } = network;
    const strength = rssi >= -55 ? 4 : rssi >= -65 ? 3 : rssi >= -75 ? 2 : 1;
    const bars = make("span", { class: "bars", "data-strength": strength, "aria-hidden": "true" }, ...[1, 2, 3, 4].map(() => make("i")));
    const lock = security === "open" ? "open" : security === "wep" ? "WEP, not safe" : "locked";
    const button = make(
      "button",
      { type: "button", class: "network", "data-ssid": ssid },
      bars,
      make("span", { class: "ssid" }, ssid),
      make("span", { class: "soft" }, lock),
      make("span", { class: "soft strength" }, `${rssi} dBm`),
    );
    button.addEventListener("click", () => void this.#join(network));
    return make("li", {}, button);
  }

  #mark(): void {
    const field = fieldOf(this.#board, names.ssid);
    const now = field === undefined ? undefined : settingOf(this.#board, field).value;
    for (const button of this.#list.querySelectorAll<HTMLElement>("[data-ssid]")) {
      const is = button.dataset["ssid"] === now;
      button.classList.toggle("chosen", is);
      button.querySelector<HTMLElement>(".ssid")!.dataset["badge"] = this.#board.wifi.startsWith("up") ? "joined" : "set";
      button.ariaCurrent = is ? "true" : "false";
    }
  }

  async #join(network: FoundNetwork | undefined): Promise<void> {
    const ssid = make("input", { id: "join-ssid", type: "text", autocomplete: "off", spellcheck: "false", autocapitalize: "off" });
    const password = make("input", { id: "join-password", type: "password", autocomplete: "off", "aria-describedby": "join-mistake" });
    const show = make("input", { type: "checkbox" });
    const mistake = make("p", { class: "mistake", id: "join-mistake", role: "status" });
    show.addEventListener("change", () => (password.type = show.checked ? "text" : "password"));
    const content: HTMLElement[] = [];
    if (network === undefined) content.push(make("label", { for: "join-ssid" }, "Its name (SSID)"), ssid);
    else ssid.value = network.ssid;
    if (network?.security !== "open") {
      const hint = network === undefined ? "Its password (empty: an open network)" : "Its password";
      content.push(make("label", { for: "join-password" }, hint), password, make("label", { class: "check" }, show, "Show it"));
    } else
      content.push(make("p", {}, "The network is open: what the board sends there, anybody near can read, unless the broker has TLS."));
    content.push(mistake);
    const wrong = (): string | undefined => this.#wrong(network, ssid.value, password.value);
    const ready = (allow: (may: boolean) => void): void => {
      const look = (): void => {
        const found = wrong();
        allow(found === undefined);
        say(mistake, password.value === "" && network !== undefined ? "" : (found ?? ""));
      };
      for (const input of [ssid, password]) input.addEventListener("input", look);
      look();
    };
    const agreed = await ask({ title: network === undefined ? "Another network" : `Join ${network.ssid}`, content, yes: "Join", ready });
    if (!agreed) return;
    const change: Change = {
      set: new Map([
        [names.ssid, ssid.value],
        [names.password, password.value],
      ]),
      forget: [],
    };
    await apply(this.#board, change, [], false);
  }

  #wrong(network: FoundNetwork | undefined, ssid: string, password: string): string | undefined {
    if (ssid === "") return "A network has a name.";
    if (network !== undefined && network.security !== "open" && password === "") return "This network wants a password.";
    for (const [name, value] of [
      [names.ssid, ssid],
      [names.password, password],
    ] as const) {
      const field = fieldOf(this.#board, name);
      const found = field === undefined ? undefined : mistakeOf(field, value);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
