/**
 * Whatever is written to Improv's command, and whatever happens meanwhile: nothing is thrown, nothing grows, every
 * result is whole, and a Wi-Fi is joined only for a right frame, told apart by a parser of its own. More steps:
 * MOTE_IMPROV_FUZZ=1000000.
 */
import { expect, test } from "vitest";
import type { Bytes } from "../../../firmware/device.js";
import { random } from "../../../host-sim/world/random.js";
import { bytes, counting, frame, ImprovRig, named, wifi } from "./improv-rig.js";

const steps = Number(process.env["MOTE_IMPROV_FUZZ"] ?? 20_000);

/** Of what was written since the frame before: what a right frame of Wi-Fi settings would ask for. */
function asked(written: readonly number[]): string | undefined {
  const [command, length = 0, ssidLength = 0] = written;
  if (command !== 1 || written.length !== length + 3) return undefined;
  if (written.slice(0, -1).reduce((sum, byte) => sum + byte, 0) % 256 !== written.at(-1)) return undefined;
  const passwordLength = written[3 + ssidLength]!;
  if (ssidLength === 0 || 2 + ssidLength + passwordLength !== length) return undefined;
  const text = (from: number, count: number): string => Buffer.from(written.slice(from, from + count)).toString("utf8");
  return `join ${text(3, ssidLength)} ${text(4 + ssidLength, passwordLength)}`;
}

test(`${steps} writes, right, wrong, split and repeated, never throw, grow, or join without a right frame`, () => {
  const drawn = random(60).split("improv");
  const below = (count: number): number => Math.floor(drawn.fraction() * count);
  const any = (count: number): Bytes => bytes(...Array.from({ length: count }, () => below(256)));
  const rightOnes: (() => Bytes)[] = [
    () => wifi(`net ${below(9)}`, `password ${below(9)}`),
    () => frame(1, any(below(30))),
    () => frame(2 + below(3)),
    () => named(5 + below(2), "shed"),
    () => counting(5 + below(2), "shed"),
    () => frame(5 + below(2)),
    () => frame(below(256), any(below(40))),
  ];
  let rig = new ImprovRig();
  let joins = 0;
  let refused = 0;
  /** Bytes that may belong to the frame under way. */
  let written: number[] = [];
  let waiting: Bytes = bytes();
  for (let step = 0; step < steps; step++) {
    const what = below(100);
    const before = rig.log.length;
    if (what < 70) {
      if (waiting.length === 0) {
        waiting = rightOnes[below(rightOnes.length)]!();
        if (below(4) === 0) waiting[below(waiting.length)]! ^= 1 << below(8);
        if (below(20) === 0) waiting = any(below(600));
      }
      const length = below(3) === 0 ? waiting.length : 1 + below(20);
      const write = waiting.subarray(0, length);
      waiting = below(30) === 0 ? waiting : waiting.subarray(length);
      written = [...written, ...write].slice(-258);
      rig.receive(write, 20 + below(500));
    } else if (what < 78) rig.pass(below(6_000));
    else if (what < 84) rig.joins.shift()?.(below(2) === 0);
    else if (what < 88)
      rig.scans.shift()?.(below(2) === 0 ? undefined : [{ ssid: "x".repeat(below(33)), rssi: -below(100), security: "open" }]);
    else if (what < 91) {
      rig.isOpen = !rig.isOpen;
      if (rig.isOpen) rig.service.opened();
      else rig.service.closed();
    } else if (what < 93) rig.disconnect();
    else if (what < 95) rig.takesSettings = !rig.takesSettings;
    else if (what < 96) rig.joined = !rig.joined;
    else if (what < 97) rig.service.opened();
    const log = rig.log.slice(before);
    for (const each of log.filter((entry) => entry.startsWith("join"))) {
      joins++;
      expect(rig.isOpen).toBe(true);
      // What lies before the frame was dropped at some time: one of the ends of what was written is the frame.
      const frames = written.map((_, from) => asked(written.slice(from)));
      expect(frames).toContain(each);
    }
    refused += log.filter((entry) => /^error [^0]/.test(entry)).length;
    expect(log.length).toBeLessThan(8);
    expect(rig.buffersLeast).toBeGreaterThanOrEqual(0);
    expect(rig.timersMost).toBeLessThanOrEqual(4);
    expect(rig.service.value("result").length).toBeLessThanOrEqual(258);
    if (step % 500 === 499) {
      rig = new ImprovRig();
      written = [];
      waiting = bytes();
    }
  }
  // It was worth something: both outcomes came, and often.
  expect(joins).toBeGreaterThan(steps / 400);
  expect(refused).toBeGreaterThan(steps / 20);
});
