/** Blocks as people and programs read them: a table a block, CSV rows a sample, one JSON object a block. */
import { type Block, type BlockSeries, sampleCount, valueOf } from "./block.js";

/** Names and units that earlier blocks told, by channel id. */
export type Names = ReadonlyMap<number, { readonly name: string; readonly unit: string }>;

/** Missing stretches and gaps that are told one by one, a channel. */
const troublesMax = 8;

function nameOf(series: BlockSeries, names: Names): string {
  return printable(series.name || names.get(series.id)?.name || "");
}

function unitOf(series: BlockSeries, names: Names): string {
  return printable(series.unit || names.get(series.id)?.unit || "");
}

/** A block may be anybody's: what a terminal would obey is shown as �. */
function printable(text: string): string {
  return text.replace(/[\p{C}\p{Z}]/gu, (c) => (c === " " ? c : "�"));
}

function text(series: BlockSeries, number: number): string {
  return valueOf(series, number).toFixed(series.decimals);
}

/** `3d 04:05:06.789`, since boot. */
export function bootTime(ms: number): string {
  const days = Math.floor(ms / 86_400_000);
  const pad = (x: number, width = 2): string => String(Math.floor(x)).padStart(width, "0");
  const clock = `${pad((ms / 3_600_000) % 24)}:${pad((ms / 60_000) % 60)}:${pad((ms / 1000) % 60)}.${pad(ms % 1000, 3)}`;
  return days === 0 ? clock : `${days.toLocaleString("en")}d ${clock}`;
}

interface Digest {
  values: number;
  missing: number;
  gaps: number;
  fromMs: number;
  toMs: number;
  least: number;
  most: number;
  sum: number;
  troubles: string[];
}

function digest({ runs }: BlockSeries): Digest {
  const all: Digest = {
    values: 0,
    missing: 0,
    gaps: 0,
    fromMs: Infinity,
    toMs: -Infinity,
    least: Infinity,
    most: -Infinity,
    sum: 0,
    troubles: [],
  };
  for (const run of runs) {
    const fromMs = run.kind === "gap" ? run.fromMs : run.timesMs[0]!;
    const toMs = run.kind === "gap" ? run.toMs : run.timesMs[run.timesMs.length - 1]!;
    all.fromMs = Math.min(all.fromMs, fromMs);
    all.toMs = Math.max(all.toMs, toMs);
    if (run.kind === "values") {
      all.values += run.numbers.length;
      for (const number of run.numbers) {
        if (number < all.least) all.least = number;
        if (number > all.most) all.most = number;
        all.sum += number;
      }
    } else if (run.kind === "missing") {
      all.missing += run.timesMs.length;
      const why = run.reason === "none" ? "no reason told" : run.reason;
      all.troubles.push(`${bootTime(fromMs)}  ${run.timesMs.length} missing: ${why}`);
    } else {
      all.gaps++;
      const lost = run.lost === 0 ? "nobody knows how many samples lost" : `${run.lost.toLocaleString("en")} samples lost`;
      all.troubles.push(`${bootTime(fromMs)}  gap until ${bootTime(toMs)}, ${lost}`);
    }
  }
  return all;
}

const heads = ["id", "channel", "samples", "missing", "gaps", "from", "to", "least", "mean", "greatest", "unit"];
/** Columns of words stand left, numbers right. */
const left = new Set(["channel", "unit"]);

/** `title` says where the block came from. */
export function blockText(title: string, block: Block, names: Names): string {
  const samples = sampleCount(block);
  const { identity } = block;
  const each = samples === 0 ? "" : `, ${(block.length / samples).toFixed(2)} B a sample`;
  const whose = identity === undefined ? "" : `, install ${hex(identity.install)} boot ${identity.boot} seq ${identity.seq}`;
  const lines = [`${title}: ${samples.toLocaleString("en")} samples in ${block.length.toLocaleString("en")} bytes${each}${whose}`];
  const rows = [heads];
  const troubles: string[] = [];
  for (const series of block.channels) {
    const all = digest(series);
    const none = all.values === 0;
    rows.push([
      String(series.id),
      nameOf(series, names),
      all.values.toLocaleString("en"),
      all.missing === 0 ? "" : all.missing.toLocaleString("en"),
      all.gaps === 0 ? "" : all.gaps.toLocaleString("en"),
      all.fromMs === Infinity ? "" : bootTime(all.fromMs),
      all.fromMs === Infinity ? "" : bootTime(all.toMs),
      none ? "" : text(series, all.least),
      none ? "" : text(series, all.sum / all.values),
      none ? "" : text(series, all.most),
      unitOf(series, names),
    ]);
    const who = nameOf(series, names) || `id ${series.id}`;
    for (const trouble of all.troubles.slice(0, troublesMax)) troubles.push(`  ${who}  ${trouble}`);
    const more = all.troubles.length - troublesMax;
    if (more > 0) troubles.push(`  ${who}  and ${more.toLocaleString("en")} more such: --csv tells all`);
  }
  const shown = heads.map((_, column) => rows.some((row, index) => index > 0 && row[column] !== ""));
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows) {
    const cells = row.map((cell, column) => (left.has(heads[column]!) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)));
    lines.push(("  " + cells.filter((_, column) => shown[column]).join("  ")).trimEnd());
  }
  return [...lines, ...troubles].join("\n") + "\n";
}

function hex(x: number): string {
  return x.toString(16).padStart(8, "0");
}

export const csvHead = "block,install,boot,seq,channel,name,unit,at_ms,value,missing,gap_until_ms,lost";

/** A row a sample, missing sample or gap, in the order of the block. */
export function* csvRows(number: number, block: Block, names: Names): Generator<string> {
  const { identity } = block;
  const whose = identity === undefined ? ",," : `${identity.install},${identity.boot},${identity.seq}`;
  for (const series of block.channels) {
    const head = `${number},${whose},${series.id},${cell(nameOf(series, names))},${cell(unitOf(series, names))}`;
    for (const run of series.runs) {
      if (run.kind === "gap") yield `${head},${run.fromMs},,,${run.toMs},${run.lost}`;
      else if (run.kind === "missing") for (const atMs of run.timesMs) yield `${head},${atMs},,${run.reason},,`;
      else for (let i = 0; i < run.numbers.length; i++) yield `${head},${run.timesMs[i]!},${text(series, run.numbers[i]!)},,,`;
    }
  }
}

function cell(content: string): string {
  return /[",]/.test(content) ? `"${content.replaceAll('"', '""')}"` : content;
}

/** One line. `samples` are `[ms, value]`, `[ms, null, reason]` and `{gap}`. */
export function blockJson(number: number, block: Block, names: Names): string {
  const channels = block.channels.map((series) => ({
    id: series.id,
    name: nameOf(series, names) || undefined,
    unit: unitOf(series, names) || undefined,
    resolution: series.step / 10 ** series.decimals,
    periodMs: series.periodMs,
    samples: series.runs.flatMap((run): unknown[] => {
      if (run.kind === "gap") return [{ gap: [run.fromMs, run.toMs], lost: run.lost }];
      if (run.kind === "missing") return run.timesMs.map((atMs) => [atMs, null, run.reason]);
      return run.timesMs.map((atMs, i) => [atMs, valueOf(series, run.numbers[i]!)]);
    }),
  }));
  return JSON.stringify({ block: number, bytes: block.length, ...block.identity, startMs: block.startMs, channels });
}
