import { expect, test } from "vitest";
import { resolver } from "../../../host-sim/world/lan.js";
import { bench } from "./bench.js";

function names() {
  const made = bench();
  made.lan.names.set("broker.mote", "10.0.255.1");
  const resolve = resolver(made.lan, made.link, made.scheduler, made.cpu, made.record);
  const answers: [string | undefined, number][] = [];
  return {
    ...made,
    answers,
    ask: (name: string) => made.cpu.post(() => resolve(name, (address) => answers.push([address, made.scheduler.nowUs]))),
  };
}

test("a known name has its address, an unknown one none, and a dotted address is its own", () => {
  const { ask, pass, answers } = names();
  for (const name of ["broker.mote", "nobody.mote", "192.168.1.20", "1.2.3"]) {
    ask(name);
    pass(100);
  }
  expect(answers.map(([address]) => address)).toEqual(["10.0.255.1", undefined, "192.168.1.20", undefined]);
});

test("the answer takes a way there and back", () => {
  const { ask, pass, answers, lines } = names();
  ask("broker.mote");
  pass(100);
  const [, us] = answers[0]!;
  expect(us).toBeGreaterThanOrEqual(4000);
  expect(us).toBeLessThanOrEqual(6200);
  expect(lines).toMatchObject([
    { what: "dns.query", name: "broker.mote" },
    { what: "dns.answer", address: "10.0.255.1" },
  ]);
});

test("nobody answers while the link is down", () => {
  const { ask, pass, answers, link } = names();
  link.up = false;
  ask("broker.mote");
  ask("192.168.1.20");
  pass(100);
  expect(answers.map(([address]) => address)).toEqual([undefined, undefined]);
});

test("a segment takes the latency and less than the jitter more", () => {
  const { lan } = bench();
  const delays = Array.from({ length: 1000 }, () => lan.delayUs());
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(2000);
  expect(Math.max(...delays)).toBeLessThan(3000);
  expect(new Set(delays).size).toBeGreaterThan(300);
  lan.jitterUs = 0;
  expect([lan.delayUs(), lan.delayUs()]).toEqual([2000, 2000]);
});
