/**
 * Reaches a simulated board of a running `mote start` over its virtual Bluetooth: finds it, presses its button if told to, connects,
 * and opens a session. What goes wrong is one line that says what to do.
 */
import { WebSocket } from "ws";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { openBoard } from "../pairing/client.js";
import type { BoardClient } from "../pairing/contract.js";
import { type Air, connect, listBoards, type PlainSocket, pressButton } from "../pairing/socket-link.js";
import type { BoardOnAir } from "../pairing/socket-protocol.js";
import { readInfo } from "../pairing/texts.js";
import { pairingCode } from "../pairing/code.js";
import { codesOf, otherNames, pairedPath, readPaired } from "./paired-file.js";
import { commandAt, type ReachOptions } from "./reach-place.js";
import { quoted } from "./words.js";

export function airOf({ at }: Pick<ReachOptions, "at">): Air {
  return { url: at, makeSocket: (url) => new WebSocket(url) as unknown as PlainSocket };
}

/** The exit code that goes with what went wrong: 2 for words that were wrong, 130 for a person who wants no more of it. */
export function exitCodeOf(kind: string): number {
  return kind === "interrupted" ? 130 : kind === "usage" || kind === "setting" || kind === "code" ? 2 : 1;
}

type Reached<Value> = Promise<Result<Value, string>>;

/** The board that is meant. */
export async function findBoard(options: ReachOptions): Reached<BoardOnAir> {
  const { board: wanted } = options;
  const air = airOf(options);
  // It may also be called as in topics, on the air, or by its id: all end in its last six digits.
  const digits = /([0-9a-f]{6}|[0-9a-f]{12})$/.exec(wanted?.toLowerCase() ?? "")?.[1];
  let listed = wanted === undefined ? await listBoards(air) : await listBoards(air, wanted);
  if (listed.ok && listed.value.of === 0 && digits !== undefined) listed = await listBoards(air, digits);
  if (listed.ok && listed.value.of === 0) listed = await listBoards(air);
  if (!listed.ok) return listed;
  const { boards, of } = listed.value;
  if (wanted === undefined) {
    const open = boards.filter(({ advertising }) => advertising);
    const only = of === 1 ? boards[0] : open.length === 1 ? open[0] : undefined;
    return only === undefined
      ? failure(
          of === 0 ? "board" : "usage",
          of === 0 ? "there is no board" : `there are ${of} boards: say which with --board, such as ${namesOf(boards, of, 5)}`,
        )
      : success(only);
  }
  const found =
    boards.find(({ board }) => board === wanted) ?? boards.find((each) => otherNames(each.digits).includes(wanted.toLowerCase()));
  if (found !== undefined) return success(found);
  // Not only those that are called a little like it.
  const all = await listBoards(air);
  if (!all.ok) return all;
  const { boards: others, of: number } = all.value;
  const there = number === 0 ? "" : `; there ${number === 1 ? "is" : "are"} ${namesOf(others, number, listedMost)}`;
  return failure("board", `there is no board ${quoted(wanted)}${there}`);
}

/** Names in a message. */
const listedMost = 20;

function namesOf(boards: readonly BoardOnAir[], of: number, most: number): string {
  const shown = boards.slice(0, most).map(({ board }) => board);
  return shown.join(", ") + (of > shown.length ? ` and ${of - shown.length} more` : "");
}

/** Until a board that was pressed can be heard, ms. */
const openWithinMs = 5000;
const lookEveryMs = 100;

/** Its window is open when this is well; else why not. */
export async function openedBoard(options: ReachOptions, board: BoardOnAir): Reached<undefined> {
  const air = airOf(options);
  if (options.press) {
    const pressed = await pressButton(air, board.board);
    if (!pressed.ok) return pressed;
  } else if (board.advertising || board.connected) return success(undefined);
  else return failure("closed", closed(board));
  const deadline = performance.now() + openWithinMs;
  for (;;) {
    const listed = await listBoards(air, board.board);
    if (!listed.ok) return listed;
    const found = listed.value.boards.find((each) => each.board === board.board);
    if (found?.advertising === true || found?.connected === true) return success(undefined);
    if (performance.now() > deadline) return failure("closed", `${board.board} was pressed, and still cannot be reached: has it power?`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

function closed({ board, powered }: BoardOnAir): string {
  return powered
    ? `${board} cannot be reached: its Bluetooth is closed. Press its button, on its page or with --press`
    : `${board} cannot be reached: it has no power`;
}

/** A session with a board whose window is open. A wrong code says how many guesses are left. */
export async function sessionWith(options: ReachOptions, board: BoardOnAir, secret: Uint8Array): Reached<BoardClient> {
  const connected = await connect(airOf(options), board.board);
  if (!connected.ok) return connected;
  const link = connected.value;
  let info: Uint8Array | undefined;
  const read = link.readInfo.bind(link);
  link.readInfo = async () => (info = await read());
  const opened = await openBoard(link, secret);
  const guesses = info === undefined ? undefined : readInfo(info)?.guessesLeft;
  if (opened.ok || opened.error.kind !== "secret" || guesses === undefined) return opened;
  return failure("secret", `${opened.error.message} ${guessesText(Math.max(0, guesses - 1))}`);
}

function guessesText(left: number): string {
  if (left === 0) return "That was the last guess: its button has to be pressed before another is taken.";
  return `It takes ${left} ${left === 1 ? "guess" : "guesses"} more, and then none until its button is pressed.`;
}

export interface KnownBoard {
  readonly board: BoardOnAir;
  readonly secret: Uint8Array;
}

/** A board that is paired. */
export async function knownBoard(options: ReachOptions): Reached<KnownBoard> {
  const paired = readPaired(pairedPath());
  if (!paired.ok) return paired;
  const found = await findBoard(options);
  if (!found.ok) return found;
  const board = found.value;
  const codes = codesOf(paired.value, board.digits);
  // Simulated boards of several runs may share an id: theirs is an open book, so that no guess is lost on the wrong one.
  const known = codes.find(({ secret }) => pairingCode(secret) === board.simulatedCode) ?? codes[0];
  if (known === undefined)
    return failure("pair", `${board.board} is not paired with this user yet: ${commandAt("mote pair", options)} does it, once`);
  return success({ board, secret: known.secret });
}

/** A session with it. */
export async function reach(options: ReachOptions, { board, secret }: KnownBoard): Reached<BoardClient> {
  const opened = await openedBoard(options, board);
  if (!opened.ok) return opened;
  const client = await sessionWith(options, board, secret);
  if (client.ok || client.error.kind !== "secret") return client;
  const why = `the code that was kept for ${board.board} is not this board's: another seed, or another folder?`;
  return failure("secret", `${why} ${commandAt("mote pair", options)} pairs it anew`);
}
