/**
 * Frames written at random by somebody without the secret: nothing throws, nothing is delivered, nothing is kept that grows. A million:
 * `BLE_FUZZ=1000000 npx vitest run test/firmware/provisioning/session-fuzz.test.ts`.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Frames } from "../../../firmware/provisioning/frames.js";
import type { Bytes } from "../../../firmware/device.js";
import { random } from "../../../host-sim/world/random.js";
import { FrameStream } from "../../../host-sim/pairing/frames.js";
import { Hand } from "../../host-sim/pairing/hand.js";
import { BoardRig, hex } from "../../host-sim/pairing/rig.js";

const writes = Number(process.env["BLE_FUZZ"] ?? 20_000);

interface Inside {
  readonly buffer: Bytes | undefined;
  readonly filled: number;
  readonly waiting: readonly unknown[];
  readonly bytes: number;
}

/** What a session holds for its frames. */
const inside = (board: BoardRig): Inside => (board.session as unknown as { readonly frames: Inside }).frames;

/** Mostly frames that are nearly right: those get further. */
function frame(draw: (below: number) => number, number: number, length: number): Bytes {
  const bytes = new Uint8Array(draw(8) === 0 ? draw(length + 3) : 1 + draw(24));
  for (let index = 0; index < bytes.length; index++) bytes[index] = draw(256);
  if (bytes.length > 0 && draw(5) > 0) bytes[0] = (draw(3) === 0 ? 0x40 : 0) + (draw(12) === 0 ? draw(64) : number % 64);
  if (bytes.length > 1 && draw(3) > 0) bytes[1] = 1 + draw(3);
  return bytes;
}

describe.each([
  ["the radio sends at once", true],
  ["the radio sends nothing", false],
])("frames at random without a session, while %s,", (_, isFast) => {
  test("throw nothing, deliver nothing and leave nothing behind", async () => {
    const draws = random(6).split(`fuzz ${isFast}`);
    const draw = (below: number) => Math.floor(draws.fraction() * below);
    const board = new BoardRig({ frame: 182 });
    const hand = new Hand(board);
    hand.isPolite = false;
    const { hello } = await hand.hello(new Uint8Array(15));
    board.isFast = isFast;
    let largest = 0;
    let refused = 0;
    for (let count = 0; count < writes / 2; count++) {
      const number = (board.session as unknown as { readonly frames: { readonly expected: number } }).frames.expected;
      const kind = draw(400);
      if (kind === 0) board.session.received(Uint8Array.of(0x40 + number, ...hello));
      else if (kind === 1) board.clock.advance(draw(200_000));
      else board.session.received(frame(draw, number, 182));
      if (draw(50) === 0) board.guesses.clear();
      const { buffer, waiting, bytes } = inside(board);
      largest = Math.max(largest, buffer?.length ?? 0);
      if (waiting.length > 0 || bytes > 0) expect.unreachable("a message goes out");
      if (count % 50 === 0) {
        await hand.settle();
        refused += hand.refusals.splice(0).length;
        hand.acknowledgements.length = board.sent.length = 0;
        if (!isFast) expect(board.unsent.length).toBeLessThanOrEqual(1);
      }
    }
    expect(largest).toBeLessThanOrEqual(128);
    if (isFast) expect(refused).toBeGreaterThan(writes / 1000);
    expect(board.requests).toEqual([]);
    expect(board.ended).toEqual([]);
    expect(hand.messages).toEqual([]);
    expect(board.session.open).toBe(false);
    expect(board.clock.count).toBe(0);
    expect([...board.storage.kept.keys()]).toEqual(["mote.ble/guesses"]);
  }, 600_000);
});

test("an open session keeps no more than one message of frames at random", async () => {
  const draws = random(6).split("open");
  const draw = (below: number) => Math.floor(draws.fraction() * below);
  for (let round = 0; round < 20; round++) {
    const hand = new Hand(new BoardRig({ frame: 182, seed: round }));
    await hand.handshake();
    await hand.request(1, 1);
    for (let count = 0; count < 200; count++) {
      hand.board.session.received(frame(draw, hand.next, 182));
      hand.next++;
      expect(inside(hand.board).buffer?.length ?? 0).toBeLessThanOrEqual(1400);
    }
    await hand.settle();
    expect(hand.board.requests).toHaveLength(1);
    expect(hand.board.session.open).toBe(false);
  }
});

test("the host's frames and the firmware's carry any messages both ways, at any size", async () => {
  const message = (most: number) => fc.uint8Array({ minLength: 2, maxLength: most });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 20, max: 514 }),
      fc.array(message(1400), { maxLength: 6 }),
      fc.array(message(609), { maxLength: 6 }),
      async (maximumFrame, toBoard, fromBoard) => {
        const atBoard: string[] = [];
        const atHost: string[] = [];
        const lost = (why: unknown) => expect.unreachable(String(why));
        const frames = new Frames(
          {
            maximumFrame: () => maximumFrame,
            send: (each, onSent) => {
              const copy = each.slice();
              queueMicrotask(() => (stream.take(copy), onSent(true)));
            },
          },
          { admit: () => 1400, message: (bytes) => void atBoard.push(hex(bytes)), fail: lost, dropped: lost },
        );
        const stream = new FrameStream(async (each) => frames.received(new Uint8Array(each)), maximumFrame, {
          onMessage: (bytes) => void atHost.push(hex(bytes)),
          onRefused: lost,
          onNonsense: () => lost("nonsense"),
          onLost: () => lost("lost"),
        });
        for (const each of fromBoard) frames.send(each[0]!, new Uint8Array(each.subarray(1)));
        for (const each of toBoard) stream.send(each);
        await new Promise((resolve) => setImmediate(resolve));
        expect(atBoard).toEqual(toBoard.map(hex));
        expect(atHost).toEqual(fromBoard.map(hex));
        expect(frames.waitingBytes).toBe(0);
      },
    ),
    { seed: 6, numRuns: 60 },
  );
});
