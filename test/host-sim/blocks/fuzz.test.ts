/** Whatever the bytes: the decoder gives a block or an error, soon, and never more samples than a block may have. */
import { expect, test } from "vitest";
import { crc32 } from "../../../firmware/base/crc32.js";
import { sampleCount } from "../../../host-sim/blocks/block.js";
import { decodeBlock } from "../../../host-sim/blocks/decoder.js";
import { encoderOf } from "../../firmware/telemetry/entries.js";
import { refused, vectors } from "../../firmware/telemetry/vectors.js";

function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function long(): Uint8Array {
  const encoder = encoderOf({ channels: [0, 1, 2].map((id) => ({ id, resolution: 0.01, periodMs: 1000 })), bytesMax: 400 });
  const draw = generator(99);
  for (let i = 0; ; i++) {
    for (let channel = 0; channel < 3; channel++) {
      if (!encoder.values[channel]!(draw(40) / 100, 1000 * i + (channel === 2 ? draw(5) : 0))) return encoder.finish()!.slice();
    }
  }
}

/** As the sender would have had it, were these his bytes: length and CRC fit. */
function repair(bytes: Uint8Array): void {
  if (bytes.length < 8) return;
  bytes[2] = bytes.length;
  bytes[3] = bytes.length >> 8;
  const crc = crc32(bytes, 0, bytes.length - 4);
  for (let i = 0; i < 4; i++) bytes[bytes.length - 4 + i] = crc >>> (8 * i);
}

/** Decodes, and checks what must hold of any outcome. True when it was a block. */
function survives(bytes: Uint8Array): boolean {
  const block = decodeBlock(bytes);
  if (!block.ok) {
    if (!block.error.message.startsWith("byte ")) throw new Error(block.error.message);
    return false;
  }
  if (block.value.length > bytes.length || sampleCount(block.value) > 65_535) throw new Error("beyond the bounds");
  return true;
}

const whole = vectors().map(({ bytes }) => bytes);
const bodies = [...vectors(), ...refused()].map(({ bytes }) => bytes).concat([long()]);

test("300,000 random byte strings", () => {
  const draw = generator(1);
  for (let run = 0; run < 300_000; run++) {
    const bytes = new Uint8Array(draw(80));
    for (let i = 0; i < bytes.length; i++) bytes[i] = draw(256);
    if (bytes.length > 12 && run % 2 === 0) {
      bytes.set([0x4d, 0x10 | draw(4)], 0);
      repair(bytes);
    }
    survives(bytes);
  }
});

test("200,000 blocks cut short or with a byte changed are refused unless nothing was changed", () => {
  const draw = generator(2);
  for (let run = 0; run < 200_000; run++) {
    const body = whole[draw(whole.length)]!;
    const bytes = body.slice(0, run % 2 === 0 ? draw(body.length) : body.length);
    if (run % 2 === 1) {
      const at = draw(bytes.length);
      bytes[at] = bytes[at]! ^ (1 + draw(255));
    }
    if (survives(bytes)) throw new Error(`taken for a block: ${Buffer.from(bytes).toString("hex")}`);
  }
});

test("500,000 blocks changed with their CRC repaired, some of them blocks still", () => {
  const draw = generator(3);
  let blocks = 0;
  for (let run = 0; run < 500_000; run++) {
    let bytes = bodies[draw(bodies.length)]!.slice();
    for (let changes = 1 + draw(4); changes > 0; changes--) {
      const at = draw(bytes.length);
      switch (draw(5)) {
        case 0:
          bytes[at] = draw(256);
          break;
        case 1:
          bytes[at] = bytes[at]! ^ (1 << draw(8));
          break;
        case 2:
          bytes[at] = [0, 1, 0x7f, 0x80, 0xf0, 0xff][draw(6)]!;
          break;
        case 3: {
          const from = draw(bytes.length);
          bytes.copyWithin(at, from, from + draw(9));
          break;
        }
        default:
          bytes = bytes.slice(0, bytes.length - draw(3));
      }
    }
    repair(bytes);
    if (survives(bytes)) blocks++;
  }
  expect(blocks).toBeGreaterThan(10_000);
});
