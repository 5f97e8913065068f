/** The board's secret in flash, and guesses at it, counted over boots and power cuts. */
import { describe, expect, test } from "vitest";
import { crc32 } from "../../../firmware/base/crc32.js";
import type { FlashStorage } from "../../../firmware/device.js";
import { KeptGuesses } from "../../../firmware/provisioning/guesses.js";
import { readSecret } from "../../../firmware/provisioning/secret.js";
import { secretImage } from "../../../host-sim/pairing/code.js";
import { Hand } from "../../host-sim/pairing/hand.js";
import { BoardRig, otherSecret, secret, Storage } from "../../host-sim/pairing/rig.js";

/** `closed` counts. */
function flashWith(image: Uint8Array | undefined, closed = { count: 0 }): FlashStorage {
  return {
    open({ path, mode }) {
      if (path !== "secret" || mode !== "r" || image === undefined) throw new Error("no partition");
      return {
        read(into, offset) {
          into.set(image.subarray(offset, offset + into.length));
          return into.length;
        },
        close: () => void closed.count++,
      } as ReturnType<FlashStorage["open"]>;
    },
  };
}

describe("the secret", () => {
  test("is read as flashing has written it, and the flash is let go", () => {
    const closed = { count: 0 };
    expect(readSecret(flashWith(secretImage(secret), closed))).toEqual(secret);
    expect(closed.count).toBe(1);
  });

  test("is none without a partition, in erased flash, in zeros, and where any bit differs", () => {
    expect(readSecret(flashWith(undefined))).toBe(undefined);
    expect(readSecret(flashWith(new Uint8Array(24).fill(255)))).toBe(undefined);
    expect(readSecret(flashWith(new Uint8Array(24)))).toBe(undefined);
    for (let bit = 0; bit < 24 * 8; bit++) {
      const image = secretImage(secret);
      image[bit >> 3]! ^= 1 << (bit & 7);
      expect(readSecret(flashWith(image))).toBe(undefined);
    }
    // Of a later format, say: whole, and still none.
    for (const place of [0, 3, 19]) {
      const image = secretImage(secret);
      image[place]! ^= 1;
      new DataView(image.buffer).setUint32(20, crc32(image, 0, 20), true);
      expect(readSecret(flashWith(image))).toBe(undefined);
    }
  });
});

describe("guesses", () => {
  test("are counted before anybody looks, and taken back", () => {
    const storage = new Storage();
    const guesses = new KeptGuesses(storage);
    expect(guesses.left).toBe(20);
    expect(guesses.begin()).toBe(true);
    expect(new KeptGuesses(storage).left).toBe(19);
    guesses.takeBack();
    expect(guesses.left).toBe(20);
    guesses.takeBack();
    expect(guesses.left).toBe(20);
    expect(storage.opened).toBe(0);
  });

  test("are used up after twenty, over boots, until the button is pressed", () => {
    const storage = new Storage();
    for (let count = 0; count < 20; count++) expect(new KeptGuesses(storage).begin()).toBe(true);
    const guesses = new KeptGuesses(storage);
    expect(guesses.begin()).toBe(false);
    expect(guesses.left).toBe(0);
    guesses.clear();
    expect(new KeptGuesses(storage).left).toBe(20);
  });

  test.each(["open", "read", "write"] as const)("are none where the flash fails to %s", (failing) => {
    const storage = new Storage();
    storage.failing = failing;
    const guesses = new KeptGuesses(storage);
    expect(guesses.begin()).toBe(false);
    guesses.takeBack();
    guesses.clear();
    expect(storage.opened).toBe(0);
  });

  test.each([[[21]], [[255]], [[]], [[1, 2]]])("are none where the flash holds %j instead of a count", (kept) => {
    const storage = new Storage();
    storage.kept.set("mote.ble/guesses", Uint8Array.from(kept));
    const guesses = new KeptGuesses(storage);
    expect(guesses.left).toBe(0);
    expect(guesses.begin()).toBe(false);
    guesses.clear();
    expect(guesses.left).toBe(20);
  });

  test("of a session lock the board after twenty wrong secrets over twenty boots, for the right one too", async () => {
    const storage = new Storage();
    for (let count = 1; count <= 20; count++) {
      const hand = new Hand(new BoardRig({ storage, seed: count }));
      await hand.handshake(otherSecret);
      expect(hand.lastRefusal).toBe("handshake");
      expect(hand.board.guesses.left).toBe(20 - count);
    }
    const writes = storage.writes;
    const hand = new Hand(new BoardRig({ storage }));
    await hand.handshake();
    expect(hand.lastRefusal).toBe("locked");
    expect(storage.writes).toBe(writes);
    hand.board.guesses.clear();
    await hand.handshake();
    expect(hand.keys).toBeDefined();
    expect(hand.board.guesses.left).toBe(20);
  });

  test("stay counted when power goes between the count and the verdict", async () => {
    const storage = new Storage();
    const crypto = {
      open: () => {
        throw new Error("power cut");
      },
    };
    const hand = new Hand(new BoardRig({ storage, crypto: (real) => ({ ...real, ...crypto }) }));
    await expect(hand.handshake()).rejects.toThrow("power cut");
    expect(new BoardRig({ storage }).guesses.left).toBe(19);
  });

  test("of a flash that takes none let nobody in", async () => {
    const storage = new Storage();
    const hand = new Hand(new BoardRig({ storage }));
    storage.failing = "write";
    await hand.handshake();
    expect(hand.lastRefusal).toBe("locked");
    expect(hand.messages).toEqual([]);
  });
});
