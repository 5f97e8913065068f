/** The checker of the keep-alive hears a silence that is too long, whenever it ends, and no other. */
import { expect, test } from "vitest";
import { Account } from "../../../host-sim/invariants/account.js";
import { KeepAlive } from "../../../host-sim/invariants/keep-alive.js";
import { Bench, connack, Line } from "./scene.js";

function wire() {
  const bench = new Bench();
  const account = new Account(bench);
  const checker = new KeepAlive(bench, account);
  return { bench, account, checker, line: new Line(checker).open().receive(connack) };
}

const ping = { cmd: "pingreq" };

test("pings each 30 s pass, for hours, and reach their point", () => {
  const { bench, checker, line } = wire();
  for (let round = 0; round < 500; round++) {
    bench.nowMs += 30_000;
    checker.tick();
    line.send(ping);
  }
  expect(bench.said).toEqual([]);
  expect(bench.points).toContain("ping");
});

test.each([
  ["by a packet", (line: Line) => line.send(ping)],
  ["by the connection's end", (line: Line) => line.close()],
])("a silence of 34.1 s is heard when it ends %s", (_, end) => {
  const { bench, line } = wire();
  bench.nowMs = 34_100;
  end(line);
  expect(bench.said).toEqual([expect.stringContaining("silent for 34100 ms on a connection whose keep-alive is 30 s")]);
});

test("a silence before CONNACK, after the end, or through a jump of the clock is none", () => {
  const { bench, account, checker, line } = wire();
  line.close();
  bench.nowMs = 100_000;
  checker.tick();
  line.open();
  bench.nowMs = 200_000;
  checker.tick();
  line.receive(connack);
  account.heldUntilMs = 200_500;
  bench.nowMs = 240_000;
  checker.tick();
  expect(bench.said).toEqual([]);
  line.send(ping);
  bench.nowMs = 275_000;
  checker.tick();
  expect(bench.said).toHaveLength(1);
});
