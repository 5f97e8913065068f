/** Tabs after the ARIA pattern: arrows move between them, the panel follows the focus. */
import { make } from "../web/dom.js";

export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly panel: HTMLElement;
  /** Called with true when it comes to be seen, with false when it is left. */
  readonly onShown?: (shown: boolean) => void;
}

export class Tabs {
  readonly list = make("div", { role: "tablist", class: "tabs", "aria-label": "Parts of the board" });
  readonly #tabs: readonly Tab[];
  readonly #buttons: HTMLButtonElement[] = [];
  #chosen = -1;

  constructor(tabs: readonly Tab[]) {
    this.#tabs = tabs;
    for (const [index, { id, label, panel }] of tabs.entries()) {
      const button = make("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}` }, label);
      button.addEventListener("click", () => this.show(index));
      panel.id = `panel-${id}`;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", `tab-${id}`);
      panel.tabIndex = -1;
      this.#buttons.push(button);
      this.list.append(button);
    }
    this.list.addEventListener("keydown", (event) => this.#key(event));
    this.show(0);
  }

  /** By number, or by id. */
  show(which: number | string): void {
    const index = typeof which === "number" ? which : this.#tabs.findIndex(({ id }) => id === which);
    if (index === this.#chosen) return;
    this.#tabs[this.#chosen]?.onShown?.(false);
    this.#chosen = index;
    for (const [each, button] of this.#buttons.entries()) {
      button.ariaSelected = String(each === index);
      button.tabIndex = each === index ? 0 : -1;
      this.#tabs[each]!.panel.hidden = each !== index;
    }
    this.#buttons[index]!.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#tabs[index]!.onShown?.(true);
  }

  get chosen(): string {
    return this.#tabs[this.#chosen]!.id;
  }

  /** The page is left. */
  end(): void {
    this.#tabs[this.#chosen]?.onShown?.(false);
    this.#chosen = -1;
  }

  #key(event: KeyboardEvent): void {
    const last = this.#tabs.length - 1;
    const steps: Record<string, number> = {
      ArrowRight: this.#chosen === last ? 0 : this.#chosen + 1,
      ArrowLeft: this.#chosen === 0 ? last : this.#chosen - 1,
      Home: 0,
      End: last,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.show(next);
    this.#buttons[next]!.focus();
  }
}
