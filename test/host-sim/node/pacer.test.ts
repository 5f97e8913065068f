import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { Pacer } from "../../../host-sim/node/pacer.js";
import { Cpu } from "../../../host-sim/world/cpu.js";
import { Scheduler } from "../../../host-sim/world/scheduler.js";

const pacers: Pacer[] = [];
afterEach(() => {
  for (const pacer of pacers.splice(0)) pacer.stop();
});

function paced(speed: number, grainMs = 0) {
  const scheduler = new Scheduler();
  const failures: unknown[] = [];
  const pacer = new Pacer(scheduler, speed, (error) => failures.push(error), grainMs);
  pacers.push(pacer);
  return { scheduler, pacer, failures };
}

test("a virtual second takes 1/N of a real one, and no event comes early", async () => {
  const startMs = performance.now();
  const { scheduler } = paced(20);
  const at: number[] = [];
  for (const ms of [500, 1000, 2000]) scheduler.at(ms * 1000, () => at.push(performance.now() - startMs));
  await sleep(130);
  expect(at).toHaveLength(3);
  for (const [index, due] of [25, 50, 100].entries()) expect(at[index]!).toBeGreaterThanOrEqual(due - 1);
});

test("what comes from outside happens at the wall clock's virtual time, after all that was due before it", async () => {
  const { scheduler, pacer } = paced(10);
  const order: string[] = [];
  scheduler.at(200_000, () => order.push("due"));
  // The pacer has had no chance to wake in between.
  const untilMs = performance.now() + 40;
  while (performance.now() < untilMs);
  pacer.inject(() => order.push("injected"));
  expect(order).toEqual(["due", "injected"]);
  expect(scheduler.nowUs).toBeGreaterThanOrEqual(400_000);
});

test("an event that an injected action asks for needs no other wake", async () => {
  const { scheduler, pacer } = paced(10);
  let happened = false;
  pacer.inject(() => scheduler.at(scheduler.nowUs + 100_000, () => (happened = true)));
  await sleep(60);
  expect(happened).toBe(true);
});

test("once stopped, nothing happens any more", async () => {
  const { scheduler, pacer } = paced(100);
  const happened: string[] = [];
  scheduler.at(1_000_000, () => happened.push("event"));
  pacer.stop();
  pacer.inject(() => happened.push("injected"));
  await sleep(30);
  expect(happened).toEqual([]);
});

test.each([["an event"], ["an injected action"]])("what %s throws stops it and is told once, whatever comes afterwards", async (who) => {
  const { scheduler, pacer, failures } = paced(100);
  const boom = (): never => {
    throw new Error("boom");
  };
  if (who === "an event") scheduler.at(0, boom);
  else pacer.inject(boom);
  scheduler.at(500_000, boom);
  await sleep(30);
  pacer.inject(boom);
  await sleep(10);
  expect(failures).toEqual([new Error("boom")]);
});

test("an event may stop it: what was injected then does not happen", async () => {
  const { scheduler, pacer } = paced(100);
  let happened = false;
  scheduler.at(10_000, () => pacer.stop());
  const untilMs = performance.now() + 5;
  while (performance.now() < untilMs);
  pacer.inject(() => (happened = true));
  expect(happened).toBe(false);
});

test.each([[0], [20]])(
  "with a grain of %i ms what is posted is handled soon, in order, at one virtual time, and never within the call",
  async (grainMs) => {
    const { scheduler, pacer } = paced(1, grainMs);
    const [one, other] = [new Cpu(scheduler), new Cpu(scheduler)];
    await sleep(5);
    const told: [string, number][] = [];
    const startMs = performance.now();
    pacer.post(one, () => {
      told.push(["first", scheduler.nowUs]);
      pacer.post(other, () => told.push(["its answer", scheduler.nowUs]));
    });
    pacer.post(other, () => told.push(["second", scheduler.nowUs]));
    expect(told).toEqual([]);
    while (told.length < 3 && performance.now() - startMs < 1000) await sleep(1);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(grainMs / 2);
    expect(told.map(([who]) => who)).toEqual(["first", "second", "its answer"]);
    expect(told[0]![1]).toBe(told[1]![1]);
  },
);

test("with a grain events that lie closer together share a wake, and none comes early", async () => {
  const { scheduler } = paced(1, 20);
  const startMs = performance.now();
  const at: number[] = [];
  for (let ms = 1; ms <= 60; ms++) scheduler.at(ms * 1000, () => at.push(performance.now() - startMs - ms));
  await sleep(150);
  expect(at).toHaveLength(60);
  expect(Math.min(...at)).toBeGreaterThanOrEqual(-1);
  // A wake every 20 ms: most events wait for it.
  expect(at.filter((lateMs) => lateMs > 2).length).toBeGreaterThan(20);
});

test("what a posted handler throws stops it and is told once", async () => {
  const { scheduler, pacer, failures } = paced(100);
  const cpu = new Cpu(scheduler);
  const boom = (): never => {
    throw new Error("boom");
  };
  pacer.post(cpu, boom);
  pacer.post(cpu, boom);
  await sleep(20);
  expect(failures).toEqual([new Error("boom")]);
});
