/** The sections of a block: each adds a run to its channel, or sets its clock. */
import type { BlockSeries, MissingReason, Run } from "./block.js";
import type { BlockReader } from "./reader.js";

const timeMax = 2 ** 52;
const unitsMax = 2 ** 50;
const samplesMax = 65_535;
const periodMax = 2 ** 32 - 1;
const radixMax = 2 ** 30;
const reasons: readonly MissingReason[] = ["none", "bus", "checksum", "range", "absent", "overflow", "unknown", "unknown"];

interface Column {
  low: number;
  radix: number;
}

interface Clock {
  next: number;
  period: number;
  last: number;
}

export function readSections(reader: BlockReader, startMs: number, channels: readonly (BlockSeries & { runs: Run[] })[]): void {
  const clocks: Clock[] = channels.map(({ periodMs }) => ({ next: startMs, period: periodMs, last: 0 }));
  let expected = 0;
  let count = 32;
  let samples = 0;
  let before: { timesMs: readonly number[]; next: number } | undefined;

  while (reader.at < reader.end) {
    const start = reader.at;
    const tag = reader.byte("a section");
    const body = tag & 15;
    const timesCode = (tag >> 4) & 3;
    const index = (tag & 0x80) === 0 ? expected : reader.byte("a section's channel");
    if (index >= channels.length) reader.refuse(`a section of channel ${index}, and there are ${channels.length}`, reader.at - 1);
    const channel = channels[index]!;
    const clock = clocks[index]!;
    expected = body === 5 ? index : (index + 1) % channels.length;
    if (body === 6 || body === 7) reader.refuse(`a section of body ${body}, which is not known here`, start);
    if (body === 4 || body === 5) {
      if ((tag & 0x40) !== 0) reader.refuse("a gap or clock section has no count", start);
      if (body === 5) setClock(reader, clock, timesCode, start);
      else channel.runs.push(readGap(reader, clock, timesCode, start));
      continue;
    }
    if ((tag & 0x40) !== 0) count = reader.byte("a section's count");
    if (count === 0) reader.refuse("a section of 0 samples", reader.at - 1);
    samples += count;
    if (samples > samplesMax) reader.refuse(`more than ${samplesMax} samples`, start);

    const times = timesCode === 1 || timesCode === 2 ? readHead(reader, "the times") : undefined;
    const values = body < 4 ? readHead(reader, "the values") : undefined;
    const first = body === 2 || body === 3 ? reader.zigzag("the first value") : 0;
    const second = body === 3 ? reader.zigzag("the second value") : 0;
    const taken = body === 3 ? 2 : body === 2 ? 1 : 0;
    if (body === 3 && count < 2) reader.refuse("differences of differences of 1 value", start);
    const packedTimes = times === undefined ? [] : reader.packed(count, times.low, times.radix, "the times");
    const numbers = values === undefined ? [] : reader.packed(count - taken, values.low, values.radix, "the values");
    reader.endPacked();

    let timesMs: readonly number[];
    if (timesCode === 3) {
      if (before === undefined) reader.refuse("times as in the section before, and there is none", start);
      if (before.timesMs.length !== count) reader.refuse(`times of ${before.timesMs.length} samples before, and these are ${count}`, start);
      timesMs = before.timesMs;
      clock.next = before.next;
    } else timesMs = tellTimes(reader, clock, count, timesCode, packedTimes, times, start);
    before = { timesMs, next: clock.next };

    if (values === undefined) channel.runs.push({ kind: "missing", reason: reasons[body - 8]!, timesMs });
    else {
      if (taken === 2) numbers.unshift(first, second);
      else if (taken === 1) numbers.unshift(first);
      tellValues(reader, clock, body, numbers, Math.floor(unitsMax / channel.step), start);
      channel.runs.push({ kind: "values", timesMs, numbers });
    }
  }
}

function setClock(reader: BlockReader, clock: Clock, timesCode: number, start: number): void {
  if (timesCode !== 0) reader.refuse("a clock section with times", start);
  clock.next += reader.zigzag("what the clock is set forward");
  if (!(clock.next >= 0 && clock.next <= timeMax)) reader.refuse(`the clock is set to ${clock.next} ms, outside of all times`, start);
  clock.period = reader.varint("the period", periodMax);
}

function readGap(reader: BlockReader, clock: Clock, timesCode: number, start: number): Run {
  if (timesCode > 1) reader.refuse(`a gap with times ${timesCode}`, start);
  const lost = reader.varint("how many samples are lost");
  const fromMs = clock.next;
  const toMs = fromMs + (timesCode === 0 ? lost * clock.period : reader.varint("the gap's length"));
  if (!(fromMs >= 0 && toMs <= timeMax)) reader.refuse(`a gap from ${fromMs} to ${toMs} ms, outside of all times`, start);
  clock.next = toMs;
  return { kind: "gap", fromMs, toMs, lost };
}

function readHead(reader: BlockReader, what: string): Column {
  const head = reader.byte(`the head of ${what}`);
  if (head < 0xf0) return { radix: (head >> 4) + 1, low: (head & 15) - 8 };
  if (head > 0xf0) reader.refuse(`the head of ${what} is ${head.toString(16)}, which is not known here`, reader.at - 1);
  const radix = reader.varint(`the radix of ${what}`, radixMax - 1) + 1;
  return { radix, low: reader.zigzag(`the least of ${what}`) };
}

function tellTimes(
  reader: BlockReader,
  clock: Clock,
  count: number,
  code: number,
  packed: readonly number[],
  head: Column | undefined,
  start: number,
): number[] {
  const { next, period } = clock;
  const timesMs: number[] = [];
  let sum = 0;
  let atMs = 0;
  for (let i = 0; i < count; i++) {
    sum = code === 0 ? 0 : code === 1 ? packed[i]! : sum + packed[i]!;
    atMs = next + i * period + sum;
    if (!(atMs >= 0 && atMs <= timeMax)) reader.refuse(`a sample at ${atMs} ms, outside of all times`, start);
    timesMs.push(atMs);
  }
  if (code === 2) clock.next = atMs + period;
  else clock.next = next + count * period + (code === 1 ? head!.low + Math.floor(head!.radix / 2) : 0);
  return timesMs;
}

/** Turns what was packed into the values, in place. */
function tellValues(reader: BlockReader, clock: Clock, body: number, numbers: number[], most: number, start: number): void {
  const { last } = clock;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!;
    if (body === 0 || i === 0) numbers[i] = last + number;
    else if (body === 3 && i > 1) numbers[i] = 2 * numbers[i - 1]! - numbers[i - 2]! + number;
    else numbers[i] = numbers[i - 1]! + number;
    if (!(numbers[i]! <= most && numbers[i]! >= -most)) reader.refuse(`the value ${numbers[i]} lies beyond 2^50 units`, start);
  }
  clock.last = numbers[numbers.length - 1]!;
}
