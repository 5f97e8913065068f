import fc from "fast-check";
import { expect, test } from "vitest";
import { outward } from "../../../host-sim/world/link.js";
import { random } from "../../../host-sim/world/random.js";
import { boardData, boardSyn, peerData, peerSyn } from "../../../host-sim/world/retransmission.js";
import { SegmentPipe, type Waits } from "../../../host-sim/world/segment-pipe.js";
import { bench } from "./bench.js";

const waits: Waits = [1_000_000, 2_000_000, 4_000_000];

function pipe(seed = 1, waiting: Waits = waits) {
  const made = bench(seed);
  const arrived: [number, number][] = [];
  const self = {
    ...made,
    arrived,
    gaveUpMs: [] as number[],
    pipe: new SegmentPipe(made.scheduler, made.link, outward, waiting, () => self.gaveUpMs.push(made.scheduler.nowUs / 1000)),
    send: (number: number) => self.pipe.send(made.scheduler.nowUs, 100, () => arrived.push([number, made.scheduler.nowUs / 1000])),
    numbers: () => arrived.map(([number]) => number),
  };
  return self;
}

test("a segment that is lost is sent again after each wait, and those behind it arrive with it", () => {
  const { link, pass, send, arrived } = pipe();
  link.up = false;
  send(1);
  pass(10);
  link.up = true;
  send(2);
  send(3);
  pass(950);
  expect(arrived).toEqual([]);
  pass(50);
  expect(arrived.map(([number, ms]) => [number, Math.floor(ms)])).toEqual([
    [1, 1002],
    [2, 1002],
    [3, 1002],
  ]);
});

test("a segment behind the first that was lost as well follows a way later", () => {
  const { link, pass, send, arrived } = pipe();
  link.up = false;
  send(1);
  send(2);
  pass(10);
  link.up = true;
  send(3);
  pass(2000);
  expect(arrived.map(([number]) => number)).toEqual([1, 2, 3]);
  const [first, second, third] = arrived.map(([, ms]) => ms);
  expect(second! - first!).toBeGreaterThanOrEqual(2);
  expect(second! - first!).toBeLessThan(3.1);
  expect(third).toBe(second);
});

test("after the last wait the sender gives up, once, and nothing of it arrives any more", () => {
  const { link, pass, send, arrived, gaveUpMs } = pipe();
  link.up = false;
  send(1);
  send(2);
  pass(6999);
  expect(gaveUpMs).toEqual([]);
  pass(2);
  expect(gaveUpMs).toEqual([7000]);
  link.up = true;
  pass(60_000);
  expect([arrived, gaveUpMs]).toEqual([[], [7000]]);
  send(3);
  pass(10);
  expect(arrived.map(([number]) => number)).toEqual([3]);
});

test("once a segment is through, the patience with the next begins anew", () => {
  const { link, pass, send, numbers, gaveUpMs } = pipe();
  for (const number of [1, 2, 3, 4]) {
    link.up = false;
    send(number);
    pass(2000);
    link.up = true;
    pass(2000);
  }
  expect([numbers(), gaveUpMs]).toEqual([[1, 2, 3, 4], []]);
});

test("at any loss short of all, all arrives once and in order, or the sender gives up and what arrived is where it began", () => {
  const rounds = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 90 }), fc.array(fc.nat(3000), { minLength: 1, maxLength: 40 }));
  let gaveUp = 0;
  fc.assert(
    fc.property(rounds, ([seed, percent, gapsMs]) => {
      const made = pipe(seed);
      made.link.lose(percent / 100, random(seed));
      made.link.slow(0, 100_000, random(seed));
      gapsMs.forEach((gapMs, index) => {
        if (made.gaveUpMs.length === 0) made.send(index);
        made.pass(gapMs);
      });
      made.pass(1_000_000);
      expect(made.numbers()).toEqual(made.numbers().map((_, index) => index));
      if (made.gaveUpMs.length === 0) expect(made.numbers()).toHaveLength(gapsMs.length);
      else gaveUp++;
      expect([made.pipe.idle, made.gaveUpMs.length <= 1]).toEqual([true, true]);
    }),
    { seed: 1, numRuns: 200 },
  );
  expect(gaveUp).toBeGreaterThan(5);
});

test("a severed pipe lets nothing pass, and its sender gives up as ever", () => {
  const { pipe: severed, pass, send, arrived, gaveUpMs } = pipe();
  send(1);
  severed.sever();
  pass(500);
  send(2);
  pass(60_000);
  expect([arrived, gaveUpMs]).toEqual([[], [7000]]);
});

test("when the sender loses its memory, what is on the air arrives, and what was lost is not sent again", () => {
  const flying = pipe();
  flying.send(1);
  flying.pipe.forget();
  flying.pass(10_000);
  expect(flying.numbers()).toEqual([1]);
  // A sender that begins anew is patient again.
  flying.link.up = false;
  flying.send(2);
  flying.pass(10);
  flying.link.up = true;
  flying.pass(2000);
  expect(flying.numbers()).toEqual([1, 2]);
  for (const lostBefore of [true, false]) {
    const { link, pipe: forgetful, pass, send, arrived, gaveUpMs } = pipe();
    link.up = false;
    send(1);
    if (lostBefore) pass(10);
    forgetful.forget();
    pass(10);
    link.up = true;
    pass(60_000);
    expect([arrived, gaveUpMs, forgetful.idle]).toEqual([[], [], true]);
    link.up = false;
    send(2);
    pass(10);
    link.up = true;
    pass(2000);
    expect(arrived).toHaveLength(1);
  }
});

test("what an arrival does to its pipe is done: sends more, or abandons the rest", () => {
  const made = pipe();
  const { pipe: own, scheduler, pass, arrived } = made;
  own.send(scheduler.nowUs, 40, () => {
    made.send(2);
    own.abandon();
    made.send(3);
  });
  made.send(1);
  pass(10_000);
  expect([arrived.map(([number]) => number), own.idle]).toEqual([[3], true]);
});

test("both ends' patience is as their systems say", () => {
  const totalS = (all: Waits) => all.reduce((sum, us) => sum + us, 0) / 1e6;
  expect([boardSyn, boardData, peerSyn, peerData].map(totalS)).toEqual([18.5, 1151, 63, 924.6]);
  // As often sent again as lwIP (6, 12) and Linux (5, 15) do: the last wait is the one for giving up.
  expect([boardSyn, boardData, peerSyn, peerData].map(({ length }) => length - 1)).toEqual([6, 12, 5, 15]);
  expect(boardData.slice(0, 3)).toEqual([1_500_000, 3_000_000, 6_000_000]);
});
