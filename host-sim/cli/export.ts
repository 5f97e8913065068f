/** `mote export`: samples of a store as CSV or JSON on stdout. Returns the exit code. */
import { once } from "node:events";
import { channelNames, csvRow, deviceNames, exported, exportHead, jsonRow } from "../collector/export.js";
import { readStore, type Store } from "../collector/store.js";
import { storeTrouble } from "../collector/trouble.js";
import { shown } from "./collect-voice.js";
import { complain } from "./complaint.js";
import type { ExportOptions } from "./export-options.js";
import { quoted } from "./words.js";

/** Text is handed on in pieces of so many characters. */
const pieceLength = 256 * 1024;

export async function exportSamples(options: ExportOptions): Promise<number> {
  const opened = readStore(options.store);
  if (!opened.ok) return complain(opened.error.message, 1);
  const store = opened.value;
  try {
    const unknown = unknownName(store, options);
    if (unknown !== undefined) return complain(`${options.store}: ${unknown}`, 1);
    const rows = await write(store, options);
    if (rows === 0) return complain(`${options.store}: no sample in that time: mote gaps --store ${options.store} shows what there is`, 0);
    return 0;
  } catch (error) {
    const trouble = storeTrouble(error, options.store);
    if (trouble === undefined) throw error;
    return complain(trouble.message, 1);
  } finally {
    store.close();
  }
}

async function write(store: Store, options: ExportOptions): Promise<number> {
  const { stdout } = process;
  let rows = 0;
  let gone = false;
  stdout.on("error", () => (gone = true));
  let piece = options.form === "csv" ? exportHead + "\n" : "";
  const row = options.form === "csv" ? csvRow : jsonRow;
  for (const sample of exported(store, options)) {
    piece += row(sample) + "\n";
    rows++;
    if (piece.length < pieceLength) continue;
    // A slow reader is waited for: else all rows would wait in memory.
    if (!stdout.write(piece)) await Promise.race([once(stdout, "drain"), once(stdout, "close")]).catch(() => (gone = true));
    piece = "";
    if (gone) return rows;
  }
  stdout.write(piece);
  return rows;
}

export function unknownName(
  store: Store,
  { device, channel }: { device?: string | undefined; channel?: string | undefined },
): string | undefined {
  const devices = deviceNames(store);
  if (device !== undefined && !devices.includes(device)) return `no device ${quoted(device)}; there ${listed(devices)}`;
  if (channel === undefined) return undefined;
  const channels = channelNames(store, device);
  return channels.includes(channel) ? undefined : `no channel ${quoted(channel)}; there ${listed(channels)}`;
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return "are none yet";
  const some = names.slice(0, 20).map(shown).join(", ");
  return names.length === 1 ? `is ${some}` : `are ${some}${names.length > 20 ? ` and ${names.length - 20} more` : ""}`;
}
