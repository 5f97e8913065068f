/**
 * The boards that this user has paired with: their secrets by their ids, in a file of the user's own
 * (`$XDG_CONFIG_HOME/mote/paired.json`, else under ~/.config), which nobody else may read. It is replaced as a whole.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { pairingCode, readCode } from "../pairing/code.js";
import { writeReason } from "./write-reason.js";

/** Codes that are kept of one id: simulated boards of several runs may share it. */
const codesMost = 8;

/** A kept code. Of one id the newest comes first. */
export interface PairedBoard {
  /** Twelve lower-case hex digits. */
  readonly id: string;
  /** As it calls itself. */
  readonly name: string;
  readonly secret: Uint8Array;
}

const bytesMax = 1_048_576;

export function pairedPath(environment: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CONFIG_HOME: config = "" } = environment;
  return join(config.startsWith("/") ? config : join(homedir(), ".config"), "mote", "paired.json");
}

interface Entry {
  readonly name: string;
  readonly code: string;
}

/** None where there is no such file. */
export function readPaired(path: string): Result<readonly PairedBoard[], "file"> {
  const wrong = (what: string): Result<never, "file"> => failure("file", `${path} ${what}: delete it, and pair your boards again`);
  let text: string;
  try {
    if (statSync(path).size > bytesMax) return wrong("is too large for a list of boards");
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? success([]) : failure("file", `${path} cannot be read: ${message}`);
  }
  try {
    const { boards } = JSON.parse(text) as { boards: Record<string, Entry | Entry[]> };
    const found = Object.entries(boards).flatMap(([id, entries]) =>
      (Array.isArray(entries) ? entries : [entries]).map(({ name, code }) => {
        const secret = readCode(code);
        if (!secret.ok || typeof name !== "string" || !/^[0-9a-f]{12}$/.test(id)) throw new TypeError();
        return { id, name, secret: secret.value };
      }),
    );
    return success(found);
  } catch {
    return wrong("is not what mote pair writes");
  }
}

/** What went wrong is returned. */
export function writePaired(path: string, boards: readonly PairedBoard[]): string | undefined {
  const entries: Record<string, Entry[]> = {};
  for (const { id, name, secret } of boards) (entries[id] ??= []).push({ name, code: pairingCode(secret) });
  const text = JSON.stringify({ boards: entries }, undefined, 2) + "\n";
  const anew = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Never there with the rights of an older file, nor half of it.
    rmSync(anew, { force: true });
    writeFileSync(anew, text, { mode: 0o600, flag: "wx" });
    renameSync(anew, path);
    return undefined;
  } catch (error) {
    try {
      rmSync(anew, { force: true });
    } catch {
      // It was never made.
    }
    return `${path} cannot be written: ${writeReason(error)}`;
  }
}

/** The newest first. */
export function codesOf(boards: readonly PairedBoard[], id: string): readonly PairedBoard[] {
  return boards.filter((each) => each.id === id);
}

/** With `board` as the newest of its id, and without the oldest where there are too many. */
export function withPaired(boards: readonly PairedBoard[], board: PairedBoard): readonly PairedBoard[] {
  const { id, secret } = board;
  const older = codesOf(boards, id).filter((each) => pairingCode(each.secret) !== pairingCode(secret));
  return [...boards.filter((each) => each.id !== id), board, ...older.slice(0, codesMost - 1)];
}

/** The one of that name, as in topics or on the air, or that id, or its last six digits. */
export function pairedNamed(boards: readonly PairedBoard[], name: string): PairedBoard | undefined {
  return boards.find((each) => each.name === name) ?? boards.find(({ id }) => otherNames(id).includes(name.toLowerCase()));
}

/** What else a board is called, in small letters: all that ends in its id's last digits. */
export function otherNames(id: string): readonly string[] {
  const last = id.slice(-6);
  return [id, last, "mote-" + last, "mote " + last];
}
