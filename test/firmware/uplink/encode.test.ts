import fc from "fast-check";
import { expect, test } from "vitest";
import { limits } from "../../../firmware/limits.js";
import {
  connectPacket,
  disconnectPacket,
  pingreqPacket,
  pubackPacket,
  publishPacket,
  subscribePacket,
  topicName,
  type QoS,
  type TopicName,
} from "../../../firmware/uplink/encode.js";
import type { Bytes } from "../../../firmware/device.js";
import type { Result } from "../../../firmware/base/result.js";
import type { Text } from "../../../firmware/base/utf8.js";
import { anyText, eitherForm, oracleBytes, oracleParse, packetId, payload, qos, topicFilter, topicText } from "./packets.js";

const run = { seed: 72, numRuns: 250 };

const named = (topic: string): TopicName => {
  const name = topicName(topic);
  if (!name.ok) throw new Error(name.error.message);
  return name.value;
};
const publish = (topic: string, payload: Text, qos: QoS, retain: boolean, id: number) =>
  publishPacket(named(topic), payload, qos, retain, id);

function bytesOf(result: Result<Bytes>): Bytes {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const will = fc.record({ topic: topicText, payload: anyText(60), qos, retain: fc.boolean() });
const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

test("every CONNECT is byte-identical to mqtt-packet's, and mqtt-packet reads it back", () => {
  const fields = fc.record({
    clientId: anyText(60),
    cleanSession: fc.boolean(),
    keepAliveS: fc.nat(65535),
    will: option(will),
    login: option(fc.record({ username: anyText(60), password: option(anyText(60)) })),
    asBytes: fc.boolean(),
  });
  fc.assert(
    fc.property(fields, ({ clientId, cleanSession, keepAliveS, will, login, asBytes }) => {
      fc.pre(clientId !== "" || cleanSession);
      const form = (text: string) => eitherForm(text, asBytes);
      const bytes = bytesOf(
        connectPacket({
          clientId: form(clientId),
          cleanSession,
          keepAliveS,
          will: will && { ...will, payload: form(will.payload) },
          username: login && form(login.username),
          password: login?.password === undefined ? undefined : form(login.password),
        }),
      );
      const expected = {
        cmd: "connect" as const,
        protocolId: "MQTT" as const,
        protocolVersion: 4 as const,
        clientId,
        clean: cleanSession,
        keepalive: keepAliveS,
        ...(will && { will: { ...will, payload: Buffer.from(will.payload) } }),
        ...(login && { username: login.username }),
        ...(login?.password !== undefined && { password: Buffer.from(login.password) }),
      };
      expect(bytes).toEqual(oracleBytes(expected));
      expect(oracleParse(bytes)).toMatchObject([expected]);
    }),
    run,
  );
});

test("every PUBLISH is byte-identical to mqtt-packet's, and mqtt-packet reads it back", () => {
  fc.assert(
    fc.property(topicText, payload, qos, fc.boolean(), packetId, (topic, payload, qos, retain, id) => {
      const bytes = bytesOf(publish(topic, payload, qos, retain, id));
      const expected = {
        cmd: "publish" as const,
        topic,
        payload: Buffer.from(payload),
        qos,
        retain,
        dup: false,
        ...(qos === 1 && { messageId: id }),
      };
      expect(bytes).toEqual(oracleBytes(expected));
      expect(oracleParse(bytes)).toMatchObject([expected]);
    }),
    run,
  );
});

test("a payload given as a string is written as its UTF-8", () => {
  fc.assert(
    fc.property(anyText(200), (text) => {
      expect(bytesOf(publish("t", text, 0, false, 0))).toEqual(
        oracleBytes({ cmd: "publish", topic: "t", payload: text, qos: 0, retain: false, dup: false }),
      );
    }),
    run,
  );
});

test("every PUBACK, SUBSCRIBE, PINGREQ and DISCONNECT is byte-identical to mqtt-packet's", () => {
  fc.assert(
    fc.property(topicFilter, qos, packetId, (filter, qos, id) => {
      expect(pubackPacket(id)).toEqual(oracleBytes({ cmd: "puback", messageId: id }));
      const subscribe = bytesOf(subscribePacket(id, filter, qos));
      expect(subscribe).toEqual(oracleBytes({ cmd: "subscribe", messageId: id, subscriptions: [{ topic: filter, qos }] }));
      expect(oracleParse(subscribe)).toMatchObject([{ messageId: id, subscriptions: [{ topic: filter, qos }] }]);
    }),
    run,
  );
  expect(pingreqPacket()).toEqual(oracleBytes({ cmd: "pingreq" }));
  expect(disconnectPacket()).toEqual(oracleBytes({ cmd: "disconnect" }));
});

test.each(["", "a+", "#", "a\0b", "x".repeat(limits.topicBytesMax + 1)])("the topic %j is refused with what would be right", (topic) => {
  expect(topicName(topic)).toMatchObject({ ok: false, error: { kind: "topic" } });
});

test.each(["", "a+/b", "a/#/b", "a#", "a\0"])("the topic filter %j is refused", (filter) => {
  expect(subscribePacket(1, filter, 1)).toMatchObject({ ok: false, error: { kind: "topic" } });
});

test("a publish fits up to packetBytesMax to the byte, and is refused beyond", () => {
  const overhead = 3 + 2 + 1 + 2;
  const largest = new Uint8Array(limits.packetBytesMax - overhead);
  expect(bytesOf(publish("t", largest, 1, false, 1)).length).toBe(limits.packetBytesMax);
  expect(publish("t", new Uint8Array(largest.length + 1), 1, false, 1)).toMatchObject({ ok: false, error: { kind: "size" } });
});

test("remaining lengths on both sides of 128 are written as mqtt-packet writes them", () => {
  for (let length = 110; length < 140; length++) {
    const payload = Buffer.alloc(length, 7);
    const bytes = bytesOf(publish("topic", new Uint8Array(payload), 0, true, 0));
    expect(bytes).toEqual(oracleBytes({ cmd: "publish", topic: "topic", payload, qos: 0, retain: true, dup: false }));
  }
});

const good = { clientId: "a", cleanSession: true, keepAliveS: 30 };
const dead = { topic: "t", payload: "", qos: 0, retain: false } as const;
test.each([
  [{ ...good, clientId: "", cleanSession: false }, "options", "client id"],
  [{ ...good, clientId: "a\0" }, "options", "zero character"],
  [{ ...good, password: "p" }, "options", "user name"],
  [{ ...good, keepAliveS: 65536 }, "options", "keep-alive"],
  [{ ...good, will: { ...dead, topic: "a/#" } }, "options", "will topic"],
  [{ ...good, will: { ...dead, payload: "x".repeat(limits.packetBytesMax) } }, "size", "CONNECT"],
])("connect fields that no broker may accept are an error value (%#)", (fields, kind, word) => {
  const result = connectPacket(fields);
  expect(result).toMatchObject({ ok: false, error: { kind, message: expect.stringContaining(word) } });
});
