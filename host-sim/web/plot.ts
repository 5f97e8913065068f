/** One channel's card: its newest value, and raw readings against what left the board, over a window of time. */
import uPlot from "uplot";
import { make, say } from "./dom.js";
import { reading, shortClock } from "./format.js";
import type { ChannelInfo, Points } from "./protocol.js";
import { colours } from "./theme.js";

const rowsMax = 9000;
const rowsKept = 8192;
const font = "11px system-ui, sans-serif";

/** Undefined spans two points of the other series; null is a gap. */
type Column = (number | null | undefined)[];

export class ChannelPlot {
  readonly element: HTMLElement;
  readonly #info: ChannelInfo;
  readonly #value = make("output", { class: "value" });
  readonly #raw = make("span", { class: "rawvalue" });
  readonly #note = make("p", { class: "note soft" });
  readonly #place = make("div", { class: "plot" });
  #plot: uPlot | undefined;
  #x: number[] = [];
  #rawY: Column = [];
  #outY: Column = [];
  #latestRaw: number | null | undefined;
  #latestOut: number | null | undefined;
  #lastOut: { readonly atS: number; readonly value: number } | undefined;
  #nowS = 0;
  #error: string | undefined;
  #summary: string | undefined;
  #fromS = 0;
  #toS = 1;
  #dirty = true;

  constructor(info: ChannelInfo) {
    this.#info = info;
    this.element = make(
      "article",
      { class: "card", "aria-label": info.name },
      make(
        "div",
        { class: "cardhead" },
        make("h3", {}, info.name),
        this.#note,
        make("p", { class: "now" }, this.#value, make("span", { class: "unit" }, info.unit)),
        this.#raw,
      ),
      this.#place,
    );
    say(this.#value, "–");
    this.#say();
  }

  /** To be called once the card stands in the page. */
  mount(): void {
    this.#plot = new uPlot(this.#options(), [[], [], []], this.#place);
    new ResizeObserver(() => {
      const { clientWidth, clientHeight } = this.#place;
      if (clientWidth > 0) this.#plot?.setSize({ width: clientWidth, height: clientHeight });
    }).observe(this.#place);
  }

  clear(): void {
    this.#x = [];
    this.#rawY = [];
    this.#outY = [];
    this.#latestRaw = undefined;
    this.#latestOut = undefined;
    this.#lastOut = undefined;
    this.#dirty = true;
  }

  add({ rawMs, raw, outMs, out, error, summary }: Points): void {
    for (let index = 0; index < rawMs.length; index++) this.#put(rawMs[index]! / 1000, this.#rawY, raw[index]!);
    for (let index = 0; index < outMs.length; index++) this.#put(outMs[index]! / 1000, this.#outY, out[index]!);
    if (raw.length > 0) this.#latestRaw = raw[raw.length - 1];
    if (out.length > 0) {
      const value = out[out.length - 1]!;
      this.#latestOut = value;
      this.#lastOut = value === null ? undefined : { atS: outMs[out.length - 1]! / 1000, value };
    }
    this.#error = error;
    this.#summary = summary;
    if (this.#x.length > rowsMax) {
      const drop = this.#x.length - rowsKept;
      for (const column of [this.#x, this.#rawY, this.#outY]) column.splice(0, drop);
    }
    this.#dirty = true;
  }

  /** Draws the window that ends now; nothing where nothing changed. */
  draw(nowS: number, windowS: number): void {
    const fromS = windowS === 0 ? Math.min(this.#x[0] ?? 0, nowS) : Math.max(0, nowS - windowS);
    const toS = windowS === 0 ? Math.max(nowS, fromS + 1) : fromS + windowS;
    if (!this.#dirty && fromS === this.#fromS && toS === this.#toS) return;
    this.#fromS = fromS;
    this.#toS = toS;
    this.#nowS = nowS;
    if (this.#dirty) this.#say();
    this.#dirty = false;
    this.#plot?.setData([this.#x, this.#rawY, this.#outY]);
  }

  recolour(): void {
    this.#plot?.redraw(false, true);
  }

  /** In order of time, though messages are about samples a little earlier. */
  #put(atS: number, column: Column, value: number | null): void {
    const x = this.#x;
    let index = x.length;
    while (index > 0 && x[index - 1]! > atS) index--;
    if (index > 0 && x[index - 1] === atS) {
      column[index - 1] = value;
      if (column === this.#outY && value !== null) this.#breakBefore(index - 1);
      return;
    }
    if (index === x.length) {
      x.push(atS);
      this.#rawY.push(undefined);
      this.#outY.push(undefined);
    } else {
      x.splice(index, 0, atS);
      this.#rawY.splice(index, 0, undefined);
      this.#outY.splice(index, 0, undefined);
    }
    column[index] = value;
    if (column === this.#outY && value !== null) this.#breakBefore(index);
  }

  /** A gap reaches from the point before it to the one after it, though the other series has points in between. What holds is seen to. */
  #breakBefore(index: number): void {
    if (this.#info.holds) return;
    const column = this.#outY;
    let back = index - 1;
    while (back >= 0 && column[back] === undefined) back--;
    if (back < 0 || column[back] !== null) return;
    for (let at = index - 1; at >= 0 && column[at] == null; at--) column[at] = null;
  }

  #say(): void {
    const { resolution, stages } = this.#info;
    const text = (value: number | null | undefined): string => (value == null ? "–" : reading(value, resolution));
    // Until something has left the board, what its sensor reads is the first thing to see.
    const shown = this.#latestOut === undefined ? this.#latestRaw : this.#latestOut;
    say(this.#value, text(shown));
    say(this.#raw, this.#error === undefined ? `raw ${text(this.#latestRaw)}` : `no reading: ${this.#error}`);
    this.#raw.classList.toggle("wrong", this.#error !== undefined);
    say(this.#note, this.#summary ?? (stages === "" ? "as it was read" : stages));
    this.#note.title = stages;
  }

  #options(): uPlot.Options {
    const axis = { stroke: () => colours().soft, font, grid: { stroke: () => colours().line, width: 1 }, ticks: { show: false } };
    const range = (_plot: uPlot, least: number | null, most: number | null): [number, number] => padded(least, most, this.#info.resolution);
    const outScale = this.#info.ownScale ? "out" : "y";
    return {
      width: Math.max(100, this.#place.clientWidth),
      height: Math.max(80, this.#place.clientHeight),
      padding: [6, 16, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: "time" }, drag: { x: false, y: false }, points: { size: 6 }, y: false },
      scales: { x: { time: false, range: () => [this.#fromS, this.#toS] }, y: { range }, out: { range } },
      axes: [
        { ...axis, size: 22, gap: 3, space: 60, values: (_, values) => values.map(shortClock) },
        { ...axis, size: 54, gap: 4, space: 26, values: (_, values) => values.map((value) => String(Number(value.toPrecision(10)))) },
      ],
      series: [
        {},
        { scale: "y", stroke: () => colours().raw, width: 1, points: { show: false } },
        {
          scale: outScale,
          stroke: () => colours().out,
          width: 2,
          points: { show: false, size: 4, filter: lonely },
          ...(this.#info.holds ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
        },
      ],
      hooks: {
        setCursor: [(plot) => this.#pointed(plot)],
        draw: [(plot) => this.#hold(plot, outScale)],
      },
    };
  }

  /** A value that holds does so until now. */
  #hold(plot: uPlot, scale: string): void {
    const last = this.#lastOut;
    if (!this.#info.holds || last === undefined) return;
    const { ctx } = plot;
    const y = plot.valToPos(last.value, scale, true);
    ctx.save();
    ctx.strokeStyle = colours().out;
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(Math.max(plot.bbox.left, plot.valToPos(last.atS, "x", true)), y);
    ctx.lineTo(plot.valToPos(this.#nowS, "x", true), y);
    ctx.stroke();
    ctx.restore();
  }

  /** What stood where the pointer is. */
  #pointed({ cursor }: uPlot): void {
    const index = cursor.idx;
    if (index == null || cursor.left === undefined || cursor.left < 0) return this.#say();
    const at = this.#x[index];
    if (at === undefined) return;
    const near = (column: Column): string => {
      for (let back = index; back >= 0 && index - back < 50; back--) {
        const value = column[back];
        if (value != null) return reading(value, this.#info.resolution);
        if (value === null) break;
      }
      return "–";
    };
    say(this.#raw, `raw ${near(this.#rawY)}`);
    say(this.#value, near(this.#outY));
    say(this.#note, `at ${shortClock(at)}`);
  }
}

/** Points of the window between two gaps, which no line shows. */
function lonely(plot: uPlot, series: number): number[] {
  const values = plot.data[series]!;
  const [from, to] = plot.series[0]!.idxs ?? [0, -1];
  const found: number[] = [];
  let last = -1;
  let inLine = 0;
  for (let index = from; index <= to; index++) {
    const value = values[index];
    if (value === undefined) continue;
    if (value === null) {
      if (inLine === 1) found.push(last);
      inLine = 0;
    } else {
      last = index;
      inLine++;
    }
  }
  if (inLine === 1) found.push(last);
  return found;
}

/** A tenth of room above and below. A line that hardly changes lies in the middle: noise in the last digit is not to look like weather. */
function padded(least: number | null, most: number | null, resolution: number): [number, number] {
  if (least == null || most == null) return [0, 1];
  const height = most > least ? Math.max((most - least) * 1.2, 0.05, 4 * resolution) : Math.max(1, Math.abs(most) * 0.02);
  const middle = (least + most) / 2;
  return [middle - height / 2, middle + height / 2];
}
