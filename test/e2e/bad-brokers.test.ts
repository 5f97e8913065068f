import type { Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { connection, type Connection } from "../../firmware/uplink/connection.js";
import { answersConnect, badBroker, sends } from "../peers/bad-broker.js";
import { realBoard } from "../peers/board.js";
import { freePort } from "../peers/mosquitto.js";

/** The firmware's clock runs this many times as fast, so that its 10 s of patience pass quickly. */
const speed = 40;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const until = async (what: string, holds: () => boolean) => {
  const deadline = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("not within 10 s: " + what);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};

function uplinkTo(port: number) {
  const board = realBoard({}, speed);
  const failures: { kind: string; message: string; atMs: number }[] = [];
  const acknowledged: number[] = [];
  const uplink: Connection = connection(
    board.device,
    { broker: { host: "127.0.0.1", port, username: "u", password: "secret" }, clientId: "mote-bad", cleanSession: true },
    {
      onConnected: () => undefined,
      onDisconnected: (error) => failures.push({ ...error, atMs: board.device.clock.nowMs() }),
      onMessage: () => undefined,
      onAcknowledged: (token) => acknowledged.push(token),
      onRoom: () => undefined,
      onSubscribed: () => undefined,
    },
  );
  cleanups.push(() => uplink.stop(() => undefined));
  return { board, uplink, failures, acknowledged };
}

const text = (words: string) => [...Buffer.from(words)];
const cases: [string, (socket: Socket) => void, string, string][] = [
  ["closes at once", (socket) => socket.end(), "transport", "closed"],
  ["resets at once", (socket) => socket.resetAndDestroy(), "transport", ""],
  ["sends garbage", sends(...text("HTTP/1.1 400 Bad Request\r\n\r\n")), "malformed", "opens with byte 72"],
  ["sends half a packet and then nothing", answersConnect(0x20, 2, 0), "timeout", ""],
  ["says nothing at all", () => undefined, "timeout", ""],
  ["refuses by CONNACK", answersConnect(0x20, 2, 0, 5), "refused", "not authorized"],
  ["accepts and then sends garbage", answersConnect(0x20, 2, 0, 0, 0xff, 0xff), "malformed", "255"],
  ["accepts and then announces a packet of 2 MB", answersConnect(0x20, 2, 0, 0, 0x30, 0xff, 0xff, 0x7f), "oversize", "1024"],
  ["acknowledges before it accepts", answersConnect(0x40, 2, 0, 1), "protocol", "before CONNACK"],
];

test.each(cases)(
  "a broker that %s gives a clear failure, is tried again later and later, and nothing accepted is lost",
  async (_, behave, kind, word) => {
    const broker = await badBroker();
    cleanups.push(() => broker.close());
    const good = broker.behave;
    broker.behave = behave;
    const { board, uplink, failures, acknowledged } = uplinkTo(broker.port);
    expect(uplink.publish("t", "kept", 1, false).ok).toBe(true);
    uplink.networkUp();
    const attempts = kind === "timeout" ? 2 : 4;
    await until(attempts + " failures", () => failures.length >= attempts);
    for (const failure of failures) {
      expect(failure.kind).toBe(kind);
      expect(failure.message).toContain("broker 127.0.0.1:" + broker.port);
      expect(failure.message).toContain(word);
      expect(failure.message).not.toContain("secret");
    }
    for (let index = 1; index < failures.length; index++) {
      expect(failures[index]!.atMs - failures[index - 1]!.atMs).toBeGreaterThanOrEqual(250 * 2 ** (index - 1));
    }
    expect(broker.connections).toBeLessThanOrEqual(failures.length + 1);
    broker.behave = good;
    await until("delivered", () => acknowledged.length === 1);
    expect(broker.taken).toEqual(["kept"]);
    expect(board.thrown).toEqual([]);
  },
);

test("a port where nobody listens gives a clear failure, again and again, without a throw", async () => {
  const { board, uplink, failures } = uplinkTo(await freePort());
  uplink.networkUp();
  await until("3 failures", () => failures.length >= 3);
  expect(failures[0]).toMatchObject({ kind: "transport", message: expect.stringContaining("check host and port") });
  expect(board.thrown).toEqual([]);
});
