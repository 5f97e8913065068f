/** Closures of a contact are counted as they were, whatever bounces. */
import { expect, test } from "vitest";
import { PulseSource } from "../../../host-sim/world/chips/pulse-source.js";
import { constant } from "../../../host-sim/world/chips/signal.js";
import { DigitalLine } from "../../../host-sim/world/pins.js";
import { Contact } from "../../../host-sim/invariants/contact.js";

test("a thousand bouncing closures are a thousand", () => {
  const line = new DigitalLine();
  let nowUs = 0;
  const contact = new Contact(line, () => nowUs);
  const source = new PulseSource({ seed: 7, ratePerS: constant(3) });
  while (source.closures < 1000) {
    const edge = source.next(nowUs);
    nowUs = edge.atUs;
    line.drive(edge.level);
  }
  nowUs += 70_000;
  expect(contact.closures).toBe(1000);
});

test("a closure counts once it has held for 20 ms, also while it lasts, and one that was there at the start does not", () => {
  const line = new DigitalLine();
  let nowUs = 0;
  line.drive(0);
  const contact = new Contact(line, () => nowUs);
  const move = (atMs: number, level: 0 | 1): void => {
    nowUs = atMs * 1000;
    line.drive(level);
  };
  nowUs = 50_000;
  expect(contact.closures).toBe(0);
  move(100, 1);
  move(200, 0);
  move(215, 1);
  expect(contact.closures).toBe(0);
  move(300, 0);
  nowUs = 319_999;
  expect(contact.closures).toBe(0);
  nowUs = 320_000;
  expect(contact.closures).toBe(1);
  contact.reset();
  expect(contact.closures).toBe(0);
});
