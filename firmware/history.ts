/**
 * What a board keeps and sends later: channels are recorded into blocks, blocks kept in the journal, the journal
 * drained to whoever confirms. Sampling waits for none of it.
 */
import { failure, success, type Result } from "./base/result.js";
import { type ChannelFlow, endOf } from "./channels.js";
import type { App } from "./declaration.js";
import type { Device } from "./device.js";
import { Care } from "./journal/care.js";
import type { Journal } from "./journal/contract.js";
import { openJournal } from "./journal/journal.js";
import { type RecordedChannel, recorder, type Recorder, type Recording } from "./journal/recorder.js";
import type { Flow } from "./pipeline/flow.js";
import type { Config } from "./settings.js";
import { Drain, type Send } from "./uplink/drain.js";

/** Since boot; `waiting` is of now. */
export interface HistoryCounters {
  /** Samples recorded, missing ones included; the last of them may still be in RAM. */
  recorded: number;
  /** Blocks in flash, and samples given up because it was full. */
  blocks: number;
  dropped: number;
  /** Records that could not be read, and operations that the flash refused. */
  damaged: number;
  flashFailures: number;
  /** Numbers of records that nobody has confirmed yet. */
  waiting: number;
  /** Confirmations that made no sense. */
  strangeAcks: number;
}

export interface HistoryGround {
  readonly device: Device;
  readonly config: Config["journal"];
  readonly send: Send;
  /** When the next sample is due, ms. */
  readonly nextSampleMs: () => number;
}

/** A class, since its methods stay in flash. */
export class History {
  readonly journal: Journal;
  readonly drain: Drain;
  private readonly care: Care;
  private readonly recorder: Recorder;

  constructor(journal: Journal, drain: Drain, care: Care, made: Recorder) {
    this.journal = journal;
    this.drain = drain;
    this.care = care;
    this.recorder = made;
  }

  /** There is perhaps room again, or somebody to send to. */
  pump(): void {
    this.drain.pump();
    this.care.wake();
  }

  counters(): HistoryCounters {
    const { counts, nextSeq, doneSeq } = this.journal;
    return {
      recorded: this.recorder.recorded,
      blocks: counts.blocks,
      dropped: counts.droppedSamples,
      damaged: counts.damaged,
      flashFailures: counts.failures,
      waiting: nextSeq - doneSeq,
      strangeAcks: this.drain.counts.strangeAcks,
    };
  }

  /** Writes down what is recorded; it can still be sent and confirmed until `stop`. */
  close(): void {
    this.recorder.close();
    this.care.stop();
  }

  stop(): void {
    this.drain.stop();
    this.journal.stop();
  }
}

export interface OpenedHistory {
  readonly past: History;
  /** By channel, who records it; not of those that are not kept. Of use while channels are built. */
  readonly recorded: Readonly<Record<string, Recording>>;
}

/** `flash`: see openJournal. `flows`: of each channel's results. */
export function history(ground: HistoryGround, app: App, flows: Readonly<Record<string, ChannelFlow>>): Result<OpenedHistory> {
  const { device, config, send, nextSampleMs } = ground;
  const { clock, timers } = device;
  const opened = openJournal(device, { whenFull: config.whenFull });
  if (!opened.ok) return opened;
  const journal = opened.value;
  const drain = new Drain({ journal, acknowledge: config.acknowledge, timers, send, draw: dice(device) });
  const care = new Care(clock, timers, journal, nextSampleMs);
  const names = Object.keys(app.channels).filter((name) => app.channels[name]!.keep !== false);
  const channels = recordedChannels(names, app, flows);
  const made = recorder({ clock, timers, journal, blockMs: config.blockS * 1000, onBlock: pumping(drain, care) }, channels);
  if (!made.ok) return failure("channel", "channels: " + made.error.message);
  // Without a prototype: an app may name a channel `constructor`.
  const recorded: Record<string, Recording> = Object.create(null);
  for (let index = 0; index < names.length; index++) recorded[names[index]!] = made.value.channels[index]!;
  care.wake();
  return success({ past: new History(journal, drain, care, made.value), recorded });
}

function recordedChannels(names: readonly string[], app: App, flows: Readonly<Record<string, ChannelFlow>>): RecordedChannel[] {
  const ids = Object.keys(app.channels);
  return names.map((name) => recordedChannel(name, ids.indexOf(name), app, endOf(flows[name]!)));
}

function recordedChannel(name: string, id: number, { channels }: App, { periodMs, regular }: Flow): RecordedChannel {
  const { resolution, unit } = channels[name]!;
  const grid = regular && periodMs % 1 === 0 ? periodMs : 0;
  const channel = { id, resolution, periodMs: grid, spacingMs: periodMs, name };
  // A block has room for 63 bytes.
  return unit === undefined ? channel : { ...channel, unit: unit.length > 15 ? unit.slice(0, 15) : unit };
}

// Closures of their own, which hold nothing else of where they are made.

function pumping(drain: Drain, care: Care): () => void {
  return () => {
    drain.pump();
    care.wake();
  };
}

function dice({ random }: Device): () => number {
  return () => {
    const two = new Uint8Array(2);
    random(two);
    return (two[0]! + 256 * two[1]!) / 65536;
  };
}
