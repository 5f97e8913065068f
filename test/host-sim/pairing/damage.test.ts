/** Every message of a session, with every byte changed, cut off at every place and made longer: noticed at both ends, and of no effect. */
import { describe, expect, test } from "vitest";
import { openBoard } from "../../../host-sim/pairing/client.js";
import { Initiator } from "../../../host-sim/pairing/noise.js";
import { Hand } from "./hand.js";
import { BoardRig, id, quick, RigLink, secret, type Between } from "./rig.js";

/** Each with what was done to it. */
function* damaged(message: Uint8Array): Generator<readonly [string, Uint8Array]> {
  for (let at = 0; at < message.length; at++) {
    yield [`bit ${at % 8} of byte ${at} is flipped`, message.with(at, message[at]! ^ (1 << (at % 8)))];
    yield [`it ends before byte ${at}`, message.slice(0, at)];
  }
  for (const more of [1, 16, 40]) yield [`${more} bytes follow`, new Uint8Array([...message, ...new Uint8Array(more)])];
}

describe("a damaged message to the board", () => {
  test("is refused where it is a hello, and costs a guess at most", async () => {
    const { hello } = await new Hand(new BoardRig()).hello();
    for (const [what, bytes] of damaged(hello)) {
      const hand = new Hand(new BoardRig());
      if (bytes.length === 0) hand.write(0x40);
      else hand.send(bytes);
      await hand.settle();
      const judged = bytes.length === hello.length && bytes[0] === 1 && bytes[1] === 1;
      expect([what, hand.refusals.length, hand.messages.length, hand.board.guesses.left]).toEqual([what, 1, 0, judged ? 19 : 20]);
    }
  });

  test("is refused where it is a record, and ends the session", async () => {
    const { length } = await (await opened()).sealed(2, 4, "schema 1");
    for (let number = 0; number < 2 * length + 3; number++) {
      const hand = await opened();
      const [what, bytes] = [...damaged(await hand.sealed(2, 4, "schema 1"))][number]!;
      if (bytes.length === 0) hand.write(0x40 + hand.next);
      else hand.send(bytes);
      await hand.settle();
      expect([what, hand.refusals.length, hand.board.requests.length, hand.board.session.open]).toEqual([what, 1, 1, false]);
    }
  });
});

async function opened(): Promise<Hand> {
  const hand = new Hand(new BoardRig());
  await hand.handshake();
  await hand.request(1, 1);
  return hand;
}

describe("a damaged message from the board", () => {
  test("is none where it is a welcome", async () => {
    // One that has read a welcome has mixed it in: each damage is shown to a central of its own, with the same key.
    const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
    const hand = new Hand(new BoardRig());
    hand.send(await (await Initiator.begin(secret, id, pair)).hello());
    await hand.settle();
    const read = async (welcome: Uint8Array) => {
      const initiator = await Initiator.begin(secret, id, pair);
      await initiator.hello();
      return initiator.welcome(new Uint8Array(welcome));
    };
    const welcome = hand.messages[0]!;
    for (const [what, bytes] of damaged(welcome)) expect([what, await read(bytes)]).toEqual([what, undefined]);
    expect(await read(welcome)).toBeDefined();
  });

  test("ends the client's session where it is a reply or an event, and reaches nobody", async () => {
    for (const damage of [...damaged(new Uint8Array(30))].keys()) {
      let isArmed = false;
      const between: Between = (frame) => {
        if (!isArmed || frame[0]! >= 0x80) return [frame];
        const all = [...damaged(frame.subarray(1))];
        return [Uint8Array.of(frame[0]!, ...all[damage % all.length]![1])];
      };
      const board = new BoardRig();
      const link = new RigLink(board);
      link.betweenFromBoard = between;
      const client = await openBoard(link, secret, quick);
      if (!client.ok) throw new Error(client.error.message);
      let ended = 0;
      client.value.onEnded = () => void ended++;
      client.value.onEvent = () => expect.unreachable();
      isArmed = true;
      if (damage % 4 < 2) expect(await client.value.health()).toMatchObject({ ok: false, error: { kind: "refused" } });
      else board.session.event(3, "up 10.0.0.1");
      for (let turn = 0; turn < 500 && ended === 0; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
      expect([damage, ended]).toEqual([damage, 1]);
      expect(link.isClosed).toBe(true);
    }
  });
});

describe("a frame's header with a bit changed", () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7])("(bit %i) lets no session open", async (bit) => {
    for (const frame of [20, 514]) {
      for (const place of [0, 2, 4]) {
        const board = new BoardRig({ frame });
        const link = new RigLink(board);
        let count = 0;
        link.betweenToBoard = (each) => [count++ === (frame === 20 ? place : 0) ? each.with(0, each[0]! ^ (1 << bit)) : each];
        expect((await openBoard(link, secret, { ...quick, welcome: 30, reply: 30 })).ok).toBe(false);
        expect(board.requests).toEqual([]);
        expect(board.session.open).toBe(false);
      }
    }
  });
});
