/** The way of a change: the difference is shown, the board is asked, and what came of it is told. The same from every part of the page. */
import { make, toast } from "../web/dom.js";
import type { Board, Change } from "./board.js";
import { differences } from "./change.js";
import { ask } from "./dialog.js";
import { approve } from "./difference-dialog.js";

export interface Applied {
  readonly done: boolean;
  /** The board's words, where it refused. */
  readonly mistake: string | undefined;
}

const stays: Applied = { done: false, mistake: undefined };

export async function apply(board: Board, change: Change, notes: readonly string[] = [], shown = true): Promise<Applied> {
  if (shown && !(await approve(board, change, notes))) return stays;
  document.body.ariaBusy = "true";
  toast("Sending the change …");
  const outcome = await board.apply(change);
  document.body.ariaBusy = "false";
  if (!outcome.ok) {
    // What a lost connection means for the change is told where it is offered to connect again.
    if (board.unanswered === undefined) toast(outcome.error.message, true);
    return { done: false, mistake: outcome.error.message };
  }
  const { state, restart } = outcome.value;
  if (state === "same") toast("Nothing has changed: it was so already.");
  else if (state === "trial") toast("Taken, and on trial now.");
  else toast("Kept.");
  if (restart.length > 0 && state === "kept" && board.trial.state !== "trial" && board.connected) await offerRestart(board, restart);
  return { done: true, mistake: undefined };
}

async function offerRestart(board: Board, names: readonly string[]): Promise<void> {
  const text = `${names.join(", ")}: ${names.length === 1 ? "it takes" : "they take"} effect when the board starts again.`;
  const later = make(
    "p",
    { class: "soft" },
    "Samples are kept: the board writes them down before it restarts. The connection ends, and can be made again.",
  );
  if (await ask({ title: "Restart the board?", content: [make("p", {}, text), later], yes: "Restart now", no: "Later" }))
    await restart(board);
}

export async function restart(board: Board): Promise<void> {
  const outcome = await board.leave("restart");
  if (!outcome.ok && board.connected) toast(outcome.error.message, true);
}

/** What became of a change that nobody answered, once the board is there again. */
export function fate(board: Board, change: Change): string {
  const names = differences(board, change)
    .map(({ name }) => name)
    .join(", ");
  const tried = board.trial.state === "trial" && [...change.set.keys()].some((name) => board.trial.names.includes(name));
  if (tried) return `The change had arrived: ${names} is on trial.`;
  return board.holds(change)
    ? `The change had arrived before the connection was lost: ${names}.`
    : `The change had not arrived: ${names} is as it was. Apply it again.`;
}
