/** What the codec's tests draw from: fields as MQTT allows them, and the oracle, mqtt-packet. */
import fc from "fast-check";
import mqttPacket, { type Packet } from "mqtt-packet";
import type { Bytes } from "../../../firmware/device.js";
import { limits } from "../../../firmware/limits.js";
import type { Text } from "../../../firmware/base/utf8.js";

export const utf8Bytes = (text: string): Bytes => new Uint8Array(Buffer.from(text));

export const oracleBytes = (packet: Packet): Bytes => new Uint8Array(mqttPacket.generate(packet));

/** All packets in `bytes`, as mqtt-packet reads them. */
export function oracleParse(bytes: Uint8Array): Packet[] {
  const packets: Packet[] = [];
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  parser.on("packet", (packet) => packets.push(packet));
  parser.on("error", (error) => {
    throw error;
  });
  const left = parser.parse(Buffer.from(bytes));
  if (left > 0) throw new Error(left + " bytes left over");
  return packets;
}

/** Any code points but U+0000, astral ones included. */
export const anyText = (bytesMax: number) =>
  fc
    .string({ unit: "binary", maxLength: bytesMax, size: "max" })
    .map((text) => text.replaceAll("\0", ""))
    .filter((text) => Buffer.byteLength(text) <= bytesMax);

export const topicText = anyText(limits.topicBytesMax)
  .map((text) => text.replace(/[+#]/g, "/"))
  .filter((text) => text.length > 0);

const level = fc.oneof(fc.constant("+"), fc.stringMatching(/^[a-zà-ï0-9 ]{0,6}$/));
export const topicFilter = fc
  .tuple(fc.array(level, { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([levels, all]) => (all ? [...levels, "#"] : levels).join("/"))
  .filter((filter) => filter.length > 0);

export const payload = fc.uint8Array({ maxLength: 800, size: "max" }).map((bytes) => new Uint8Array(bytes));
export const qos = fc.constantFrom(0 as const, 1 as const);
export const packetId = fc.integer({ min: 1, max: 65535 });

/** The same text as a string or as bytes made before: both must be written alike. */
export const eitherForm = (text: string, asBytes: boolean): Text => (asBytes ? utf8Bytes(text) : text);
