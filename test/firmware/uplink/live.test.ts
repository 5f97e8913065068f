import { expect, test } from "vitest";
import { live } from "../../../firmware/uplink/live.js";

/** An outlet onto a connection that has room for `room` messages. */
function make(room = Infinity) {
  const sent: [string, unknown][] = [];
  const self = {
    room,
    outlet: live("mote-1", (topic, payload) => {
      if (self.room === 0) return false;
      self.room--;
      sent.push([new TextDecoder().decode(topic), JSON.parse(payload)]);
      return true;
    }),
    sent: () => sent.splice(0),
  };
  return self;
}

test("a value, an error and a summary are the documented JSON under the documented topics, each numbered by itself", () => {
  const { outlet, sent } = make();
  const warm = outlet.channel("warm", "°C");
  const count = outlet.channel("count", undefined);
  warm.value(21.4, 61_000);
  warm.failed("bus", 62_000);
  warm.summary(20, 22, 21, 0.5, 60, 62_000);
  warm.value(21.5, 63_000);
  count.value(7, 63_000);
  expect(sent()).toEqual([
    ["mote/mote-1/warm", { value: 21.4, unit: "°C", ms: 61_000, n: 1 }],
    ["mote/mote-1/warm", { error: "bus", ms: 62_000, n: 2 }],
    ["mote/mote-1/warm/summary", { min: 20, max: 22, mean: 21, std: 0.5, count: 60, ms: 62_000, n: 1 }],
    ["mote/mote-1/warm", { value: 21.5, unit: "°C", ms: 63_000, n: 3 }],
    ["mote/mote-1/count", { value: 7, ms: 63_000, n: 1 }],
  ]);
  expect(outlet.counts).toEqual({ emitted: 5, superseded: 0 });
});

test("without room only the newest of each channel waits, what it replaced is counted, and its number tells how many were lost", () => {
  const self = make(0);
  const a = self.outlet.channel("a", undefined);
  const b = self.outlet.channel("b", undefined);
  for (let x = 1; x <= 5; x++) a.value(x, x * 1000);
  b.failed("range", 1);
  expect(self.outlet.counts).toEqual({ emitted: 6, superseded: 4 });
  self.room = 9;
  self.outlet.drain();
  self.outlet.drain();
  expect(self.sent()).toEqual([
    ["mote/mote-1/a", { value: 5, ms: 5000, n: 5 }],
    ["mote/mote-1/b", { error: "range", ms: 1, n: 1 }],
  ]);
});

test("an error replaces a value that waits, and a value an error", () => {
  const self = make(0);
  const a = self.outlet.channel("a", undefined);
  a.value(1, 1);
  a.failed("bus", 2);
  a.failed("checksum", 3);
  a.value(2, 4);
  self.room = 9;
  self.outlet.drain();
  expect(self.sent()).toEqual([["mote/mote-1/a", { value: 2, ms: 4, n: 4 }]]);
});

test("a channel that speaks all the time does not keep the others waiting", () => {
  const self = make(0);
  const channels = ["a", "b", "c", "d"].map((name) => self.outlet.channel(name, undefined));
  for (const each of channels) each.value(0, 0);
  const order: string[] = [];
  for (let times = 0; times < 8; times++) {
    channels[0]!.value(times, times);
    self.room = 1;
    self.outlet.drain();
    order.push(...self.sent().map(([topic]) => topic.slice(-1)));
  }
  expect(order.slice(0, 5)).toEqual(["a", "b", "c", "d", "a"]);
});

test("a notice is made when it is sent, waits for room like a value, and counts as none", () => {
  const self = make(0);
  let state = "first";
  const tell = self.outlet.notice("mote/mote-1/status", () => JSON.stringify(state));
  tell();
  tell();
  state = "second";
  self.room = 9;
  self.outlet.drain();
  self.outlet.drain();
  expect(self.sent()).toEqual([["mote/mote-1/status", "second"]]);
  expect(self.outlet.counts).toEqual({ emitted: 0, superseded: 0 });
});

test("with nothing declared there is nothing to send", () => {
  const self = make();
  self.outlet.drain();
  expect(self.sent()).toEqual([]);
});
