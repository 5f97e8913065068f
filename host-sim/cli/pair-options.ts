/** What `mote pair` may be told: its words checked, with one line about what is wrong. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { commandHelp } from "./command-help.js";
import { reachForms, reachOptions, type ReachOptions } from "./reach-place.js";
import { parseWords, type OptionForm } from "./words.js";

export interface PairOptions extends ReachOptions {
  /** `pair` with a board; show a simulated board's code as `qr` or `code`; `list` or `forget` what is paired. */
  readonly action: "pair" | "qr" | "code" | "list" | "forget";
  /** As it was typed or scanned. */
  readonly code: string | undefined;
  readonly json: boolean;
}

const forms: Readonly<Record<string, OptionForm>> = {
  ...reachForms,
  qr: { help: ["shows the pairing code of a simulated board as a QR code"] },
  code: { help: ["says the pairing code of a simulated board"] },
  list: { help: ["the boards that are paired"] },
  forget: { help: ["forgets the secret of a board: --board says whose"] },
  json: { help: ["one JSON object"] },
};

export function pairHelp(): string {
  return commandHelp(
    "mote pair [CODE]",
    "makes a simulated board known to mote wifi and mote config",
    forms,
    [
      "mote pair --press",
      'mote pair "$(mote pair --code)" --press',
      "mote pair --qr",
      "mote pair --list",
      "mote pair --forget --board porch",
    ],
    [
      "A board runs in another terminal: npm start. CODE is its pairing code, or what its QR",
      "code says; without it you are asked. The code is tried, and then kept for you in",
      "~/.config/mote/paired.json, which only you may read. A board listens while its window",
      "is open: for 5 minutes after its button was pressed.",
    ],
  );
}

export function parsePairOptions(words: readonly string[]): Result<PairOptions, "usage"> {
  const codes: string[] = [];
  const parsed = parseWords(words, forms, { word: (word) => codes.push(word) <= 1 });
  if (!parsed.ok) return parsed;
  const reached = reachOptions(parsed.value);
  if (!reached.ok) return reached;
  const actions = (["qr", "code", "list", "forget"] as const).filter((name) => parsed.value[name] !== undefined);
  const [action = "pair", second] = actions;
  if (second !== undefined) return failure("usage", `--${action} and --${second} are two things: leave one out`);
  if (action !== "pair" && codes.length > 0) return failure("usage", `--${action} takes no code: leave it out`);
  if (action !== "pair" && reached.value.press) return failure("usage", `--${action} presses no button: leave --press out`);
  return success({ ...reached.value, action, code: codes[0], json: parsed.value["json"] !== undefined });
}
