/** A real MQTT broker inside this process (aedes), on loopback: the usual port, or a free one when that is taken. */
import { createServer, type Server } from "node:net";
import { Aedes } from "aedes";

const usualPort = 1883;

export interface EmbeddedBroker {
  readonly port: number;
  /** True when another program holds the usual port. */
  readonly usualPortTaken: boolean;
  close(): Promise<void>;
}

export async function embeddedBroker(): Promise<EmbeddedBroker> {
  const broker = await Aedes.createBroker();
  const server = createServer((socket) => broker.handle(socket));
  let port = usualPort;
  try {
    await listen(server, usualPort);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    await listen(server, 0);
    port = (server.address() as { port: number }).port;
  }
  return {
    port,
    usualPortTaken: port !== usualPort,
    async close() {
      await new Promise<void>((closed) => broker.close(() => closed()));
      await new Promise<void>((closed) => server.close(() => closed()));
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
