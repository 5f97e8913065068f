/** What was lost, as it adds up, and the gap record that tells it (FORMAT.md, "A gap"). */
import { crc32 } from "../base/crc32.js";
import type { Bytes } from "../device.js";
import { putUint } from "../telemetry/block-header.js";
import { gapBytes, gapFlag, putUint48, uint32, uint48 } from "./layout.js";

export class Loss {
  flags = 0;
  /** Number of the first record lost; `records` is 0 where none had a number. */
  first = 0;
  records = 0;
  samples = 0;
  /** Of these, in blocks, rather than told by gaps. */
  blockSamples = 0;
  private fromBoot = 0;
  private fromMs = 0;
  private toBoot = 0;
  private toMs = 0;
  private timed = false;

  /** A block of that boot, whose samples lie from `fromMs` to `toMs`. To be told in order. */
  block(samples: number, boot: number, fromMs: number, toMs: number): void {
    this.samples += samples;
    this.blockSamples += samples;
    this.span(boot, fromMs, boot, toMs);
  }

  /** A gap that is itself given up: what it told is told on. */
  gap(payload: Bytes): void {
    this.flags |= payload[1]! & 7;
    this.samples += uint32(payload, 24);
    const first = uint32(payload, 16);
    const records = uint32(payload, 20);
    if (records > 0 && first < this.first) {
      this.records += this.first - first;
      this.first = first;
    }
    if ((payload[1]! & gapFlag.timesUnknown) === 0)
      this.span(uint32(payload, 28), uint48(payload, 32), uint32(payload, 40), uint48(payload, 44));
  }

  private span(fromBoot: number, fromMs: number, toBoot: number, toMs: number): void {
    if (!this.timed || fromBoot < this.fromBoot || (fromBoot === this.fromBoot && fromMs < this.fromMs)) {
      this.fromBoot = fromBoot;
      this.fromMs = fromMs;
    }
    if (!this.timed || toBoot > this.toBoot || (toBoot === this.toBoot && toMs > this.toMs)) {
      this.toBoot = toBoot;
      this.toMs = toMs;
    }
    this.timed = true;
  }

  /** Writes the 64 bytes. */
  write(into: Bytes, install: number, boot: number, seq: number, why: number): void {
    const { timed } = this;
    into.fill(0, 0, gapBytes);
    into[0] = 0x47;
    into[1] = 0x10 | this.flags | (timed ? 0 : gapFlag.timesUnknown);
    putUint(into, 2, gapBytes, 2);
    putUint(into, 4, install, 4);
    putUint(into, 8, boot, 4);
    putUint(into, 12, seq, 4);
    putUint(into, 16, this.first, 4);
    putUint(into, 20, this.records, 4);
    putUint(into, 24, this.samples, 4);
    if (timed) {
      putUint(into, 28, this.fromBoot, 4);
      putUint48(into, 32, this.fromMs);
      putUint(into, 40, this.toBoot, 4);
      putUint48(into, 44, this.toMs);
    }
    into[52] = why;
    putUint(into, 60, crc32(into, 0, 60), 4);
  }
}
