/**
 * Reads the MQTT 3.1.1 packets that a broker sends, from a stream in pieces of any size. Whatever the bytes, it
 * does not throw, and keeps at most one packet of `limits.packetBytesMax`; a fault is a value, told as early as
 * it can be known, and stays until `reset`.
 */
import type { Bytes } from "../device.js";
import type { Failure } from "../base/result.js";
import { limits } from "../limits.js";
import { isTopicName, lengthMax, type QoS } from "./encode.js";
import { decodeUtf8 } from "../base/utf8.js";

export type DecodeError = "malformed" | "oversize";

export type Incoming =
  | { readonly type: "connack"; readonly sessionPresent: boolean; /** 0 accepted, 1 … 5 refused (table 3.1). */ readonly code: number }
  | {
      readonly type: "publish";
      /** Unchecked UTF-8, for `topicText`. This and the payload are views, valid until the next `feed`. */
      readonly topic: Bytes;
      readonly payload: Bytes;
      readonly qos: QoS;
      readonly retain: boolean;
      /** 0 at QoS 0. */
      readonly id: number;
    }
  | { readonly type: "puback"; readonly id: number }
  /** Each code 0, 1, 2 (granted QoS) or 128 (refused). */
  | { readonly type: "suback"; readonly id: number; readonly codes: Bytes }
  | { readonly type: "pingresp" }
  | { readonly type: "fault"; readonly error: Failure<DecodeError> };

export interface Decoder {
  /** Hands over the next piece. Only after `next` returned undefined. */
  feed(bytes: Bytes): void;
  /** The next packet or a fault; undefined when more bytes are needed. */
  next(): Incoming | undefined;
  /** A new connection: forgets what is left of the old one. */
  reset(): void;
}

/** In place of a scale: what is awaited is a packet's first byte, or its body. */
const firstByte = 0;
const wholeBody = -1;

function fault(kind: DecodeError, message: string): Incoming {
  return { type: "fault", error: { kind, message: "from the broker: " + message } };
}

const malformed = (message: string) => fault("malformed", message);

/** Why a broker refuses a connection: the meaning of a CONNACK's code 1 … 5 (table 3.1). */
export function refusal(code: number): string {
  if (code === 1) return "it does not speak MQTT 3.1.1";
  if (code === 2) return "it does not allow this client id";
  if (code === 3) return "it is not available";
  return code === 4 ? "user name or password is wrong" : "this client is not authorized";
}

/** The topic of a PUBLISH as a string; undefined when it is malformed: empty, no UTF-8, a wildcard in it (3.3.2.1). */
export function topicText(topic: Bytes): string | undefined {
  const text = decodeUtf8(topic);
  return text !== undefined && isTopicName(text) ? text : undefined;
}

/** Least remaining length of the packet that `first` opens, or −1 where a broker may not send it to this client (2.2.1, 2.2.2). */
function lengthMin(first: number): number {
  // At QoS 0 DUP must be 0 (MQTT-3.3.1-2); QoS 2 is never granted, 3 is none. A topic has 1 byte or more.
  if (first === 0x30 || first === 0x31) return 3;
  if ((first & 0xf6) === 0x32) return 5;
  if (first === 0x40 || first === 0x20) return 2;
  if (first === 0x90) return 3;
  return first === 0xd0 ? 0 : -1;
}

/** PUBLISH and SUBACK, whose least remaining length is 3 or more, may be longer; the others have just that length. */
function isLength(first: number, length: number): boolean {
  const least = lengthMin(first);
  return length === least || (length > least && least >= 3);
}

/** The weight of a fourth length byte, the last there may be (2.2.3). */
const lastScale = 128 * 128 * 128;

/** The packet that `first` opens and whose body, of a length that it may have, is bytes[start] … bytes[end − 1]. */
function parse(first: number, bytes: Bytes, start: number, end: number): Incoming {
  if (first === 0xd0) return { type: "pingresp" };
  const high = bytes[start]!;
  const low = bytes[start + 1]!;
  if ((first & 0xf0) === 0x30) {
    const qos = (first & 2) === 0 ? 0 : 1;
    const topicEnd = start + 2 + (high << 8) + low;
    const payloadStart = topicEnd + 2 * qos;
    if (payloadStart > end) return malformed("PUBLISH whose topic is longer than the packet (3.3.2)");
    const id = qos === 0 ? 0 : (bytes[topicEnd]! << 8) | bytes[topicEnd + 1]!;
    if (id === 0 && qos === 1) return malformed("PUBLISH with packet id 0 (2.3.1)");
    const topic = bytes.subarray(start + 2, topicEnd);
    return { type: "publish", topic, payload: bytes.subarray(payloadStart, end), qos, retain: (first & 1) !== 0, id };
  }
  if (first === 0x20) {
    if (high > 1 || low > 5 || (high === 1 && low !== 0)) return malformed("CONNACK with flags " + high + " and code " + low + " (3.2.2)");
    return { type: "connack", sessionPresent: high === 1, code: low };
  }
  const id = (high << 8) | low;
  if (id === 0) return malformed("acknowledgement of packet id 0 (2.3.1)");
  if (first === 0x40) return { type: "puback", id };
  for (let at = start + 2; at < end; at++) {
    const code = bytes[at]!;
    if (code > 2 && code !== 0x80) return malformed("SUBACK with return code " + code + " (3.9.3)");
  }
  return { type: "suback", id, codes: bytes.subarray(start + 2, end) };
}

/**
 * A class, since its methods stay in flash: as closures they would take a kilobyte of RAM. XS looks fields up one
 * by one, so those that every packet needs come first.
 */
class PacketDecoder implements Decoder {
  private piece: Bytes;
  private position = 0;
  /** Weight of the next byte of the remaining length; or `firstByte`, or `wholeBody`. */
  private scale: number = firstByte;
  private stuck: Incoming | undefined;
  private first = 0;
  /** Remaining length, as far as it has been read. */
  private length = 0;
  /** A body that came in pieces, and how much of it is there. */
  private body: Bytes | undefined;
  private bodyBytes = 0;
  private readonly nothing: Bytes = new Uint8Array(0);

  constructor() {
    this.piece = this.nothing;
  }

  feed(bytes: Bytes): void {
    this.piece = bytes;
    this.position = 0;
  }

  next(): Incoming | undefined {
    if (this.stuck !== undefined) return this.stuck;
    const bytes = this.piece;
    const end = bytes.length;
    const position = this.position;
    if (this.scale === firstByte) {
      if (position === end) return this.wait();
      // The usual case: all of a packet is at hand. Calls are dear in XS, so it makes few; what is odd is left to `gather`.
      if (end - position >= 2) {
        const first = bytes[position]!;
        let start = position + 2;
        let length = bytes[position + 1]!;
        if (length >= 0x80 && start < end) length += (bytes[start++]! - 1) * 128;
        const next = start + length;
        const least = lengthMin(first);
        if (length <= lengthMax && next <= end && (length === least || (length > least && least >= 3))) {
          this.position = next;
          const packet = parse(first, bytes, start, next);
          if (packet.type === "fault") this.reject(packet);
          return packet;
        }
      }
    }
    return this.gather(bytes, position, end);
  }

  reset(): void {
    this.wait();
    this.scale = firstByte;
    this.body = undefined;
    this.stuck = undefined;
  }

  /** The next packet, wherever the last piece ended. */
  private gather(bytes: Bytes, position: number, end: number): Incoming | undefined {
    let at = position;
    if (this.scale !== wholeBody) {
      at = this.header(bytes, at, end);
      if (at < 0) return this.stuck;
    }
    const next = at + this.length;
    if (this.body !== undefined || next > end) return this.collect(at, end);
    this.position = next;
    this.scale = firstByte;
    return this.told(parse(this.first, bytes, at, next));
  }

  /** Reads the fixed header (2.2) from `start` on. Returns where the body begins; −1 when more is needed, or there is a fault. */
  private header(bytes: Bytes, start: number, end: number): number {
    let at = start;
    let scale = this.scale;
    if (at === end) return this.pause();
    if (scale === firstByte) {
      this.first = bytes[at++]!;
      this.length = 0;
      scale = 1;
    }
    if (lengthMin(this.first) < 0) return this.reject(malformed("a packet that opens with byte " + this.first + " (2.2.1, 2.2.2)"));
    let length = this.length;
    while (at < end) {
      const byte = bytes[at++]!;
      length += (byte & 0x7f) * scale;
      if (length > lengthMax) return this.reject(fault("oversize", "a packet of more than " + limits.packetBytesMax + " bytes"));
      if (byte < 0x80) {
        if (!isLength(this.first, length)) {
          return this.reject(malformed("a packet that opens with byte " + this.first + " and has length " + length));
        }
        this.length = length;
        this.scale = wholeBody;
        return at;
      }
      if (scale === lastScale) return this.reject(malformed("a remaining length of more than four bytes (2.2.3)"));
      scale *= 128;
    }
    this.length = length;
    this.scale = scale;
    return this.pause();
  }

  /** The body comes in pieces: copies what is there of it, from `at` on. */
  private collect(at: number, end: number): Incoming | undefined {
    if (at === end) return this.wait();
    if (this.body === undefined) {
      this.body = new Uint8Array(this.length);
      this.bodyBytes = 0;
    }
    const body = this.body;
    const missing = this.length - this.bodyBytes;
    const taken = end - at < missing ? end - at : missing;
    body.set(this.piece.subarray(at, at + taken), this.bodyBytes);
    this.bodyBytes += taken;
    if (this.bodyBytes < this.length) return this.wait();
    this.position = at + taken;
    this.body = undefined;
    this.scale = firstByte;
    return this.told(parse(this.first, body, 0, body.length));
  }

  /** Everything of the piece was taken; it may be long, and is not held until the next. */
  private wait(): undefined {
    this.piece = this.nothing;
    this.position = 0;
    return undefined;
  }

  private pause(): -1 {
    this.wait();
    return -1;
  }

  private told(packet: Incoming): Incoming {
    if (packet.type === "fault") this.reject(packet);
    return packet;
  }

  private reject(what: Incoming): -1 {
    this.reset();
    this.stuck = what;
    return -1;
  }
}

export function decoder(): Decoder {
  return new PacketDecoder();
}
