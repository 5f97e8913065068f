/** The file of paired boards: of the user's own, whole at any time, and never guessed at. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  codesOf,
  type PairedBoard,
  pairedNamed,
  pairedPath,
  readPaired,
  withPaired,
  writePaired,
} from "../../../host-sim/cli/paired-file.js";
import { pairingCode } from "../../../host-sim/pairing/code.js";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mote-paired-"));
  path = join(folder, "mote", "paired.json");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const board = (id: string, name: string): PairedBoard => ({ id, name, secret: Uint8Array.from({ length: 15 }, (_, index) => index) });
const boards = [board("02006d6f7465", "porch"), board("02006d6f7466", "attic")];

test("comes back as it was written, and only its user may read it", () => {
  expect(readPaired(path)).toEqual({ ok: true, value: [] });
  expect(writePaired(path, boards)).toBeUndefined();
  expect(readPaired(path)).toEqual({ ok: true, value: boards });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
});

test("keeps several codes of one id, the newest first, each once, and no more than eight", () => {
  const coded = (first: number, name = "porch"): PairedBoard => ({
    id: "02006d6f7465",
    name,
    secret: Uint8Array.from({ length: 15 }, (_, index) => (index === 0 ? first : 0)),
  });
  let kept: readonly PairedBoard[] = boards;
  for (const first of [1, 2, 1]) kept = withPaired(kept, coded(first));
  writePaired(path, kept);
  const read = readPaired(path);
  expect(read.ok && codesOf(read.value, "02006d6f7465")).toEqual([coded(1), coded(2), boards[0]]);
  expect(read.ok && codesOf(read.value, "02006d6f7466")).toEqual([boards[1]]);
  for (let first = 3; first < 20; first++) kept = withPaired(kept, coded(first));
  expect(codesOf(kept, "02006d6f7465").map(({ secret }) => secret[0])).toEqual([19, 18, 17, 16, 15, 14, 13, 12]);
});

test("is also read as it was written when it kept one code an id", () => {
  mkdirSync(dirname(path));
  writeFileSync(path, JSON.stringify({ boards: { "02006d6f7465": { name: "porch", code: pairingCode(boards[0]!.secret) } } }));
  expect(readPaired(path)).toEqual({ ok: true, value: [boards[0]] });
});

test("that others could read is replaced by one that they cannot", () => {
  mkdirSync(dirname(path));
  writeFileSync(path, '{"boards":{}}');
  chmodSync(path, 0o644);
  writePaired(path, boards);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(dirname(path))).toEqual(["paired.json"]);
});

test.each([
  ["no JSON", "{"],
  ["a list", "[]"],
  ["a code with a slip in it", '{"boards":{"02006d6f7465":{"name":"x","code":"0001-0203"}}}'],
  ["no id", '{"boards":{"porch":{"name":"x","code":"0"}}}'],
])("that is %s is refused with what to do, and stays as it is", (_, text) => {
  mkdirSync(dirname(path));
  writeFileSync(path, text);
  const read = readPaired(path);
  expect(read.ok ? "" : read.error.message).toMatch(/is not what mote pair writes: delete it/);
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("that cannot be written is told", () => {
  writeFileSync(join(folder, "mote"), "");
  expect(writePaired(path, boards)).toMatch(/paired\.json cannot be written/);
});

test("finds a board by its name, its id, or the last six digits of it", () => {
  for (const name of ["attic", "02006d6f7466", "6F7466"]) expect(pairedNamed(boards, name)).toBe(boards[1]);
  expect(pairedNamed(boards, "f7466")).toBeUndefined();
});

test("lies where the user's settings do", () => {
  expect(pairedPath({ XDG_CONFIG_HOME: "/c" })).toBe("/c/mote/paired.json");
  expect(pairedPath({ XDG_CONFIG_HOME: "here" })).toMatch(/\/\.config\/mote\/paired\.json$/);
});
