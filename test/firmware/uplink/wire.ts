/** A session on a test bench: its clock is a number, its wire is read by mqtt-packet, its room is what the test says. */
import type { IConnectPacket, Packet } from "mqtt-packet";
import type { Failure } from "../../../firmware/base/result.js";
import { limits } from "../../../firmware/limits.js";
import type { Session, SessionError } from "../../../firmware/uplink/contract.js";
import type { ConnectFields, QoS } from "../../../firmware/uplink/encode.js";
import { session } from "../../../firmware/uplink/session.js";
import { oracleBytes, oracleParse } from "./packets.js";

export interface Bench {
  readonly mqtt: Session;
  nowMs: number;
  /** What `room()` answers. */
  room: number;
  /** Packets written since the last call. */
  written(): Packet[];
  /** Events since the last call, as text. */
  events(): string[];
  readonly ended: (Failure<SessionError> | undefined)[];
  readonly acknowledged: number[];
  /** Called on each event: where a test acts from inside a callback. */
  onEvent: ((name: string) => void) | undefined;
  broker(packet: Packet): void;
  /** open, CONNACK, and what that wrote is dropped. */
  up(sessionPresent?: boolean): void;
}

export const fields: ConnectFields = { clientId: "mote-1", cleanSession: false, keepAliveS: 30 };

export function bench(connect: ConnectFields = fields): Bench {
  let chunks: Uint8Array[] = [];
  let events: string[] = [];
  const tell = (name: string, event: string) => {
    events.push(event);
    self.onEvent?.(name);
  };
  const self: Bench = {
    nowMs: 1000,
    room: limits.outgoingBytesMax,
    ended: [],
    acknowledged: [],
    onEvent: undefined,
    mqtt: session(
      connect,
      { nowMs: () => self.nowMs },
      {
        get room() {
          return self.room;
        },
        send(packet) {
          if (packet.length > self.room) throw new Error("the session sends " + packet.length + " bytes into room for " + self.room);
          chunks.push(packet.slice());
        },
        onEnded(error) {
          self.ended.push(error);
          tell("ended", "ended " + (error?.kind ?? "in order"));
        },
      },
      {
        onConnected: (present) => tell("connected", "connected " + present),
        onMessage: (topic, payload, retain) =>
          tell("message", "message " + topic + " " + Buffer.from(payload).toString() + (retain ? " retained" : "")),
        onAcknowledged(token) {
          self.acknowledged.push(token);
          tell("acknowledged", "acknowledged " + token);
        },
        onRoom: () => tell("room", "room"),
        onSubscribed: (filter, granted) => tell("subscribed", "subscribed " + filter + " " + granted),
      },
    ),
    written() {
      const packets = oracleParse(Buffer.concat(chunks));
      chunks = [];
      return packets;
    },
    events() {
      const told = events;
      events = [];
      return told;
    },
    broker: (packet) => self.mqtt.receive(oracleBytes(packet)),
    up(sessionPresent = false) {
      self.mqtt.open(self.nowMs + limits.connectTimeoutMs);
      self.broker({ cmd: "connack", sessionPresent, returnCode: 0 });
      chunks = [];
      events = [];
    },
  };
  return self;
}

/** Publishes "p<number>" and returns its token; throws when refused. */
export function publish(mqtt: Session, text: string, qos: QoS = 1): number {
  const result = mqtt.publish("t", text, qos, false);
  if (!result.ok) throw new Error(result.error.kind);
  return result.value;
}

/** Packets in short: `publish 3 text dup`. */
export function brief(packets: Packet[]): string[] {
  return packets.map((packet) => {
    if (packet.cmd === "publish")
      return ["publish", packet.messageId ?? 0, packet.payload.toString(), ...(packet.dup ? ["dup"] : [])].join(" ");
    if (packet.cmd === "connect") return "connect " + (packet as IConnectPacket).clientId;
    return packet.cmd + (packet.messageId === undefined ? "" : " " + packet.messageId);
  });
}
