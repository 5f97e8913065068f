/** The firmware's session and the host's client, written apart, understand each other at every size of frame. */
import { describe, expect, test } from "vitest";
import { connected, otherSecret, quick, BoardRig, RigLink } from "./rig.js";
import { openBoard } from "../../../host-sim/pairing/client.js";

describe.each([20, 182, 514])("frames of %i bytes", (frame) => {
  test("carry a handshake, requests and replies", async () => {
    const { board, client } = await connected({ frame });
    expect(board.session.open).toBe(true);
    expect(await client.about()).toEqual({
      ok: true,
      value: new Map([
        ["name", "rig"],
        ["verb", "1"],
      ]),
    });
    expect(board.requests.map(({ verb }) => verb)).toEqual([1, 1]);
    expect(board.guesses.left).toBe(20);
  });
});

test("another secret is refused, and counted", async () => {
  const board = new BoardRig();
  const opened = await openBoard(new RigLink(board), otherSecret, quick);
  expect(opened).toMatchObject({ ok: false, error: { kind: "secret" } });
  expect(board.guesses.left).toBe(19);
});
