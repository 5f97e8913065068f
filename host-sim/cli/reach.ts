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
import { otherNames, pairedPath, readPaired } from "./paired-file.js";
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

function airUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!["ws:", "http:"].includes(url.protocol) || url.hostname === "") return undefined;
  return `ws://${url.host}/ble`;
}

export function airOf({ at }: Pick<ReachOptions, "at">): Air {
  return { url: at, makeSocket: (url) => new WebSocket(url) as unknown as PlainSocket };
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
      ? failure("board", `there are ${of} boards: say which with --board, such as ${namesOf(boards)}`)
      : success(only);
  }
  const found =
    boards.find(({ board }) => board === wanted) ?? boards.find((each) => otherNames(each.digits).includes(wanted.toLowerCase()));
  if (found !== undefined) return success(found);
  return failure(
    "board",
    `there is no board ${quoted(wanted)}${boards.length === 0 ? "" : `; there ${of === 1 ? "is" : "are"} ${namesOf(boards)}`}`,
  );
}

function namesOf(boards: readonly BoardOnAir[]): string {
  return (
    boards
      .slice(0, 5)
      .map(({ board }) => board)
      .join(", ") + (boards.length > 5 ? " …" : "")
  );
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

/** A session with a board whose window is open. */
export async function sessionWith(options: ReachOptions, board: BoardOnAir, secret: Uint8Array): Reached<BoardClient> {
  const link = await connect(airOf(options), board.board);
  return link.ok ? openBoard(link.value, secret) : link;
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
  const known = paired.value.find(({ id }) => id === board.digits);
  if (known === undefined) return failure("pair", `${board.board} is not paired with this user yet: mote pair does it, once`);
  return success({ board, secret: known.secret });
}

/** A session with it. */
export async function reach(options: ReachOptions, { board, secret }: KnownBoard): Reached<BoardClient> {
  const opened = await openedBoard(options, board);
  if (!opened.ok) return opened;
  const client = await sessionWith(options, board, secret);
  if (client.ok || client.error.kind !== "secret") return client;
  const why = `the code that was kept for ${board.board} is not this board's: another seed, or another folder?`;
  return failure("secret", `${why} mote pair pairs it anew`);
}
