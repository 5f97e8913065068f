/**
 * A broker that is away for a day: six channels at 1 Hz of smooth indoor signals, the journal full of them, and the
 * drain when the broker is back. Counted outside the board: from its drivers and from what reaches the broker.
 */
import { success } from "../../firmware/base/result.js";
import type { App } from "../../firmware/declaration.js";
import type { Analog, AnalogOptions } from "../../firmware/device.js";
import type { Driver, Sample } from "../../firmware/sensing/driver.js";
import { sampleCount } from "../blocks/block.js";
import { readPayload } from "../collector/payload.js";
import { nodeEngine } from "../node/engine.js";
import { Simulation } from "../simulation.js";
import type { Link } from "../world/link.js";
import type { Benchmark, Row } from "./benchmark.js";

export const dayMs = 86_400_000;
/** Before the broker goes, and after it is back. */
const beforeMs = 60_000;
const afterMs = 600_000;
/** An erase at worst (W25Q32JV, AC characteristics, tSE), ms. */
export const eraseWorstMs = 400;
const quantities = ["a", "b", "c", "d", "e", "f"] as const;

/** As the windows that encodings are measured on (encoding-windows.ts), each quantity from another part of it. */
class Indoor implements Driver {
  readonly #input: Analog;
  readonly #sample: Record<string, Record<string, number>> = { room: {} };
  #noise = 2463534242 | 0;
  #samples = 0;

  constructor({ sensor }: { sensor: AnalogOptions & { io: new (pin: AnalogOptions) => Analog } }) {
    this.#input = new sensor.io({ pin: sensor.pin });
  }

  sample(): Sample {
    this.#input.read();
    const values = this.#sample["room"]!;
    const t = this.#samples++;
    for (const [index, quantity] of quantities.entries()) {
      const x = 20 + 5 * Math.sin(t / 500 + index) + (this.#draw() / 4294967296 - 0.5) * 0.4;
      values[quantity] = t === 0 ? x : 0.1 * x + 0.9 * values[quantity]!;
    }
    return this.#sample;
  }

  close(): void {
    this.#input.close();
  }

  #draw(): number {
    let noise = this.#noise;
    noise ^= noise << 13;
    noise ^= noise >>> 17;
    noise ^= noise << 5;
    this.#noise = noise;
    return noise >>> 0;
  }
}

const app: App = {
  name: "indoor",
  sensors: { room: { driver: Indoor, on: "analog", everyMs: 1000 } },
  channels: Object.fromEntries(quantities.map((name) => [name, { from: `room.room.${name}`, resolution: 0.01 }])),
};

export interface OutageOptions {
  readonly awayMs: number;
  /** Times at which the board's power goes for two seconds, ms. */
  readonly cutsMs?: readonly number[];
  /** How long an erase lasts, ms; 45 where it is not said. */
  readonly eraseMs?: number;
  /** What becomes of its link when the broker is back. */
  readonly link?: (link: Link) => void;
  /** How long it is watched from then on, ms. */
  readonly watchedMs?: number;
}

export interface OutageOutcome {
  /** Samples of channels that drivers gave, those in blocks that reached the broker, and those that gaps tell of. */
  readonly given: number;
  readonly delivered: number;
  readonly gaps: number;
  /** How long after the broker was back the board had nothing waiting any more, s; Infinity: it never came to that. */
  readonly drainS: number;
  /** How long after its grid point the latest sample began, ms, while all this went on. */
  readonly worstLateMs: number;
  /** While it drains: the longest time without a live value at the broker, and without a record, s. */
  readonly liveGapS: number;
  readonly historyGapS: number;
  /** Of blocks that reached the broker. */
  readonly bytesPerSample: number;
  readonly blocks: number;
  /** Of the journal's sectors, those with records in them when the broker was back. */
  readonly sectorsUsed: number;
  readonly sectors: number;
}

export function outage({ awayMs, cutsMs = [], eraseMs, link, watchedMs = afterMs }: OutageOptions): OutageOutcome {
  const backMs = beforeMs + awayMs;
  let given = 0;
  let drainS = Infinity;
  let worstLateMs = 0;
  const seen = new Set<number>();
  const outcome = { delivered: 0, gaps: 0, bytes: 0, blocks: 0 };
  const simulation = new Simulation({
    seed: 1,
    broker: "model",
    traced: false,
    events: { onSample: () => (given += quantities.length) },
  });
  const { scheduler, broker } = simulation;
  const station = simulation.add({ app, engine: (device, settings, witness) => nodeEngine(device, app, settings, witness) });
  const { trouble, sectors, bytes } = station.board.flash.get("journal")!;
  if (eraseMs !== undefined) trouble.slow(eraseMs * 1000);
  const longest = { live: 0, history: 0 };
  const last = { live: Infinity, history: Infinity };
  const heard = (what: "live" | "history"): void => {
    const nowS = scheduler.nowUs / 1e6;
    if (drainS === Infinity) longest[what] = Math.max(longest[what], nowS - last[what]);
    last[what] = last[what] === Infinity && scheduler.nowUs < backMs * 1000 ? Infinity : nowS;
  };
  broker.onMessage = ({ topic, payload }) => {
    if (topic.endsWith("/a")) heard("live");
    if (!topic.endsWith("/data")) return;
    heard("history");
    const read = readPayload(payload);
    if (!read.ok) throw new Error(read.error.message);
    if (seen.has(read.value.identity.seq)) return;
    seen.add(read.value.identity.seq);
    if (read.value.kind === "gap") outcome.gaps++;
    else {
      outcome.delivered += sampleCount(read.value.block);
      outcome.bytes += payload.length;
      outcome.blocks++;
    }
  };
  const look = (): void => {
    if (station.powered) worstLateMs = Math.max(worstLateMs, station.firmwareCounters().worstLateMs);
  };
  for (const atMs of cutsMs) {
    scheduler.at(atMs * 1000 - 1, look);
    station.cutPowerAt(atMs * 1000);
    scheduler.at((atMs + 2000) * 1000, () => station.powerOn());
  }
  station.powerOn();
  scheduler.runUntil(beforeMs * 1000);
  const start = broker.stop("kept");
  scheduler.runUntil(backMs * 1000);
  const sectorsUsed = sectors.size;
  start();
  link?.(station.board.link);
  for (let s = 1; s <= watchedMs / 1000; s++) {
    scheduler.runUntil((backMs + s * 1000) * 1000);
    if (drainS === Infinity && station.firmwareCounters().waiting === 0) drainS = s;
  }
  look();
  simulation.close();
  return {
    given,
    delivered: outcome.delivered,
    gaps: outcome.gaps,
    drainS,
    worstLateMs,
    liveGapS: longest.live,
    historyGapS: longest.history,
    bytesPerSample: outcome.bytes / outcome.delivered,
    blocks: outcome.blocks,
    sectorsUsed,
    sectors: bytes / 4096,
  };
}

/** Half a minute after the power went it has come back: ten times in the day. */
export const dailyCutsMs = Array.from({ length: 10 }, (_, index) => beforeMs + 0.09 * dayMs * (index + 1));

/** Of six channels at 1 Hz in the minute that a block may wait in RAM: what a power cut costs, and what has not left at the end. */
const blockSamples = 360;

export const outageOfDay: Benchmark = {
  name: "outage",
  run() {
    const rows: Row[] = [];
    const quiet = outage({ awayMs: dayMs });
    const broken = outage({ awayMs: dayMs, cutsMs: dailyCutsMs, eraseMs: eraseWorstMs });
    for (const [name, cuts, { given, delivered, gaps, drainS, worstLateMs, bytesPerSample, sectorsUsed, sectors }] of [
      ["a day without a broker", 0, quiet],
      ["with ten power cuts, erases of 400 ms", dailyCutsMs.length, broken],
    ] as const) {
      rows.push(
        { what: `${name}: samples recorded`, measured: given },
        { what: `${name}: samples that arrived`, measured: delivered, limit: { atLeast: given - (cuts + 1) * blockSamples } },
        { what: `${name}: gaps told`, measured: gaps, limit: { equal: 0 } },
        { what: `${name}: sectors filled, of ${sectors}`, measured: sectorsUsed, limit: { atMost: sectors } },
        { what: `${name}: a sample on the wire`, measured: bytesPerSample, unit: "bytes" },
        { what: `${name}: drained after`, measured: drainS, unit: "s", limit: { atMost: 300 } },
        { what: `${name}: worst sample delay`, measured: worstLateMs, unit: "ms", limit: { atMost: eraseWorstMs } },
      );
    }
    return success(rows);
  },
};
