/** Clients of the test's own on a broker model, their wires in both directions, without a network between. */
import mqttPacket, { type Packet } from "mqtt-packet";
import type { BrokerModel } from "../../../host-sim/world/broker.js";
import { Lan } from "../../../host-sim/world/lan.js";
import { Link } from "../../../host-sim/world/link.js";
import { random } from "../../../host-sim/world/random.js";

/** A client of the test's own on the model, its wire in both directions. */
export function client(broker: BrokerModel, connect: Partial<Extract<Packet, { cmd: "connect" }>> = {}, from?: Link) {
  const packets: Packet[] = [];
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  parser.on("packet", (packet) => packets.push(packet));
  const self = {
    closed: false,
    packets: () => packets.splice(0),
    raw: (bytes: Uint8Array) => handlers?.received(bytes),
    lost: () => handlers?.closed(),
  };
  const handlers = broker.service({
    ...(from === undefined ? {} : { from }),
    send: (bytes) => void parser.parse(Buffer.from(bytes)),
    close: () => {
      self.closed = true;
    },
  });
  const send = (packet: Packet) => handlers?.received(mqttPacket.generate(packet));
  if (connect.clientId !== "") {
    send({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clientId: "board", clean: true, keepalive: 30, ...connect } as Packet);
  }
  return {
    ...self,
    refused: handlers === undefined,
    get closed() {
      return self.closed;
    },
    send,
  };
}

export const publish = (topic: string, payload: string, more: object = {}): Packet =>
  ({ cmd: "publish", topic, payload, qos: 0, dup: false, retain: false, ...more }) as Packet;
export const subscribe = (topic: string, qos: 0 | 1): Packet =>
  ({ cmd: "subscribe", messageId: 9, subscriptions: [{ topic, qos }] }) as Packet;
export const texts = (packets: Packet[]) =>
  packets.map((each) =>
    each.cmd === "publish" ? `${each.topic}=${String(each.payload)}${each.retain ? " retained" : ""}${each.dup ? " again" : ""}` : each.cmd,
  );

export const pass = (broker: BrokerModel, seconds: number) => broker.scheduler.runUntil(broker.scheduler.nowUs + seconds * 1e6);
export const will = { topic: "m/status", payload: Buffer.from("offline"), qos: 1 as const, retain: true };
export const status = (broker: BrokerModel) => broker.retained.get("m/status")?.payload.toString();
export const link = () => new Link(new Lan(), random(1));
