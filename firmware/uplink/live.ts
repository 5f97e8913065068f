/**
 * The latest value of each channel, for people and Home Assistant. One slot a channel and kind: a
 * value that the connection has no room for is replaced by the next one and counted as superseded, so
 * memory is bounded however long the broker is away, and the newest value is the one that gets out.
 */
import { invariant } from "../base/invariant.js";
import type { ReadingError } from "../base/reading-error.js";
import { topicName, type TopicName } from "./encode.js";
import { channelTopic, summaryTopic } from "./topics.js";

/** Takes a retained QoS 1 message, or refuses it for want of room. */
export type Publish = (topic: TopicName, payload: string) => boolean;

/** What one channel gives out; `atMs` is the sample's grid point. */
export interface LiveChannel {
  value(x: number, atMs: number): void;
  failed(error: ReadingError, atMs: number): void;
  summary(min: number, max: number, mean: number, std: number, count: number, atMs: number): void;
}

export interface LiveCounts {
  /** Values, errors and summaries that the channels gave out. */
  emitted: number;
  /** Of these, replaced by a newer one before they could be sent. */
  superseded: number;
}

/** A channel's newest result. */
export interface LatestValue {
  readonly channel: string;
  readonly x: number;
  readonly error: ReadingError | undefined;
  readonly unit: string;
  readonly atMs: number;
  /** How many there were so far; 0: none yet. */
  readonly number: number;
}

export interface Live {
  readonly counts: Readonly<LiveCounts>;
  /** Of channel number `index`, from 0, in the order in which they were asked for; undefined behind the last. */
  latest(index: number): LatestValue | undefined;
  channel(name: string, unit: string | undefined): LiveChannel;
  /** A message that is no channel's: what is called to have `text()` sent under `topic` when there is room. */
  notice(topic: string, text: () => string): () => void;
  /** Sends what waits, as far as there is room, in turn. */
  drain(): void;
}

/** A message that may be waiting. Its text is made when it is sent, so a superseded one costs nothing. */
abstract class Slot {
  /** Encoded once: a publish costs nothing for its topic. */
  readonly topic: TopicName;
  waiting = false;
  /** How many the slot was offered so far. */
  number = 0;

  constructor(topic: string) {
    const name = topicName(topic);
    invariant(name.ok, "names of apps and channels are checked to fit a topic");
    this.topic = name.value;
  }

  abstract text(): string;
}

class Notice extends Slot {
  private readonly made: () => string;

  constructor(topic: string, made: () => string) {
    super(topic);
    this.made = made;
  }

  text(): string {
    return this.made();
  }
}

class Latest extends Slot implements LatestValue {
  readonly channel: string;
  x = 0;
  error: ReadingError | undefined;
  atMs = 0;
  readonly unit: string;

  constructor(topic: string, channel: string, unit: string) {
    super(topic);
    this.channel = channel;
    this.unit = unit;
  }

  text(): string {
    const { error, atMs, number, unit } = this;
    const what = error === undefined ? '{"value":' + this.x : '{"error":"' + error + '"';
    const suffix = unit === "" || error !== undefined ? ',"ms":' : ',"unit":' + JSON.stringify(unit) + ',"ms":';
    return what + suffix + atMs + ',"n":' + number + "}";
  }
}

class Summary extends Slot {
  begin = "";

  text(): string {
    return this.begin + this.number + "}";
  }
}

/** A class, as all here: methods stay in flash, and a board has up to 32 of these. */
class ChannelSlots implements LiveChannel {
  private readonly all: Slots;
  private readonly name: string;
  private readonly latest: Latest;
  private window: Summary | undefined;

  constructor(all: Slots, latest: Latest, name: string) {
    this.all = all;
    this.latest = latest;
    this.name = name;
  }

  value(x: number, atMs: number): void {
    const { latest } = this;
    latest.x = x;
    latest.error = undefined;
    latest.atMs = atMs;
    this.all.offer(latest);
  }

  failed(error: ReadingError, atMs: number): void {
    const { latest } = this;
    latest.error = error;
    latest.atMs = atMs;
    this.all.offer(latest);
  }

  summary(min: number, max: number, mean: number, std: number, count: number, atMs: number): void {
    if (this.window === undefined) this.window = this.all.addSummary(this.name);
    this.window.begin =
      '{"min":' + min + ',"max":' + max + ',"mean":' + mean + ',"std":' + std + ',"count":' + count + ',"ms":' + atMs + ',"n":';
    this.all.offer(this.window);
  }
}

class Slots implements Live {
  readonly counts: LiveCounts = { emitted: 0, superseded: 0 };
  private readonly device: string;
  private readonly publish: Publish;
  private readonly slots: Slot[] = [];
  private turn = 0;

  constructor(device: string, publish: Publish) {
    this.device = device;
    this.publish = publish;
  }

  add<Kind extends Slot>(slot: Kind): Kind {
    this.slots.push(slot);
    return slot;
  }

  offer(slot: Slot): void {
    this.counts.emitted++;
    slot.number++;
    if (slot.waiting) this.counts.superseded++;
    slot.waiting = true;
    this.drain();
  }

  /** Begins where the last round ended, so that no channel starves the others. */
  drain(): void {
    const { slots, publish } = this;
    for (let tried = 0; tried < slots.length; tried++) {
      const next = slots[this.turn]!;
      if (next.waiting) {
        if (!publish(next.topic, next.text())) return;
        next.waiting = false;
      }
      this.turn = this.turn + 1 === slots.length ? 0 : this.turn + 1;
    }
  }

  notice(topic: string, text: () => string): () => void {
    const slot = this.add(new Notice(topic, text));
    return () => {
      slot.waiting = true;
      this.drain();
    };
  }

  channel(name: string, unit: string | undefined): LiveChannel {
    const latest = this.add(new Latest(channelTopic(this.device, name), name, unit ?? ""));
    return new ChannelSlots(this, latest, name);
  }

  latest(index: number): LatestValue | undefined {
    let seen = 0;
    for (const slot of this.slots) if (slot instanceof Latest && seen++ === index) return slot;
    return undefined;
  }

  /** Most channels give none. */
  addSummary(channel: string): Summary {
    return this.add(new Summary(summaryTopic(this.device, channel)));
  }
}

export function live(device: string, publish: Publish): Live {
  return new Slots(device, publish);
}
