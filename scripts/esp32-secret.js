/**
 * A board's own secret, which its pairing code spells: read from the board after an upload, and made there once, when it has none.
 * Through esptool, which ESP-IDF brings. It never stands in a command line, and only for a moment in a file, of this user alone.
 */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Of the partition `secret` in partitions.csv; the whole sector is written, so that nothing of an older one is left. */
const sectorBytes = 0x1000;
const recordBytes = 24;
const secretAt = 4;

/** Where the partition begins, from the text of partitions.csv. */
export function secretOffset(csv) {
  const line = /^secret\s*,\s*data\s*,[^,]*,\s*(0x[0-9a-fA-F]+)\s*,/m.exec(csv);
  if (line === null) throw new Error("partitions.csv has no partition secret");
  return Number(line[1]);
}

/**
 * How esptool is called here: `esptool` in its version 5 (ESP-IDF 6), `esptool.py` before, or as a module of Python.
 * @param {(tool: string) => boolean} onPath
 * @returns {{ tool: string, words: string[], dash: string } | undefined}
 */
export function findEsptool(onPath, environment) {
  if (onPath("esptool")) return { tool: "esptool", words: [], dash: "-" };
  if (onPath("esptool.py")) return { tool: "esptool.py", words: [], dash: "_" };
  for (const python of ["python", "python3"]) {
    if (!onPath(python)) continue;
    const asked = spawnSync(python, ["-m", "esptool", "version"], { stdio: "ignore", env: environment });
    if (asked.status === 0) return { tool: python, words: ["-m", "esptool"], dash: "_" };
  }
  return undefined;
}

/**
 * The board's secret: as it is, or made and written where there is none.
 * @param {{ esptool: { tool: string, words: string[], dash: string }, chip: string, port: string | undefined, offset: number,
 *   environment: NodeJS.ProcessEnv, imageOf: (secret: Uint8Array) => Uint8Array }} board
 * @returns {{ secret: Buffer, id: string, made: boolean } | { error: string }}
 */
export function ensureSecret({ esptool, chip, port, offset, environment, imageOf }) {
  const folder = mkdtempSync(join(tmpdir(), "mote-secret-"));
  const file = join(folder, "secret.bin");
  const call = (...words) => {
    const all = [...esptool.words, "--chip", chip, ...(port === undefined ? [] : ["--port", port]), ...words];
    const done = spawnSync(esptool.tool, all, { encoding: "utf8", env: environment });
    return { ok: done.status === 0, said: `${done.stdout ?? ""}${done.stderr ?? ""}` };
  };
  const at = "0x" + offset.toString(16);
  try {
    writeFileSync(file, "", { mode: 0o600 });
    const read = call(`read${esptool.dash}flash`, at, "0x" + sectorBytes.toString(16), file);
    if (!read.ok) return { error: `its secret could not be read: ${lastLine(read.said)}` };
    const id = idIn(read.said) ?? idIn(call(`read${esptool.dash}mac`).said);
    if (id === undefined) return { error: "esptool did not say the chip's address, and without it there is no pairing code" };
    const kept = secretIn(readFileSync(file), imageOf);
    if (kept !== undefined) return { secret: kept, id, made: false };
    const secret = randomBytes(15);
    const sector = Buffer.alloc(sectorBytes, 0xff);
    sector.set(imageOf(secret));
    writeFileSync(file, sector, { mode: 0o600 });
    const written = call(`write${esptool.dash}flash`, at, file);
    return written.ok ? { secret, id, made: true } : { error: `its secret could not be written: ${lastLine(written.said)}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Undefined for what is no record of a secret. */
export function secretIn(image, imageOf) {
  const record = image.subarray(0, recordBytes);
  const secret = Buffer.from(record.subarray(secretAt, secretAt + 15));
  return record.length === recordBytes && Buffer.from(imageOf(secret)).equals(record) ? secret : undefined;
}

/** Twelve small hex digits: the radio's address, by which the firmware knows its board. */
function idIn(said) {
  return /\bMAC:\s*((?:[0-9a-f]{2}:){5}[0-9a-f]{2})(?!:)/i.exec(said)?.[1].replaceAll(":", "").toLowerCase();
}

function lastLine(said) {
  return said.trim().split("\n").pop()?.slice(0, 200) || "esptool said nothing";
}
