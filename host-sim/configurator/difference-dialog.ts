/** What would change, before it does: old and new beside each other, and what it takes. */
import { make } from "../web/dom.js";
import type { Board, Change } from "./board.js";
import { differences, type Difference } from "./change.js";
import { ask } from "./dialog.js";

const back = "if the board does not reach its broker with it in time, and nobody confirms it, it takes";
const oneNote = `The change is tried first: ${back} it back by itself.`;
const allNote = `All of these changes go on trial together, as one: ${back} all of it back by itself.`;

/** Whether it is to be applied. `notes` say what else is to be known. */
export function approve(board: Board, change: Change, notes: readonly string[] = []): Promise<boolean> {
  const found = differences(board, change);
  const tried = found.some(({ trial }) => trial);
  const rows = found.map((each) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, each.name),
      make("td", { class: "old" }, make("del", {}, each.from)),
      make("td", { class: "new" }, make("ins", {}, each.to), " ", ...marks(each, tried)),
    ),
  );
  const heads = ["Setting", "Now", "Then"].map((text) => make("th", { scope: "col" }, text));
  const table = make("table", { class: "diff" }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
  const told = [...(tried ? [found.length === 1 ? oneNote : allNote] : []), ...notes];
  const content = [table, ...told.map((text) => make("p", { class: "soft" }, text))];
  return ask({ title: found.length === 1 ? "One change" : `${found.length} changes`, content, yes: "Apply", no: "Back" });
}

/** `tried`: all that is applied at once goes on trial with what has to. */
function marks({ restart }: Difference, tried: boolean): HTMLElement[] {
  const found: HTMLElement[] = [];
  if (tried) found.push(make("span", { class: "mark" }, "is tried first"));
  if (restart) found.push(make("span", { class: "mark" }, "with a restart"));
  return found;
}
