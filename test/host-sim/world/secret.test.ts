import { expect, test } from "vitest";
import { simulatedBoard } from "../../firmware/simulated-board.js";

test("a board has a secret in flash as docs/ble.md says, its own, and keeps it over boots", () => {
  const { board } = simulatedBoard(1);
  const bytes = new Uint8Array(28);
  board.flash.get("secret")!.read(bytes, 0);
  expect(Buffer.from(bytes.subarray(0, 4)).toString("latin1")).toBe("MTS1");
  expect(bytes.slice(4, 19)).toEqual(board.secret);
  expect([bytes[19], ...bytes.subarray(24)]).toEqual([0, 255, 255, 255, 255]);
  expect(simulatedBoard(1).board.secret).toEqual(board.secret);
  expect(simulatedBoard(2).board.secret).not.toEqual(board.secret);
  const before = board.secret;
  board.powerOff();
  board.powerOn("power-on");
  expect(board.secret).toEqual(before);
  board.flash.get("secret")!.erase(0);
  expect(board.secret).toBeUndefined();
});
