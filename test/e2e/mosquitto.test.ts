import mqtt, { type MqttClient } from "mqtt";
import { afterEach, expect, test } from "vitest";
import { connection, type Connection, type ConnectionEvents } from "../../firmware/uplink/connection.js";
import { realBoard } from "../peers/board.js";
import { mosquitto, withoutMosquitto, type Mosquitto } from "../peers/mosquitto.js";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function broker(): Promise<Mosquitto> {
  const started = await mosquitto();
  cleanups.push(() => started.remove());
  await started.start();
  return started;
}

async function subscriber(port: number, filter: string, onMessage: (topic: string, payload: string) => void): Promise<MqttClient> {
  const client = mqtt.connect("mqtt://127.0.0.1:" + port, { clientId: "reader", clean: false, reconnectPeriod: 50 });
  cleanups.push(() => client.endAsync(true));
  // Before it is connected: what was queued for it comes right after CONNACK.
  client.on("message", (topic, payload) => onMessage(topic, payload.toString()));
  client.on("error", () => undefined);
  await new Promise((resolve) => client.once("connect", resolve));
  await client.subscribeAsync(filter, { qos: 1 });
  return client;
}

const quiet: ConnectionEvents = {
  onConnected: () => undefined,
  onDisconnected: () => undefined,
  onMessage: () => undefined,
  onAcknowledged: () => undefined,
  onRoom: () => undefined,
  onSubscribed: () => undefined,
};

const until = async (what: string, holds: () => boolean, timeoutMs: number) => {
  const deadline = Date.now() + timeoutMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("not within " + timeoutMs + " ms: " + what);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

const stopped = (uplink: Connection) => new Promise<number>((resolve) => uplink.stop(resolve));
const title = (text: string) => (withoutMosquitto === undefined ? text : text + " (" + withoutMosquitto + ")");

test.skipIf(withoutMosquitto !== undefined)(
  title("10,000 QoS 1 publishes across three restarts of Mosquitto all arrive, first occurrences in order per channel"),
  { timeout: 60_000 },
  async () => {
    const messages = 10_000;
    const channels = ["temperature", "humidity", "pressure", "rain", "flow"];
    const server = await broker();
    /** What came first, in order, by topic. */
    const first = new Map(channels.map((channel) => ["mote/" + channel, [] as number[]]));
    const seen = new Set<number>();
    let deliveries = 0;
    await subscriber(server.port, "mote/+", (topic, payload) => {
      const number = Number(payload);
      deliveries++;
      if (seen.has(number)) return;
      seen.add(number);
      first.get(topic)!.push(number);
    });

    const board = realBoard({ "broker.test": "127.0.0.1" });
    const failures: string[] = [];
    const acknowledged = new Set<number>();
    let accepted = 0;
    const options = { broker: { host: "broker.test", port: server.port }, clientId: "mote-e2e", cleanSession: false };
    const uplink: Connection = connection(board.device, options, {
      ...quiet,
      onConnected: () => publish(),
      onRoom: () => publish(),
      onDisconnected: (error) => failures.push(error.kind),
      onAcknowledged: (token) => acknowledged.add(token),
    });
    function publish(): void {
      while (accepted < messages) {
        const topic = "mote/" + channels[accepted % channels.length];
        if (!uplink.publish(topic, String(accepted), 1, false).ok) return;
        accepted++;
      }
    }

    uplink.networkUp();
    for (const restartAt of [2500, 5000, 7500]) {
      await until("publish " + restartAt, () => seen.size >= restartAt, 20_000);
      await server.stop();
      await server.start();
    }
    await until("all acknowledged", () => acknowledged.size === messages, 20_000);
    await until("all arrived", () => seen.size === messages, 20_000);
    expect(await stopped(uplink)).toBe(0);

    for (const [index, channel] of channels.entries()) {
      const expected = Array.from({ length: messages / channels.length }, (_, count) => count * channels.length + index);
      expect(first.get("mote/" + channel)).toEqual(expected);
    }
    expect(failures.filter((kind) => kind !== "transport")).toEqual([]);
    expect(failures.length).toBeGreaterThanOrEqual(3);
    const counters = uplink.counters();
    expect(counters).toMatchObject({ published: messages, acknowledged: messages });
    expect(counters.connects).toBe(4);
    expect(counters.retransmitted).toBeGreaterThan(0);
    expect(deliveries).toBeLessThanOrEqual(messages + counters.retransmitted + 3 * 20);
    expect(board.thrown).toEqual([]);
  },
);

test.skipIf(withoutMosquitto !== undefined)(
  title("Mosquitto shows a board offline by its will when the socket vanishes, and by its own word when it ends in order"),
  async () => {
    const server = await broker();
    // A repetition is no change: at QoS 1 an "online" may come twice.
    const heard: string[] = [];
    await subscriber(server.port, "mote/status", (_, payload) => payload === heard[heard.length - 1] || heard.push(payload));
    const board = realBoard();
    const options = {
      broker: { host: "127.0.0.1", port: server.port },
      clientId: "mote-e2e",
      cleanSession: false,
      will: { topic: "mote/status", payload: "offline", qos: 1, retain: true },
    } as const;
    const sessions: boolean[] = [];
    const messages: string[] = [];
    const uplink: Connection = connection(board.device, options, {
      ...quiet,
      onConnected(sessionPresent) {
        sessions.push(sessionPresent);
        uplink.publish("mote/status", "online", 1, true);
      },
      onMessage: (topic, payload) => messages.push(topic + " " + Buffer.from(payload).toString()),
    });
    uplink.subscribe("mote/command/#", 1);
    uplink.networkUp();
    await until("online", () => heard.includes("online"), 5000);
    uplink.networkDown();
    // A close without DISCONNECT is what makes the broker send the will (3.1.2.5).
    await until("offline by will", () => heard.includes("offline"), 5000);

    const peer = await mqtt.connectAsync("mqtt://127.0.0.1:" + server.port);
    cleanups.push(() => peer.endAsync());
    await peer.publishAsync("mote/command/x", "while away", { qos: 1 });
    uplink.networkUp();
    await until("what was kept for it", () => messages.length === 1, 5000);
    expect(messages).toEqual(["mote/command/x while away"]);
    expect(sessions).toEqual([false, true]);

    await until("online again", () => heard.length === 3, 5000);
    expect(await stopped(uplink)).toBe(0);
    await until("offline in order", () => heard.length === 4, 5000);
    expect(heard).toEqual(["online", "offline", "online", "offline"]);
    expect(board.thrown).toEqual([]);
  },
);
