/** A board against brokers that are absent, bad or restless: it keeps trying, and the command says in the end what was wrong. */
import type { Socket } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import { counts, killGroup, mote, startMote } from "../host-sim/cli/command.js";
import { answersConnect, badBroker, sends, type BadBroker } from "../peers/bad-broker.js";
import { freePort } from "../peers/mosquitto.js";

const brokers: BadBroker[] = [];
afterAll(async () => {
  for (const broker of brokers) await broker.close();
});

async function opened(behave?: (socket: Socket) => void): Promise<BadBroker> {
  const broker = await badBroker();
  brokers.push(broker);
  if (behave !== undefined) broker.behave = behave;
  return broker;
}

/** The firmware's patience is counted in its own time: this many seconds of it in one of ours. */
const hurry = ["--speed", "30"];

describe.concurrent("a broker that", () => {
  test.each<[string, (socket: Socket) => void, string]>([
    ["closes at once", (socket) => socket.end(), "it closed the connection without accepting the board"],
    ["sends garbage", sends(...Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")), "what answers there does not speak MQTT 3.1.1"],
    ["sends half a packet", answersConnect(0x20, 2, 0), "what answers there does not speak MQTT 3.1.1"],
    ["says nothing", () => undefined, "it takes the connection and then says nothing"],
    ["refuses user and password", answersConnect(0x20, 2, 0, 4), "it refuses the board: wrong user name or password"],
  ])("%s is tried again, and in the end the run has failed for that reason", async (_, behave, why) => {
    const broker = await opened(behave);
    const ended = await mote("sim", ...hurry, "--duration", "40s", "--broker", `mqtt://me:secret@127.0.0.1:${broker.port}`);
    const url = `mqtt://127.0.0.1:${broker.port}`;
    expect(ended.out).toContain(`No connection to ${url}: ${why}. The board goes on sampling and tries again.\n`);
    expect({ code: ended.code, err: ended.err }).toEqual({
      code: 1,
      err: `mote: the board never reached the broker at ${url} in 40 s: ${why}\n`,
    });
    expect(broker.connections).toBeGreaterThan(1);
    expect(ended.out).toMatch(/\nSamples +\d{3}, /);
    expect(ended.out).not.toContain("secret");
  });
});

test.concurrent("where nobody listens the run fails, with its counts as JSON all the same", async () => {
  const ended = await mote("sim", ...hurry, "--duration", "10s", "--json", "--broker", `mqtt://127.0.0.1:${await freePort()}`);
  expect(ended.code).toBe(1);
  expect(ended.err).toMatch(/\nmote: the board never reached the broker at .*: no program answers there\n$/);
  expect(counts(ended)).toMatchObject({ published: 0, acknowledged: 0, simulatedMs: 10_000 });
});

test.concurrent("a name that has no address is said as such", async () => {
  const ended = await mote("sim", ...hurry, "--duration", "5s", "--broker", "mqtt://nowhere.invalid");
  expect(ended).toMatchObject({ code: 1, err: expect.stringContaining("the name nowhere.invalid has no address\n") });
});

test.concurrent("a broker that goes away and comes back gets values again, and the run has not failed", async () => {
  const broker = await opened();
  const good = broker.behave;
  const sockets: Socket[] = [];
  broker.behave = (socket) => {
    sockets.push(socket);
    good(socket);
  };
  const started = startMote("sim", "--speed", "10", "--broker", `mqtt://127.0.0.1:${broker.port}`);
  const values = (): number => broker.taken.filter((payload) => payload.startsWith('{"value"')).length;
  const until = async (what: string, holds: () => boolean): Promise<void> => {
    const deadline = performance.now() + 8000;
    while (!holds()) {
      if (performance.now() > deadline) throw new Error(`not within 8 s: ${what}\n${started.out}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await until("values", () => values() > 10);
  broker.behave = (socket) => socket.resetAndDestroy();
  for (const socket of sockets.splice(0)) socket.destroy();
  await started.says(/^The connection to .* is lost: the broker closed the connection\. The board goes on/m);
  const connections = broker.connections;
  await until("tried again", () => broker.connections >= connections + 2);
  const before = values();
  broker.behave = good;
  await started.says(/^The board is connected again\.$/m);
  await until("values again", () => values() > before + 10);
  killGroup(started.child.pid!, "SIGINT");
  expect(await started.ended).toMatchObject({ code: 0, err: "" });
  expect(broker.taken.filter((payload) => payload === "online")).toHaveLength(2);
  expect(broker.taken.at(-1)).toBe("offline");
});

test.concurrent("one that never answers the farewell is waited for, but not against the user's will", async () => {
  const broker = await opened(answersConnect(0x20, 2, 0, 0));
  const started = startMote("sim", "--broker", `mqtt://127.0.0.1:${broker.port}`);
  await started.says(/^temperature /m);
  const startMs = performance.now();
  killGroup(started.child.pid!, "SIGINT");
  // Closer together they count as one: npm passes on what the terminal has sent already.
  await new Promise((resolve) => setTimeout(resolve, 600));
  killGroup(started.child.pid!, "SIGINT");
  expect(await started.ended).toMatchObject({
    code: 1,
    err: "mote: the run failed: it was ended at once, before the board could say goodbye\n",
  });
  expect(performance.now() - startMs).toBeLessThan(2000);
});
