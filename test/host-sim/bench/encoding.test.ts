/** The encodings that blocks are compared with: right, and of the sizes that others measured for them. */
import { describe, expect, test } from "vitest";
import { columnsDecode, columnsEncode, senmlDecode, senmlEncode } from "../../../host-sim/bench/encoding-cbor.js";
import { gorillaDecode, gorillaEncode } from "../../../host-sim/bench/encoding-gorilla.js";
import { expectedSums, sampleWindow, sumsOf, type SampleWindow } from "../../../host-sim/bench/encoding-windows.js";
import { holds } from "../../../host-sim/bench/encoding.js";
import { encoderOf } from "../../firmware/telemetry/entries.js";

const into = new Uint8Array(32768);

describe.each(["smooth", "raw"] as const)("the %s window", (kind) => {
  const window = sampleWindow(kind);

  test("is the reference's", () => {
    expect(sumsOf(window)).toEqual(expectedSums[kind]);
  });

  test.each<[string, (window: SampleWindow) => number, (bytes: Uint8Array) => SampleWindow, Record<typeof kind, number>]>([
    ["Gorilla", (w) => gorillaEncode(w, 1, into), (bytes) => gorillaDecode(bytes, 1), { smooth: 5.0, raw: 7.6 }],
    ["Gorilla of hundredths", (w) => gorillaEncode(w, 100, into), (bytes) => gorillaDecode(bytes, 100), { smooth: 1.58, raw: 2.88 }],
    ["CBOR columns", (w) => columnsEncode(w, into), columnsDecode, { smooth: 6.0, raw: 6.0 }],
    ["SenML-CBOR", (w) => senmlEncode(w, into), senmlDecode, { smooth: 14.6, raw: 20.0 }],
  ])("comes back from %s", (_, encode, decode, size) => {
    const bytes = encode(window);
    expect(decode(into.subarray(0, bytes))).toEqual(window);
    expect(bytes / 1000).toBeCloseTo(size[kind], 1);
  });

  test("takes no more bytes in blocks than are asked", () => {
    const encoder = encoderOf({ channels: [{ id: 0, resolution: 0.01, periodMs: 1000 }], bytesMax: 1024 });
    const blocks: number[][] = [];
    for (let i = 0; i < 1000; i++) {
      if (encoder.values[0]!(window.values[i]!, window.times[i]!)) continue;
      blocks.push([...encoder.finish()!]);
      encoder.values[0]!(window.values[i]!, window.times[i]!);
    }
    blocks.push([...encoder.finish()!]);
    expect(holds(blocks, kind)).toBe(true);
    expect(holds(blocks.slice(1), kind)).toBe(false);
    expect(blocks.flat().length / 1000).toBeLessThanOrEqual({ smooth: 0.65, raw: 1.7 }[kind]);
  });
});
