// A second decoder of blocks, written from FORMAT.md alone: it shows that the page is all that a decoder needs,
// and what it and the product's decoder say alike is not a slip of one of them. It is made to be read beside the
// page, in the page's words and order, and not to be fast: numbers are BigInts, a run of bits is a list of bits.

import { type Head, Reader, Refusal, crc32, readHead, readPacked, refuseIf } from "./second-reader.js";

export type Entry =
  | { timeMs: number; number: number; value: number }
  | { timeMs: number; reason: string }
  | { timeMs: number; endMs: number; lost: number };

export interface DecodedChannel {
  id: number;
  step: number;
  decimals: number;
  periodMs: number;
  /** Empty: it has none. */
  name: string;
  /** Empty: it has none. */
  unit: string;
  /** Values, missing samples and gaps, in order. */
  entries: Entry[];
  /** What each clock section left, in order. */
  clocks: { nextMs: number; periodMs: number }[];
}

export interface Decoded {
  startMs: number;
  identity: { install: number; boot: number; seq: number } | undefined;
  channels: DecodedChannel[];
}

/** A channel, and what the page says that a decoder keeps of it. */
interface Channel extends DecodedChannel {
  next: bigint;
  period: bigint;
  last: bigint;
}

/** The last section of values or missing samples: its samples' times, and `next` of its channel after it. */
interface Before {
  times: bigint[];
  next: bigint;
}

const latest = 2n ** 52n;
const reasons = ["none", "bus", "checksum", "range", "absent", "overflow", "unknown", "unknown"];

/** What the block at the begin of the bytes says; or, in a few words, why it is refused. */
export function decodeSecond(bytes: Uint8Array): Decoded | string {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

function decode(bytes: Uint8Array): Decoded {
  const header = new Reader(bytes, bytes.length);
  refuseIf(header.byte() !== 0x4d, "no block");
  const flags = header.byte();
  refuseIf(flags >> 4 !== 1, "another version");
  refuseIf((flags & 0b1100) !== 0, "unknown flags");
  const length = Number(header.unsigned(2));
  refuseIf(length < 13 || length > bytes.length, "length");
  const reader = new Reader(bytes, length - 4, header.at);
  refuseIf(new Reader(bytes, length, length - 4).unsigned(4) !== BigInt(crc32(bytes.subarray(0, length - 4))), "CRC");

  let identity: Decoded["identity"];
  if ((flags & 1) !== 0) {
    identity = { install: Number(reader.unsigned(4)), boot: Number(reader.unsigned(4)), seq: Number(reader.unsigned(4)) };
  }
  const start = reader.varint();
  refuseIf(start > latest, "start");
  const channelCount = reader.byte();
  refuseIf(channelCount < 1 || channelCount > 32, "count of channels");
  const channels: Channel[] = [];
  for (let place = 0; place < channelCount; place++) {
    const channel = readChannel(reader, (flags & 2) !== 0, start);
    refuseIf(
      channels.some((other) => other.id === channel.id),
      "an id twice",
    );
    channels.push(channel);
  }
  readSections(reader, channels);
  return {
    startMs: Number(start),
    identity,
    channels: channels.map(({ next: _next, period: _period, last: _last, ...told }) => told),
  };
}

function readChannel(reader: Reader, names: boolean, start: bigint): Channel {
  const id = reader.varint();
  refuseIf(id > 16383n, "id");
  const resolution = reader.byte();
  const decimals = resolution & 15;
  refuseIf(decimals > 12, "decimals");
  const step = resolution >> 4 === 15 ? reader.varint() : BigInt(resolution >> 4);
  refuseIf(step < 1n || step > 2n ** 50n, "step");
  const period = reader.varint();
  refuseIf(period > 2n ** 32n - 1n, "period");
  const name = names ? reader.text() : "";
  const unit = names ? reader.text() : "";
  const told = { id: Number(id), step: Number(step), decimals, periodMs: Number(period), name, unit };
  return { ...told, entries: [], clocks: [], next: start, period, last: 0n };
}

function readSections(reader: Reader, channels: Channel[]): void {
  let place = 0;
  let count = 32;
  let samples = 0;
  let before: Before | undefined;

  while (!reader.atEnd()) {
    const tag = reader.byte();
    const times = (tag >> 4) & 3;
    const body = tag & 15;
    if ((tag & 0x80) !== 0) place = reader.byte();
    refuseIf(place >= channels.length, "place of a channel");
    const channel = channels[place] as Channel;
    refuseIf(body === 6 || body === 7, "body");
    const hasCount = (tag & 0x40) !== 0;
    refuseIf(hasCount && (body === 4 || body === 5), "a count where there are no samples");

    if (body === 4) readGap(reader, channel, times);
    else if (body === 5) readClock(reader, channel, times);
    else {
      if (hasCount) count = reader.byte();
      refuseIf(count === 0, "a count of 0");
      samples += count;
      refuseIf(samples > 65535, "too many samples");
      before = readSamples(reader, channel, body, times, count, before);
    }
    if (body !== 5) place = (place + 1) % channels.length;
  }
}

function readGap(reader: Reader, channel: Channel, times: number): void {
  refuseIf(times > 1, "times of a gap");
  const lost = reader.varint();
  const begin = channel.next;
  const end = begin + (times === 0 ? lost * channel.period : reader.varint());
  refuseIf(begin < 0n || begin > latest || end < 0n || end > latest, "a gap beyond time");
  channel.entries.push({ timeMs: Number(begin), endMs: Number(end), lost: Number(lost) });
  channel.next = end;
}

function readClock(reader: Reader, channel: Channel, times: number): void {
  refuseIf(times !== 0, "times of a clock section");
  channel.next += reader.zigzag();
  refuseIf(channel.next < 0n || channel.next > latest, "a clock beyond time");
  channel.period = reader.varint();
  refuseIf(channel.period > 2n ** 32n - 1n, "period");
  channel.clocks.push({ nextMs: Number(channel.next), periodMs: Number(channel.period) });
}

function readSamples(reader: Reader, channel: Channel, body: number, how: number, n: number, before: Before | undefined): Before {
  const timesHead = how === 1 || how === 2 ? readHead(reader) : undefined;
  const valuesHead = body <= 3 ? readHead(reader) : undefined;
  const first = body === 2 || body === 3 ? reader.zigzag() : 0n;
  const second = body === 3 ? reader.zigzag() : 0n;
  refuseIf(body === 3 && n === 1, "one sample, but two differences");
  const [timeNumbers, valueNumbers] = readPacked(reader, timesHead, n, valuesHead, n - (body === 2 ? 1 : body === 3 ? 2 : 0));

  const after = how === 3 ? before : timesOf(channel, how, n, timesHead, timeNumbers);
  if (after === undefined || after.times.length !== n) throw new Refusal("times as before");
  refuseIf(
    after.times.some((time) => time < 0n || time > latest),
    "a sample beyond time",
  );
  channel.next = after.next;

  if (body >= 8) {
    for (const time of after.times) channel.entries.push({ timeMs: Number(time), reason: reasons[body - 8] as string });
    return after;
  }
  const values = valuesOf(body, channel.last, first, second, n, valueNumbers);
  values.forEach((x, i) => {
    const scaled = x * BigInt(channel.step);
    refuseIf(scaled > 2n ** 50n || scaled < -(2n ** 50n), "a value too far from 0");
    channel.entries.push({
      timeMs: Number(after.times[i]),
      number: Number(x),
      value: Number(scaled) / Number(10n ** BigInt(channel.decimals)),
    });
  });
  channel.last = values[n - 1] as bigint;
  return after;
}

function timesOf(channel: Channel, how: number, n: number, head: Head | undefined, p: bigint[]): Before {
  const { next, period } = channel;
  const times: bigint[] = [];
  let sum = 0n;
  for (let i = 0; i < n; i++) {
    const g = next + BigInt(i) * period;
    sum += p[i] ?? 0n;
    times.push(how === 0 ? g : how === 1 ? g + (p[i] as bigint) : g + sum);
  }
  if (how === 2) return { times, next: (times[n - 1] as bigint) + period };
  const shift = head === undefined ? 0n : head.low + BigInt(Math.floor(head.radix / 2));
  return { times, next: next + BigInt(n) * period + shift };
}

function valuesOf(body: number, last: bigint, first: bigint, second: bigint, n: number, p: bigint[]): bigint[] {
  if (body === 0) return p.map((one) => last + one);
  const x: bigint[] = [];
  const at = (i: number): bigint => x[i] as bigint;
  for (let i = 0; i < n; i++) {
    if (body === 1) x.push((i === 0 ? last : at(i - 1)) + (p[i] as bigint));
    else if (i === 0) x.push(last + first);
    else if (body === 2) x.push(at(i - 1) + (p[i - 1] as bigint));
    else if (i === 1) x.push(at(0) + second);
    else x.push(2n * at(i - 1) - at(i - 2) + (p[i - 2] as bigint));
  }
  return x;
}
