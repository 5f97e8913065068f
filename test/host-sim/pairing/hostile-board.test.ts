/** A board that sends what it should not: the client ends its session, throws nothing, and believes nothing. */
import { describe, expect, test } from "vitest";
import { openBoard } from "../../../host-sim/pairing/client.js";
import { FrameStream } from "../../../host-sim/pairing/frames.js";
import { random } from "../../../host-sim/world/random.js";
import { BoardRig, connected, quick, RigLink, secret } from "./rig.js";

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

test.each([
  ["an empty notification", [], 1],
  ["a frame with no payload", [0x40], 1],
  ["a frame out of order", [0x40 + 9, 3], 2],
  ["an acknowledgement of what was never sent", [0x80 + 40], 2],
  ["an acknowledgement with a payload", [0x80, 0], 1],
  ["a refusal without a code", [0xc0], 1],
  ["an unknown header", [0xf0, 1], 1],
])("%s ends the session, and the board is told", async (_, frame, code) => {
  const { client, link } = await connected();
  const ended = new Promise((resolve) => (client.onEnded = ({ kind }) => resolve(kind)));
  link.onFrame(Uint8Array.from(frame));
  expect(await ended).toBe("refused");
  await settled();
  expect(link.isClosed).toBe(true);
  expect(link.toBoard.at(-1)).toEqual(Uint8Array.of(0xc0, code));
  expect(link.board.session.open).toBe(false);
});

test("a reply to another request is no reply", async () => {
  const { board, client } = await connected();
  const { seal } = board.session as unknown as { seal(id: number, status: number, body: string): void };
  board.onRequest = ({ id }) => seal.call(board.session, id + 1, 0, "heap 1");
  expect(await client.health()).toMatchObject({ ok: false, error: { kind: "refused" } });
});

test("a board that acknowledges nothing gets eight frames of a message, and the ninth when it does", async () => {
  const frames: Uint8Array[] = [];
  const unexpected = () => expect.unreachable();
  const events = { onMessage: unexpected, onRefused: unexpected, onNonsense: unexpected, onLost: unexpected };
  const stream = new FrameStream(async (frame) => void frames.push(frame), 20, events);
  stream.send(new Uint8Array(400));
  await settled();
  expect(frames).toHaveLength(8);
  stream.take(Uint8Array.of(0x81));
  await settled();
  expect(frames).toHaveLength(9);
});

describe("instead of a welcome,", () => {
  test.each([
    ["a record", [0x40, 3, ...new Uint8Array(20)], "refused"],
    ["a hello", [0x40, 1, 1], "refused"],
    ["a welcome of zeros", [0x40, 2, ...new Uint8Array(81)], "secret"],
    ["one that is too short", [0x40, 2, 4], "secret"],
    ["a message that never ends", [0x00, 2, ...new Uint8Array(700)], "refused"],
  ])("%s opens nothing", async (_, frame, kind) => {
    const board = new BoardRig();
    const link = new RigLink(board);
    link.betweenFromBoard = (each) => (each[0]! < 0x80 ? [Uint8Array.from(frame)] : [each]);
    expect(await openBoard(link, secret, quick)).toMatchObject({ ok: false, error: { kind } });
    expect(board.requests).toEqual([]);
  });
});

test("notifications at random, in any state, throw nothing and bring nothing", async () => {
  const draws = random(8).split("hostile");
  const draw = (below: number) => Math.floor(draws.fraction() * below);
  for (let round = 0; round < 60; round++) {
    const board = new BoardRig();
    const link = new RigLink(board);
    let data = 0;
    link.betweenFromBoard = (each) => {
      if (round % 2 === 1 && !board.session.open) return [each];
      const noise = Uint8Array.from({ length: draw(40) }, () => draw(256));
      if (noise.length > 0 && draw(2) === 0) noise[0] = 0x40 + (data++ % 64);
      if (noise.length > 1 && draw(2) === 0) noise[1] = 2 + draw(2);
      return draw(3) === 0 ? [noise, each] : [noise];
    };
    const opened = await openBoard(link, secret, { ...quick, welcome: 50, reply: 50 });
    if (opened.ok) {
      opened.value.onEvent = () => expect.unreachable();
      for (let count = 0; count < 5; count++) await opened.value.health();
    }
    expect(link.isClosed).toBe(true);
  }
});
