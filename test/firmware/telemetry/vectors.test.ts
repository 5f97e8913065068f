/** FORMAT.md's vectors against encoder and decoder. */
import { describe, expect, test } from "vitest";
import { decodeBlock } from "../../../host-sim/blocks/decoder.js";
import { decoded, encoderOf, entriesOf, give } from "./entries.js";
import { refused, vectors } from "./vectors.js";

const utf8 = new TextEncoder();

describe("FORMAT.md's vectors", () => {
  test("are there", () => {
    expect(vectors().length).toBeGreaterThanOrEqual(7);
    expect(refused().length).toBeGreaterThanOrEqual(16);
  });

  test.each(vectors())("are decoded to what they mean: $title", ({ bytes, identity, startMs, channels, samples }) => {
    const block = decoded(bytes);
    expect(entriesOf(block)).toEqual(samples);
    expect({ identity: block.identity, startMs: block.startMs, length: block.length }).toEqual({ identity, startMs, length: bytes.length });
    expect(block.channels.map(({ runs: _, ...channel }) => channel)).toEqual(
      channels.map((channel) => ({ name: undefined, unit: undefined, ...channel })),
    );
  });

  test.each(vectors().filter(({ ours }) => ours))("are what our encoder writes: $title", ({ bytes, identity, channels, samples }) => {
    const encoder = encoderOf({
      channels: channels.map(({ id, step, decimals, periodMs }) => ({ id, resolution: step / 10 ** decimals, periodMs })),
      bytesMax: 1024,
      identified: identity !== undefined,
    });
    const calls = samples.flatMap((entries, channel) => entries.map((entry) => ({ channel, entry })));
    calls.sort((a, b) => a.entry[0] - b.entry[0]);
    for (const { channel, entry } of calls) expect(give(encoder, channel, entry, channels[channel]!)).toBe(true);
    expect(Array.from(encoder.finish(identity)!)).toEqual(Array.from(bytes));
  });

  test("with identity and names come out of our encoder with both, whatever it chooses for the rest", () => {
    const { bytes, identity, channels, samples } = vectors().find(({ identity }) => identity !== undefined)!;
    const encoder = encoderOf({
      channels: channels.map(({ id, step, decimals, periodMs, name = "", unit = "" }) => ({
        id,
        resolution: step / 10 ** decimals,
        periodMs,
        name: utf8.encode(name),
        unit: utf8.encode(unit),
      })),
      bytesMax: 1024,
      identified: true,
    });
    encoder.introduce();
    samples.forEach((entries, channel) => entries.forEach((entry) => give(encoder, channel, entry, channels[channel]!)));
    const own = decoded(encoder.finish(identity)!);
    const theirs = decoded(bytes);
    expect(entriesOf(own)).toEqual(samples);
    expect(own.identity).toEqual(theirs.identity);
    expect(own.channels.map(({ name, unit }) => [name, unit])).toEqual(theirs.channels.map(({ name, unit }) => [name, unit]));
  });

  test.each(refused())("are refused: $what", ({ bytes }) => {
    const block = decodeBlock(bytes);
    expect(block.ok).toBe(false);
    if (!block.ok) expect(block.error.message).toMatch(/^byte \d+: /);
  });
});
