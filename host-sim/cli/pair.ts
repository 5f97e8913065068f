/** `mote pair`: tries the pairing code of a simulated board, and keeps it for this user. Returns the exit code. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { qrPayload, readPairing } from "../pairing/code.js";
import type { BoardClient } from "../pairing/contract.js";
import { terminalQr } from "../pairing/label.js";
import type { BoardOnAir } from "../pairing/socket-protocol.js";
import { complain } from "./complaint.js";
import type { PairOptions } from "./pair-options.js";
import { type PairedBoard, pairedNamed, pairedPath, readPaired, withPaired, writePaired } from "./paired-file.js";
import { askLine, isTerminal, lineOfStdin } from "./prompt.js";
import { commandAt } from "./reach-place.js";
import { exitCodeOf, findBoard, openedBoard, sessionWith } from "./reach.js";
import { networkText } from "./trial-watch.js";
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
  const typed = options.code === undefined ? undefined : readPairing(options.code);
  if (typed?.ok === false) return complain(typed.error.message, 2);
  const found = await findBoard(options);
  if (!found.ok) return complain(found.error.message, exitCodeOf(found.error.kind));
  const board = found.value;
  // Before the person is asked for a code that could not be tried.
  const opened = await openedBoard(options, board);
  if (!opened.ok) return complain(opened.error.message, 1);
  const pairing = await pairingOf(options, board);
  if (!pairing.ok) return complain(pairing.error.message, exitCodeOf(pairing.error.kind));
  const client = await sessionWith(options, board, pairing.value);
  if (!client.ok) return complain(client.error.message, 1);
  const told = await saysOf(client.value);
  client.value.close();
  if (!told.ok) return complain(told.error.message, 1);
  const path = pairedPath();
  const paired = readPaired(path);
  if (!paired.ok) return complain(paired.error.message, 1);
  const name = board.board;
  const unwritten = writePaired(path, withPaired(paired.value, { id: board.digits, name, secret: pairing.value }));
  if (unwritten !== undefined) return complain(unwritten, 1);
  const { about, health } = told.value;
  if (options.json) {
    const shown = { board: name, id: board.digits, about: factsOf(about), health: factsOf(health) };
    process.stdout.write(JSON.stringify(shown) + "\n");
    return 0;
  }
  const reached = [commandAt("mote wifi", options), commandAt("mote config get", options)].join(" and ");
  process.stdout.write(`Paired with ${name}: ${reached} reach it from now on.\n${summary(told.value)}`);
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

function summary({ about, health }: Told): string {
  const [name, board, firmware] = ["name", "board", "firmware"].map((fact) => about.get(fact) ?? "?");
  const [network, broker] = ["network", "broker"].map((fact) => health.get(fact) ?? "?") as [string, string];
  return `${name}, ${board}, firmware ${firmware}\n${networkText(network)}; ${networkText(`broker ${broker}`)}\n`;
}

/** What is a text even where it has nothing but digits. */
const texts = ["name", "app", "board", "id", "firmware", "reset", "network", "broker"];

function factsOf(pairs: ReadonlyMap<string, string>): Record<string, string | number> {
  const number = /^-?\d+(\.\d+)?$/;
  return Object.fromEntries(
    Array.from(pairs, ([name, value]) => [name, !texts.includes(name) && number.test(value) ? Number(value) : value]),
  );
}

/** The secret, from the code that was given, typed, or read from stdin. */
async function pairingOf({ code }: PairOptions, board: BoardOnAir): Promise<Result<Uint8Array, string>> {
  const typed = code === undefined ? await typedCode(board) : success(code);
  if (!typed.ok) return typed;
  const text = typed.value;
  if (text === undefined)
    return failure("usage", "no pairing code was given: mote pair CODE. mote pair --code says that of a simulated board");
  const read = readPairing(text);
  if (!read.ok) return read;
  const { id, secret } = read.value;
  if (id !== undefined && id !== board.digits)
    return failure("other", `this QR code is of another board (${id}), not of ${board.board} (${board.digits})`);
  return success(secret);
}

async function typedCode({ board, simulatedCode }: BoardOnAir): Promise<Result<string | undefined, string>> {
  if (!isTerminal()) return success(await lineOfStdin());
  const hint = simulatedCode === undefined ? "" : " (it is simulated: Enter takes its own)";
  const typed = await askLine(`Pairing code of ${board}${hint}: `, false);
  return typed.ok && typed.value === "" ? success(simulatedCode) : typed;
}

async function showCode(options: PairOptions): Promise<number> {
  const found = await findBoard(options);
  if (!found.ok) return complain(found.error.message, exitCodeOf(found.error.kind));
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
  const boards = namesIn(paired.value);
  if (json) process.stdout.write(JSON.stringify({ boards }) + "\n");
  else if (boards.length === 0) process.stdout.write("No board is paired yet.\n");
  else {
    const width = Math.max(...boards.map(({ name }) => name.length));
    for (const { name, id } of boards) process.stdout.write(`${name.padEnd(width)}  ${id}\n`);
  }
  return 0;
}

/** Each once, however many codes of it are kept. */
function namesIn(paired: readonly PairedBoard[]): { readonly name: string; readonly id: string }[] {
  const first = paired.filter((one, index) => index === paired.findIndex(({ id, name }) => id === one.id && name === one.name));
  return first.map(({ id, name }) => ({ name, id }));
}

function forget({ board, json }: PairOptions): number {
  const path = pairedPath();
  const paired = readPaired(path);
  if (!paired.ok) return complain(paired.error.message, 1);
  const boards = paired.value;
  const names = namesIn(boards);
  if (board === undefined && names.length > 1)
    return complain(`${names.length} boards are paired: say which with --board, such as ${names[0]!.name}`, 2);
  const gone = board === undefined ? boards[0] : pairedNamed(boards, board);
  if (gone === undefined)
    return complain(board === undefined ? "no board is paired" : `no board ${quoted(board)} is paired: mote pair --list has them`, 1);
  const unwritten = writePaired(
    path,
    boards.filter(({ id, name }) => id !== gone.id || name !== gone.name),
  );
  if (unwritten !== undefined) return complain(unwritten, 1);
  process.stdout.write(json ? JSON.stringify({ forgotten: gone.name, id: gone.id }) + "\n" : `${gone.name} is forgotten.\n`);
  return 0;
}
