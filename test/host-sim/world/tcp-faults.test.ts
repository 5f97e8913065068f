import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../../host-sim/world/random.js";
import { bytes, connection } from "./connection.js";

const windowBytes = 4 * 1436;

describe("while the link is down", () => {
  test("bytes are held, and delivered in order when they are sent again after that", () => {
    const { tcp, link, board, service, pass } = connection();
    pass(10);
    link.up = false;
    tcp.write(bytes(2000));
    service.peer!.send(bytes(3000));
    pass(50_000);
    expect([service.received.length, board.received.length]).toEqual([0, 0]);
    link.up = true;
    pass(50_000);
    expect([service.received, board.received]).toEqual([[...bytes(2000)], [...bytes(3000)]]);
    expect([board.errors, service.closed]).toEqual([0, 0]);
    expect(board.writable.at(-1)).toBe(windowBytes);
  });

  test("the board gives up after lwIP's 19 minutes and the service after Linux's 15, each for itself", () => {
    const { tcp, link, board, service, pass } = connection();
    pass(10);
    link.up = false;
    tcp.write(bytes(100));
    service.peer!.send(bytes(100));
    pass(924_500);
    expect([board.errors, service.closed]).toEqual([0, 0]);
    pass(200);
    expect([board.errors, service.closed]).toEqual([0, 1]);
    pass(226_200);
    expect([board.errors, service.closed]).toEqual([0, 1]);
    pass(300);
    expect([board.errors, service.closed]).toEqual([1, 1]);
    link.up = true;
    pass(2_000_000);
    expect([board.errors, service.closed, service.received, board.received, link.conversations.size]).toEqual([1, 1, [], [], 0]);
  });

  test("whoever says nothing hears nothing of the other's giving up, until it says something", () => {
    const quietBoard = connection();
    quietBoard.pass(10);
    quietBoard.link.up = false;
    quietBoard.service.peer!.send(bytes(100));
    quietBoard.pass(1_200_000);
    quietBoard.link.up = true;
    quietBoard.pass(1_200_000);
    expect([quietBoard.board.errors, quietBoard.service.closed]).toEqual([0, 1]);
    quietBoard.tcp.write(bytes(1));
    quietBoard.pass(100);
    expect([quietBoard.board.errors, quietBoard.service.closed, quietBoard.service.received]).toEqual([1, 1, []]);

    const quietService = connection();
    quietService.pass(10);
    quietService.link.up = false;
    quietService.tcp.write(bytes(100));
    quietService.pass(1_200_000);
    quietService.link.up = true;
    quietService.pass(1_200_000);
    expect([quietService.board.errors, quietService.service.closed]).toEqual([1, 0]);
    quietService.service.peer!.send(bytes(1));
    quietService.pass(100);
    expect([quietService.board.errors, quietService.service.closed, quietService.board.received]).toEqual([1, 1, []]);
  });

  test("a connection begun then comes about at the next SYN after that, or fails after 18.5 s", () => {
    for (const [backMs, outcome] of [
      [10_100, [1, 0, true]],
      [17_900, [1, 0, true]],
      [18_100, [0, 1, false]],
    ] as const) {
      const { link, board, pass, service } = connection(({ link }) => {
        link.up = false;
      });
      pass(backMs);
      link.up = true;
      pass(2000);
      expect([backMs, [board.writable.length, board.errors, service.peer !== undefined]]).toEqual([backMs, outcome]);
    }
  });

  test("an attempt that the board has given up is not made again", () => {
    const { tcp, link, board, service, pass, scheduler } = connection(({ link }) => {
      link.up = false;
    });
    pass(10);
    tcp.close();
    pass(3100);
    expect([scheduler.nextUs(), link.conversations.size]).toEqual([Infinity, 0]);
    link.up = true;
    pass(30_000);
    expect([service.peer, board.errors]).toEqual([undefined, 0]);
  });

  test("a board that closes is gone for the service when its FIN is sent again", () => {
    const { tcp, link, service, pass } = connection();
    pass(10);
    link.up = false;
    tcp.close();
    pass(5000);
    expect(service.closed).toBe(0);
    link.up = true;
    pass(10_000);
    expect([service.closed, link.conversations.size]).toEqual([1, 0]);
  });
});

describe("a board that loses its power", () => {
  test("is not missed by the service, which hears of it when it sends something to the board that is back", () => {
    const { cpu, link, service, board, pass } = connection();
    pass(10);
    cpu.stop();
    link.up = false;
    pass(600_000);
    expect(service.closed).toBe(0);
    link.up = true;
    service.peer!.send(bytes(1));
    pass(100);
    expect([service.closed, board.errors, board.received, link.conversations.size]).toEqual([1, 0, [], 0]);
  });

  test("sends nothing any more: neither what it had written, nor what it had closed, nor a SYN again", () => {
    for (const act of ["write", "close", "connect"] as const) {
      const { cpu, tcp, link, service, pass, open } = connection();
      pass(10);
      link.up = false;
      if (act === "write") tcp.write(bytes(10));
      else if (act === "close") tcp.close();
      else open();
      service.peer = undefined;
      pass(2000);
      cpu.stop();
      link.up = true;
      pass(2_000_000);
      expect([act, service.received, service.closed, service.peer]).toEqual([act, [], 0, undefined]);
    }
  });
});

describe("a severed connection", () => {
  test("takes the board's bytes until its buffer is full, delivers none either way, and tells nobody for a quarter of an hour", () => {
    const { tcp, link, board, service, pass } = connection();
    pass(10);
    link.severConversations();
    tcp.write(bytes(windowBytes - 10));
    service.peer!.send(bytes(100));
    pass(60_000);
    expect(() => tcp.write(bytes(11))).toThrow("would block");
    expect(tcp.write(bytes(10))).toBe(0);
    pass(840_000);
    expect([board.errors, service.closed, board.received, service.received]).toEqual([0, 0, [], []]);
    pass(1_200_000);
    expect([board.errors, service.closed]).toEqual([1, 1]);
  });

  test("has been open: one that is just being made comes about", () => {
    const { link, board, pass } = connection();
    pass(3);
    link.severConversations();
    pass(1000);
    expect([board.writable, board.errors]).toEqual([[windowBytes], 0]);
  });

  test("is not closed for the other side by closing it, and new connections are fine", () => {
    const { tcp, link, board, service, pass, open } = connection();
    pass(10);
    const old = service.peer!;
    link.severConversations();
    tcp.close();
    const second = open();
    pass(10);
    expect(service.peer).not.toBe(old);
    second.write(bytes(5));
    service.peer!.send(bytes(7));
    pass(10);
    expect([service.received, service.closed, board.readable]).toEqual([[...bytes(5)], 0, [7]]);
    old.close();
    pass(10);
    expect([board.errors, link.conversations.size]).toEqual([0, 1]);
  });
});

test("a reset ends every connection for both sides at once, whatever was under way", () => {
  const { tcp, link, board, service, pass, open } = connection();
  pass(10);
  tcp.write(bytes(100));
  service.peer!.send(bytes(100));
  open();
  link.resetConversations();
  pass(1);
  expect([board.errors, service.closed]).toEqual([2, 1]);
  pass(100_000);
  expect([board.errors, service.closed, service.received, board.received, link.conversations.size]).toEqual([2, 1, [], [], 0]);
  open();
  pass(10);
  expect(board.writable).toHaveLength(2);
});

test("a service that refuses, and one that closes at once, are told apart by the board", () => {
  for (const [refuses, writable] of [
    [true, 0],
    [false, 1],
  ] as const) {
    const { board, pass, link } = connection(({ lan }) => {
      lan.services.set("10.0.255.9:9", (peer) => {
        if (refuses) return undefined;
        peer.send(bytes(3));
        peer.close();
        return { received: () => {}, closed: () => {} };
      });
    }, 9);
    pass(1000);
    expect([board.writable.length, board.received, board.errors]).toEqual([writable, refuses ? [] : [...bytes(3)], 1]);
    expect(link.conversations.size).toBe(0);
  }
});

test("under loss, bytes of any sizes arrive both ways, complete and in order, and the window comes back", () => {
  const sizes = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 3000 }), fc.nat(3000)), { maxLength: 12 });
  fc.assert(
    fc.property(sizes, fc.nat(), (script, seed) => {
      const { tcp, board, service, pass, link } = connection();
      pass(10);
      const heal = link.lose(0.3, random(seed));
      const out: number[] = [];
      const back: number[] = [];
      let room = windowBytes;
      for (const [fromBoard, count, thenMs] of script) {
        room = board.writable.splice(0).pop() ?? room;
        if (!fromBoard) {
          service.peer!.send(bytes(count, back.length));
          back.push(...bytes(count, back.length));
        } else if (count <= room) {
          room = tcp.write(bytes(count, out.length));
          out.push(...bytes(count, out.length));
        }
        pass(thenMs);
      }
      pass(200_000);
      heal();
      pass(1_200_000);
      expect([service.received, board.received, board.errors, service.closed]).toEqual([out, back, 0, 0]);
      expect(board.writable.pop() ?? room).toBe(windowBytes);
    }),
    { seed: 1, numRuns: 40 },
  );
});
