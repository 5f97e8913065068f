import { createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { TCP } from "../../../firmware/device.js";
import { tcpClass, windowBytes } from "../../../host-sim/node/tcp.js";

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

const until = async (what: string, holds: () => boolean) => {
  const deadline = Date.now() + 5000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("not within 5 s: " + what);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};

async function peer(): Promise<{ port: number; sockets: Socket[]; server: Server }> {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    sockets.push(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : 0, sockets, server };
}

/** The board's loop: callbacks wait here until `turn`. */
function open(port: number, address = "127.0.0.1") {
  const queue: (() => void)[] = [];
  const events: string[] = [];
  const Class = tcpClass((callback) => queue.push(callback));
  const tcp: TCP = new Class({
    ...{ address, port },
    onReadable: (bytes) => events.push("readable " + bytes),
    onWritable: (bytes) => events.push("writable " + bytes),
    onError: () => events.push("error"),
  });
  cleanups.push(() => tcp.close());
  return { tcp, events, queue, turn: () => queue.splice(0).forEach((callback) => callback()) };
}

async function connected() {
  const { port, sockets } = await peer();
  const board = open(port);
  await until("connected", () => board.queue.length > 0 && sockets.length > 0);
  board.turn();
  return { ...board, socket: sockets[0]! };
}

test("a connection is told by onWritable with a board's send window, and only from the board's loop", async () => {
  const { port } = await peer();
  const { tcp, events, queue, turn } = open(port);
  expect(() => tcp.write(new Uint8Array(1))).toThrow("before the first onWritable");
  await until("connected", () => queue.length > 0);
  expect(events).toEqual([]);
  turn();
  expect(events).toEqual(["writable " + windowBytes]);
});

test("what does not fit the window throws, and the window is freed as bytes leave", async () => {
  const { tcp, events, turn, socket } = await connected();
  expect(() => tcp.write(new Uint8Array(windowBytes + 1))).toThrow("5744 are free");
  expect(tcp.write(new Uint8Array(5000).fill(7))).toBe(744);
  expect(() => tcp.write(new Uint8Array(745))).toThrow("744 are free");
  await until("freed", () => (turn(), events.length === 2));
  expect(events[1]).toBe("writable " + windowBytes);
  let bytes = 0;
  socket.on("data", (data) => (bytes += data.length));
  await until("arrived", () => bytes === 5000);
});

test("the caller may reuse its bytes after a write", async () => {
  const { tcp, socket } = await connected();
  const bytes = Uint8Array.of(1, 2, 3);
  tcp.write(bytes);
  bytes.fill(9);
  const [data] = await new Promise<Buffer[]>((resolve) => socket.once("data", (data) => resolve([data])));
  expect([...data!]).toEqual([1, 2, 3]);
});

test("a megabyte arrives whole, never more than the windows at a time, however slowly it is read", async () => {
  const { tcp, events, turn, socket } = await connected();
  const sent = Buffer.alloc(1_000_000, "0123456789");
  socket.write(sent);
  const pieces: Buffer[] = [];
  let bytes = 0;
  for (let round = 0; bytes < sent.length; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    turn();
    if (round % 3 !== 0) continue;
    const buffer = tcp.read();
    if (buffer === undefined) continue;
    expect(buffer.byteLength).toBeLessThan(2 * windowBytes);
    pieces.push(Buffer.from(buffer));
    bytes += buffer.byteLength;
  }
  expect(Buffer.concat(pieces).equals(sent)).toBe(true);
  expect(events.filter((event) => event.startsWith("readable")).length).toBeGreaterThan(100);
  expect(tcp.read()).toBeUndefined();
});

test("the peer's end is one error, told after what had arrived", async () => {
  const { tcp, events, turn, queue, socket } = await connected();
  socket.end("last words");
  await until("ended", () => queue.length >= 2);
  events.length = 0;
  turn();
  expect(events).toEqual(["readable 10", "error"]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  turn();
  expect(events.length).toBe(2);
  expect(() => tcp.write(new Uint8Array(1))).toThrow("after the end");
});

test("a reset and a refused connection are one error each", async () => {
  const { events, turn, socket } = await connected();
  socket.resetAndDestroy();
  await until("reset", () => (turn(), events.includes("error")));
  const { port, server } = await peer();
  await new Promise((resolve) => server.close(resolve));
  const refused = open(port);
  await until("refused", () => (refused.turn(), refused.events.length > 0));
  await new Promise((resolve) => setTimeout(resolve, 20));
  refused.turn();
  expect(refused.events).toEqual(["error"]);
});

test("after close nothing is called, and what was written before still arrives although much lies unread", async () => {
  const { tcp, events, turn, socket } = await connected();
  socket.write(Buffer.alloc(200_000));
  await until("readable", () => (turn(), events.length > 1));
  tcp.write(new Uint8Array(Buffer.from("goodbye")));
  tcp.close();
  events.length = 0;
  let heard = "";
  socket.on("data", (data) => (heard += data.toString()));
  await new Promise((resolve) => socket.once("end", resolve));
  turn();
  expect(heard).toBe("goodbye");
  expect(events).toEqual([]);
  tcp.close();
});

test("a name or a port out of range throws at once", () => {
  expect(() => open(80, "example.com")).toThrow("no dotted IPv4 address");
  expect(() => open(0)).toThrow("1 … 65535");
});

test("a peer that does not read stops the window, which is freed whole once it reads", async () => {
  const { tcp, events, turn, socket } = await connected();
  socket.pause();
  let written = 0;
  const full = (): boolean => {
    for (const event of events.splice(0)) {
      const free = Number(event.replace("writable ", ""));
      tcp.write(new Uint8Array(free).fill(5));
      written += free;
    }
    return written > 50_000_000;
  };
  // The system's own buffers hold some megabytes. What it has not taken comes back to nobody.
  for (let idle = 0; idle < 20 && !full(); idle = events.length === 0 ? idle + 1 : 0) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    turn();
  }
  expect(written).toBeLessThan(50_000_000);
  let bytes = 0;
  socket.on("data", (data) => (bytes += data.length));
  socket.resume();
  await until("freed", () => (turn(), events.length > 0));
  await until("arrived", () => bytes === written);
  expect(events.at(-1)).toBe("writable " + windowBytes);
});
