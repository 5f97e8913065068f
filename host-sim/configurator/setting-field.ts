/** One setting in the form: its field, made from the schema, what it may be, where its value comes from, and what is wrong with it. */
import type { FieldText } from "../pairing/contract.js";
import { make, say } from "../web/dom.js";
import type { Board } from "./board.js";
import { empty, isResettable, isSet, settingOf } from "./change.js";
import { boundsOf, mistakeOf } from "./rule.js";
import { said } from "./words.js";

const origins = { set: "set", "built-in": "built in", default: "default" } as const;

export class SettingField {
  readonly element: HTMLElement;
  readonly field: FieldText;
  readonly #board: Board;
  readonly #input: HTMLInputElement | HTMLSelectElement;
  readonly #origin = make("span", { class: "origin" });
  readonly #marks = make("span", { class: "marks" });
  readonly #mistake: HTMLElement;
  readonly #back = make("button", { type: "button", class: "quiet small" });
  /** A secret is replaced as a whole: until somebody asks for that, there is nothing to edit. */
  readonly #replace = make("button", { type: "button", class: "small" });
  readonly #holder: HTMLElement;
  #forget = false;
  /** Somebody has typed in it: it is theirs until it is applied or discarded. */
  #touched = false;
  #editing: boolean;
  readonly #onChange: () => void;

  constructor(board: Board, field: FieldText, onChange: () => void) {
    this.#board = board;
    this.field = field;
    this.#onChange = onChange;
    this.#editing = !field.secret;
    const id = `setting-${field.name.replace(".", "-")}`;
    this.#mistake = make("p", { class: "mistake", id: `${id}-mistake` });
    this.#input = field.type === "choice" ? make("select", { id }) : make("input", { id, ...inputOf(field) });
    this.#input.setAttribute("aria-describedby", `${id}-about ${id}-mistake`);
    for (const choice of field.choices) this.#input.append(make("option", { value: choice }, choice));
    this.#input.addEventListener("input", () => {
      this.#touched = true;
      this.#changed();
    });
    this.#back.addEventListener("click", () => this.#toggleForget());
    this.#replace.addEventListener("click", () => this.#toggleEditing());
    const [, last = ""] = field.name.split(".");
    const bounds = field.type === "choice" ? "" : ` Must be ${boundsOf(field)}.`;
    this.#holder = make(
      "div",
      { class: "entry" },
      this.#input,
      ...(field.unit === "" ? [] : [make("span", { class: "unit" }, field.unit)]),
    );
    this.element = make(
      "div",
      { class: "setting", "data-name": field.name },
      make(
        "div",
        { class: "settinghead" },
        make("label", { for: id }, said(last)),
        make("code", {}, field.name),
        this.#origin,
        this.#marks,
      ),
      make("div", { class: "settingrow" }, this.#holder, this.#replace, this.#back),
      make("p", { class: "soft about", id: `${id}-about` }, field.about + bounds),
      this.#mistake,
    );
    this.reset();
  }

  /** To set; undefined: nothing. */
  get value(): string | undefined {
    if (this.#forget || !this.#editing) return undefined;
    const text = this.field.type === "whole" ? this.#input.value.trim() : this.#input.value;
    return !this.field.secret && text === settingOf(this.#board, this.field).value ? undefined : text;
  }

  get forgotten(): boolean {
    return this.#forget;
  }

  get mistake(): string | undefined {
    const { value } = this;
    return value === undefined ? undefined : mistakeOf(this.field, value);
  }

  /** Back to what the board has. */
  reset(): void {
    this.#forget = this.#touched = false;
    this.#editing = !this.field.secret;
    this.#input.value = "";
    this.refresh();
  }

  /** The board has something else now; what is being edited stays. */
  refresh(): void {
    const { origin, value: present } = settingOf(this.#board, this.field);
    if (!this.#touched && !this.field.secret) this.#input.value = present ?? "";
    const isUnlisted = this.field.secret && !isSet(this.#board, this.field);
    const dirty = this.value !== undefined || this.#forget;
    say(this.#origin, this.#forget ? "goes back" : dirty ? "changed" : isUnlisted ? empty : origins[origin]);
    this.#origin.dataset["origin"] = dirty ? "changed" : origin;
    this.element.classList.toggle("dirty", dirty);
    this.#back.hidden = !isResettable(this.#board, this.field) && !this.#forget;
    say(this.#back, this.#forget ? "Keep it" : "Reset");
    this.#back.ariaLabel = this.#forget ? `Keep it: ${this.field.name}` : `Reset ${this.field.name} to what is built in, or the default`;
    this.#input.disabled = this.#forget;
    this.#holder.hidden = !this.#editing;
    this.#replace.hidden = !this.field.secret || this.#forget;
    say(this.#replace, this.#editing ? "Leave as it is" : isUnlisted ? "Empty: enter …" : "Set: replace …");
    this.#replace.ariaLabel = `${this.field.name}: ${this.#replace.textContent}`;
    this.#showMistake(this.mistake);
    this.mark();
  }

  /** What holds of it now; else what would, if it was changed. */
  mark(): void {
    const { field } = this;
    const { trial, waiting } = this.#board;
    const tried = trial.state === "trial" && trial.names.includes(field.name);
    const marks: HTMLElement[] = [];
    if (tried) marks.push(mark("on trial now", "tentative"));
    else if (field.trial) marks.push(mark("is tried first"));
    if (waiting.includes(field.name) && !tried) marks.push(mark("waits for a restart", "tentative"));
    else if (field.restart) marks.push(mark("with a restart"));
    this.#marks.replaceChildren(...marks);
  }

  /** The board's own words, or the page's. */
  #showMistake(text: string | undefined): void {
    say(this.#mistake, text ?? "");
    this.#input.ariaInvalid = text === undefined ? "false" : "true";
  }

  /** What the board has said against it. */
  refuse(text: string): void {
    this.#showMistake(text);
    this.#input.focus();
  }

  focus(): void {
    (this.#editing ? this.#input : this.#replace).focus();
  }

  #changed(): void {
    this.refresh();
    this.#onChange();
  }

  #toggleForget(): void {
    const forget = !this.#forget;
    this.reset();
    this.#forget = forget;
    if (forget && this.field.secret) this.#editing = false;
    this.#changed();
  }

  #toggleEditing(): void {
    this.#editing = !this.#editing;
    this.#input.value = "";
    this.#changed();
    this.focus();
  }
}

function mark(text: string, kind = ""): HTMLElement {
  return make("span", { class: `mark ${kind}`.trim() }, text);
}

function inputOf({ type, secret, min, max }: FieldText): Record<string, string | number | boolean> {
  const plain = { autocomplete: secret ? "new-password" : "off", spellcheck: "false", autocapitalize: "off" };
  if (type === "whole")
    return { ...plain, type: "text", inputmode: min < 0 ? "text" : "numeric", size: Math.max(6, String(max).length + 1) };
  return { ...plain, type: secret ? "password" : "text" };
}
