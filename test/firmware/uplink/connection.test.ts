import fc from "fast-check";
import { expect, test } from "vitest";
import { limits } from "../../../firmware/limits.js";
import { connection, type Connection, type ConnectionOptions } from "../../../firmware/uplink/connection.js";
import { fakeDevice } from "./fake-device.js";
import { oracleBytes, oracleParse } from "./packets.js";
import { brief } from "./wire.js";

const connack = oracleBytes({ cmd: "connack", sessionPresent: false, returnCode: 0 });
const options: ConnectionOptions = { broker: { host: "10.0.0.2", port: 1883 }, clientId: "mote-1", cleanSession: false };

function setup(changes: Partial<ConnectionOptions> = {}, draw?: () => number) {
  const fake = fakeDevice(draw);
  const events: string[] = [];
  const messages: string[] = [];
  let room = 0;
  const uplink: Connection = connection(
    fake.device,
    { ...options, ...changes },
    {
      onConnected: (present) => events.push("connected " + present),
      onDisconnected(error) {
        events.push("disconnected " + error.kind);
        messages.push(error.message);
      },
      onMessage: (topic) => events.push("message " + topic),
      onAcknowledged: (token) => events.push("acknowledged " + token),
      onRoom: () => room++,
      onSubscribed: (filter, granted) => events.push("subscribed " + filter + " " + granted),
    },
  );
  return {
    ...{ fake, uplink, events, messages },
    get room() {
      return room;
    },
    /** To the point where publishes flow. */
    connect() {
      uplink.networkUp();
      fake.socket.allow(5744);
      fake.socket.receive(connack);
      fake.socket.written();
      events.length = 0;
    },
  };
}

test("nothing is tried before the network is up; then the name is resolved, TCP opened, CONNECT sent", () => {
  const { fake, uplink, events } = setup({ broker: { host: "broker.local", port: 1884, username: "u", password: "p" } });
  fake.pass(100_000);
  expect([fake.questions.length, fake.sockets.length]).toEqual([0, 0]);
  uplink.networkUp();
  expect(fake.questions.map(({ name }) => name)).toEqual(["broker.local"]);
  fake.questions[0]!.answer("10.1.2.3");
  expect(fake.socket.options).toMatchObject({ address: "10.1.2.3", port: 1884 });
  expect(fake.socket.written().length).toBe(0);
  fake.socket.allow(5744);
  expect(oracleParse(fake.socket.written())).toMatchObject([{ cmd: "connect", clientId: "mote-1", username: "u" }]);
  fake.socket.receive(connack);
  expect(events).toEqual(["connected false"]);
});

test("a dotted address is not looked up", () => {
  const { fake, uplink } = setup();
  uplink.networkUp();
  expect(fake.questions).toEqual([]);
  expect(fake.socket.options.address).toBe("10.0.0.2");
});

test("a name without an address, a refused TCP connection and one closed before CONNACK each say what to check", () => {
  const { fake, uplink, events, messages } = setup({ broker: { host: "broker.local", port: 1 } });
  uplink.networkUp();
  fake.questions[0]!.answer(undefined);
  fake.pass(500);
  fake.questions[1]!.answer("10.0.0.2");
  fake.socket.fail();
  fake.pass(1000);
  fake.questions[2]!.answer("10.0.0.2");
  fake.socket.allow(5744);
  fake.socket.fail();
  expect(events).toEqual(["disconnected name", "disconnected transport", "disconnected transport"]);
  expect(messages[0]).toContain("broker broker.local:1: the name has no address");
  expect(messages[1]).toContain("TCP connection refused");
  expect(messages[2]).toContain("before CONNACK");
});

test.each(["resolve", "tcp", "connack"])(
  "an attempt that hangs at %s is given up after connectTimeoutMs, and nothing of it is left",
  (stage) => {
    const { fake, uplink, events } = setup({ broker: { host: "broker.local", port: 1883 } });
    uplink.networkUp();
    fake.pass(4000);
    if (stage !== "resolve") fake.questions[0]!.answer("10.0.0.2");
    if (stage === "connack") fake.socket.allow(5744);
    fake.pass(limits.connectTimeoutMs - 4001);
    expect(events).toEqual([]);
    fake.pass(1);
    expect(events).toEqual(["disconnected timeout"]);
    expect(fake.sockets.every(({ closed }) => closed)).toBe(true);
    expect(fake.timers).toBe(1);
    // An answer that comes after all belongs to nobody.
    fake.questions[0]!.answer("10.0.0.2");
    expect(fake.sockets.length).toBe(stage === "resolve" ? 0 : 1);
  },
);

test.each([
  ["longest", 65535, 1],
  ["shortest", 0, 0.5],
])("back-off doubles up to its longest, with the %s draw of jitter", (_, draw, share) => {
  const { fake, uplink } = setup({}, () => draw);
  uplink.networkUp();
  const delays: number[] = [];
  for (let attempt = 0; attempt < 10; attempt++) {
    const failedMs = fake.nowMs;
    const before = fake.sockets.length;
    fake.socket.fail();
    while (fake.sockets.length === before) fake.pass(1);
    delays.push(fake.nowMs - failedMs);
  }
  expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000].map((ms) => ms * share));
});

test("a broker that accepts and then drops us is met with growing delays; one that has worked, with one of a few seconds", () => {
  const { fake, uplink } = setup();
  uplink.networkUp();
  const reconnect = (acknowledges: boolean): number => {
    fake.socket.allow(5744);
    fake.socket.receive(connack);
    if (acknowledges) fake.socket.receive(oracleBytes({ cmd: "pingresp" }));
    const before = fake.sockets.length;
    const failedMs = fake.nowMs;
    fake.socket.fail();
    while (fake.sockets.length === before) fake.pass(1);
    return fake.nowMs - failedMs;
  };
  expect([false, false, false, true, false].map(reconnect)).toEqual([500, 1000, 2000, limits.returnSpreadMs, limits.returnSpreadMs]);
});

test("whatever room TCP gives, packets leave whole, in order, and never more than was allowed", () => {
  const grants = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(grants, fc.array(fc.nat(60), { minLength: 1, maxLength: 12, size: "max" }), (grants, sizes) => {
      const { fake, uplink } = setup();
      uplink.networkUp();
      const wire: Buffer[] = [];
      const grant = (round: number) => {
        fake.socket.allow(grants[round % grants.length]!);
        wire.push(fake.socket.written());
      };
      for (let round = 0; round < 40; round++) grant(round);
      fake.socket.receive(connack);
      sizes.forEach((size, index) => {
        expect(uplink.publish("t", String(index).padEnd(size), 1, false).ok).toBe(true);
        grant(index);
      });
      for (let round = 0; round < 1200; round++) grant(round);
      const packets = oracleParse(Buffer.concat(wire));
      expect(packets.map(({ cmd }) => cmd)).toEqual(["connect", ...sizes.map(() => "publish")]);
      expect(packets.slice(1).map((packet) => Number("payload" in packet && packet.payload))).toEqual(sizes.map((_, index) => index));
      expect(uplink.counters().bytesOut).toBe(Buffer.concat(wire).length);
    }),
    { seed: 76, numRuns: 60 },
  );
});

test("a broker that stops reading fills a bounded buffer; publishes are refused, and flow again in order", () => {
  const b = setup();
  b.connect();
  const left = 5744 - b.uplink.counters().bytesOut;
  const body = (number: number) => new Uint8Array(Buffer.from(String(number).padEnd(890)));
  let accepted = 0;
  while (b.uplink.publish("t", body(accepted), 0, false).ok) accepted++;
  const written = b.fake.socket.written();
  expect(written.length).toBe(left);
  expect(accepted * 896 - left).toBeLessThanOrEqual(limits.outgoingBytesMax);
  expect(accepted * 896 - left).toBeGreaterThan(limits.outgoingBytesMax - limits.controlBytesReserved - 896);
  expect(b.uplink.publish("t", "kept", 1, false).ok).toBe(true);
  // Acknowledgements still find room among what is reserved for them.
  b.fake.socket.receive(oracleBytes({ cmd: "publish", topic: "x", payload: "", qos: 1, dup: false, retain: false, messageId: 9 }));
  expect(b.events).toEqual(["message x"]);
  expect(b.room).toBe(0);
  b.fake.socket.allow(5744);
  expect(b.room).toBe(1);
  const packets = oracleParse(Buffer.concat([written, b.fake.socket.written()]));
  const payloads = packets.filter((packet) => packet.cmd === "publish").map(({ payload }) => payload.toString().trimEnd());
  expect(payloads).toEqual([...Array.from({ length: accepted }, (_, number) => String(number)), "kept"]);
  expect(packets.filter(({ cmd }) => cmd === "puback")).toMatchObject([{ messageId: 9 }]);
});

test("a socket that throws on write is told as a lost connection, not thrown at whoever publishes", () => {
  const b = setup();
  b.connect();
  b.fake.socket.broken = true;
  expect(b.uplink.publish("t", "kept", 1, false).ok).toBe(true);
  expect(b.events).toEqual([]);
  b.fake.pass(0);
  expect(b.events).toEqual(["disconnected transport"]);
  b.fake.pass(500);
  b.fake.socket.allow(5744);
  b.fake.socket.receive(connack);
  expect(brief(oracleParse(b.fake.socket.written()))).toEqual(["connect mote-1", "publish 1 kept dup"]);
});

test("when the network goes down nothing is tried until it is back, and then at once", () => {
  const b = setup();
  b.connect();
  b.uplink.publish("t", "kept", 1, false);
  b.uplink.networkDown();
  expect(b.events).toEqual(["disconnected network"]);
  expect(b.fake.socket.closed).toBe(true);
  expect(b.uplink.connected).toBe(false);
  b.fake.pass(3_600_000);
  expect(b.fake.sockets.length).toBe(1);
  expect(b.fake.timers).toBe(0);
  b.uplink.networkUp();
  b.uplink.networkUp();
  expect(b.fake.sockets.length).toBe(2);
});

test("the network may go down while an attempt waits, resolves or opens", () => {
  const b = setup({ broker: { host: "broker.local", port: 1883 } });
  b.uplink.networkUp();
  b.uplink.networkDown();
  b.fake.questions[0]!.answer("10.0.0.2");
  expect(b.fake.sockets.length).toBe(0);
  b.uplink.networkUp();
  b.fake.questions[1]!.answer("10.0.0.2");
  b.uplink.networkDown();
  expect(b.fake.socket.closed).toBe(true);
  b.uplink.networkUp();
  b.fake.questions[2]!.answer(undefined);
  expect(b.events).toEqual(["disconnected network", "disconnected network", "disconnected name"]);
  b.uplink.networkDown();
  expect(b.events.length).toBe(3);
  expect(b.fake.timers).toBe(0);
});

test("an hour of idle connection stays up by pings", () => {
  const b = setup();
  b.connect();
  for (let second = 0; second < 3600; second++) {
    b.fake.pass(1000);
    for (const packet of oracleParse(b.fake.socket.written())) {
      expect(packet.cmd).toBe("pingreq");
      b.fake.socket.allow(2);
      b.fake.socket.receive(oracleBytes({ cmd: "pingresp" }));
    }
  }
  expect(b.events).toEqual([]);
  expect(b.fake.timers).toBe(1);
});

const will = { topic: "s", payload: "offline", qos: 1, retain: true } as const;

test("an orderly end sends the last publishes, says offline, disconnects, closes, and calls back once", () => {
  const b = setup({ will });
  b.connect();
  b.uplink.publish("t", "last", 1, false);
  const stopped: number[] = [];
  b.uplink.stop((left) => stopped.push(left));
  expect(brief(oracleParse(b.fake.socket.written()))).toEqual(["publish 1 last", "publish 2 offline"]);
  for (const messageId of [1, 2]) b.fake.socket.receive(oracleBytes({ cmd: "puback", messageId }));
  expect(brief(oracleParse(b.fake.socket.written()))).toEqual(["disconnect"]);
  expect(stopped).toEqual([0]);
  expect([b.fake.socket.closed, b.fake.timers]).toEqual([true, 0]);
  b.uplink.networkUp();
  b.uplink.networkDown();
  b.uplink.stop(() => stopped.push(-1));
  expect(b.uplink.publish("t", "late", 1, false)).toMatchObject({ ok: false, error: { kind: "stopped" } });
  expect([stopped, b.fake.sockets.length]).toEqual([[0], 1]);
});

test("an orderly end waits for its last bytes to leave", () => {
  const b = setup();
  b.uplink.networkUp();
  // CONNECT takes 20 bytes: nothing is left for DISCONNECT.
  b.fake.socket.allow(20);
  b.fake.socket.receive(connack);
  const stopped: number[] = [];
  b.uplink.stop((left) => stopped.push(left));
  expect([stopped, b.fake.socket.closed]).toEqual([[], false]);
  b.fake.socket.allow(1);
  expect(stopped).toEqual([]);
  b.fake.socket.allow(1);
  expect([stopped, b.fake.socket.closed]).toEqual([[0], true]);
  expect(brief(oracleParse(b.fake.socket.written()))).toEqual(["connect mote-1", "disconnect"]);
});

test.each(["silence", "reset", "network down"])(
  "an orderly end met by %s is over within stopTimeoutMs and says how much was not acknowledged",
  (fate) => {
    const b = setup({ will });
    b.connect();
    b.uplink.publish("t", "last", 1, false);
    const stopped: number[] = [];
    b.uplink.stop((left) => stopped.push(left));
    if (fate === "reset") b.fake.socket.fail();
    if (fate === "network down") b.uplink.networkDown();
    if (fate === "silence") b.fake.pass(limits.stopTimeoutMs);
    expect(stopped).toEqual([2]);
    expect([b.fake.timers, b.fake.socket.closed]).toEqual([0, true]);
    expect(b.uplink.publish("t", "late", 1, false)).toMatchObject({ ok: false, error: { kind: "stopped" } });
  },
);

test.each(["before the network", "while waiting", "while opening", "before CONNACK"])("an orderly end %s is over at once", (moment) => {
  const b = setup();
  if (moment !== "before the network") b.uplink.networkUp();
  if (moment === "while waiting") b.fake.socket.fail();
  if (moment === "before CONNACK") b.fake.socket.allow(5744);
  const stopped: number[] = [];
  b.uplink.stop((left) => stopped.push(left));
  expect([stopped, b.fake.timers]).toEqual([[0], 0]);
  expect(b.fake.sockets.every(({ closed }) => closed)).toBe(true);
});

test("counters tell bytes both ways, connects and failures", () => {
  const b = setup();
  b.connect();
  b.uplink.publish("t", "x", 1, false);
  b.fake.socket.receive(oracleBytes({ cmd: "puback", messageId: 1 }));
  b.fake.socket.fail();
  expect(b.uplink.counters()).toEqual({
    ...{ published: 1, retransmitted: 0, acknowledged: 1, received: 0, connects: 1 },
    ...{ bytesOut: 20 + 8, bytesIn: 4 + 4, failures: 1 },
  });
});
