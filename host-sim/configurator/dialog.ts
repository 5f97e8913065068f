/** A question over the page: modal, closed by Escape, and the focus goes back to where it was. */
import { make } from "../web/dom.js";

export interface Asked {
  readonly title: string;
  readonly content: readonly Node[];
  /** On the button that says yes. */
  readonly yes: string;
  readonly no?: string;
  readonly alarm?: boolean;
  /** Told whether yes may be said: until then it may not. */
  readonly ready?: (allow: (may: boolean) => void) => void;
}

let count = 0;

/** Whether yes was said. */
export function ask({ title, content, yes, no = "Cancel", alarm = false, ready }: Asked): Promise<boolean> {
  const id = `dialog-${++count}`;
  const form = make("form", { method: "dialog" });
  const agree = make("button", { value: "yes", class: alarm ? "primary alarm" : "primary" }, yes);
  const refuse = make("button", { value: "no", type: "submit", formnovalidate: true }, no);
  form.append(make("h2", { id }, title), ...content, make("div", { class: "buttons" }, refuse, agree));
  const dialog = make("dialog", { "aria-labelledby": id }, form);
  if (ready !== undefined) {
    agree.disabled = true;
    ready((may) => (agree.disabled = !may));
    // Enter in a field says yes, not no.
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
      event.preventDefault();
      if (!agree.disabled) dialog.close("yes");
    });
  }
  const before = document.activeElement;
  document.body.append(dialog);
  dialog.showModal();
  (form.querySelector("input") ?? agree).focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before instanceof HTMLElement) before.focus();
      resolve(dialog.returnValue === "yes");
    });
  });
}
