/** Whoever listens, stands in between or records, and has not the secret: what they get is nothing. */
import { describe, expect, test } from "vitest";
import { openBoard } from "../../../host-sim/pairing/client.js";
import { Initiator, type Raw } from "../../../host-sim/pairing/noise.js";
import { Responder } from "../../../firmware/provisioning/noise.js";
import { nodeCrypto } from "../../../host-sim/node/crypto.js";
import { Hand } from "./hand.js";
import { BoardRig, connected, fill, hex, id, otherSecret, quick, RigLink, secret, Storage } from "./rig.js";

const passphrase = "correct horse battery staple";

/** Messages of one direction, put together from its frames. */
function messages(frames: readonly Uint8Array[]): Uint8Array[] {
  const found: Uint8Array[] = [];
  let parts: Uint8Array[] = [];
  for (const frame of frames) {
    if (frame[0]! >= 0x80) continue;
    parts.push(frame.subarray(1));
    if ((frame[0]! & 0x40) === 0) continue;
    found.push(new Uint8Array(Buffer.concat(parts)));
    parts = [];
  }
  return found;
}

describe("a captured transcript", () => {
  test("holds nothing of what was said, of the secret, or of a key", async () => {
    const { board, link, client } = await connected({ frame: 20 });
    board.onRequest = ({ id: request }) => board.session.reply(request, 0, "kept");
    await client.set(new Map([["wifi.password", passphrase]]));
    board.session.event(3, "up 192.168.4.17");
    await new Promise((resolve) => setImmediate(resolve));
    expect(Buffer.from(board.requests.at(-1)!.body).toString()).toContain(passphrase);
    const all = [link.toBoard, link.fromBoard].map((frames) => Buffer.concat(messages(frames)));
    for (const heard of all) {
      for (const word of [passphrase, "wifi", "kept", "192.168", "name"]) expect(heard.includes(word)).toBe(false);
      for (let at = 0; at + 5 <= secret.length; at++) expect(heard.includes(Buffer.from(secret.subarray(at, at + 5)))).toBe(false);
    }
  });

  test("does not show that two requests, or two sessions, are the same", async () => {
    const storage = new Storage();
    const heard = new Set<string>();
    for (let boot = 1; boot <= 2; boot++) {
      const { link, client } = await connected({ storage, seed: boot });
      await client.health();
      await client.health();
      for (const frames of [link.toBoard, link.fromBoard]) for (const message of messages(frames)) heard.add(hex(message));
    }
    // Each time: hello or welcome, and three requests or replies.
    expect(heard.size).toBe(2 * 2 * 4);
  });
});

describe("a man in the middle without the secret", () => {
  test("cannot put a point of their own into the hello", async () => {
    const board = new BoardRig();
    const link = new RigLink(board);
    const own = nodeCrypto(fill(5)).generateKeyPair().publicKey;
    link.betweenToBoard = (frame) => {
      if ((frame[0]! & 0x80) === 0) frame.set(own, 3);
      return [frame];
    };
    const opened = await openBoard(link, secret, quick);
    expect(opened).toMatchObject({ ok: false, error: { kind: "secret" } });
    expect(board.guesses.left).toBe(19);
    expect(board.requests).toEqual([]);
  });

  test("cannot put a point of their own into the welcome", async () => {
    const board = new BoardRig();
    const link = new RigLink(board);
    const own = nodeCrypto(fill(5)).generateKeyPair().publicKey;
    link.betweenFromBoard = (frame) => {
      if ((frame[0]! & 0x80) === 0) frame.set(own, 2);
      return [frame];
    };
    expect(await openBoard(link, secret, quick)).toMatchObject({ ok: false, error: { kind: "secret" } });
    expect(board.requests).toEqual([]);
  });

  test("cannot answer as the board, whatever secret they try", async () => {
    const initiator = await Initiator.begin(secret, id);
    const hello = await initiator.hello();
    const fake = new Responder(nodeCrypto(fill(6)), otherSecret, id);
    expect(fake.hello(hello.slice(2, 67), hello.slice(67))).toBe(false);
    fake.generate();
    const welcome = fake.welcome(hello.slice(2, 67))!;
    expect(await initiator.welcome(new Uint8Array([2, ...welcome]))).toBe(undefined);
  });

  test("cannot have a board taken for another with the same secret", async () => {
    const board = new BoardRig();
    const link = new RigLink(board);
    link.readInfo = async () => board.info().with(6, 0x25);
    expect(await openBoard(link, secret, quick)).toMatchObject({ ok: false, error: { kind: "secret" } });
  });

  test("cannot send a board's own words back to it", async () => {
    const { board, link } = await connected();
    const reply = messages(link.fromBoard).at(-1)!;
    const next = link.toBoard.filter((frame) => frame[0]! < 0x80).length;
    board.session.received(Uint8Array.of(0x40 + next, ...reply));
    expect(board.session.open).toBe(false);
    expect(board.ended).toEqual([8]);
  });
});

describe("a recording", () => {
  async function recorded(storage: Storage): Promise<Raw[]> {
    const hand = new Hand(new BoardRig({ storage }));
    const { initiator, hello } = await hand.hello();
    hand.send(hello);
    await hand.settle();
    hand.keys = (await initiator.welcome(hand.messages[0]!))!;
    const requests = [await hand.sealed(1, 14), await hand.sealed(2, 15, "erase")];
    for (const request of requests) {
      hand.send(request);
      await hand.settle();
    }
    expect(hand.board.requests.map(({ verb }) => verb)).toEqual([14, 15]);
    return [hello, ...requests];
  }

  test("played after a reboot gets a welcome with a new point, and no request through", async () => {
    const storage = new Storage();
    const recording = await recorded(storage);
    const welcomes = new Set<string>();
    for (let boot = 2; boot < 40; boot++) {
      const hand = new Hand(new BoardRig({ storage, seed: boot }));
      for (const message of recording) {
        hand.send(message);
        await hand.settle();
      }
      welcomes.add(hex(hand.messages[0]!));
      expect(hand.refusals).toEqual([8, 9]);
      expect(hand.board.requests).toEqual([]);
      expect(hand.board.session.open).toBe(false);
    }
    expect(welcomes.size).toBe(38);
    expect(new BoardRig({ storage }).guesses.left).toBe(20);
  });

  test("played in the same boot gets nothing either", async () => {
    const storage = new Storage();
    const recording = await recorded(storage);
    const hand = new Hand(new BoardRig({ storage }));
    await hand.handshake();
    await hand.request(1, 1);
    for (const message of recording) {
      hand.send(message);
      await hand.settle();
    }
    expect(hand.board.requests).toHaveLength(1);
    expect(hand.refusals).toEqual([8, 9]);
  });

  test("of a request, played into its own session, ends it", async () => {
    const hand = new Hand(new BoardRig());
    await hand.handshake();
    const request = await hand.sealed(1, 14);
    hand.send(request);
    await hand.settle();
    hand.send(request);
    await hand.settle();
    expect(hand.lastRefusal).toBe("record");
    expect(hand.board.requests).toHaveLength(1);
  });

  test("of requests in another order ends the session", async () => {
    const hand = new Hand(new BoardRig());
    await hand.handshake();
    await hand.sealed(1, 14);
    hand.send(await hand.sealed(2, 15));
    await hand.settle();
    expect(hand.lastRefusal).toBe("record");
    expect(hand.board.requests).toEqual([]);
  });
});
