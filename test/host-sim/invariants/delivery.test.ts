/** The checker of QoS 1 lets the standard's ways pass, and hears each that is not. */
import { expect, test } from "vitest";
import { limits } from "../../../firmware/limits.js";
import { Delivery } from "../../../host-sim/invariants/delivery.js";
import type { Message } from "../../../host-sim/invariants/watcher.js";
import { Bench, connack, Line, puback, publish } from "./scene.js";

function wire() {
  const bench = new Bench();
  const messages: Message[] = [];
  const delivery = new Delivery(bench, (message) => messages.push(message));
  delivery.started();
  return { bench, delivery, messages, line: new Line(delivery).open().receive(connack) };
}

test("what is acknowledged, and what is sent again after a reconnect in its order and with DUP, passes", () => {
  const { bench, delivery, messages, line } = wire();
  line.send(publish(1)).send(publish(2)).send(publish(3)).receive(puback(1)).close();
  line
    .open()
    .receive(connack)
    .send(publish(2, "text 2", true))
    .send(publish(3, "text 3", true))
    .send(publish(4));
  line.receive(puback(2)).receive(puback(3)).receive(puback(4)).send(publish(1, "another"));
  expect(bench.said).toEqual([]);
  expect([delivery.messages, delivery.retransmitted, delivery.acknowledged, delivery.open.size]).toEqual([5, 2, 4, 1]);
  expect(messages.map(({ topic, text }) => [topic, text])).toEqual([
    ["probe", "text 1"],
    ["probe", "text 2"],
    ["probe", "text 3"],
    ["probe", "text 4"],
    ["probe", "another"],
  ]);
  expect([...bench.points].sort()).toEqual(["retransmission", "torn"]);
});

test("what was cut off on its way, so that nobody saw it whole, may come with DUP; after something new it may not", () => {
  const { bench, line } = wire();
  line
    .send(publish(1))
    .close()
    .open()
    .receive(connack)
    .send(publish(1, "text 1", true))
    .send(publish(2, "text 2", true));
  expect(bench.said).toEqual([]);
  line.send(publish(3)).send(publish(4, "text 4", true));
  expect(bench.said).toEqual([expect.stringContaining("message 4 (mote/bench-6f7465/probe) has DUP and was never sent before")]);
});

type Case = [string, (line: Line) => void, RegExp];
const cases: Case[] = [
  ["DUP at the first time", (line) => line.send(publish(1, "a", true)), /has DUP and was never sent before/],
  ["no DUP at the second", (line) => line.send(publish(1)).close().open().receive(connack).send(publish(1)), /sent again without DUP/],
  [
    "an id reused while in flight",
    (line) => line.send(publish(1)).send(publish(1, "b")),
    /packet id 1 was used for a message .* in flight/,
  ],
  ["the same twice on one connection", (line) => line.send(publish(1)).send(publish(1, "text 1", true)), /sent twice on one connection/],
  [
    "something new before what is owed",
    (line) => line.send(publish(1)).close().open().receive(connack).send(publish(2)),
    /while 1 unacknowledged/,
  ],
  [
    "what is owed out of turn",
    (line) =>
      line
        .send(publish(1))
        .send(publish(2))
        .close()
        .open()
        .receive(connack)
        .send(publish(2, "text 2", true)),
    /message 2 .* out of turn: message 1 .* is older/,
  ],
];

test.each(cases)("%s is heard", (_, act, form) => {
  const { bench, line } = wire();
  act(line);
  expect(bench.said).toHaveLength(1);
  expect(bench.said[0]).toMatch(form);
});

test("one message more in flight than may be is heard, and a PUBACK of another connection frees none", () => {
  const { bench, line } = wire();
  for (let id = 1; id <= limits.inflightMax; id++) line.send(publish(id));
  expect(bench.said).toEqual([]);
  expect(bench.points).toContain("window-full");
  line.send(publish(100));
  expect(bench.said).toEqual([expect.stringContaining(`${limits.inflightMax + 1} messages are in flight`)]);
  const other = wire();
  other.line.send(publish(1)).close().open().receive(connack).receive(puback(1));
  expect([other.delivery.open.size, other.delivery.acknowledged]).toEqual([1, 0]);
});

test("a board that lost its RAM owes nothing", () => {
  const { bench, delivery, line } = wire();
  line.send(publish(1)).close();
  delivery.started();
  line.open(1).receive(connack).send(publish(1, "new"));
  expect(bench.said).toEqual([]);
});
