/** What `mote wifi` may be told: its words checked, with one line about what is wrong. */
import { nearest } from "../../firmware/base/nearest.js";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { mistakeIn } from "../../firmware/config/field.js";
import { fieldNamed } from "../../firmware/config/schema.js";
import { commandHelp } from "./command-help.js";
import { reachForms, reachOptions, type ReachOptions } from "./reach-place.js";
import { parseWords, quoted, type OptionForm } from "./words.js";

const actions = ["state", "scan", "join"] as const;

export interface WifiOptions extends ReachOptions {
  readonly action: (typeof actions)[number];
  /** Of `join`. */
  readonly ssid: string | undefined;
  readonly passwordFromStdin: boolean;
  /** The network has no password. */
  readonly open: boolean;
  /** Waits for the trial's end. */
  readonly wait: boolean;
  readonly json: boolean;
}

const forms: Readonly<Record<string, OptionForm>> = {
  "password-stdin": { help: ["with join: the password is the first line of stdin"] },
  open: { help: ["with join: the network has no password"] },
  "no-wait": { help: ["with join: does not wait until the board has joined"] },
  ...reachForms,
  json: { help: ["one JSON object"] },
};

export function wifiHelp(): string {
  return commandHelp(
    "mote wifi [state|scan|join SSID]",
    "the Wi-Fi of a simulated board, over Bluetooth",
    forms,
    ["mote wifi", "mote wifi scan --press", "mote wifi join home", "mote wifi join home --password-stdin < password"],
    [
      "The board is paired beforehand: mote pair. What join sets is on trial; join waits for",
      "its end. When the network cannot be joined, join takes the change back itself, at once",
      "(mote/<device>/settings then says that it was undone by hand), with exit code 1. With",
      "--no-wait, and after Ctrl-C, the board undoes it when its time is over and it has not",
      "reached its broker.",
    ],
  );
}

export function parseWifiOptions(words: readonly string[]): Result<WifiOptions, "usage"> {
  const rest: string[] = [];
  const parsed = parseWords(words, forms, { word: (word) => rest.push(word) > 0 });
  if (!parsed.ok) return parsed;
  const given = parsed.value;
  const wrong = (what: string): Result<never, "usage"> => failure("usage", what);
  const reached = reachOptions(given);
  if (!reached.ok) return reached;
  const [word = "state", ssid, more] = rest;
  const action = actions.find((each) => each === word);
  if (action === undefined) {
    const near = nearest(word, actions);
    return wrong(`${quoted(word)} is nothing that wifi can do: ${near === undefined ? actions.join(", ") : `did you mean ${near}?`}`);
  }
  const [stdin, open, noWait] = ["password-stdin", "open", "no-wait"].map((name) => given[name] !== undefined) as [
    boolean,
    boolean,
    boolean,
  ];
  if (more !== undefined)
    return wrong(
      `${quoted(more)} is one word too many: a name with blanks needs quotes. The password is asked for, or read with --password-stdin`,
    );
  if (action !== "join") {
    if (ssid !== undefined) return wrong(`${action} takes no more words: leave ${quoted(ssid)} out`);
    const belongs = (["password-stdin", "open", "no-wait"] as const).find((name) => given[name] !== undefined);
    if (belongs !== undefined) return wrong(`--${belongs} belongs to join: leave it out`);
  } else if (ssid === undefined || ssid === "") return wrong("join needs the name of a network: mote wifi scan lists them");
  else if (mistakeIn("wifi.ssid", fieldNamed("wifi.ssid")!, ssid) !== undefined)
    return wrong(mistakeIn("wifi.ssid", fieldNamed("wifi.ssid")!, ssid)!);
  else if (stdin && open) return wrong("--open says that there is no password: leave --password-stdin out");
  return success({ ...reached.value, action, ssid, passwordFromStdin: stdin, open, wait: !noWait, json: given["json"] !== undefined });
}
