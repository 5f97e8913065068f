/**
 * Records what channels give into blocks, and has the journal keep each block as it is full, or old enough.
 * What stands in the block under way is in RAM only: a power cut costs that, `blockMs` of samples at most.
 */
import { success, type Result } from "../base/result.js";
import type { ReadingError } from "../base/reading-error.js";
import type { Clock, Timer, Timers } from "../device.js";
import { blockEncoder, type BlockEncoder } from "../telemetry/block-encoder.js";
import type { BlockChannel } from "../telemetry/block-options.js";
import type { Journal } from "./contract.js";

/** Every so many blocks carry names and units, the first of a boot among them. */
const namedEvery = 32;
/** Channels that share a block: with more of them the table would be most of it. */
const channelsOfBlock = 10;

/** Channels with samples closer together than this, ms, are worth the RAM that speed takes. */
const fastMs = 100;

export interface RecordedChannel extends BlockChannel {
  /** How far apart its samples are on average, ms, on a grid or not. */
  readonly spacingMs: number;
}

/** Who takes a channel's samples. Times are whole ms since boot. */
export interface Recording {
  value(x: number, atMs: number): void;
  failed(error: ReadingError, atMs: number): void;
}

export interface RecorderGround {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly journal: Journal;
  /** How old the first sample of a block may become before it is written down, ms. */
  readonly blockMs: number;
  /** Called when the journal has been given a block. */
  readonly onBlock: () => void;
}

/** The channels of one block. A class, since its methods stay in flash. */
class Block {
  /** Samples in all blocks, the one under way included. */
  recorded = 0;
  private readonly ground: RecorderGround;
  private readonly encoder: BlockEncoder;
  private samples = 0;
  private startMs = 0;
  private endMs = 0;
  private blocks = 0;
  private timer: Timer;

  constructor(ground: RecorderGround, encoder: BlockEncoder) {
    this.ground = ground;
    this.encoder = encoder;
    encoder.introduce();
  }

  value(channel: number, x: number, atMs: number): void {
    if (!this.encoder.value(channel, x, atMs)) {
      this.close();
      this.encoder.value(channel, x, atMs);
    }
    this.count(atMs);
  }

  missing(channel: number, error: ReadingError, atMs: number): void {
    if (!this.encoder.missing(channel, error, atMs)) {
      this.close();
      this.encoder.missing(channel, error, atMs);
    }
    this.count(atMs);
  }

  private count(atMs: number): void {
    this.recorded++;
    if (this.samples++ === 0) {
      this.startMs = atMs;
      this.endMs = atMs;
      const { clock, timers, blockMs } = this.ground;
      // The sample may be younger than its grid point; and ahead of a clock that jumped back.
      const leftMs = atMs + blockMs - clock.nowMs();
      this.timer = timers.set(() => this.close(), leftMs > blockMs ? blockMs : leftMs > 0 ? leftMs : 0);
    } else if (atMs > this.endMs) this.endMs = atMs;
    else if (atMs < this.startMs) this.startMs = atMs;
  }

  close(): void {
    const { samples, encoder } = this;
    if (samples === 0) return;
    const { journal, timers, onBlock } = this.ground;
    timers.clear(this.timer);
    this.samples = 0;
    const block = encoder.finish(journal.identity())!;
    const isKept = journal.append(block, samples, this.startMs, this.endMs);
    // Names that were given up are sent again at once.
    if (++this.blocks % namedEvery === 0 || (!isKept && this.blocks % namedEvery === 1)) {
      this.blocks = 0;
      encoder.introduce();
    }
    onBlock();
  }
}

class Lane implements Recording {
  private readonly block: Block;
  private readonly channel: number;

  constructor(block: Block, channel: number) {
    this.block = block;
    this.channel = channel;
  }

  value(x: number, atMs: number): void {
    this.block.value(this.channel, x, atMs);
  }

  failed(error: ReadingError, atMs: number): void {
    this.block.missing(this.channel, error, atMs);
  }
}

export class Recorder {
  /** In the order of the channels it was made with. */
  readonly channels: Recording[] = [];
  private readonly blocks: Block[] = [];

  /** Samples that channels gave, since boot. */
  get recorded(): number {
    let recorded = 0;
    for (const { recorded: each } of this.blocks) recorded += each;
    return recorded;
  }

  /** Closes the blocks under way. What comes after it is recorded too, and lost if nobody closes again. */
  close(): void {
    for (const block of this.blocks) block.close();
  }

  add(block: Block, channels: number): void {
    this.blocks.push(block);
    for (let index = 0; index < channels; index++) this.channels.push(new Lane(block, index));
  }
}

/** `options`: a channel's declaration fits no block; the message names it. */
export function recorder(ground: RecorderGround, channels: readonly RecordedChannel[]): Result<Recorder, "options"> {
  const made = new Recorder();
  for (let first = 0; first < channels.length;) {
    let count = channels.length - first > channelsOfBlock ? channelsOfBlock : channels.length - first;
    let encoder = encoderOf(ground, channels, first, count);
    // Long names take room: fewer channels then.
    while (!encoder.ok && count > 1) encoder = encoderOf(ground, channels, first, --count);
    if (!encoder.ok) return encoder;
    made.add(new Block(ground, encoder.value), count);
    first += count;
  }
  return success(made);
}

function encoderOf({ journal }: RecorderGround, channels: readonly RecordedChannel[], first: number, count: number) {
  const shared = channels.slice(first, first + count);
  const compact = shared.every(({ spacingMs }) => spacingMs >= fastMs);
  return blockEncoder({ channels: shared, bytesMax: journal.blockBytesMax, identified: true, compact });
}
