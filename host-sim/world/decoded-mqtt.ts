/**
 * One connection's bytes, both ways, as MQTT packets in words. Packets are put together over any number of
 * pieces. What does not begin with CONNECT is no MQTT, and what breaks it is the end of it: from there on
 * bytes are shown as they are. User names and passwords are never shown.
 */
import { isUtf8 } from "node:buffer";
import mqttPacket, { type IConnectPacket, type IPublishPacket, type ISubackPacket, type Packet } from "mqtt-packet";
import { hexText, payloadText, printable } from "./decoded-text.js";

export interface DecodedPacket {
  /** `connect`, `publish`, `puback` … */
  readonly cmd: Packet["cmd"];
  readonly id?: number;
  /** Of PUBLISH: its topic, its whole payload (hex where it is no UTF-8), and its flags. */
  readonly topic?: string;
  readonly payload?: string;
  readonly qos?: number;
  readonly retain?: boolean;
  readonly dup?: boolean;
}

interface Piece {
  readonly kind: "mqtt" | "tcp";
  readonly text: string;
  readonly packet?: DecodedPacket;
}

type Way = "out" | "in";

/** CONNECT's first byte (MQTT 3.1.1, 3.1.1). */
const connectByte = 0x10;

export class MqttConversation {
  readonly #socket: number;
  readonly #parsers: Partial<Record<Way, mqttPacket.Parser>> = {};
  #level: 3 | 4 | 5 = 4;
  /** Undefined: before the first byte that the board sends. */
  #legible: boolean | undefined;
  #pieces: Piece[] = [];

  constructor(socket: number) {
    this.#socket = socket;
  }

  feed(way: Way, bytes: Uint8Array): Piece[] {
    if (bytes.length === 0) return [];
    this.#legible ??= way === "out" && bytes[0] === connectByte;
    if (!this.#legible) return [this.#raw(bytes)];
    this.#pieces = [];
    try {
      this.#parser(way).parse(Buffer.from(bytes));
    } catch (error) {
      this.#broken(error);
    }
    if (!this.#legible) this.#pieces.push(this.#raw(bytes));
    return this.#pieces;
  }

  #parser(way: Way): mqttPacket.Parser {
    let parser = this.#parsers[way];
    if (parser === undefined) {
      parser = mqttPacket.parser({ protocolVersion: this.#level });
      parser.on("packet", (packet) => {
        if (packet.cmd === "connect") this.#level = packet.protocolVersion ?? 4;
        this.#pieces.push(packet.cmd === "publish" ? { kind: "mqtt", ...publishText(packet) } : { kind: "mqtt", ...packetText(packet) });
      });
      parser.on("error", (error) => this.#broken(error));
      this.#parsers[way] = parser;
    }
    return parser;
  }

  #broken(error: unknown): void {
    this.#legible = false;
    const why = error instanceof Error ? error.message : String(error);
    this.#pieces.push({ kind: "mqtt", text: `no MQTT any more: ${printable(why)}` });
  }

  #raw(bytes: Uint8Array): Piece {
    return { kind: "tcp", text: `socket ${this.#socket}: ${hexText(bytes)}` };
  }
}

export function publishText(packet: Pick<IPublishPacket, "topic" | "payload" | "qos" | "retain" | "dup" | "messageId">): {
  text: string;
  packet: DecodedPacket;
} {
  const { topic, qos, retain, dup, messageId } = packet;
  const payload = typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
  const flags = [`QoS ${qos}`];
  if (messageId !== undefined) flags.push(`id ${messageId}`);
  if (retain) flags.push("retained");
  if (dup) flags.push("DUP");
  return {
    text: `PUBLISH ${printable(topic)} ${payloadText(payload)} (${flags.join(", ")})`,
    packet: {
      cmd: "publish",
      ...(messageId === undefined ? {} : { id: messageId }),
      topic,
      payload: Buffer.from(payload).toString(isUtf8(payload) ? "utf8" : "hex"),
      qos,
      retain,
      dup,
    },
  };
}

function packetText(packet: Exclude<Packet, IPublishPacket>): { text: string; packet: DecodedPacket } {
  const { cmd, messageId } = packet;
  const id = messageId === undefined ? "" : ` id ${messageId}`;
  return { text: `${cmd.toUpperCase()}${id}${details(packet)}`, packet: { cmd, ...(messageId === undefined ? {} : { id: messageId }) } };
}

function details(packet: Exclude<Packet, IPublishPacket>): string {
  switch (packet.cmd) {
    case "connect":
      return ` ${connectText(packet)}`;
    case "connack":
      return ` ${connackText(packet.returnCode ?? packet.reasonCode ?? 0)}${packet.sessionPresent ? ", the session is still there" : ""}`;
    case "subscribe":
      return ` ${packet.subscriptions.map(({ topic, qos }) => `${printable(topic)} (QoS ${qos})`).join(", ")}`;
    case "unsubscribe":
      return ` ${packet.unsubscriptions.map(printable).join(", ")}`;
    case "suback":
      return ` ${grantedText(packet)}`;
    default:
      return "";
  }
}

function connectText({ clientId, clean, keepalive, will, username, protocolVersion }: IConnectPacket): string {
  const words = [
    printable(clientId),
    `keep-alive ${keepalive ?? 0} s`,
    clean === true ? "a new session" : "its old session, if there is one",
  ];
  if (protocolVersion === 5) words.push("MQTT 5");
  if (username !== undefined) words.push("with user name");
  if (will !== undefined) words.push(`will ${printable(will.topic)} ${payloadText(Buffer.from(will.payload))}`);
  return words.join(", ");
}

/** MQTT 3.1.1, table 3.1. */
const refusals: Record<number, string> = {
  1: "protocol level",
  2: "client name",
  3: "not available",
  4: "wrong user name or password",
  5: "not authorised",
};

function connackText(code: number): string {
  return code === 0 ? "accepted" : `refused: ${refusals[code] ?? `code ${code}`}`;
}

function grantedText({ granted }: ISubackPacket): string {
  return granted
    .map((each) => (typeof each === "number" ? each : ((each as { qos?: number }).qos ?? 128)))
    .map((code) => (code >= 128 ? "refused" : `QoS ${code}`))
    .join(", ");
}
