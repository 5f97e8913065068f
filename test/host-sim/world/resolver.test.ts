import { expect, test } from "vitest";
import { random } from "../../../host-sim/world/random.js";
import { resolver } from "../../../host-sim/world/resolver.js";
import { bench } from "./bench.js";

function names(seed = 1) {
  const made = bench(seed);
  made.lan.names.set("broker.mote", "10.0.255.1");
  const resolve = resolver(made.lan, made.link, made.scheduler, made.cpu, made.record);
  const answers: [string | undefined, number][] = [];
  return {
    ...made,
    answers,
    ask: (name: string) => made.cpu.post(() => resolve(name, (address) => answers.push([address, made.scheduler.nowUs / 1000]))),
  };
}

test("a known name has its address, an unknown one none, and a dotted address is its own, also without a network", () => {
  const { ask, pass, answers, link } = names();
  for (const name of ["broker.mote", "nobody.mote", "192.168.1.20", "1.2.3"]) {
    ask(name);
    pass(100);
  }
  link.up = false;
  ask("1.2.3.4");
  pass(100);
  expect(answers.map(([address]) => address)).toEqual(["10.0.255.1", undefined, "192.168.1.20", undefined, "1.2.3.4"]);
});

test("the answer takes a way there and back", () => {
  const { ask, pass, answers, lines } = names();
  ask("broker.mote");
  pass(100);
  const [, ms] = answers[0]!;
  expect(ms).toBeGreaterThanOrEqual(4);
  expect(ms).toBeLessThanOrEqual(6.2);
  expect(lines).toMatchObject([
    { what: "dns.query", name: "broker.mote" },
    { what: "dns.answer", address: "10.0.255.1" },
  ]);
});

test("nobody answers while the board has no address, or no name server does: after 7 s there is no address", () => {
  for (const fail of [
    (made: ReturnType<typeof names>) => void (made.link.up = false),
    (made: ReturnType<typeof names>) => void made.link.muteNames(),
  ]) {
    const made = names();
    fail(made);
    made.ask("broker.mote");
    made.pass(6990);
    expect(made.answers).toEqual([]);
    made.pass(20);
    expect(made.answers.map(([address]) => address)).toEqual([undefined]);
    made.pass(60_000);
    expect(made.answers).toHaveLength(1);
  }
});

test("it is asked again after 1, 2 and 4 s, so a server that comes back in between is heard", () => {
  for (const [backMs, answeredMs] of [
    [500, 1005],
    [1500, 2005],
    [2500, 4005],
    [3990, 4005],
    [4500, 7000],
  ] as const) {
    const { ask, pass, answers, link } = names();
    const heal = link.muteNames();
    ask("broker.mote");
    pass(backMs);
    heal();
    pass(10_000);
    expect(answers).toHaveLength(1);
    expect(Math.abs(answers[0]![1] - answeredMs)).toBeLessThan(2);
    expect(answers[0]![0]).toBe(answeredMs === 7000 ? undefined : "10.0.255.1");
  }
});

test("questions and answers are lost like any packet: half of both leaves three in four questions unanswered", () => {
  let failed = 0;
  let times = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const { ask, pass, answers, link } = names(seed);
    link.lose(0.5, random(seed).split("loss"));
    ask("broker.mote");
    pass(8000);
    expect(answers).toHaveLength(1);
    if (answers[0]![0] === undefined) failed++;
    times++;
  }
  // 0.75 to the fourth is 0.32.
  expect(failed / times).toBeGreaterThan(0.22);
  expect(failed / times).toBeLessThan(0.42);
});

test("an answer that takes longer than a question waits is heard all the same, once", () => {
  const { ask, pass, answers, link } = names();
  link.slow(1_600_000, 0, random(1));
  ask("broker.mote");
  pass(20_000);
  expect(answers.map(([address, ms]) => [address, Math.floor(ms / 10)])).toEqual([["10.0.255.1", 320]]);
});

test("a board that loses its power hears no answer, and asks no more", () => {
  const { ask, pass, answers, cpu, link, lines, scheduler } = names();
  link.muteNames();
  ask("broker.mote");
  pass(1500);
  cpu.stop();
  expect(scheduler.nextUs()).toBe(Infinity);
  pass(20_000);
  expect([answers, lines.map(({ what }) => what)]).toEqual([[], ["dns.query"]]);
});

test("an answer that finds no board is lost, and the next question has one", () => {
  const { ask, pass, answers, link } = names();
  ask("broker.mote");
  pass(3);
  link.up = false;
  pass(500);
  link.up = true;
  expect(answers).toEqual([]);
  pass(600);
  expect(answers.map(([address]) => address)).toEqual(["10.0.255.1"]);
});
