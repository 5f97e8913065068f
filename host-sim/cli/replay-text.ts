/** One event of a trace as a line: when, which board, what kind, which way, what. */
import type { DecodedEvent, EventKind } from "../world/decoded.js";

const colours: Partial<Record<EventKind, number>> = {
  mqtt: 36,
  tcp: 34,
  dns: 34,
  wifi: 33,
  ble: 33,
  i2c: 32,
  analog: 32,
  digital: 32,
  flash: 35,
  power: 31,
};
const kindWidth = 7;
/** A board is named by its id's end, as its topics are. */
const idDigits = 6;

/** `us` since the trace's beginning. */
export function eventText(event: DecodedEvent, us: number): string {
  return parts(event, us).join("");
}

export function colouredText(event: DecodedEvent, us: number): string {
  const [when = "", board = "", kind = "", ...rest] = parts(event, us);
  const colour = colours[event.kind];
  return `\x1b[2m${when}${board}\x1b[0m${colour === undefined ? kind : `\x1b[${colour}m${kind}\x1b[0m`}${rest.join("")}`;
}

function parts({ board, kind, way, text }: DecodedEvent, us: number): string[] {
  const id = board === "" ? "" : board.replace(/\p{C}/gu, "�").slice(-idDigits) + "  ";
  return [timeText(us) + "  ", id, kind.padEnd(kindWidth) + " ", way === "out" ? "→ " : way === "in" ? "← " : "  ", text];
}

/** `1:02:03.000456`: hours, minutes, seconds. */
export function timeText(us: number): string {
  const seconds = Math.floor(us / 1e6);
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${String(Math.floor(us % 1e6)).padStart(6, "0")}`;
}
