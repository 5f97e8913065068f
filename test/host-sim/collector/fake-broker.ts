/** A broker's end of one connection, packet by packet: it says what it is told to, and tells when each packet came. */
import { createServer, type Socket } from "node:net";
import mqttPacket, { type Packet } from "mqtt-packet";

export interface FakeBroker {
  readonly port: number;
  /** All that came, in order. */
  readonly packets: Packet[];
  publish(messageId: number, topic: string, payload: Buffer, dup?: boolean): void;
  /** Breaks the connection. */
  drop(): void;
  close(): Promise<void>;
}

export async function fakeBroker(onPacket: (packet: Packet) => void = () => undefined): Promise<FakeBroker> {
  const packets: Packet[] = [];
  const sockets = new Set<Socket>();
  let current: Socket | undefined;
  const send = (packet: Packet): void => void (current !== undefined && mqttPacket.writeToStream(packet, current));
  const server = createServer((socket) => {
    current = socket;
    sockets.add(socket);
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    parser.on("packet", (packet) => {
      packets.push(packet);
      onPacket(packet);
      if (packet.cmd === "connect") send({ cmd: "connack", returnCode: 0, sessionPresent: true });
      if (packet.cmd === "subscribe") send({ cmd: "suback", messageId: packet.messageId!, granted: [1] });
      if (packet.cmd === "publish" && packet.qos === 1) send({ cmd: "puback", messageId: packet.messageId! });
    });
    socket.on("data", (bytes) => parser.parse(bytes));
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    packets,
    publish: (messageId, topic, payload, dup = false) => send({ cmd: "publish", qos: 1, dup, retain: false, messageId, topic, payload }),
    drop: () => current?.destroy(),
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
