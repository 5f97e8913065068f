/** A session's life on the board: who is let in and who is not, what ends it, and what is left of it. */
import { describe, expect, test } from "vitest";
import type { Bytes, Crypto } from "../../../firmware/device.js";
import { Sealing } from "../../../firmware/provisioning/noise.js";
import { nodeCrypto } from "../../../host-sim/node/crypto.js";
import { Hand } from "../../host-sim/pairing/hand.js";
import { BoardRig, fill, otherSecret, secret, Storage } from "../../host-sim/pairing/rig.js";

describe("a hello", () => {
  test("is judged in order: version, window, guesses, secret, tag", async () => {
    const storage = new Storage();
    storage.kept.set("mote.ble/guesses", Uint8Array.of(20));
    const hand = new Hand(new BoardRig({ storage, secret: undefined }));
    const { hello } = await hand.hello(otherSecret);
    const say = async (message: Uint8Array) => {
      hand.send(message);
      await hand.settle();
      return hand.lastRefusal;
    };
    hand.board.isOpen = false;
    expect(await say(hello.with(1, 2))).toBe("version");
    expect(await say(hello)).toBe("closed");
    hand.board.isOpen = true;
    expect(await say(hello)).toBe("locked");
    hand.board.guesses.clear();
    expect(await say(hello)).toBe("noSecret");
    expect(hand.board.guesses.left).toBe(20);
    const other = new Hand(new BoardRig({ storage }));
    other.send(hello);
    await other.settle();
    expect(other.lastRefusal).toBe("handshake");
    expect(other.board.guesses.left).toBe(19);
  });

  test("is checked before anything is done on the curve", async () => {
    let operations = 0;
    const hand = new Hand(
      new BoardRig({
        crypto: (real) => ({
          ...real,
          generateKeyPair: () => (operations++, real.generateKeyPair()),
          agree: (own, other) => (operations++, real.agree(own, other)),
        }),
      }),
    );
    await hand.handshake(otherSecret);
    expect(operations).toBe(0);
    await hand.handshake();
    expect(operations).toBe(2);
  });

  test("has each operation on the curve done at a quiet moment of its own", async () => {
    const hand = new Hand(new BoardRig());
    hand.board.isQuiet = false;
    await hand.handshake();
    for (let count = 0; count < 2; count++) {
      expect(hand.messages).toEqual([]);
      expect(hand.board.quiet).toHaveLength(1);
      hand.board.quiet.shift()!();
      await hand.settle();
    }
    expect(hand.messages).toHaveLength(1);
    expect(hand.board.quiet).toEqual([]);
  });

  test("while a handshake is under way is refused as busy, and ends that one too", async () => {
    let operations = 0;
    const generateKeyPair = (real: Crypto) => () => (operations++, real.generateKeyPair());
    const hand = new Hand(new BoardRig({ crypto: (real) => ({ ...real, generateKeyPair: generateKeyPair(real) }) }));
    hand.board.isQuiet = false;
    await hand.handshake();
    await hand.handshake();
    expect(hand.lastRefusal).toBe("busy");
    for (const then of hand.board.quiet.splice(0)) then();
    await hand.settle();
    expect(hand.messages).toEqual([]);
    expect(operations).toBe(0);
    expect(hand.board.clock.count).toBe(0);
  });

  test("that its central drops between the two operations gets no welcome", async () => {
    const hand = new Hand(new BoardRig());
    hand.board.isQuiet = false;
    await hand.handshake();
    hand.board.quiet.shift()!();
    hand.write(0xc0, 1);
    hand.board.quiet.shift()!();
    await hand.settle();
    expect(hand.messages).toEqual([]);
    expect(hand.refusals).toEqual([]);
    expect(hand.board.clock.count).toBe(0);
  });

  test("in an open session begins anew, with other keys", async () => {
    const hand = new Hand(new BoardRig());
    await hand.handshake();
    await hand.request(1, 1);
    const before = await hand.sealed(2, 1);
    await hand.handshake();
    expect(hand.board.ended).toEqual([0]);
    expect(hand.board.session.open).toBe(false);
    await hand.request(1, 1);
    expect(hand.board.session.open).toBe(true);
    hand.send(before);
    await hand.settle();
    expect(hand.lastRefusal).toBe("record");
  });

  test("outside of the window is refused, and an open session goes on", async () => {
    const hand = new Hand(new BoardRig());
    await hand.handshake();
    await hand.request(1, 1);
    hand.board.isOpen = false;
    await hand.request(2, 1);
    expect(hand.board.requests).toHaveLength(2);
    await hand.handshake();
    expect(hand.lastRefusal).toBe("closed");
  });

  test.each([
    ["off the curve", (e: Uint8Array) => e.with(64, e[64]! ^ 1)],
    ["at infinity", () => new Uint8Array(65)],
    ["at infinity, with a prefix", () => new Uint8Array(65).with(0, 4)],
    ["with a compressed point's prefix", (e: Uint8Array) => e.with(0, 2)],
    ["with a hybrid point's prefix", (e: Uint8Array) => e.with(0, 6)],
    ["with coordinates beyond the field", () => new Uint8Array(65).fill(255).with(0, 4)],
  ])("of somebody who has the secret, but %s, is refused, and is no guess", async (_, change) => {
    const hand = new Hand(new BoardRig());
    hand.send(await forgedHello(change));
    await hand.settle();
    expect(hand.lastRefusal).toBe("handshake");
    expect(hand.messages).toEqual([]);
    expect(hand.board.guesses.left).toBe(20);
    expect(hand.board.clock.count).toBe(0);
  });
});

/** A hello whose tag fits, around any point: made with the board's own crypto, as its Responder sees it. */
async function forgedHello(change: (e: Uint8Array) => Uint8Array): Promise<Uint8Array> {
  const crypto = nodeCrypto(fill(9));
  const e = new Uint8Array(change(crypto.generateKeyPair().publicKey));
  let tag: Bytes = new Uint8Array(16);
  const forger = new Hand(
    new BoardRig({
      crypto: (real) => ({
        ...real,
        open(key, nonce, associated) {
          tag = real.seal(key, nonce, associated, new Uint8Array(0));
          return undefined;
        },
      }),
    }),
  );
  forger.send(Uint8Array.of(1, 1, ...e, ...tag));
  return Uint8Array.of(1, 1, ...e, ...tag);
}

describe("a session", () => {
  test("ends after two minutes without a request, not before, and tells the central", async () => {
    const hand = new Hand(new BoardRig());
    await hand.handshake();
    await hand.request(1, 1);
    hand.board.clock.advance(119_999);
    await hand.request(2, 1);
    hand.board.clock.advance(119_999);
    await hand.settle();
    expect(hand.refusals).toEqual([]);
    hand.board.clock.advance(1);
    await hand.settle();
    expect(hand.lastRefusal).toBe("idle");
    expect(hand.board.ended).toEqual([12]);
    expect(hand.board.clock.count).toBe(0);
  });

  test("that brings no request is dropped after 15 s, and never counted as open", async () => {
    const hand = new Hand(new BoardRig());
    await hand.handshake();
    expect(hand.board.session.open).toBe(false);
    hand.board.clock.advance(15_000);
    await hand.settle();
    expect(hand.lastRefusal).toBe("idle");
    expect(hand.board.ended).toEqual([]);
  });

  test("takes one request at a time", async () => {
    const hand = new Hand(new BoardRig());
    hand.board.onRequest = () => {};
    await hand.handshake();
    await hand.request(1, 8);
    await hand.request(2, 1);
    expect(hand.lastRefusal).toBe("order");
    expect(hand.board.requests).toHaveLength(1);
    // The scan is done, and its session over: nobody is told, nothing breaks.
    hand.board.session.reply(1, 0, "");
    await hand.settle();
    expect(hand.messages).toHaveLength(1);
  });

  test.each([[[]], [[1]], [[0, 1]]])("refuses a record of %j", async (record) => {
    const hand = new Hand(new BoardRig());
    await hand.handshake();
    hand.send(await hand.keys!.toBoard.seal(Uint8Array.from(record)));
    await hand.settle();
    expect(hand.lastRefusal).toBe("malformed");
    expect(hand.board.requests).toEqual([]);
  });

  test("says nothing when it is closed, and overwrites its keys", async () => {
    const keys: Bytes[] = [];
    const hand = new Hand(
      new BoardRig({
        crypto: (real) => ({
          ...real,
          open: (key, ...rest) => (keys.push(key), real.open(key, ...rest)),
          seal: (key, ...rest) => (keys.push(key), real.seal(key, ...rest)),
          agree(own, other) {
            const shared = real.agree(own, other)!;
            keys.push(own, shared);
            return shared;
          },
        }),
      }),
    );
    await hand.handshake();
    await hand.request(1, 1);
    hand.board.session.close();
    await hand.settle();
    expect(hand.refusals).toEqual([]);
    expect(hand.board.ended).toEqual([0]);
    expect(keys.length).toBeGreaterThan(4);
    for (const key of keys) expect(key.every((byte) => byte === 0)).toBe(true);
    await hand.request(2, 1);
    expect(hand.lastRefusal).toBe("noSession");
  });

  test("drops events where it has no room, and takes a reply all the same", async () => {
    const hand = new Hand(new BoardRig({ frame: 20 }));
    await hand.handshake(secret, 19);
    await hand.request(1, 1, "", 19);
    hand.isPolite = false;
    const { session } = hand.board;
    let taken = 0;
    while (taken < 100 && session.event(1, "temperature\t21.5\tC\t123456")) taken++;
    expect(taken).toBeGreaterThan(4);
    expect(taken).toBeLessThan(20);
    hand.board.onRequest = ({ id }) => session.reply(id, 0, "r".repeat(590));
    await hand.request(2, 1, "", 19);
    expect(hand.board.requests).toHaveLength(2);
    expect(session.open).toBe(true);
  });

  test("has no events before anybody is let in, and a reply of 591 bytes is a defect", async () => {
    const hand = new Hand(new BoardRig());
    await hand.handshake();
    expect(hand.board.session.event(1, "x")).toBe(false);
    expect(() => hand.board.session.reply(1, 0, "ü".repeat(296))).toThrow("fits");
  });
});

test("a key seals and opens its last message, and no more: a nonce never comes twice", () => {
  const crypto = nodeCrypto(fill(1));
  const key = () => new Uint8Array(32).fill(7);
  const [sealing, opening] = [new Sealing(crypto, key()), new Sealing(crypto, key())];
  sealing.count = opening.count = 0xffff_ffff;
  const none = new Uint8Array(0);
  const sealed = sealing.seal(none, Uint8Array.of(1));
  expect(sealed).toBeDefined();
  expect(opening.open(none, sealed!)).toEqual(Uint8Array.of(1));
  expect(sealing.seal(none, Uint8Array.of(1))).toBe(undefined);
  const first = new Sealing(crypto, key()).seal(none, Uint8Array.of(1))!;
  expect(opening.open(none, first)).toBe(undefined);
});
