/** A real MQTT broker inside this process (aedes), on loopback: the usual port, or a free one when that is taken. */
import { createServer, type Server, type Socket } from "node:net";

const usualPort = 1883;
/** How long clients have to take what is on its way to them when the broker ends, ms. */
const farewellMs = 250;

/** The most messages that wait for the broker's loading, of which the newest stay. */
const waitingMax = 1000;

export interface BrokerMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

export interface EmbeddedBroker {
  readonly port: number;
  /** True when another program holds the usual port. */
  readonly usualPortTaken: boolean;
  /** Sends a message to whoever subscribed, as if a client had published it. What comes before the broker is loaded waits, up to a bound. */
  publish(message: BrokerMessage): void;
  /** Lets every client go; done within a second, whatever they do. */
  close(): Promise<void>;
}

export async function embeddedBroker(): Promise<EmbeddedBroker> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    ready.then(
      (broker) => broker.handle(socket),
      () => socket.destroy(),
    );
  });
  try {
    await listen(server, usualPort);
  } catch {
    // Taken, or not to be had: any other will do.
    await listen(server, 0);
  }
  // Takes a fifth of a second to load, in which the board can boot; who connects before then waits.
  const ready = import("aedes").then(({ Aedes }) => Aedes.createBroker());
  ready.catch(() => {});
  const { port } = server.address() as { port: number };
  const waiting: BrokerMessage[] = [];
  let take = (message: BrokerMessage): void => {
    waiting.push(message);
    if (waiting.length > waitingMax) waiting.shift();
  };
  const loaded = async (): Promise<void> => {
    const broker = await ready;
    take = ({ topic, payload, qos, retain }) => broker.publish({ cmd: "publish", topic, payload, qos, retain, dup: false }, () => {});
    for (const message of waiting.splice(0)) take(message);
  };
  loaded().catch(() => {});
  return {
    port,
    usualPortTaken: port !== usualPort,
    publish: (message) => take(message),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const kill = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, farewellMs);
      const broker = await ready;
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      await closed;
      clearTimeout(kill);
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}
