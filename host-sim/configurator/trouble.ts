/** What can go wrong on the way to a board and on it, and what a person does next. Words only; trouble-view.ts shows them. */
import type { BoardInfo, PairingError } from "../pairing/contract.js";
import type { LinkError } from "./ground.js";

export type TroubleKind = LinkError | PairingError | "no-secret" | "other-board";

/** `again`: the same once more. `choose`: another board. `code`: another code. `wait`: goes on by itself when the button is pressed. */
export type Remedy = "again" | "choose" | "code" | "wait";

export interface Trouble {
  readonly kind: TroubleKind;
  readonly title: string;
  readonly text: string;
  /** What to do, one step a line. */
  readonly steps: readonly string[];
  readonly remedies: readonly Remedy[];
}

interface Words {
  readonly title: string;
  readonly text: string;
  readonly steps: readonly string[];
  readonly remedies: readonly Remedy[];
}

const press = "Press the board's button: the window opens for 5 minutes.";

const words: Readonly<Record<TroubleKind, Words>> = {
  unsupported: {
    title: "This browser cannot do Bluetooth",
    text: "A page can reach a board only where the browser has Web Bluetooth. Firefox and Safari do not have it, and on iPhone and iPad no browser does.",
    steps: [
      "Open this page in Chrome or Edge, on a computer or on Android.",
      "In Chrome on Linux, switch on chrome://flags/#enable-experimental-web-platform-features first.",
    ],
    remedies: [],
  },
  insecure: {
    title: "This page was loaded without TLS",
    text: "Browsers allow Bluetooth only to pages from https:// or from localhost.",
    steps: ["Open this page under https://, or on the computer that serves it under http://localhost."],
    remedies: [],
  },
  off: {
    title: "Bluetooth is off",
    text: "The browser finds no Bluetooth that is switched on.",
    steps: ["Switch Bluetooth on, in the system's settings or at the device itself.", "Then connect again."],
    remedies: ["again"],
  },
  dismissed: {
    title: "No board was chosen",
    text: "The list of boards was closed without a choice, or the browser may not use Bluetooth.",
    steps: [
      "Is the board not in the list? Press its button: it can be found for 5 minutes.",
      "On Android, the browser needs the permission for devices nearby, and on older ones for location.",
    ],
    remedies: ["again"],
  },
  blocked: {
    title: "Bluetooth is forbidden here",
    text: "A setting of the browser, or whoever manages it, keeps this page from Bluetooth.",
    steps: ["Open the page's settings, left of its address, and allow Bluetooth devices.", "Then reload the page."],
    remedies: ["again"],
  },
  unreachable: {
    title: "The board does not answer",
    text: "It was chosen, but no connection came about. It may be too far away, without power, or busy with somebody else.",
    steps: ["Go closer to the board, and look whether it has power.", press, "Then connect again."],
    remedies: ["again", "choose"],
  },
  foreign: {
    title: "This is no Mote board",
    text: "The device answers, but it does not have Mote's service.",
    steps: ["Choose another device from the list.", "Is it yours all the same? Then flash it with a firmware that has Bluetooth."],
    remedies: ["choose"],
  },
  code: {
    title: "The pairing code is mistyped",
    text: "Its check does not fit.",
    steps: ["Compare it with the label, group by group, or scan the QR code."],
    remedies: ["code"],
  },
  secret: {
    title: "Wrong pairing code",
    text: "The code is well-formed, but it is not this board's.",
    steps: [
      "Look for the label of this board: each board has a code of its own.",
      "Several boards around? You may have chosen another one.",
    ],
    remedies: ["code", "choose"],
  },
  "other-board": {
    title: "This code belongs to another board",
    text: "Nothing was sent, so no guess is used up.",
    steps: ["Choose the board that the code was printed for, or enter this board's own code."],
    remedies: ["choose", "code"],
  },
  closed: {
    title: "The board's window is closed",
    text: "A board lets nobody in until somebody stands at it and presses its button.",
    steps: [press],
    remedies: ["wait", "again"],
  },
  locked: {
    title: "The board is locked",
    text: "All guesses at its pairing code are used up: from afar, nobody gets in any more.",
    steps: ["Press the board's button: that gives 20 new guesses.", "Then connect with the code on the board's label."],
    remedies: ["wait", "again"],
  },
  "no-secret": {
    title: "This board has no pairing code",
    text: "Its flash holds no secret, so that no safe session is possible.",
    steps: ["Flash the board again with npm run flash: that makes a secret, and prints its QR code."],
    remedies: ["choose"],
  },
  gone: {
    title: "The connection was lost",
    text: "The board is out of range, has restarted, or has lost its power.",
    steps: ["Go closer to the board, and connect again."],
    remedies: ["again", "choose"],
  },
  refused: {
    title: "The board has refused",
    text: "It has ended the session.",
    steps: ["Connect again. Your settings are as they were."],
    remedies: ["again", "choose"],
  },
  setting: {
    title: "A setting is wrong",
    text: "The board has taken nothing of it.",
    steps: ["Correct it, and apply again."],
    remedies: ["again"],
  },
  version: {
    title: "Another version",
    text: "Board and page do not speak the same version.",
    steps: ["Reload this page from where the board's firmware came from, or bring the board's firmware up to date."],
    remedies: ["choose"],
  },
  board: { title: "The board cannot do that", text: "", steps: ["Connect again."], remedies: ["again"] },
};

/** `message` is whoever found it: it stands in place of the general text where it says more. */
export function trouble(kind: TroubleKind, message = "", info?: BoardInfo): Trouble {
  const { title, text, steps, remedies } = words[kind];
  const said = message === "" ? text : sentence(message);
  // Whoever found it may have said it already.
  const todo = /press (its|the board's) button/i.test(said) ? steps.filter((step) => step !== press) : steps;
  const left = kind === "secret" && info !== undefined ? ` ${guesses(info.guessesLeft)}` : "";
  return { kind, title, text: said + left, steps: todo, remedies };
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? "" : ".");
}

function guesses(left: number): string {
  if (left === 0) return "No guess is left: the board is locked until its button is pressed.";
  return `${left} ${left === 1 ? "guess is" : "guesses are"} left until the board locks itself.`;
}
