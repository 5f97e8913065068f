/** Virtual Bluetooth over the dashboard's server, as a page or a command works it, and as somebody who breaks its rules does. */
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { GattLink } from "../../../host-sim/pairing/contract.js";
import { connect, listBoards, pressButton } from "../../../host-sim/pairing/socket-link.js";
import { nodeSocket, onAir, type OnAir } from "./air-rig.js";
import { goneTo, until } from "./rig.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function opened(options: Parameters<typeof onAir>[0] = {}): Promise<OnAir> {
  const made = await onAir(options);
  cleanups.push(() => made.close());
  return made;
}

async function linked({ air }: OnAir, board = "board", options: Parameters<typeof connect>[2] = {}): Promise<GattLink> {
  const link = await connect(air, board, options);
  if (!link.ok) throw new Error(link.error.message);
  cleanups.push(() => link.value.close());
  return link.value;
}

function heardBy(link: GattLink): Promise<string> {
  return new Promise((resolve) => (link.onFrame = (frame) => resolve(Buffer.from(frame).toString("hex"))));
}

/** A socket that speaks as it likes. */
async function raw({ shown }: OnAir): Promise<{ socket: WebSocket; said: string[]; closed: Promise<number> }> {
  const socket = new WebSocket(`ws://127.0.0.1:${shown.port}/ble`);
  cleanups.push(() => socket.terminate());
  const said: string[] = [];
  socket.on("message", (data: Buffer) => said.push(String(data)));
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  await new Promise((resolve) => socket.on("open", resolve));
  return { socket, said, closed };
}

describe("boards on the air", () => {
  test("are listed with what they advertise, and with their codes, since they are simulated", async () => {
    const made = await opened({ boards: 2 });
    const listed = await listBoards(made.air);
    expect(listed).toMatchObject({ ok: true, value: { of: 2, state: "running" } });
    const [first, second] = listed.ok ? listed.value.boards : [];
    expect(first).toMatchObject({
      board: "board",
      name: `Mote ${first!.digits.slice(-6)}`,
      advertising: true,
      connected: false,
      improv: 2,
    });
    expect(first!.simulatedCode).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(second!.simulatedCode).not.toBe(first!.simulatedCode);
  });

  test("are at most a hundred in one answer, and found by their names", async () => {
    const made = await opened({ boards: 150, open: false, speed: 1 });
    const listed = await listBoards(made.air);
    expect(listed.ok && [listed.value.boards.length, listed.value.of]).toEqual([100, 150]);
    const found = await listBoards(made.air, "board-149");
    expect(found.ok && found.value.boards.map(({ board }) => board)).toEqual(["board-149"]);
    const [{ digits }] = found.ok ? (found.value.boards as [(typeof found.value.boards)[0]]) : [{ digits: "" }];
    const same = await listBoards(made.air, digits.slice(-6));
    expect(same).toEqual(found);
  });

  test("open after a press of their button, which lasts 200 ms of their time", async () => {
    const made = await opened({ open: false });
    expect(await connect(made.air, "board")).toMatchObject({ ok: false, error: { kind: "closed", message: /Press its button/ } });
    expect(await pressButton(made.air, "board")).toMatchObject({ ok: true });
    const times = made.diary.map((line) => /^board (press|release) (\d+)$/.exec(line)!.slice(1));
    expect(times.map(([what]) => what)).toEqual(["press", "release"]);
    expect(Number(times[1]![1]) - Number(times[0]![1])).toBe(200);
    expect(await connect(made.air, "board").then((link) => link.ok && link.value.close())).not.toBe(false);
  });
});

describe("a link", () => {
  test("reads the board's info, carries frames both ways, and ends with its socket", async () => {
    const made = await opened();
    const link = await linked(made);
    expect(await link.readInfo()).toEqual(Uint8Array.of(1, 2, 3));
    const heard = heardBy(link);
    await link.write(Uint8Array.of(1, 2, 0xff));
    expect(await heard).toBe("ff0201");
    expect((await listBoards(made.air, "board")).ok && made.session.boards[0]!.station.board.bluetooth.connected).toBe(true);
    link.close();
    await until("the board has let go", () => made.diary.some((line) => line.startsWith("board disconnect")));
  });

  test("has the MTU and the connection interval that were asked for", async () => {
    const made = await opened();
    const link = await linked(made, "board", { mtu: 40, intervalMs: 100 });
    await link.write(new Uint8Array(37).fill(7));
    await expect(link.write(new Uint8Array(38))).rejects.toThrow(/lost/);
    const times = made.session.boards[0]!.station.board.bluetooth;
    await until("it is over", () => !times.connected);
  });

  test("tells its user when the board lets go", async () => {
    const made = await opened();
    const link = await linked(made);
    const closed = new Promise<void>((resolve) => (link.onClosed = resolve));
    made.session.touch(({ simulation }) => simulation.stations[0]!.powerOff());
    await closed;
    await expect(link.readInfo()).rejects.toThrow(/lost/);
  });

  test("to a board that is taken, that is not there, or in a run that is paused, is refused in words", async () => {
    const made = await opened();
    await linked(made);
    expect(await connect(made.air, "board")).toMatchObject({ ok: false, error: { kind: "busy" } });
    expect(await connect(made.air, "porch")).toMatchObject({ ok: false, error: { kind: "board", message: /no board "porch"/ } });
    made.session.pause();
    expect(await connect(made.air, "board")).toMatchObject({ ok: false, error: { kind: "paused", message: /let it go on/ } });
    expect(await pressButton(made.air, "board")).toMatchObject({ ok: false, error: { kind: "paused" } });
  });

  test("is one of at most eight", async () => {
    const made = await opened({ boards: 9 });
    for (let index = 1; index <= 8; index++) await linked(made, index === 1 ? "board" : `board-${index}`);
    expect(await connect(made.air, "board-9")).toMatchObject({ ok: false, error: { kind: "busy", message: /8 links/ } });
  });
});

describe("going back", () => {
  test("ends the links, and what they did happens again at the very same times", async () => {
    const made = await opened();
    const link = await linked(made);
    const heard = heardBy(link);
    await link.write(Uint8Array.of(9, 8, 7));
    await heard;
    const closed = new Promise<void>((resolve) => (link.onClosed = resolve));
    const first = [...made.diary];
    const atMs = Math.ceil(made.session.nowMs);
    await until("some time has passed", () => made.session.nowMs > atMs + 1);
    expect(first.map((line) => line.split(" ")[1])).toEqual(["connect", "frame"]);
    made.diary.length = 0;
    await goneTo(made.session, atMs);
    await closed;
    expect(made.diary).toEqual(first);
    // Whom nobody listens to makes room.
    made.session.run();
    await linked(made);
    await until("it is connected anew", () => made.diary.filter((line) => line.includes("connect")).length >= 3);
    expect(made.diary.slice(first.length).map((line) => line.split(" ")[1])).toEqual(["disconnect", "connect"]);
  });
});

describe("who may not", () => {
  test.each([
    ["another site's page", "/ble", { origin: "http://evil.example" }],
    ["a name that leads here", "/ble", { host: "evil.example" }],
    ["another path", "/bleu", {}],
  ])("%s gets no socket", async (_, path, headers) => {
    const made = await opened();
    const socket = new WebSocket(`ws://127.0.0.1:${made.shown.port}${path}`, { headers });
    const error = await new Promise<Error>((resolve) => socket.on("error", resolve));
    expect(error.message).toMatch(/403|404/);
  });

  test.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["no id", '{"ask":"boards"}'],
    ["an unknown question", '{"ask":"reboot","id":1}'],
    ["a frame without a link", '{"ask":"write","id":1,"hex":"00"}'],
    ["an MTU of 9000", '{"ask":"connect","id":1,"board":"board","mtu":9000}'],
    ["an interval of nothing", '{"ask":"connect","id":1,"board":"board","intervalMs":0}'],
    ["a board that is no text", '{"ask":"press","id":1,"board":{}}'],
  ])("says %s is let go", async (_, text) => {
    const made = await opened();
    const { socket, closed, said } = await raw(made);
    socket.send(text);
    expect(await closed).toBe(1008);
    expect(said).toEqual([]);
  });

  test("sends what is too large, or too much at once, is let go", async () => {
    const made = await opened();
    const large = await raw(made);
    large.socket.send(`{"ask":"boards","id":1,"find":"${"x".repeat(5000)}"}`);
    expect(await large.closed).toBe(1009);
    made.session.run(0.001);
    const many = await raw(made);
    for (let id = 1; id <= 65; id++) many.socket.send(`{"ask":"press","id":${id},"board":"board"}`);
    expect(await many.closed).toBe(1008);
  });

  test("opens a seventeenth socket is turned away, until one is closed", async () => {
    const made = await opened();
    const sockets = [];
    for (let index = 0; index < 16; index++) sockets.push(await raw(made));
    expect(await listBoards(made.air)).toMatchObject({ ok: false, error: { kind: "server" } });
    sockets[0]!.socket.terminate();
    let listed = await listBoards(made.air);
    for (let round = 0; round < 50 && !listed.ok; round++) listed = await listBoards(made.air);
    expect(listed).toMatchObject({ ok: true });
  });
});

test("nobody there is said with what to do", async () => {
  const listed = await listBoards({ url: "ws://127.0.0.1:9/ble", makeSocket: nodeSocket });
  expect(listed).toMatchObject({ ok: false, error: { kind: "server", message: /npm start/ } });
});
