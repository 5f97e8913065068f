import fc from "fast-check";
import { expect, test } from "vitest";
import { Lan } from "../../../host-sim/world/lan.js";
import { inward, Link, outward } from "../../../host-sim/world/link.js";
import { random } from "../../../host-sim/world/random.js";

const made = (seed = 1): { lan: Lan; link: Link } => {
  const lan = new Lan();
  return { lan, link: new Link(lan, random(seed).split("link")) };
};
const delays = (link: Link, count: number, bytes = 100): number[] => Array.from({ length: count }, () => link.arrivesUs(0, bytes, outward));

test("a packet takes the latency and less than the jitter more", () => {
  const { lan, link } = made();
  const all = delays(link, 1000);
  expect(Math.min(...all)).toBeGreaterThanOrEqual(2000);
  expect(Math.max(...all)).toBeLessThan(3000);
  expect(new Set(all).size).toBeGreaterThan(300);
  lan.jitterUs = 0;
  expect(delays(link, 2)).toEqual([2000, 2000]);
});

test("loss drops its share, two losses each their own, and neither what is spared", () => {
  const { link } = made();
  link.lose(0.3, random(1).split("a"));
  const lost = (all: number[]) => all.filter((us) => us === Infinity).length / all.length;
  expect(Math.abs(lost(delays(link, 5000)) - 0.3)).toBeLessThan(0.03);
  link.lose(0.5, random(1).split("b"));
  expect(Math.abs(lost(delays(link, 5000)) - 0.65)).toBeLessThan(0.03);
  expect(lost(Array.from({ length: 1000 }, () => link.arrivesUs(0, 40, inward, true)))).toBe(0);
});

test("slowness adds up", () => {
  const { lan, link } = made();
  lan.jitterUs = 0;
  link.slow(500_000, 0, random(1));
  expect(delays(link, 1)).toEqual([502_000]);
  link.slow(100_000, 50_000, random(1));
  const all = delays(link, 500);
  expect(Math.min(...all)).toBeGreaterThanOrEqual(602_000);
  expect(Math.max(...all)).toBeLessThan(652_000);
  expect(Math.max(...all)).toBeGreaterThan(645_000);
});

test("the narrowest place lets pass its bytes a second, each way for itself, and drops what would wait more than 10 s", () => {
  const { lan, link } = made();
  lan.jitterUs = 0;
  lan.latencyUs = 0;
  link.narrow(5000);
  link.narrow(1000);
  expect(delays(link, 3, 500)).toEqual([500_000, 1_000_000, 1_500_000]);
  expect(link.arrivesUs(0, 500, inward)).toBe(500_000);
  // After a pause it is free again.
  expect(link.arrivesUs(5_000_000, 500, outward)).toBe(5_500_000);
  const all = Array.from({ length: 40 }, () => link.arrivesUs(5_500_000, 500, outward));
  expect(all.filter((us) => us < Infinity)).toHaveLength(21);
  expect(all.slice(21)).toEqual(Array.from({ length: 19 }, () => Infinity));
});

test("what waited at a narrow place that is gone is not waited for at the next", () => {
  const { lan, link } = made();
  lan.jitterUs = 0;
  lan.latencyUs = 0;
  const heal = link.narrow(10);
  delays(link, 1, 90);
  heal();
  link.narrow(1000);
  expect(delays(link, 1, 500)).toEqual([500_000]);
});

test("whatever faults there were and in whatever order they were healed, afterwards the link is as new", () => {
  type Begin = (link: Link, index: number) => () => void;
  const begins: Begin[] = [
    (link) => link.leaveReach(),
    (link) => link.muteNames(),
    (link, index) => link.lose(index / 10, random(index)),
    (link, index) => link.slow(index * 1000, index * 100, random(index)),
    (link, index) => link.narrow(10 + index),
  ];
  const step = fc.tuple(fc.nat(begins.length - 1), fc.nat(9), fc.boolean());
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.nat(), (steps, order) => {
      const { link } = made();
      const heals: (() => void)[] = [];
      for (const [kind, detail, heal] of steps) {
        heals.push(begins[kind]!(link, detail));
        expect(link.whole).toBe(false);
        link.arrivesUs(0, 1000, outward);
        if (heal) heals.splice(order % heals.length, 1)[0]!();
      }
      while (heals.length > 0) {
        const heal = heals.splice(order % heals.length, 1)[0]!;
        heal();
        heal();
      }
      expect([link.whole, link.inReach, link.answersNames]).toEqual([true, true, true]);
      // A fault's draws and its queues have left no mark: from here on it is a link on which as many packets went.
      const other = made().link;
      for (const _ of steps) other.arrivesUs(0, 1000, outward);
      expect(delays(link, 20, 1e6)).toEqual(delays(other, 20, 1e6));
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("stations are told when the access point comes out of reach, once for each time", () => {
  const { link } = made();
  let dropped = 0;
  link.stations.add({ dropped: () => dropped++ });
  const [first, second] = [link.leaveReach(), link.leaveReach()];
  first();
  expect([dropped, link.inReach]).toEqual([2, false]);
  second();
  expect([dropped, link.inReach]).toEqual([2, true]);
});
