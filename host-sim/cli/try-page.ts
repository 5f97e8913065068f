/** A tried chain as one page that needs nothing but itself: raw against result, over time, to zoom into. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../xs/modules.js";
import { plotsFolder, sheets } from "../dashboard/assets.js";
import { delayIsAbout } from "../chain/chain-run.js";
import { timeText } from "../scenario/schema-time.js";
import { counted } from "./lines.js";
import type { Tried } from "./try.js";
import { missingWords } from "./try-text.js";

/** More points than this are thinned out, the least and the greatest of each stretch kept. */
const pointsMax = 100_000;

export function tryPage(tried: Tried): string {
  const look = sheets(root)
    .map((file) => readFileSync(file, "utf8"))
    .join("");
  const library = readFileSync(join(plotsFolder(), "uPlot.iife.min.js"), "utf8");
  const { series, output, words, file } = tried;
  const raw = thinned(series.timesMs, series.values);
  const out = thinned(output.timesMs, output.values);
  const data = { dated: series.dated, raw, out, ownScale: !alike(series.values, output.values) };
  const title = `${words.join(" → ")} on ${file}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${look}
main { padding: 16px; display: grid; gap: 8px; align-content: start; }
h1 { font-size: 18px; }
figure { margin: 0; }
</style>
</head>
<body>
<main>
<h1>${words.map(escaped).join(" → ")}</h1>
<p class="soft">${escaped(file)}, ${escaped(series.name)}: ${told(tried)} Drag to zoom, double-click to see all.</p>
<figure id="plots"></figure>
</main>
<script>${library}</script>
<script>
const data = ${JSON.stringify(data).replaceAll("<", "\\u003c")};
${drawing}
</script>
</body>
</html>
`;
}

function told({ series, output }: Tried): string {
  const part = (values: readonly number[], noun: string, way: string): string => {
    const missing = values.reduce((count, value) => (Number.isNaN(value) ? count + 1 : count), 0);
    return `${counted(values.length, noun)} ${way}${missing === 0 ? "" : ` (${missingWords(missing, values.length)})`}`;
  };
  const delayMs = Math.round(output.flows[output.flows.length - 1]!.delayMs);
  const late = delayMs > 0 ? ` Slow changes show ${delayIsAbout(output.flows) ? "about " : ""}${timeText(delayMs)} late.` : "";
  return `${part(series.values, "sample", "in")}, ${part(output.values, "result", "out")}.${late}`;
}

/** Runs in the page. Two plots one above the other where the result has a scale of its own. */
const drawing = `
const place = document.getElementById("plots");
const drawn = (name) => { const probe = document.createElement("i"); probe.style.color = "var(" + name + ")"; document.body.append(probe); const seen = getComputedStyle(probe).color; probe.remove(); return seen; };
const seconds = (column) => column.map((ms) => ms / 1000);
const sync = uPlot.sync("try");
const time = data.dated ? {} : { label: "Time", value: (plot, s) => (s == null ? "--" : uPlot.fmtNum(s) + " s") };
const span = data.dated ? {} : { values: (plot, splits) => splits.map((s) => (s == null ? "" : uPlot.fmtNum(s) + " s")) };
const axes = () => [{ ...span, stroke: drawn("--soft"), grid: { stroke: drawn("--line"), width: 1 }, ticks: { stroke: drawn("--line") } }, { stroke: drawn("--soft"), size: 70, grid: { stroke: drawn("--line"), width: 1 }, ticks: { stroke: drawn("--line") } }];
const width = () => Math.max(280, place.clientWidth);
let shown = [];
function plot(columns, lines, height) {
  const element = document.createElement("div");
  place.append(element);
  const made = new uPlot({ width: width(), height, series: [time, ...lines], axes: axes(), scales: { x: { time: data.dated } }, cursor: { sync: { key: sync.key } } }, columns, element);
  shown.push({ made, height });
}
function draw() {
  for (const { made } of shown) made.destroy();
  shown = [];
  place.replaceChildren();
  const raw = { label: "raw", stroke: drawn("--raw"), width: 1, points: { show: data.raw.ms.length < 200 } };
  const out = { label: "result", stroke: drawn("--out"), width: 2, spanGaps: false, points: { show: data.out.ms.length < 200 } };
  const rawColumns = [seconds(data.raw.ms), data.raw.values];
  const outColumns = [seconds(data.out.ms), data.out.values];
  const tall = Math.max(220, innerHeight - 260);
  if (data.ownScale) {
    plot(rawColumns, [raw], tall / 2);
    plot(outColumns, [out], tall / 2);
  } else plot(uPlot.join([rawColumns, outColumns], [[1], [1]]), [raw, out], tall);
}
draw();
addEventListener("resize", () => { for (const { made, height } of shown) made.setSize({ width: width(), height }); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
`;

interface Points {
  readonly ms: number[];
  /** null where a reading is missing. */
  readonly values: (number | null)[];
}

function thinned(timesMs: readonly number[], values: readonly number[]): Points {
  const ms: number[] = [];
  const kept: (number | null)[] = [];
  const stretch = Math.max(1, Math.ceil((2 * values.length) / pointsMax));
  const keep = (index: number): void => {
    ms.push(timesMs[index]!);
    kept.push(Number.isNaN(values[index]) ? null : Number(values[index]!.toPrecision(9)));
  };
  for (let begin = 0; begin < values.length; begin += stretch) {
    const end = Math.min(values.length, begin + stretch);
    let low = begin;
    let high = begin;
    for (let i = begin; i < end; i++) {
      if (!(values[i]! >= values[low]!)) low = i;
      if (!(values[i]! <= values[high]!)) high = i;
    }
    keep(Math.min(low, high));
    if (low !== high) keep(Math.max(low, high));
  }
  return { ms, values: kept };
}

/** Whether both can be read on one scale. */
function alike(raw: readonly number[], out: readonly number[]): boolean {
  const span = (values: readonly number[]): readonly [number, number] => {
    let low = Infinity;
    let high = -Infinity;
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return [low, high];
  };
  const [low, high] = span(raw);
  const [outLow, outHigh] = span(out);
  const room = high - low;
  return outLow >= low - room && outHigh <= high + room && outHigh - outLow > room / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
