/** Where a simulated board is: the words that say so, checked, and how a hint repeats them. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { pageUrl } from "../pairing/socket-link.js";
import { quoted, type OptionForm } from "./words.js";

export const defaultAt = "ws://127.0.0.1:8080/ble";

export interface ReachOptions {
  /** Where a simulator runs. */
  readonly at: string;
  /** Undefined: the only one. */
  readonly board: string | undefined;
  readonly press: boolean;
}

export const reachForms: Readonly<Record<string, OptionForm>> = {
  board: {
    value: "NAME",
    help: ["which board, where there are several: as the dashboard", "calls it, or as in topics, or the last six digits of it"],
  },
  press: { help: ["presses the board's button first: that opens its", "Bluetooth for 5 minutes"] },
  at: { value: "URL", help: ["where mote start runs, default", "http://127.0.0.1:8080/"] },
};

/** Those of `given` that say which board. */
export function reachOptions(given: Readonly<Record<string, string | undefined>>): Result<ReachOptions, "usage"> {
  const { at, board, press } = given;
  if (board === "") return failure("usage", "--board needs a name");
  const url = at === undefined ? defaultAt : airUrl(at);
  if (url === undefined)
    return failure("usage", `--at must be where mote start runs, such as http://127.0.0.1:8080/, not ${quoted(at ?? "")}`);
  return success({ at: url, board, press: press !== undefined });
}

/** Undefined for no address of a simulator. */
export function airUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!["ws:", "http:"].includes(url.protocol) || url.hostname === "") return undefined;
  return `ws://${url.host}/ble`;
}

/** A command that reaches the same simulator, and the same board where that was named, as a person types it. */
export function commandAt(command: string, { at, board }: Pick<ReachOptions, "at" | "board">): string {
  const named = board === undefined ? "" : ` --board ${/^[\w.-]+$/.test(board) ? board : `'${board.replaceAll("'", "'\\''")}'`}`;
  return command + named + (at === defaultAt ? "" : ` --at ${pageUrl(at)}`);
}
