/** `mote pair`: tries the pairing code of a simulated board, and keeps it for this user. Returns the exit code. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { qrPayload, readPairing } from "../pairing/code.js";
import type { BoardClient } from "../pairing/contract.js";
import { terminalQr } from "../pairing/label.js";
import type { BoardOnAir } from "../pairing/socket-protocol.js";
import { complain } from "./complaint.js";
import type { PairOptions } from "./pair-options.js";
import { pairedNamed, pairedPath, readPaired, writePaired } from "./paired-file.js";
import { askLine, isTerminal, lineOfStdin } from "./prompt.js";
import { findBoard, openedBoard, sessionWith } from "./reach.js";
import { quoted } from "./words.js";

export function pair(options: PairOptions): number | Promise<number> {
  switch (options.action) {
    case "pair":
      return pairWith(options);
    case "qr":
    case "code":
      return showCode(options);
    case "list":
      return list(options);
    case "forget":
      return forget(options);
  }
}

async function pairWith(options: PairOptions): Promise<number> {
  const found = await findBoard(options);
  if (!found.ok) return complain(found.error.message, 1);
  const board = found.value;
  // Before the person is asked for a code that could not be tried.
  const opened = await openedBoard(options, board);
  if (!opened.ok) return complain(opened.error.message, 1);
  const pairing = await pairingOf(options, board);
  if (!pairing.ok) return complain(pairing.error.message, pairing.error.kind === "usage" ? 2 : 1);
  const client = await sessionWith(options, board, pairing.value);
  if (!client.ok) return complain(client.error.message, 1);
  const told = await saysOf(client.value);
  client.value.close();
  if (!told.ok) return complain(told.error.message, 1);
  const path = pairedPath();
  const paired = readPaired(path);
  if (!paired.ok) return complain(paired.error.message, 1);
  const name = board.board;
  const rest = paired.value.filter(({ id }) => id !== board.digits);
  const unwritten = writePaired(path, [...rest, { id: board.digits, name, secret: pairing.value }]);
  if (unwritten !== undefined) return complain(unwritten, 1);
  const { about, health } = told.value;
  if (options.json) {
    const shown = { board: name, id: board.digits, about: Object.fromEntries(about), health: Object.fromEntries(health) };
    process.stdout.write(JSON.stringify(shown) + "\n");
    return 0;
  }
  process.stdout.write(`Paired with ${name}: mote wifi and mote config reach it from now on.\n\n${pairsText(about)}\n${pairsText(health)}`);
  return 0;
}

interface Told {
  readonly about: ReadonlyMap<string, string>;
  readonly health: ReadonlyMap<string, string>;
}

/** What the board says of itself. */
async function saysOf(client: BoardClient): Promise<Result<Told, string>> {
  const about = await client.about();
  if (!about.ok) return about;
  const health = await client.health();
  return health.ok ? success({ about: about.value, health: health.value }) : health;
}

export function pairsText(pairs: ReadonlyMap<string, string>): string {
  const width = Math.max(0, ...Array.from(pairs.keys(), (name) => name.length));
  return Array.from(pairs, ([name, value]) => `${name.padEnd(width)}  ${value}\n`).join("");
}

/** The secret, from the code that was given, typed, or read from stdin. */
async function pairingOf({ code }: PairOptions, board: BoardOnAir): Promise<Result<Uint8Array, string>> {
  const text = code ?? (await typedCode(board));
  if (text === undefined)
    return failure("usage", "no pairing code was given: mote pair CODE. mote pair --code says that of a simulated board");
  const read = readPairing(text);
  if (!read.ok) return read;
  const { id, secret } = read.value;
  if (id !== undefined && id !== board.digits)
    return failure("code", `this QR code is of another board (${id}), not of ${board.board} (${board.digits})`);
  return success(secret);
}

async function typedCode({ board, simulatedCode }: BoardOnAir): Promise<string | undefined> {
  if (!isTerminal()) return lineOfStdin();
  const hint = simulatedCode === undefined ? "" : " (it is simulated: Enter takes its own)";
  const typed = await askLine(`Pairing code of ${board}${hint}: `, false);
  return typed === "" ? simulatedCode : typed;
}

async function showCode(options: PairOptions): Promise<number> {
  const found = await findBoard(options);
  if (!found.ok) return complain(found.error.message, 1);
  const { board, digits, simulatedCode } = found.value;
  const read = simulatedCode === undefined ? undefined : readPairing(simulatedCode);
  if (simulatedCode === undefined || read?.ok !== true) return complain(`${board} has no pairing code: its flash holds no secret`, 1);
  const payload = qrPayload(digits, read.value.secret);
  if (options.json) process.stdout.write(JSON.stringify({ board, id: digits, code: simulatedCode, qr: payload }) + "\n");
  else if (options.action === "code") process.stdout.write(simulatedCode + "\n");
  else process.stdout.write(`${terminalQr(payload, process.stdout.isTTY === true)}${simulatedCode}  ${board}\n`);
  return 0;
}

function list({ json }: PairOptions): number {
  const paired = readPaired(pairedPath());
  if (!paired.ok) return complain(paired.error.message, 1);
  const boards = paired.value.map(({ id, name }) => ({ name, id }));
  if (json) process.stdout.write(JSON.stringify({ boards }) + "\n");
  else if (boards.length === 0) process.stdout.write("No board is paired yet.\n");
  else {
    const width = Math.max(...boards.map(({ name }) => name.length));
    for (const { name, id } of boards) process.stdout.write(`${name.padEnd(width)}  ${id}\n`);
  }
  return 0;
}

function forget({ board, json }: PairOptions): number {
  const path = pairedPath();
  const paired = readPaired(path);
  if (!paired.ok) return complain(paired.error.message, 1);
  const boards = paired.value;
  if (board === undefined && boards.length > 1)
    return complain(`${boards.length} boards are paired: say which with --board, such as ${boards[0]!.name}`, 2);
  const gone = board === undefined ? boards[0] : pairedNamed(boards, board);
  if (gone === undefined)
    return complain(board === undefined ? "no board is paired" : `no board ${quoted(board)} is paired: mote pair --list has them`, 1);
  const unwritten = writePaired(
    path,
    boards.filter((each) => each !== gone),
  );
  if (unwritten !== undefined) return complain(unwritten, 1);
  process.stdout.write(json ? JSON.stringify({ forgotten: gone.name, id: gone.id }) + "\n" : `${gone.name} is forgotten.\n`);
  return 0;
}
