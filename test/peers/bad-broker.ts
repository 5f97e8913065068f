/**
 * A TCP server that plays a broker badly, until it is told to be good. Fault model: what `behave` does with each
 * new socket; the good one answers CONNECT and acknowledges QoS 1.
 */
import { createServer, type Server, type Socket } from "node:net";
import mqttPacket from "mqtt-packet";

export interface BadBroker {
  readonly port: number;
  readonly connections: number;
  /** Payloads that the good broker took. */
  readonly taken: string[];
  behave: (socket: Socket) => void;
  close(): Promise<void>;
}

export const sends =
  (...bytes: number[]) =>
  (socket: Socket) =>
    void socket.write(Uint8Array.from(bytes));

/** Waits for CONNECT, then sends `bytes`. */
export const answersConnect =
  (...bytes: number[]) =>
  (socket: Socket) =>
    void socket.once("data", () => socket.write(Uint8Array.from(bytes)));

export async function badBroker(): Promise<BadBroker> {
  const sockets = new Set<Socket>();
  const taken: string[] = [];
  let connections = 0;

  function good(socket: Socket): void {
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    parser.on("packet", (packet) => {
      if (packet.cmd === "connect") socket.write(mqttPacket.generate({ cmd: "connack", sessionPresent: false, returnCode: 0 }));
      if (packet.cmd !== "publish") return;
      taken.push(packet.payload.toString());
      if (packet.qos === 1) socket.write(mqttPacket.generate({ cmd: "puback", messageId: packet.messageId! }));
    });
    socket.on("data", (bytes) => parser.parse(bytes));
  }

  const server: Server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.resume();
    self.behave(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const self: BadBroker = {
    port: address !== null && typeof address === "object" ? address.port : 0,
    taken,
    behave: good,
    get connections() {
      return connections;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return self;
}
