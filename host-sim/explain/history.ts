/**
 * How long a board's journal lasts with an app: how far back it reaches, when its flash is worn out, what a power cut costs. Bytes a sample
 * and records a day are those of a short run: the app on a simulated board in a simulated day, through the very recorder and
 * journal that a board has, with nobody to send to. What is reckoned from it is as right as that time is like the others.
 */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { channelFlows, endOf } from "../../firmware/channels.js";
import { schema } from "../../firmware/config/schema.js";
import type { App } from "../../firmware/declaration.js";
import { recordHeaderBytes, recordsAt, reservedBytes, sectorBytes } from "../../firmware/journal/layout.js";
import { limits } from "../../firmware/limits.js";
import { readJournalImage } from "../journal/image.js";
import { nodeEngine } from "../node/engine.js";
import { Simulation } from "../simulation.js";

export interface ExplainedHistory {
  /** Channels that are kept, by name. */
  readonly channels: readonly string[];
  readonly journalBytes: number;
  /** What was run to know it: virtual time, ms, and what it gave. */
  readonly ranMs: number;
  readonly samples: number;
  readonly blocks: number;
  /** Samples a second, missing ones included. */
  readonly perSecond: number;
  /** A block's bytes, and those that it takes in flash, header and padding included. */
  readonly blockBytes: number;
  readonly storedBytes: number;
  /** In flash, what stays unused in sectors included. */
  readonly bytesPerSample: number;
  /** Without a broker, until something must go, ms. */
  readonly holdsMs: number;
  readonly erasesPerDay: number;
  /** Until a sector was erased so often as chips promise, and a tenth of it, years. */
  readonly years: { readonly cycles100000: number; readonly cycles10000: number };
  /** Samples wait so long in RAM at most, s: what a power cut costs. */
  readonly blockS: number;
  /** To send what a day's outage left, or all that the journal holds where that is less, with a round trip of that long, ms. */
  readonly drainMs: number;
  readonly roundTripMs: number;
  /** Of the samples of that run, 0 … 1: where its sensors cannot be simulated, the rest says little. */
  readonly unreadable: number;
  /** Channels without which all would last longer; empty where it lasts long enough. */
  readonly tooFast: readonly string[];
}

/** The run ends at the first of these, but not before the least. */
const least = { blocks: 10, ms: 60_000 };
const most = { blocks: 200, ms: 600_000 };
/** Of apps that say something rarely, ms. */
const longestMs = 6 * 3_600_000;
const dayMs = 86_400_000;
const cycles = 100_000;
/** One sector is being filled, and one is erased ahead. */
const sectorsBusy = 2;
/** Less is hardly what somebody meant. */
const holdsWellMs = 3_600_000;
const livesWellYears = 5;

export interface HistoryOptions {
  readonly roundTripMs: number;
}

/** The failure says why there is nothing to reckon with: nothing is kept, nothing was said, or the app does not run by itself. */
export function explainHistory(app: App, { roundTripMs }: HistoryOptions): Result<ExplainedHistory, "history"> {
  const channels = Object.keys(app.channels).filter((name) => app.channels[name]!.keep !== false);
  if (channels.length === 0) return failure("history", "nothing is kept: no channel, or each says keep: false");
  const run = recorded(app);
  if (!run.ok) return run;
  const { ranMs, blocks, samples, payloadBytes, storedBytes, journalBytes, unreadable } = run.value;
  const sectors = journalBytes / sectorBytes;
  const blockStored = storedBytes / blocks;
  const perSector = Math.floor((sectorBytes - recordsAt - reservedBytes) / blockStored);
  const blockMs = ranMs / blocks;
  const holdsMs = (sectors - sectorsBusy) * perSector * blockMs;
  const erasesPerDay = dayMs / (perSector * blockMs);
  const years = (cycles * sectors) / erasesPerDay / 365.25;
  const kept = Math.min(dayMs, holdsMs) / blockMs;
  return success({
    channels,
    journalBytes,
    ranMs,
    samples,
    blocks,
    perSecond: samples / (ranMs / 1000),
    blockBytes: payloadBytes / blocks,
    storedBytes: blockStored,
    bytesPerSample: (sectorBytes / perSector) * (blocks / samples),
    holdsMs,
    erasesPerDay,
    years: { cycles100000: years, cycles10000: years / 10 },
    blockS: schema.journal.blockS.default,
    drainMs: (kept / limits.drainWindow) * roundTripMs,
    roundTripMs,
    unreadable,
    tooFast: holdsMs >= holdsWellMs && years >= livesWellYears ? [] : fastestOf(app, channels),
  });
}

interface Recorded {
  readonly ranMs: number;
  readonly blocks: number;
  readonly samples: number;
  readonly payloadBytes: number;
  readonly storedBytes: number;
  readonly journalBytes: number;
  readonly unreadable: number;
}

function recorded(app: App): Result<Recorded, "history"> {
  const simulation = new Simulation({ seed: 1, broker: "model", traced: false });
  const { scheduler, broker } = simulation;
  broker.stop("kept");
  const station = simulation.add({ app, engine: (device, settings, witness) => nodeEngine(device, app, settings, witness) });
  try {
    const started = station.powerOn();
    if (!started.ok)
      return failure("history", `not reckoned, as the app does not start in the simulator by itself: ${started.error.message}`);
    const partition = station.board.flash.get("journal")!;
    for (let untilMs = least.ms; ; untilMs += least.ms) {
      scheduler.runUntil(untilMs * 1000);
      const { blocks, samples: taken, readErrors } = station.firmwareCounters();
      const enough = blocks >= most.blocks || (blocks >= least.blocks && untilMs >= most.ms);
      if (!enough && untilMs < longestMs) continue;
      const bytes = new Uint8Array(partition.bytes).fill(0xff);
      for (const [index, sector] of partition.sectors) bytes.set(sector, index * sectorBytes);
      const { records } = readJournalImage(bytes);
      const found = records.filter(({ kind }) => kind === "block");
      if (found.length === 0) return failure("history", `not reckoned: in ${untilMs / 3_600_000} simulated hours no channel said anything`);
      let samples = 0;
      let payloadBytes = 0;
      let storedBytes = 0;
      for (const record of found) {
        samples += record.samples;
        payloadBytes += record.payload.length;
        storedBytes += recordHeaderBytes + Math.ceil(record.payload.length / 16) * 16;
      }
      // What is in RAM still was recorded in that time as well: whole blocks count, and the time that they took.
      const lastMs = found[found.length - 1]!.endMs;
      const unreadable = taken === 0 ? 0 : readErrors / taken;
      return success({
        ranMs: lastMs,
        blocks: found.length,
        samples,
        payloadBytes,
        storedBytes,
        journalBytes: partition.bytes,
        unreadable,
      });
    }
  } catch (thrown) {
    // A driver from elsewhere may need what is not there.
    return failure(
      "history",
      `not reckoned, as the app broke off in the simulator: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  } finally {
    simulation.close();
  }
}

/** Channels that give about as much as the one that gives most. */
function fastestOf(app: App, channels: readonly string[]): string[] {
  const flows = channelFlows(app);
  if (!flows.ok) return [];
  const periodMs = (name: string): number => endOf(flows.value[name]!).periodMs;
  const fastestMs = Math.min(...channels.map(periodMs));
  return channels.filter((name) => periodMs(name) <= 2 * fastestMs);
}
