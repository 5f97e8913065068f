import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytes, connection } from "./connection.js";

const windowBytes = 4 * 1436;

test("a connection is up after a way there and back, and then takes a window of bytes", () => {
  const { tcp, board, pass } = connection();
  expect(() => tcp.write(bytes(1))).toThrow("not ready");
  pass(3.9);
  expect(board.writable).toEqual([]);
  pass(2.2);
  expect(board.writable).toEqual([windowBytes]);
  expect(tcp.write(bytes(1))).toBe(windowBytes - 1);
});

test("nothing can be written before the board has heard that it may, even when its thread is busy", () => {
  const { tcp, board, pass, cpu } = connection(({ cpu, scheduler }) => scheduler.at(1000, () => cpu.post(() => cpu.charge(50_000))));
  let thrown = false;
  cpu.post(() => cpu.charge(20_000));
  cpu.post(() => {
    try {
      tcp.write(bytes(1));
    } catch {
      thrown = true;
    }
  });
  pass(100);
  expect([thrown, board.writable]).toEqual([true, [windowBytes]]);
});

test("bytes of any sizes arrive both ways, complete and in order, and the window is never exceeded", () => {
  const sizes = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 4000 }), fc.nat(10)), { maxLength: 30 });
  fc.assert(
    fc.property(sizes, (script) => {
      const { tcp, board, service, pass } = connection();
      pass(10);
      const out: number[] = [];
      const back: number[] = [];
      let room = windowBytes;
      for (const [fromBoard, count, thenMs] of script) {
        if (fromBoard) {
          room = board.writable.length > 0 ? board.writable.splice(0).pop()! : room;
          if (count > room) expect(() => tcp.write(bytes(count, out.length))).toThrow("would block");
          else {
            const written = bytes(count, out.length);
            out.push(...written);
            room = tcp.write(written);
            // What was written is the socket's: the caller may use its bytes again.
            written.fill(0);
          }
        } else {
          const sent = bytes(count, back.length);
          back.push(...sent);
          service.peer!.send(sent);
          sent.fill(0);
        }
        pass(thenMs);
      }
      pass(1000);
      expect(service.received).toEqual(out);
      expect(board.received).toEqual(back);
      expect([board.errors, service.closed]).toEqual([0, 0]);
      // All was acknowledged: the whole window is free again.
      expect(board.writable.length === 0 ? room : board.writable.pop()).toBe(windowBytes);
    }),
    { seed: 1, numRuns: 60 },
  );
});

test("segments keep their order however much the network's delays differ", () => {
  const { tcp, service, pass } = connection(({ lan }) => {
    lan.jitterUs = 50_000;
  });
  pass(200);
  for (let index = 0; index < 50; index++) tcp.write(Uint8Array.of(index));
  pass(1000);
  expect(service.received).toEqual(Array.from({ length: 50 }, (_, index) => index));
});

test("onReadable tells how much there is, and read gives all of it once", () => {
  const self = connection();
  self.board.readsAtOnce = false;
  self.pass(10);
  self.service.peer!.send(bytes(3000));
  self.pass(20);
  // Cut at 1,436 bytes on the way; nothing was read, so it adds up.
  expect(self.board.readable).toEqual([1436, 2872, 3000]);
  self.read();
  expect(self.board.received).toEqual([...bytes(3000)]);
  expect(self.tcp.read()).toBeUndefined();
});

test("an address without a service refuses: onError once, after a way there and back", () => {
  const { open, board, pass, service } = connection();
  pass(100);
  open(8);
  pass(3.9);
  expect(board.errors).toBe(0);
  pass(100_000);
  expect([board.errors, service.closed]).toEqual([1, 0]);
});

describe("the end", () => {
  test("close sends what was written before it, and then the service hears of it; the board hears nothing more", () => {
    const { tcp, board, service, pass } = connection();
    pass(10);
    tcp.write(bytes(5000));
    tcp.close();
    tcp.close();
    board.writable.length = 0;
    service.peer!.send(bytes(10));
    pass(1000);
    expect([service.received.length, service.closed]).toEqual([5000, 1]);
    expect([board.writable, board.readable, board.errors]).toEqual([[], [], 0]);
    expect(tcp.write(bytes(1))).toBe(0);
  });

  test("a connection that is closed before it is up never reaches its service", () => {
    const { tcp, board, service, pass } = connection();
    tcp.close();
    pass(100_000);
    expect([service.peer, board.writable, board.errors]).toEqual([undefined, [], 0]);
  });

  test("when the service closes, the board first gets what was sent, then onError once, then nothing", () => {
    const { tcp, board, service, pass } = connection();
    pass(10);
    service.peer!.send(bytes(3000));
    service.peer!.close();
    service.peer!.close();
    pass(1);
    tcp.write(bytes(10));
    pass(100_000);
    expect([board.received, board.errors]).toEqual([[...bytes(3000)], 1]);
    // The service hung up itself: it hears neither bytes nor the end.
    expect([service.received, service.closed]).toEqual([[], 0]);
  });
});
