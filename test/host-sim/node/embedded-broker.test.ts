import { connect, createServer, type Server, type Socket } from "node:net";
import mqtt from "mqtt";
import { afterEach, expect, test } from "vitest";
import { embeddedBroker, type EmbeddedBroker } from "../../../host-sim/node/embedded-broker.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function broker(): Promise<EmbeddedBroker> {
  const started = await embeddedBroker();
  let closed: Promise<void> | undefined;
  const once = { ...started, close: () => (closed ??= started.close()) };
  cleanups.push(() => once.close());
  return once;
}

function opened(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket)).once("error", reject);
    cleanups.push(() => socket.destroy());
  });
}

/** Holds the usual port, or knows that somebody else does. */
async function usualPortHeld(): Promise<void> {
  const server: Server = createServer();
  await new Promise<void>((done) => server.once("error", () => done()).listen(1883, "127.0.0.1", () => done()));
  cleanups.push(() => server.close());
}

test("takes clients from its first moment, before it has loaded", async () => {
  const { port } = await broker();
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
  await client.publishAsync("a", "b", { qos: 1, retain: true });
  const heard = new Promise((resolve) => client.once("message", (_, payload) => resolve(payload.toString())));
  await client.subscribeAsync("a");
  expect(await heard).toBe("b");
  await client.endAsync();
});

test("goes to a free port where the usual one is taken, and says so", async () => {
  await usualPortHeld();
  const { port, usualPortTaken } = await broker();
  expect([port === 1883, usualPortTaken]).toEqual([false, true]);
  await opened(port);
});

test("ends within a second, whoever is still connected and whatever they sent", async () => {
  const { port, close } = await broker();
  await opened(port);
  (await opened(port)).write("GET / HTTP/1.1\r\n\r\n");
  (await opened(port)).write(Uint8Array.of(0x10, 0x7f, 0));
  const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });
  cleanups.push(() => client.end(true));
  await new Promise((resolve) => client.once("connect", resolve));
  const gone = new Promise((resolve) => client.once("close", () => resolve("gone")));
  const startMs = performance.now();
  await close();
  expect(performance.now() - startMs).toBeLessThan(1000);
  expect(await gone).toBe("gone");
  await expect(opened(port)).rejects.toThrow("ECONNREFUSED");
});
