/** Waits for the end of a trial of settings, and says how it gets on meanwhile; and its outcome in words. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { BoardClient, TrialState } from "../pairing/contract.js";

const askEveryMs = 1000;

const reasons: Readonly<Record<string, string>> = {
  time: "nobody confirmed it in time: the board did not reach its broker with it",
  hand: "somebody took it back",
  restarts: "the board restarted too often meanwhile",
  join: "the network could not be joined: its name, or its password, may be wrong. This command has taken it back",
};

export interface TrialWatch {
  /** What happens on the way, in words. */
  say(text: string): void;
  /** The network is up, and whoever asked for it wants no more than that: it is then confirmed by hand. */
  readonly confirmWhenUp: boolean;
  /** After so many failures to join the network it is taken back, and nobody has to wait for the time to be over. */
  readonly failuresMost: number;
  /** Whoever waits wants no more of it: the trial goes on without them. */
  readonly stop: AbortSignal;
}

/** The trial's end; or, where nobody waits for that any more, its state then. */
export async function trialEnd(client: BoardClient, watch: TrialWatch): Promise<Result<TrialState, string>> {
  const { say, confirmWhenUp, failuresMost, stop } = watch;
  let lost: { readonly kind: string; readonly message: string } | undefined;
  let wake: () => void = () => {};
  let [up, failures, said] = [false, 0, ""];
  client.onEnded = (error) => {
    lost = error;
    wake();
  };
  client.onEvent = (event) => {
    if (event.kind === "network") {
      if (/^up\b/.test(event.text)) up = true;
      if (event.text === "waiting") failures++;
      const text = networkText(event.text);
      if (text !== said) say(text);
      said = text;
    }
    if (event.kind !== "live") wake();
  };
  stop.addEventListener("abort", () => wake());
  for (;;) {
    const given = !up && failures >= failuresMost;
    const state = given ? await judged(client, "undo") : up && confirmWhenUp ? await judged(client, "confirm") : await client.trial();
    if (!state.ok) return lost === undefined ? state : failure(lost.kind, lost.message);
    if (stop.aborted && state.value.state === "trial") return state;
    if (state.value.state !== "trial") return success(given ? { ...state.value, reason: "join" } : state.value);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, askEveryMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** It may have ended in the same moment. */
async function judged(client: BoardClient, how: "confirm" | "undo"): ReturnType<BoardClient["trial"]> {
  const done = await client[how]();
  return done.ok ? done : client.trial();
}

export function networkText(text: string): string {
  const [, word = text, rest = ""] = /^(\S+) ?(.*)$/.exec(text) ?? [];
  switch (`${word} ${rest}`.trim()) {
    case "joining":
      return "joining the network …";
    case "waiting":
      return "not joined yet: it tries again";
    case "off":
      return "Wi-Fi is off: no network is set";
    case "down":
      return "it has left its network";
    case "broker up":
      return "the broker answers";
    case "broker down":
      return "the broker does not answer";
    default:
      return word === "up" ? `joined${rest === "" ? "" : `, address ${rest}`}` : text;
  }
}

/** Of a trial that is over. */
export function trialText({ state, reason }: TrialState): string {
  if (state === "undone") return `Undone: ${reasons[reason] ?? reason}. What held before holds again.`;
  return state === "kept" ? "Kept: it holds for good." : "Nothing is on trial.";
}
