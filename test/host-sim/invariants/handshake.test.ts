/** The checker of MQTT's manners hears each that is missing. */
import { expect, test } from "vitest";
import { limits } from "../../../firmware/limits.js";
import { Handshake } from "../../../host-sim/invariants/handshake.js";
import { Bench, connack, device, Line, publish } from "./scene.js";

const will = { topic: `mote/${device}/status`, payload: Buffer.from("offline"), qos: 1, retain: true };
const connect = { cmd: "connect", clientId: device, clean: true, keepalive: limits.keepAliveS, will };

function wire() {
  const bench = new Bench();
  const handshake = new Handshake(bench);
  handshake.started();
  return { bench, handshake, line: new Line(handshake).open() };
}

test("CONNECT, CONNACK and whatever follows pass, on each connection anew", () => {
  const { bench, line } = wire();
  for (let round = 0; round < 3; round++) line.send(connect).receive(connack).send(publish(1)).send({ cmd: "pingreq" }).close().open();
  expect(bench.said).toEqual([]);
});

type Case = [string, (line: Line) => void, RegExp];
const cases: Case[] = [
  ["a connection without CONNECT", (line) => line.send(publish(1)), /began with publish/],
  ["a second CONNECT", (line) => line.send(connect).receive(connack).send(connect), /second CONNECT/],
  ["a message before CONNACK", (line) => line.send(connect).send(publish(1)), /publish before the broker's CONNACK/],
  [
    "a message after a refusal",
    (line) => line.send(connect).receive({ cmd: "connack", returnCode: 3 }).send(publish(1)),
    /after the broker had refused/,
  ],
  ["another name", (line) => line.send({ ...connect, clientId: "x" }), /names the board x, its topics bench-6f7465/],
  ["a session to be kept", (line) => line.send({ ...connect, clean: false }), /session/],
  ["another keep-alive", (line) => line.send({ ...connect, keepalive: 0 }), /keep-alive of 0 s/],
  ["no will", (line) => line.send({ ...connect, will: undefined }), /will is not/],
  ["a will that is not retained", (line) => line.send({ ...connect, will: { ...will, retain: false } }), /will is not/],
  [
    "a packet too large",
    (line) =>
      line
        .send(connect)
        .receive(connack)
        .send(publish(1), limits.packetBytesMax + 1),
    /publish of 1025 bytes/,
  ],
];

test.each(cases)("%s is heard", (_, act, form) => {
  const { bench, line } = wire();
  act(line);
  expect(bench.said).toHaveLength(1);
  expect(bench.said[0]).toMatch(form);
});

test("refusals, connections that never came up and boots that ended before the first are points reached", () => {
  const { bench, handshake, line } = wire();
  line.close().open().send(connect).receive({ cmd: "connack", returnCode: 5 });
  handshake.powerLost();
  expect([...bench.points].sort()).toEqual(["reboot-boot", "refused", "unreachable"]);
});
