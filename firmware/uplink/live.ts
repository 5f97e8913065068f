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

export interface Live {
  readonly counts: Readonly<LiveCounts>;
  channel(name: string, unit: string | undefined): LiveChannel;
  /** A message that is no channel's: what is called to have `text()` sent under `topic` when there is room. */
  notice(topic: string, text: () => string): () => void;
  /** Sends what waits, as far as there is room, in turn. */
  drain(): void;
}

/** A message that may be waiting. Its text is made when it is sent, so a superseded one costs nothing. */
interface Slot {
  /** Encoded once: a publish costs nothing for its topic. */
  readonly topic: TopicName;
  readonly text: (number: number) => string;
  waiting: boolean;
  /** How many the slot was offered so far. */
  number: number;
}

export function live(device: string, publish: Publish): Live {
  const counts: LiveCounts = { emitted: 0, superseded: 0 };
  const slots: Slot[] = [];
  let turn = 0;

  function slot(topic: string, text: (number: number) => string): Slot {
    const name = topicName(topic);
    invariant(name.ok, "names of apps and channels are checked to fit a topic");
    const added: Slot = { topic: name.value, text, waiting: false, number: 0 };
    slots.push(added);
    return added;
  }

  function offer(offered: Slot): void {
    counts.emitted++;
    offered.number++;
    if (offered.waiting) counts.superseded++;
    offered.waiting = true;
    drain();
  }

  /** Begins where the last round ended, so that no channel starves the others. */
  function drain(): void {
    for (let tried = 0; tried < slots.length; tried++) {
      const next = slots[turn]!;
      if (next.waiting) {
        if (!publish(next.topic, next.text(next.number))) return;
        next.waiting = false;
      }
      turn = turn + 1 === slots.length ? 0 : turn + 1;
    }
  }

  return {
    counts,
    drain,
    notice(topic, text) {
      const added = slot(topic, text);
      return () => {
        added.waiting = true;
        drain();
      };
    },
    channel(name, unit) {
      const suffix = unit === undefined ? ',"ms":' : ',"unit":' + JSON.stringify(unit) + ',"ms":';
      let x = 0;
      let error: ReadingError | undefined;
      let atMs = 0;
      const latest = slot(
        channelTopic(device, name),
        (number) => (error === undefined ? '{"value":' + x + suffix : '{"error":"' + error + '","ms":') + atMs + ',"n":' + number + "}",
      );
      let window: Slot | undefined;
      let windowText = "";
      return {
        value(newX, newMs) {
          x = newX;
          error = undefined;
          atMs = newMs;
          offer(latest);
        },
        failed(newError, newMs) {
          error = newError;
          atMs = newMs;
          offer(latest);
        },
        summary(min, max, mean, std, count, newMs) {
          windowText =
            '{"min":' + min + ',"max":' + max + ',"mean":' + mean + ',"std":' + std + ',"count":' + count + ',"ms":' + newMs + ',"n":';
          if (window === undefined) window = slot(summaryTopic(device, name), (number) => windowText + number + "}");
          offer(window);
        },
      };
    },
  };
}
