import { expect, test } from "vitest";
import { limits } from "../../../firmware/limits.js";
import { bench, brief, fields, publish, type Bench } from "./wire.js";

/** Lets time go by as the connection does: a tick whenever one is due. */
function pass(b: Bench, ms: number): void {
  const untilMs = b.nowMs + ms;
  for (let due = b.mqtt.dueMs(); due !== undefined && due <= untilMs; due = b.mqtt.dueMs()) {
    b.nowMs = due > b.nowMs ? due : b.nowMs + 1;
    b.mqtt.tick();
  }
  b.nowMs = untilMs;
}

test("an idle session pings within its keep-alive for as long as the broker answers", () => {
  const b = bench();
  b.up();
  let pings = 0;
  for (let second = 0; second < 600; second++) {
    pass(b, 1000);
    for (const packet of b.written()) {
      expect(packet.cmd).toBe("pingreq");
      pings++;
      b.broker({ cmd: "pingresp" });
    }
  }
  expect(b.ended).toEqual([]);
  expect(pings).toBeGreaterThanOrEqual(600 / 30);
  expect(pings).toBeLessThanOrEqual(600 / 20);
});

test("the first ping leaves at three quarters of the keep-alive, and not a millisecond earlier", () => {
  const b = bench();
  b.up();
  b.nowMs += 22_499;
  b.mqtt.tick();
  expect(b.written()).toEqual([]);
  b.nowMs += 1;
  b.mqtt.tick();
  expect(brief(b.written())).toEqual(["pingreq"]);
});

test("a missing PINGRESP ends the connection", () => {
  const b = bench();
  b.up();
  pass(b, 22_500 + limits.connectTimeoutMs - 1);
  expect(b.ended).toEqual([]);
  pass(b, 1);
  expect(b.ended).toMatchObject([{ kind: "timeout", message: expect.stringContaining("PINGREQ") }]);
  expect(b.mqtt.dueMs()).toBeUndefined();
});

test("a link that takes publishes at QoS 0 and gives nothing back is found out by a ping", () => {
  const b = bench();
  b.up();
  for (let second = 0; second < 60 && b.ended.length === 0; second++) {
    publish(b.mqtt, "x", 0);
    pass(b, 1000);
  }
  expect(b.ended).toMatchObject([{ kind: "timeout" }]);
});

test("publishes that are acknowledged make pings needless", () => {
  const b = bench();
  b.up();
  for (let count = 1; count <= 100; count++) {
    publish(b.mqtt, "x");
    b.broker({ cmd: "puback", messageId: count });
    pass(b, 1000);
  }
  expect(brief(b.written()).filter((packet) => packet === "pingreq")).toEqual([]);
});

test("a broker that answers pings but never acknowledges is given up, and the publish sent again", () => {
  const b = bench();
  b.up();
  publish(b.mqtt, "stuck");
  for (let second = 0; second < 120 && b.ended.length === 0; second++) {
    pass(b, 1000);
    for (const packet of b.written()) if (packet.cmd === "pingreq") b.broker({ cmd: "pingresp" });
  }
  expect(b.ended).toMatchObject([{ kind: "timeout", message: expect.stringContaining("acknowledge") }]);
  b.mqtt.open(b.nowMs + 5000);
  b.broker({ cmd: "connack", sessionPresent: true, returnCode: 0 });
  expect(brief(b.written())).toEqual(["connect mote-1", "publish 1 stuck dup"]);
});

const will = { topic: "s", payload: "offline", qos: 1, retain: true } as const;

test("an orderly end publishes the will's message, waits for every acknowledgement, then disconnects", () => {
  const b = bench({ ...fields, will });
  b.up();
  publish(b.mqtt, "last");
  b.mqtt.stop();
  expect(b.mqtt.publish("t", "late", 1, false)).toMatchObject({ ok: false, error: { kind: "stopped" } });
  expect(brief(b.written())).toEqual(["publish 1 last", "publish 2 offline"]);
  b.broker({ cmd: "puback", messageId: 1 });
  expect(b.ended).toEqual([]);
  b.broker({ cmd: "puback", messageId: 2 });
  expect(brief(b.written())).toEqual(["disconnect"]);
  expect(b.ended).toEqual([undefined]);
  expect(b.mqtt.publish("t", "late", 1, false)).toMatchObject({ ok: false, error: { kind: "stopped" } });
});

test("an orderly end says offline even when the window is full", () => {
  const b = bench({ ...fields, will });
  b.up();
  while (b.mqtt.publish("t", "x", 1, false).ok);
  b.written();
  b.mqtt.stop();
  expect(b.written()).toMatchObject([{ topic: "s", retain: true, qos: 1 }]);
});

test("an orderly end waits no longer than stopTimeoutMs", () => {
  const b = bench({ ...fields, will });
  b.up();
  b.mqtt.stop();
  b.written();
  pass(b, limits.stopTimeoutMs - 1);
  expect(b.ended).toEqual([]);
  pass(b, 1);
  expect(brief(b.written())).toEqual(["disconnect"]);
  expect(b.ended).toEqual([undefined]);
  expect(b.mqtt.unacknowledged).toBe(1);
});

test("without a connection an orderly end is immediate", () => {
  const b = bench({ ...fields, will });
  b.mqtt.open(b.nowMs + 5000);
  b.mqtt.stop();
  expect(b.ended).toEqual([undefined]);
});
