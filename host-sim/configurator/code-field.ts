/** Where the pairing code is typed, pasted or scanned: seven groups that fill, and a word about what is missing or mistyped. */
import type { Pairing } from "../pairing/code.js";
import { make, say, toast } from "../web/dom.js";
import { scanCode } from "./qr-camera.js";
import { codeCharacters, typedCode } from "./typed-code.js";

const groups = 7;

export class CodeField {
  readonly element = make("div", { class: "code" });
  code: Pairing | undefined;
  readonly #input = make("input", {
    id: "code",
    type: "text",
    class: "codeinput",
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    placeholder: "7Q2M-9XKD-…",
    "aria-describedby": "code-word",
  });
  readonly #ticks = Array.from({ length: groups }, () => make("i"));
  readonly #word = make("p", { id: "code-word", class: "soft", role: "status" });
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    const scan = make("button", { type: "button" }, "Scan QR code");
    scan.hidden = navigator.mediaDevices === undefined;
    scan.addEventListener("click", () => void this.#scan());
    this.#input.addEventListener("input", () => this.#typed());
    this.element.append(
      make("div", { class: "row" }, this.#input, scan),
      make("div", { class: "ticks", "aria-hidden": "true" }, ...this.#ticks),
      this.#word,
    );
    this.#typed();
  }

  /** From a link, a camera, or a simulator. False: it is no code. */
  fill(text: string): boolean {
    const typed = typedCode(text);
    this.#input.value = typed.text;
    this.#typed(text);
    return typed.code !== undefined;
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  /** It cannot be gone on with it as it is. */
  complain(): void {
    if (this.#word.classList.contains("wrong")) return this.focus();
    say(this.#word, "The pairing code is needed first: it stands on the board's label.");
    this.#word.classList.add("wrong");
    this.focus();
  }

  #typed(whole?: string): void {
    const input = this.#input;
    // Somebody who corrects in the middle keeps the place.
    const atEnd = input.selectionStart === input.value.length;
    const before = this.code;
    const typed = typedCode(whole ?? input.value);
    if (atEnd || whole !== undefined) input.value = typed.text;
    // Letters alone do not say which board: a code that was scanned does, until it is edited.
    this.code = typed.code;
    if (typed.code !== undefined && typed.code.id === undefined && before?.id !== undefined && same(before, typed.code)) this.code = before;
    for (const [index, tick] of this.#ticks.entries()) {
      const filled = Math.min(4, Math.max(0, typed.characters - 4 * index));
      tick.dataset["filled"] = String(filled);
      const wrong = typed.group === undefined ? typed.mistake !== undefined : typed.group === index;
      tick.dataset["how"] = wrong && filled > 0 ? "wrong" : this.code === undefined ? "" : "good";
    }
    input.ariaInvalid = String(typed.mistake !== undefined);
    this.#word.classList.toggle("wrong", typed.mistake !== undefined);
    say(this.#word, typed.mistake ?? wordOf(typed.characters, this.code));
    this.#onChange();
  }

  async #scan(): Promise<void> {
    const text = await scanCode((found) => typedCode(found).code !== undefined);
    if (text === undefined) return;
    this.fill(text);
    toast("The code is read.");
  }
}

function same(a: Pairing, b: Pairing): boolean {
  return a.secret.every((byte, index) => byte === b.secret[index]);
}

/** Told by groups, not by characters: a screen reader would never come to an end. */
function wordOf(characters: number, code: Pairing | undefined): string {
  if (code !== undefined) return code.id === undefined ? "The code is complete." : `The code is complete, and for board ${code.id}.`;
  if (characters === 0) return `${groups} groups of four, on the board's label.`;
  return `${Math.floor(characters / 4)} of ${codeCharacters / 4} groups`;
}
