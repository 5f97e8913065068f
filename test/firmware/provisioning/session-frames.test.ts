/** Frames of a central that keeps to no rule: each breach is refused with its code, and nothing is delivered. */
import { describe, expect, test } from "vitest";
import { Hand } from "../../host-sim/pairing/hand.js";
import { BoardRig, secret } from "../../host-sim/pairing/rig.js";

const sealedKind = 3;

async function opened(frame = 182): Promise<Hand> {
  const hand = new Hand(new BoardRig({ frame }));
  await hand.handshake(secret, frame - 1);
  await hand.request(1, 1, "", frame - 1);
  expect(hand.board.requests).toHaveLength(1);
  return hand;
}

describe("without a session", () => {
  test.each([
    ["an empty write", [], "malformed"],
    ["a data frame with no payload", [0x40], "malformed"],
    ["an acknowledgement with a payload", [0x80, 1], "malformed"],
    ["an acknowledgement of what was never sent", [0x81], "order"],
    ["an acknowledgement of nothing", [0x80], "order"],
    ["a refusal without a code", [0xc0], "malformed"],
    ["a refusal with more than a code", [0xc0, 1, 2], "malformed"],
    ["a refusal with a number", [0xc1, 1], "malformed"],
    ["a first frame with number 1", [0x41, 1], "order"],
    ["a message of no known kind", [0x40, 9], "malformed"],
    ["a welcome", [0x40, 2], "malformed"],
    ["a record", [0x40, sealedKind, 1, 2, 3], "noSession"],
    ["the beginning of a record", [0x00, sealedKind], "noSession"],
    ["a hello of one byte", [0x40, 1], "malformed"],
    ["a hello of another version", [0x40, 1, 2], "version"],
    ["a hello that is too short", [0x40, 1, 1], "malformed"],
    ["a frame longer than the connection's", [...new Uint8Array(183)], "long"],
  ])("%s is refused", async (_, bytes, why) => {
    const hand = new Hand(new BoardRig());
    hand.write(...bytes);
    await hand.settle();
    expect(hand.lastRefusal).toBe(why);
    expect(hand.refusals).toHaveLength(1);
    expect(hand.board.guesses.left).toBe(20);
    await hand.handshake();
    expect(hand.keys).toBeDefined();
  });

  test("a hello that never ends is refused at its 129th byte", async () => {
    const hand = new Hand(new BoardRig({ frame: 20 }));
    for (let sent = 0; sent < 128; sent += 16) hand.write(hand.next++, 1, ...new Uint8Array(15));
    await hand.settle();
    expect(hand.refusals).toEqual([]);
    hand.write(hand.next, 0);
    await hand.settle();
    expect(hand.lastRefusal).toBe("long");
  });

  test("a data frame with no payload is refused within a message too", async () => {
    const hand = new Hand(new BoardRig());
    hand.write(0, 1, 1);
    hand.write(1);
    await hand.settle();
    expect(hand.lastRefusal).toBe("malformed");
  });

  test("a refusal goes out before the welcome of a hello that came after it", async () => {
    const hand = new Hand(new BoardRig());
    const { hello } = await hand.hello();
    hand.board.isFast = false;
    hand.write(0, 1);
    hand.write(1, 1);
    hand.write(2, 1);
    hand.write(3, 1);
    expect(hand.board.unsent).toHaveLength(1);
    hand.write(0x80);
    hand.send(hello);
    await hand.settle();
    expect(hand.messages).toEqual([]);
    while (hand.board.unsent.length > 0) {
      hand.board.unsent.shift()!(true);
      await hand.settle();
    }
    expect(hand.board.sent.map((frame) => frame[0]! & 0xc0)).toEqual([0x80, 0xc0, 0x40, 0x80]);
  });

  test("what was under way when the board refused is let pass, once", async () => {
    const hand = new Hand(new BoardRig({ frame: 20 }));
    hand.write(0, sealedKind, 1);
    for (let number = 1; number < 8; number++) hand.write(number, 5);
    await hand.settle();
    expect(hand.refusals).toHaveLength(1);
    await hand.handshake(secret, 19);
    expect(hand.keys).toBeDefined();
  });
});

describe("in a session", () => {
  test("a frame that comes twice is refused and ends it", async () => {
    const hand = await opened();
    const message = await hand.sealed(2, 1);
    const number = hand.next;
    hand.write(0x40 + number, ...message);
    hand.write(0x40 + number, ...message);
    await hand.settle();
    expect(hand.lastRefusal).toBe("order");
    expect(hand.board.session.open).toBe(false);
    expect(hand.board.ended).toEqual([2]);
    expect(hand.board.requests).toHaveLength(2);
  });

  test("a frame that is left out is noticed", async () => {
    const hand = await opened(20);
    const message = await hand.sealed(2, 1, "a body that takes some frames at this size, for it is long");
    hand.write(hand.next, ...message.subarray(0, 19));
    hand.write(hand.next + 2, ...message.subarray(38, 57));
    await hand.settle();
    expect(hand.lastRefusal).toBe("order");
    expect(hand.board.requests).toHaveLength(1);
  });

  test("frames in another order are refused", async () => {
    const hand = await opened(20);
    hand.write(hand.next + 1, 3, 0);
    await hand.settle();
    expect(hand.lastRefusal).toBe("order");
  });

  test("1,400 bytes are taken, and 1,401 are not", async () => {
    for (const [length, why] of [
      [1381, undefined],
      [1382, "long"],
    ] as const) {
      const hand = await opened();
      await hand.request(2, 4, "x".repeat(length));
      expect(hand.lastRefusal).toBe(why);
      expect(hand.board.requests).toHaveLength(why === undefined ? 2 : 1);
    }
  });

  test("64 KB of one message are refused after 1,400 bytes, and no more is kept", async () => {
    const hand = await opened();
    await hand.request(2, 4, `wifi.ssid=${"x".repeat(65_536)}`);
    expect(hand.refusals).toEqual([3]);
    expect(hand.board.requests).toHaveLength(1);
  });

  test("each message is acknowledged, and each fourth frame of a long one", async () => {
    const hand = await opened(20);
    hand.acknowledgements.length = 0;
    const before = hand.next;
    const message = await hand.sealed(2, 1, "x".repeat(10 * 19 - 19));
    for (let at = 0; at < message.length; at += 19) {
      hand.write((at + 19 === message.length ? 0x40 : 0) + (hand.next++ % 64), ...message.subarray(at, at + 19));
      await hand.settle();
    }
    expect(hand.acknowledgements).toEqual([4, 8, 10].map((count) => (before + count) % 64));
  });

  test("frames beyond the window are refused where the radio has not taken the acknowledgements", async () => {
    const hand = await opened(20);
    hand.board.isFast = false;
    hand.write(hand.next++, sealedKind);
    for (let count = 1; count < 12; count++) hand.write(hand.next++ % 64, 7);
    await hand.settle();
    // The first four are acknowledged; eight more may come before the radio says that this one has gone.
    expect(hand.refusals).toEqual([]);
    expect(hand.board.unsent).toHaveLength(1);
    hand.write(hand.next++ % 64, 7);
    expect(hand.board.session.open).toBe(false);
    hand.board.unsent.shift()!(true);
    await hand.settle();
    expect(hand.lastRefusal).toBe("order");
  });

  test("at most eight frames go out without acknowledgement", async () => {
    const hand = await opened(20);
    hand.isPolite = false;
    hand.board.sent.length = 0;
    hand.board.onRequest = ({ id }) => hand.board.session.reply(id, 0, "y".repeat(590));
    await hand.request(2, 1, "", 19);
    const data = () => hand.board.sent.filter((frame) => frame[0]! < 0x80).length;
    expect(data()).toBe(8);
    const first = hand.board.sent.find((frame) => frame[0]! < 0x80)![0]! & 63;
    hand.write(0x80 + ((first + 3) % 64));
    expect(data()).toBe(11);
    hand.write(0x80 + ((first + 20) % 64));
    await hand.settle();
    expect(hand.lastRefusal).toBe("order");
  });

  test("no frame has more than 512 bytes, whatever the connection would take", async () => {
    const hand = await opened(514);
    hand.board.onRequest = ({ id }) => hand.board.session.reply(id, 0, "y".repeat(590));
    await hand.request(2, 1);
    expect(hand.board.sent.reduce((most, frame) => Math.max(most, frame.length), 0)).toBe(512);
  });

  test("numbers go round after 64 frames, both ways", async () => {
    const hand = await opened(20);
    hand.board.onRequest = ({ id }) => hand.board.session.reply(id, 0, "z".repeat(100));
    for (let count = 0; count < 40; count++) await hand.request((count % 255) + 1, 1, "q".repeat(60), 19);
    expect(hand.refusals).toEqual([]);
    expect(hand.next).toBeGreaterThan(128);
    expect(hand.board.requests).toHaveLength(41);
  });

  test("the central's refusal ends it without an answer, and both count from 0", async () => {
    const hand = await opened();
    hand.write(0xc0, 8);
    await hand.settle();
    expect(hand.refusals).toEqual([]);
    expect(hand.board.ended).toEqual([8]);
    hand.next = 0;
    const second = new Hand(hand.board);
    await second.handshake();
    expect(second.keys).toBeDefined();
  });
});
