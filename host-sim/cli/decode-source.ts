/** Where `mote decode` finds blocks and gap records: in raw bytes, in hex, in the messages of recorded traffic. */
import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { magic } from "../blocks/decoder.js";
import { gapMagic } from "../blocks/gap.js";

/** Bytes that may hold blocks, one after the other. */
export interface Stretch {
  readonly bytes: Uint8Array;
  /** Where they lie, to begin a message with: a line of the file, or "". */
  readonly place: string;
  /** Whose they are, as far as can be told: the topic. Names are kept apart by it. */
  readonly owner: string;
}

export interface Source {
  readonly stretches: readonly Stretch[];
  /** Messages that are no blocks: those of other topics. */
  readonly others: number;
}

const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder, not a file",
  EACCES: "it may not be read by you",
  ERR_FS_FILE_TOO_LARGE: "it is too large: split it between two blocks",
};

/** A text of Node's is no longer than about 512 MiB. */
const textBytesMax = 400_000_000;

export function readSource(file: string): Result<Source, "file"> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file === "-" ? 0 : file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return failure("file", `${file}: ${reasons[code ?? ""] ?? message}`);
  }
  return sourceOf(file === "-" ? "stdin" : file, bytes);
}

export function sourceOf(name: string, bytes: Buffer): Result<Source, "file"> {
  if (bytes.length === 0) return failure("file", `${name}: it is empty`);
  // These are the letters M and G: neither hex nor JSON begins with them.
  if (bytes[0] === magic || bytes[0] === gapMagic || !isUtf8(bytes))
    return success({ stretches: [{ bytes, place: "", owner: "" }], others: 0 });
  if (bytes.length > textBytesMax) return failure("file", `${name}: it is no block, and too large for hex or traffic: split it`);
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  if (/^\s*\{/.test(text)) return traffic(name, text);
  if (text.startsWith("timestamp,")) {
    return failure("file", `${name}: a recording of readings holds no blocks; record the traffic: mote record --out FILE.jsonl`);
  }
  const wrong = /[^0-9a-fA-F\s]/.exec(text);
  if (wrong !== null) {
    const line = text.slice(0, wrong.index).split("\n").length;
    return failure("file", `${name}:${line}: ${JSON.stringify(wrong[0])} is no hex digit, and blocks are bytes, hex or recorded traffic`);
  }
  const digits = text.replace(/\s/g, "");
  if (digits.length % 2 === 1) return failure("file", `${name}: ${digits.length} hex digits: the last byte has only one`);
  return success({ stretches: [{ bytes: Buffer.from(digits, "hex"), place: "", owner: "" }], others: 0 });
}

function traffic(name: string, text: string): Result<Source, "file"> {
  const stretches: Stretch[] = [];
  let others = 0;
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const place = `${name}:${index + 1}`;
    let message: { topic?: unknown; hex?: unknown; payload?: unknown };
    try {
      message = JSON.parse(line) as typeof message;
    } catch {
      return failure("file", `${place}: it is no JSON; traffic is one object a line, as mote record saves it`);
    }
    const { topic, hex, payload } = message ?? {};
    const bytes = typeof hex === "string" ? Buffer.from(hex, "hex") : Buffer.from(typeof payload === "string" ? payload : "", "utf8");
    const owner = typeof topic === "string" ? topic : "";
    if ((bytes[0] === magic || bytes[0] === gapMagic) && (typeof hex === "string" || owner.endsWith("/data")))
      stretches.push({ bytes, place, owner });
    else others++;
  }
  if (stretches.length === 0) return failure("file", `${name}: none of its ${others} messages is a block`);
  return success({ stretches, others });
}
