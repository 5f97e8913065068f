/**
 * The MQTT 3.1.1 packets that this client writes (OASIS standard, chapter 3), each as fresh bytes.
 * What cannot be written is an error value; nothing larger than `limits.packetBytesMax` is ever allocated.
 */
import type { Bytes } from "../device.js";
import { failure, success, type Result } from "../base/result.js";
import { limits } from "../limits.js";
import { encodeUtf8, utf8Length, writeUtf8, type Text } from "../base/utf8.js";

export type QoS = 0 | 1;

/** What the broker publishes for this client when the connection ends without a DISCONNECT (3.1.2.5). */
export interface Will {
  readonly topic: string;
  readonly payload: Text;
  readonly qos: QoS;
  readonly retain: boolean;
}

export interface ConnectFields {
  /** Not empty where `cleanSession` is false (MQTT-3.1.3-7). */
  readonly clientId: Text;
  readonly cleanSession: boolean;
  /** Seconds, 0 (off) … 65535. */
  readonly keepAliveS: number;
  readonly will?: Will | undefined;
  readonly username?: Text | undefined;
  /** Only with a user name (MQTT-3.1.2-22). */
  readonly password?: Text | undefined;
}

/** Set in the first byte of a PUBLISH that is sent again (3.3.1.1). */
export const duplicateFlag = 0x08;

/** Most remaining length (2.2.3): beside it a packet has a first byte, and two length bytes where it is that long. */
export const lengthMax = limits.packetBytesMax - 3;

const tooLarge = (what: string, length: number) =>
  failure("size", what + " takes " + (length + 3) + " bytes; an MQTT packet may have " + limits.packetBytesMax + " here");

/** A packet with its fixed header written; what follows the header starts at bytes.length − length. */
function allocate(first: number, length: number): Bytes {
  const bytes = new Uint8Array(length < 128 ? length + 2 : length + 3);
  bytes[0] = first;
  if (length < 128) bytes[1] = length;
  else {
    bytes[1] = (length & 0x7f) | 0x80;
    bytes[2] = length >> 7;
  }
  return bytes;
}

function putNumber(value: number, into: Bytes, at: number): number {
  into[at] = value >> 8;
  into[at + 1] = value & 0xff;
  return at + 2;
}

/** A string or binary field with its two length bytes (1.5.3); returns the offset after it. */
function putField(text: Text, into: Bytes, at: number): number {
  const end = writeUtf8(text, into, at + 2);
  putNumber(end - at - 2, into, at);
  return end;
}

/** U+0000 may stand in no string (MQTT-1.5.3-2). */
function hasNull(text: Text | undefined): boolean {
  if (text === undefined) return false;
  return typeof text === "string" ? text.indexOf("\0") >= 0 : text.indexOf(0) >= 0;
}

/** A topic to publish to: 1 character or more, no U+0000, no wildcard (MQTT-3.3.2-2, MQTT-4.7.3-1). */
export function isTopicName(text: string): boolean {
  return text.length > 0 && text.indexOf("#") < 0 && text.indexOf("+") < 0 && text.indexOf("\0") < 0;
}

declare const checked: unique symbol;

/** A topic that was checked and encoded once: a publish to it costs nothing per character. */
export type TopicName = Bytes & { readonly [checked]: true };

/** Error `topic`: empty, longer than limits.topicBytesMax, a wildcard or U+0000 in it. */
export function topicName(text: string): Result<TopicName, "topic"> {
  if (!isTopicName(text)) return failure("topic", "a topic to publish to has 1 character or more, and no +, # or zero character");
  const bytes = utf8Length(text);
  if (bytes > limits.topicBytesMax) return failure("topic", "topic of " + bytes + " bytes: " + limits.topicBytesMax + " is the most");
  return success(encodeUtf8(text) as TopicName);
}

/** CONNECT (3.1). Error `options`: fields that no broker may accept. */
export function connectPacket(fields: ConnectFields): Result<Bytes, "options" | "size"> {
  const { clientId, cleanSession, keepAliveS, will, username, password } = fields;
  if (hasNull(clientId) || hasNull(username)) return failure("options", "MQTT client id or user name holds a zero character: remove it");
  if (will !== undefined && !isTopicName(will.topic)) {
    return failure("options", "MQTT will topic is empty or holds +, # or a zero character: name one topic");
  }
  if (clientId.length === 0 && !cleanSession) return failure("options", "MQTT client id is empty: give one, or ask for a clean session");
  if (password !== undefined && username === undefined) return failure("options", "MQTT password without a user name: give both");
  if (!(keepAliveS >= 0 && keepAliveS <= 65535)) return failure("options", "MQTT keep-alive " + keepAliveS + " s: 0 … 65535 is right");
  let length = 10 + 2 + utf8Length(clientId);
  let flags = cleanSession ? 0x02 : 0;
  if (will !== undefined) {
    length += 4 + utf8Length(will.topic) + utf8Length(will.payload);
    flags |= 0x04 | (will.qos << 3) | (will.retain ? 0x20 : 0);
  }
  if (username !== undefined) {
    length += 2 + utf8Length(username);
    flags |= 0x80;
  }
  if (password !== undefined) {
    length += 2 + utf8Length(password);
    flags |= 0x40;
  }
  if (length > lengthMax) return tooLarge("MQTT CONNECT (client id, will, user name, password)", length);
  const bytes = allocate(0x10, length);
  let at = putField("MQTT", bytes, bytes.length - length);
  bytes[at++] = 4;
  bytes[at++] = flags;
  at = putNumber(keepAliveS, bytes, at);
  at = putField(clientId, bytes, at);
  if (will !== undefined) at = putField(will.payload, bytes, putField(will.topic, bytes, at));
  if (username !== undefined) at = putField(username, bytes, at);
  if (password !== undefined) putField(password, bytes, at);
  return success(bytes);
}

/** PUBLISH (3.3) without DUP. `id` 1 … 65535 is written at QoS 1 only. */
export function publishPacket(topic: TopicName, payload: Text, qos: QoS, retain: boolean, id: number): Result<Bytes, "size"> {
  const topicBytes = topic.length;
  const head = qos === 0 ? 2 : 4;
  const length = head + topicBytes + (typeof payload === "string" ? utf8Length(payload) : payload.length);
  if (length > lengthMax) return tooLarge("publish", length);
  const bytes = allocate(0x30 | (qos << 1) | (retain ? 1 : 0), length);
  let at = bytes.length - length;
  bytes[at + 1] = topicBytes;
  bytes.set(topic, at + 2);
  at += head + topicBytes;
  if (qos !== 0) {
    bytes[at - 2] = id >> 8;
    bytes[at - 1] = id;
  }
  if (typeof payload === "string") writeUtf8(payload, bytes, at);
  else bytes.set(payload, at);
  return { ok: true, value: bytes };
}

/** PUBACK (3.4). */
export function pubackPacket(id: number): Bytes {
  const bytes = allocate(0x40, 2);
  putNumber(id, bytes, 2);
  return bytes;
}

/** SUBSCRIBE (3.8) to one filter. Error `topic`: empty, too long, U+0000 in it, or a wildcard that is not a whole level (4.7.1). */
export function subscribePacket(id: number, filter: string, qos: QoS): Result<Bytes, "topic"> {
  if (utf8Length(filter) > limits.topicBytesMax || !isTopicFilter(filter)) {
    return failure("topic", "topic filter of 1 … " + limits.topicBytesMax + " bytes, + and # as whole levels, # last, no zero character");
  }
  const bytes = allocate(0x82, 5 + utf8Length(filter));
  const end = putField(filter, bytes, putNumber(id, bytes, 2));
  bytes[end] = qos;
  return success(bytes);
}

function isTopicFilter(filter: string): boolean {
  const levels = filter.split("/");
  const last = levels.length - 1;
  for (let index = 0; index <= last; index++) {
    const level = levels[index]!;
    if (level.length > 1 && (level.indexOf("+") >= 0 || level.indexOf("#") >= 0)) return false;
    if (level === "#" && index !== last) return false;
  }
  return filter.length > 0 && !hasNull(filter);
}

/** PINGREQ (3.12). */
export function pingreqPacket(): Bytes {
  return allocate(0xc0, 0);
}

/** DISCONNECT (3.14). */
export function disconnectPacket(): Bytes {
  return allocate(0xe0, 0);
}
