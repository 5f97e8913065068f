/** The test vectors of firmware/telemetry/FORMAT.md, read out of it. */
import { readFileSync } from "node:fs";

/** `[time, number]`, `[time, reason]` or `[from, "gap", to, lost]`. */
export type Entry = [number, number] | [number, string] | [number, "gap", number, number];

export interface Vector {
  title: string;
  bytes: Uint8Array;
  /** Whether our encoder writes these bytes. */
  ours: boolean;
  identity?: { install: number; boot: number; seq: number };
  startMs: number;
  channels: { id: number; step: number; decimals: number; periodMs: number; name?: string; unit?: string }[];
  samples: Entry[][];
}

const text = readFileSync(new URL("../../../firmware/telemetry/FORMAT.md", import.meta.url), "utf8");

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.split(" "), (byte) => parseInt(byte, 16));
}

/** `[time, number, count, spacing]` stands for many samples. */
function spread(entry: unknown[]): Entry[] {
  if (entry.length !== 4 || entry[1] === "gap") return [entry as Entry];
  const [atMs, number, count, spacing] = entry as [number, number, number, number];
  return Array.from({ length: count }, (_, i) => [atMs + i * spacing, number]);
}

export function vectors(): Vector[] {
  const found: Vector[] = [];
  for (const part of text.split(/^### /m).slice(1)) {
    const json = /```json\n([\s\S]*?)```/.exec(part)?.[1];
    if (json === undefined) continue;
    const { bytes, encoder, samples, ...rest } = JSON.parse(json) as {
      bytes: string[];
      encoder?: string;
      samples: unknown[][][];
    } & Omit<Vector, "bytes" | "ours" | "samples" | "title">;
    found.push({
      ...rest,
      title: part.slice(0, part.indexOf("\n")),
      bytes: fromHex(bytes.join(" ")),
      ours: encoder === undefined,
      samples: samples.map((channel) => channel.flatMap(spread)),
    });
  }
  return found;
}

export function refused(): { what: string; bytes: Uint8Array }[] {
  const rows = text.slice(text.indexOf("### Refused")).matchAll(/^\| `([0-9a-f ]+)` \| (.*) \|$/gm);
  return Array.from(rows, ([, hex, what]) => ({ what: what!, bytes: fromHex(hex!) }));
}
