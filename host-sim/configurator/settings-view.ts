/** All settings as a form, made from the schema that the board sends. Nothing goes to the board before its difference was seen. */
import { make, say, toast } from "../web/dom.js";
import { apply } from "./apply.js";
import type { Board, Change } from "./board.js";
import { readConfig, restorable, writeConfig } from "./config-file.js";
import { save } from "./download.js";
import { SettingField } from "./setting-field.js";
import { said } from "./words.js";

export class SettingsView {
  readonly element = make("section", { class: "settings" });
  readonly #board: Board;
  readonly #fields: SettingField[] = [];
  readonly #groups = make("div", { class: "groups" });
  readonly #count = make("p", { class: "count", role: "status" });
  readonly #apply = make("button", { type: "submit", class: "primary" }, "Review …");
  readonly #discard = make("button", { type: "button" }, "Discard");
  readonly #bar: HTMLElement;

  constructor(board: Board) {
    this.#board = board;
    const form = make("form", { novalidate: true, "aria-label": "Settings" });
    this.#bar = make("div", { class: "applybar", hidden: true }, this.#count, this.#discard, this.#apply);
    form.append(this.#groups, this.#bar);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit();
    });
    this.#discard.addEventListener("click", () => this.#reset());
    this.element.append(make("h2", { class: "hidden" }, "Settings"), form, this.#files());
    board.on("settings", () => this.#settings());
    for (const topic of ["trial", "waiting"] as const)
      board.on(topic, () => {
        for (const field of this.#fields) field.mark();
      });
    this.#settings();
  }

  #settings(): void {
    if (this.#fields.length === 0 && this.#board.fields.length > 0) this.#build();
    for (const field of this.#fields) field.refresh();
    this.#changed();
  }

  #build(): void {
    const groups = new Map<string, HTMLElement>();
    for (const field of this.#board.fields) {
      const [group = ""] = field.name.split(".");
      let box = groups.get(group);
      if (box === undefined) {
        box = make("fieldset", { class: "panel" }, make("legend", {}, said(group)));
        groups.set(group, box);
        this.#groups.append(box);
      }
      const made = new SettingField(this.#board, field, () => this.#changed());
      this.#fields.push(made);
      box.append(made.element);
    }
  }

  get #change(): Change {
    const set = new Map<string, string>();
    for (const { field, value } of this.#fields) if (value !== undefined) set.set(field.name, value);
    return { set, forget: this.#fields.filter(({ forgotten }) => forgotten).map(({ field }) => field.name) };
  }

  #changed(): void {
    const { set, forget } = this.#change;
    const count = set.size + forget.length;
    this.#bar.hidden = count === 0;
    const wrong = this.#fields.filter(({ mistake }) => mistake !== undefined).length;
    const changes = `${count} ${count === 1 ? "change" : "changes"}`;
    say(this.#count, count === 0 ? "" : wrong === 0 ? `${changes}, not yet applied` : `${changes}, ${wrong} of them wrong`);
    this.#count.classList.toggle("wrong", wrong > 0);
  }

  async #submit(): Promise<void> {
    const wrong = this.#fields.find(({ mistake }) => mistake !== undefined);
    if (wrong !== undefined) return wrong.focus();
    await this.#run(this.#change, []);
  }

  async #run(change: Change, notes: readonly string[]): Promise<void> {
    if (change.set.size + change.forget.length === 0) return;
    const { done, mistake } = await apply(this.#board, change, notes);
    if (done) this.#reset();
    else if (mistake !== undefined) this.#fields.find(({ field }) => mistake.includes(field.name))?.refuse(mistake);
  }

  #reset(): void {
    for (const field of this.#fields) field.reset();
    this.#changed();
  }

  #files(): HTMLElement {
    const saving = make("button", { type: "button" }, "Save to a file");
    saving.addEventListener("click", () => {
      const { text, count } = writeConfig(this.#board);
      if (count === 0) return toast("All settings are at their defaults: there is nothing to save.");
      save(`${this.#board.name}.json`, text);
      toast(`${count} settings saved, without secrets.`);
    });
    const picker = make("input", { type: "file", accept: ".json,application/json", class: "hidden", tabindex: -1, "aria-hidden": "true" });
    picker.addEventListener("change", () => void this.#restore(picker));
    const restoring = make("button", { type: "button" }, "Restore from a file …");
    restoring.addEventListener("click", () => picker.click());
    const about = make(
      "p",
      { class: "soft" },
      "What differs from the defaults, as JSON that `mote config` reads too. Passwords are not in it.",
    );
    return make(
      "div",
      { class: "panel files" },
      make("h3", {}, "Settings as a file"),
      about,
      make("div", { class: "row" }, saving, restoring, picker),
    );
  }

  async #restore(picker: HTMLInputElement): Promise<void> {
    const [file] = picker.files ?? [];
    if (file === undefined) return;
    const read = await readConfig(file);
    picker.value = "";
    if (!read.ok) return toast(read.error.message, true);
    const found = restorable(this.#board, read.value);
    if (!found.ok) return toast(found.error.message, true);
    if (found.value.change.set.size === 0) return toast("The board has all of that already.");
    await this.#run(found.value.change, found.value.notes);
  }
}
