/** What would change, before it does: old and new beside each other, and what it takes. */
import { make } from "../web/dom.js";
import type { Board, Change } from "./board.js";
import { differences, type Difference } from "./change.js";
import { ask } from "./dialog.js";

const trialNote =
  "The marked changes go on trial: if the board does not reach its broker with them in time, and nobody confirms them, it takes them back by itself.";

/** Whether it is to be applied. `notes` say what else is to be known. */
export function approve(board: Board, change: Change, notes: readonly string[] = []): Promise<boolean> {
  const found = differences(board, change);
  const rows = found.map((each) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, each.name),
      make("td", { class: "old" }, make("del", {}, each.from)),
      make("td", { class: "new" }, make("ins", {}, each.to), " ", ...marks(each)),
    ),
  );
  const heads = ["Setting", "Now", "Then"].map((text) => make("th", { scope: "col" }, text));
  const table = make("table", { class: "diff" }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
  const told = [...(found.some(({ trial }) => trial) ? [trialNote] : []), ...notes];
  const content = [table, ...told.map((text) => make("p", { class: "soft" }, text))];
  return ask({ title: found.length === 1 ? "One change" : `${found.length} changes`, content, yes: "Apply", no: "Back" });
}

function marks({ restart, trial }: Difference): HTMLElement[] {
  const found: HTMLElement[] = [];
  if (trial) found.push(make("span", { class: "mark tentative" }, "on trial"));
  if (restart) found.push(make("span", { class: "mark" }, "after a restart"));
  return found;
}
