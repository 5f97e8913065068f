/** From a chosen board to an open session: connected, looked at, and only then the secret is tried, so that no guess is wasted. */
import type { Pairing } from "../pairing/code.js";
import type { BoardClient, BoardInfo } from "../pairing/contract.js";
import type { Ground, Place } from "./ground.js";
import { trouble, type Trouble } from "./trouble.js";

const protocol = 1;

export type PairingStep = "connect" | "info" | "session";

export type Paired = { readonly ok: true; readonly client: BoardClient } | { readonly ok: false; readonly trouble: Trouble };

export async function pair(ground: Ground, place: Place, code: Pairing, onStep: (step: PairingStep) => void): Promise<Paired> {
  const fail = (...words: Parameters<typeof trouble>): Paired => ({ ok: false, trouble: trouble(...words) });
  onStep("connect");
  const linked = await place.connect();
  if (!linked.ok) return fail(linked.error.kind, linked.error.message);
  const link = linked.value;
  onStep("info");
  let info: BoardInfo | undefined;
  try {
    info = await ground.info(link);
  } catch {
    link.close();
    return fail("gone");
  }
  const kind = info === undefined ? "version" : closedTo(info, code);
  if (info === undefined || kind !== undefined) {
    link.close();
    const both = `It is for ${code.id}; this is ${info?.id}. Nothing was sent, so no guess is used up.`;
    return fail(kind ?? "version", kind === "other-board" ? both : "");
  }
  onStep("session");
  const opened = await ground.open(link, code.secret);
  if (opened.ok) return { ok: true, client: opened.value };
  link.close();
  if (opened.error.kind === "secret") return fail("secret", "", { ...info, guessesLeft: Math.max(0, info.guessesLeft - 1) });
  return fail(opened.error.kind, opened.error.message);
}

function closedTo(info: BoardInfo, code: Pairing): "version" | "other-board" | "no-secret" | "locked" | "closed" | undefined {
  if (info.protocol !== protocol) return "version";
  if (code.id !== undefined && code.id !== info.id) return "other-board";
  if (!info.hasSecret) return "no-secret";
  if (info.locked) return "locked";
  return info.windowOpen ? undefined : "closed";
}
