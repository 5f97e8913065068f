// The second decoder, which FORMAT.md alone made, against the page's vectors, the encoder and the product's decoder.
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ReadingError } from "../../../firmware/base/reading-error.js";
import { blockEncoder } from "../../../firmware/telemetry/block-encoder.js";
import { valueOf, type Block, type Run } from "../../../host-sim/blocks/block.js";
import { decodeBlock } from "../../../host-sim/blocks/decoder.js";
import { drawFrom, mutated, randomBlock, randomBytes, repair } from "./random-blocks.js";
import { decodeSecond, type Decoded, type Entry } from "./second-decoder.js";
import { crc32, groupsOf } from "./second-reader.js";
import { refused, vectors, type Entry as VectorEntry } from "./vectors.js";

interface Resolution {
  step: number;
  decimals: number;
}

function entryOf(entry: VectorEntry, resolution: Resolution): Entry {
  const [timeMs, what] = entry;
  if (entry.length === 4) return { timeMs, endMs: entry[2], lost: entry[3] };
  if (typeof what === "string") return { timeMs, reason: what };
  return { timeMs, number: what, value: (what * resolution.step) / 10 ** resolution.decimals };
}

type Told = Omit<Decoded, "channels"> & { channels: Omit<Decoded["channels"][number], "clocks">[] };

function withoutClocks({ channels, ...rest }: Decoded): Told {
  return { ...rest, channels: channels.map(({ clocks: _clocks, ...told }) => told) };
}

/** What the product's decoder says, in the second's words. */
function told({ startMs, identity, channels }: Block): Told {
  return {
    startMs,
    identity,
    channels: channels.map(({ id, step, decimals, periodMs, name = "", unit = "", runs }) => ({
      ...{ id, step, decimals, periodMs, name, unit },
      entries: runs.flatMap((run) => entriesOf(run, { step, decimals })),
    })),
  };
}

function entriesOf(run: Run, resolution: Resolution): Entry[] {
  if (run.kind === "gap") return [{ timeMs: run.fromMs, endMs: run.toMs, lost: run.lost }];
  if (run.kind === "missing") return run.timesMs.map((timeMs) => ({ timeMs, reason: run.reason }));
  return run.timesMs.map((timeMs, i) => ({ timeMs, number: run.numbers[i]!, value: valueOf(resolution, run.numbers[i]!) }));
}

function decoded(bytes: Uint8Array): Decoded {
  const block = decodeSecond(bytes);
  if (typeof block === "string") throw new Error(`refused: ${block}: ${hex(bytes)}`);
  return block;
}

/** What both decoders say, undefined where they refuse. Throws where they differ. */
function bothSay(bytes: Uint8Array): Told | undefined {
  const second = decodeSecond(bytes);
  const product = decodeBlock(bytes);
  if (typeof second === "string" && !product.ok) return undefined;
  if (typeof second !== "string" && product.ok) {
    const block = withoutClocks(second);
    if (isDeepStrictEqual(block, told(product.value))) return block;
  }
  const says = typeof second === "string" ? `refuses (${second})` : "accepts";
  const others = product.ok ? "accepts" : `refuses (${product.error.message})`;
  throw new Error(`the second decoder ${says}, the product's ${others}: ${hex(bytes)}`);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

describe("the page's own examples", () => {
  const wrong: Record<string, string> = {
    "a bit of a value turned over": "CRC",
    "its last byte is missing": "length",
    "no block": "no block",
    "version 2": "another version",
    "a flag that nobody knows": "unknown flags",
    "a count of 0": "a count of 0",
    "a section of body 6": "body",
    "ends inside of a section": "reads past the end",
    "decimals 13": "decimals",
    "no channel at all": "length",
    "times as before, and there is none before": "times as before",
    "a bit behind the last packed number": "bits behind the last packed number",
    "a group of digits beyond radix^j": "digits beyond the radix",
    "channel 1 of one channel": "place of a channel",
    "a varint of 9 bytes": "a varint too long",
    "a gap beyond the end of time": "a gap beyond time",
  };

  test.each(vectors())("decode to what the page says: $title", ({ bytes, identity, startMs, channels, samples }) => {
    const expected = channels.map((channel, i) => ({
      ...{ name: "", unit: "", ...channel },
      entries: samples[i]!.map((entry) => entryOf(entry, channel)),
    }));
    expect(withoutClocks(decoded(bytes))).toEqual({ startMs, identity, channels: expected });
  });

  test.each(refused())("are refused for what is wrong with them: $what", ({ what, bytes }) => {
    expect(decodeSecond(bytes)).toEqual(wrong[what] ?? expect.any(String));
  });

  test("32 digits of radix 5 are three groups of 24 bits and one of 5, and the CRC is the known one", () => {
    expect(groupsOf(5, 32).map(({ bits }) => bits)).toEqual([24, 24, 24, 5]);
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  });
});

describe("blocks of the encoder", () => {
  const resolutions: Resolution[] = [
    { step: 1, decimals: 0 },
    { step: 1, decimals: 2 },
    { step: 5, decimals: 1 },
    { step: 25, decimals: 2 },
    { step: 1, decimals: 12 },
    { step: 123, decimals: 4 },
    { step: 1_000_000_000, decimals: 0 },
  ];
  const reasons = ["none", "bus", "checksum", "range", "absent", "overflow"];
  const latestMs = 2 ** 52;
  const text = fc.option(fc.string({ unit: "grapheme", maxLength: 8 }), { nil: undefined });
  const channel = fc.record({
    id: fc.oneof(fc.nat(5), fc.nat(16383), fc.constant(16383)),
    resolution: fc.constantFrom(...resolutions),
    periodMs: fc.constantFrom(0, 1, 250, 1000, 60_000, 2 ** 32 - 1),
    name: text,
    unit: text,
  });
  /** What a channel does several times: each value differs from the one before by `walk`, spread over ± `noise`; times likewise. */
  const deed = fc.record({
    channel: fc.nat(4),
    times: fc.oneof({ weight: 3, arbitrary: fc.nat(4) }, { weight: 3, arbitrary: fc.nat(60) }, { weight: 1, arbitrary: fc.constant(300) }),
    what: fc.oneof(
      { weight: 6, arbitrary: fc.constant("value") },
      { weight: 1, arbitrary: fc.constantFrom(...reasons, "NaN", "infinite", "gap", "leap", "close", "introduce") },
    ),
    walk: fc.constantFrom(0, 0, 1, -3, 1000),
    noise: fc.constantFrom(0, 1, 4, 30, 1e6, 2 ** 33),
    leap: fc.oneof(fc.integer(), fc.constantFrom(-(2 ** 50), 2 ** 50, 0)),
    lateMs: fc.constantFrom(0, 0, 0, 3, 777, 1e9),
    jitterMs: fc.constantFrom(0, 0, 1, 5, 200, 40_000),
    lost: fc.oneof(fc.nat(9), fc.constant(latestMs)),
  });
  const scene = fc.record({
    channels: fc.uniqueArray(channel, { minLength: 1, maxLength: 5, selector: ({ id }) => id }),
    deeds: fc.array(deed, { minLength: 1, maxLength: 14 }),
    bytesMax: fc.constantFrom(550, 1024, 4096),
    identified: fc.boolean(),
    startMs: fc.constantFrom(0, 5000, 2 ** 32 - 5000, latestMs - 2 ** 34, latestMs - 50_000),
    seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  });
  type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

  /** Plays the scene: the blocks, and what was put in, by channel. */
  function play({ channels, deeds, bytesMax, identified, startMs, seed }: Scene): { blocks: Uint8Array[]; given: Entry[][] } {
    const draw = drawFrom(seed);
    const utf8 = (s: string | undefined): Uint8Array<ArrayBuffer> | undefined =>
      s === undefined ? undefined : new Uint8Array(new TextEncoder().encode(s).slice(0, 63));
    const made = blockEncoder({
      channels: channels.map(({ id, resolution: { step, decimals }, periodMs, name = "", unit = "" }) => {
        return { id, resolution: step / 10 ** decimals, periodMs, name: utf8(name)!, unit: utf8(unit)! };
      }),
      bytesMax: channels.length > 3 ? Math.max(1024, bytesMax) : bytesMax,
      identified,
    });
    if (!made.ok) throw new Error(made.error.message);
    const encoder = made.value;
    const blocks: Uint8Array[] = [];
    const given: Entry[][] = channels.map(() => []);
    const state = channels.map(() => ({ number: 0, dueMs: startMs }));
    const close = (): void => {
      const bytes = encoder.finish(identified ? { install: 2 ** 32 - 1, boot: 7, seq: blocks.length } : undefined);
      if (bytes !== undefined) blocks.push(bytes.slice());
    };

    for (const { what, ...deed } of deeds) {
      const place = deed.channel % channels.length;
      const { resolution, periodMs } = channels[place]!;
      const own = state[place]!;
      const most = Math.floor(2 ** 50 / resolution.step);
      const put = (entry: Entry, give: () => boolean): void => {
        if (!give()) {
          close();
          if (!give()) throw new Error("an empty block has no room");
        }
        given[place]!.push(entry);
      };
      if (what === "close") close();
      else if (what === "introduce") encoder.introduce();
      else if (what === "leap") own.number = Math.max(-most, Math.min(most, deed.leap));
      else if (what === "gap") {
        const [timeMs, endMs] = [own.dueMs, Math.min(latestMs, own.dueMs + deed.lateMs)];
        put({ timeMs, endMs, lost: deed.lost }, () => encoder.gap(place, timeMs, endMs, deed.lost));
        own.dueMs = endMs;
      } else {
        own.dueMs = Math.min(latestMs, own.dueMs + deed.lateMs);
        for (let i = 0; i < deed.times; i++) {
          const timeMs = Math.max(0, Math.min(latestMs, own.dueMs + draw(2 * deed.jitterMs + 1) - deed.jitterMs));
          own.dueMs = Math.min(latestMs, own.dueMs + (periodMs || 700));
          const spread = draw(Math.min(2 ** 32, 2 * deed.noise + 1)) - Math.min(2 ** 31, deed.noise);
          own.number = Math.max(-most, Math.min(most, own.number + deed.walk + spread));
          const value = (own.number * resolution.step) / 10 ** resolution.decimals;
          if (what === "value") put({ timeMs, number: own.number, value }, () => encoder.values[place]!(value, timeMs));
          else if (what === "NaN") put({ timeMs, reason: "none" }, () => encoder.values[place]!(NaN, timeMs));
          else if (what === "infinite") put({ timeMs, reason: "range" }, () => encoder.values[place]!(-Infinity, timeMs));
          else put({ timeMs, reason: what }, () => encoder.missing(place, what === "none" ? undefined : (what as ReadingError), timeMs));
        }
      }
    }
    close();
    return { blocks, given };
  }

  test("say what was put in, to both decoders alike", () => {
    fc.assert(
      fc.property(scene, (scene) => {
        const { blocks, given } = play(scene);
        const found: Entry[][] = scene.channels.map(() => []);
        blocks.forEach((bytes, seq) => {
          const block = bothSay(bytes);
          if (block === undefined) throw new Error(`refused: ${hex(bytes)}`);
          expect(block.identity).toEqual(scene.identified ? { install: 2 ** 32 - 1, boot: 7, seq } : undefined);
          block.channels.forEach(({ id, step, decimals, name, unit, entries }, i) => {
            const channel = scene.channels[i]!;
            expect({ id, step, decimals }).toEqual({ id: channel.id, ...channel.resolution });
            const isNamed = (bytes[1]! & 2) !== 0;
            expect([name, unit]).toEqual(isNamed ? [channel.name ?? "", channel.unit ?? ""] : ["", ""]);
            found[i]!.push(...entries);
          });
        });
        if (!isDeepStrictEqual(found, given)) expect(found).toEqual(given);
      }),
      { seed: 20_240_817, numRuns: 300 },
    );
  });
});

describe("any bytes are a block to both decoders, and the same one, or to neither", () => {
  test("bytes without a meaning", () => {
    const draw = drawFrom(11);
    for (let run = 0; run < 4000; run++) bothSay(randomBytes(draw));
  });

  test("the page's vectors with a few bytes changed", () => {
    const draw = drawFrom(12);
    const bodies = [...vectors(), ...refused()].map(({ bytes }) => bytes);
    let accepted = 0;
    for (let run = 0; run < 8000; run++) if (bothSay(mutated(bodies[draw(bodies.length)]!, draw)) !== undefined) accepted++;
    expect(accepted).toBeGreaterThan(500);
    expect(accepted).toBeLessThan(7500);
  });

  test("a name that begins with a byte order mark", () => {
    const mark = [0xef, 0xbb, 0xbf];
    const bytes = [0x4d, 0x12, 0, 0, 0, 1, 0, 0x10, 1, 4, ...mark, 0x61, 3, ...mark, 0, 0, 0, 0];
    expect(bothSay(repair(Uint8Array.from(bytes)))?.channels[0]).toMatchObject({ name: "\ufeffa", unit: "\ufeff" });
  });

  test("65,535 samples, and one more", () => {
    const head = [0x4d, 0x10, 0, 0, 0, 1, 0, 0x10, 1];
    const full = Array.from({ length: 257 }, () => [0x41, 255, 0x08]).flat();
    expect(bothSay(repair(Uint8Array.from([...head, ...full, 0, 0, 0, 0])))?.channels[0]?.entries).toHaveLength(65_535);
    expect(bothSay(repair(Uint8Array.from([...head, ...full, 0x41, 1, 0x08, 0, 0, 0, 0])))).toBeUndefined();
  });

  test("blocks with every field drawn", () => {
    const draw = drawFrom(13);
    let accepted = 0;
    for (let run = 0; run < 8000; run++) if (bothSay(randomBlock(draw)) !== undefined) accepted++;
    expect(accepted).toBeGreaterThan(1500);
    expect(accepted).toBeLessThan(6500);
  });
});
