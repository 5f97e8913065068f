/** docs/ble-vectors.json against both halves, each on its own: a third that gives the same bytes will be understood. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readPairing } from "../../../host-sim/pairing/code.js";
import { hex } from "./rig.js";
import { bytesOf, helloFrames, ofBoard, ofCentral, vectors, type Fixed } from "./vectors.js";

const file = JSON.parse(readFileSync(join(import.meta.dirname, "../../../docs/ble-vectors.json"), "utf8")) as Record<string, string> & {
  readonly [list in "helloInFramesOf20" | "requests" | "requestsSealed" | "records" | "recordsSealed"]: readonly string[] & string;
};
const fixed: Fixed = {
  secret: bytesOf(file["secret"]!),
  id: bytesOf(file["id"]!),
  centralPrivate: bytesOf(file["centralPrivate"]!),
  boardPrivate: bytesOf(file["boardPrivate"]!),
};
const bare = (texts: readonly string[]) => texts.map((text) => text.replaceAll(" ", ""));

test("the firmware gives the vectors' bytes, and opens the central's", () => {
  const board = ofBoard(fixed, bytesOf(file["hello"]!), file.requestsSealed.map(bytesOf));
  expect(board).toEqual({
    fits: true,
    welcome: file["welcome"],
    keys: [file["k1"], file["k2"]],
    opened: bare(file.requests),
    sealed: file.recordsSealed,
  });
});

test("the host gives the vectors' bytes, and opens the board's", async () => {
  const central = await ofCentral(fixed, () => bytesOf(file["welcome"]!), file.recordsSealed.map(bytesOf));
  expect(central).toEqual({ hello: file["hello"], sealed: file.requestsSealed, opened: bare(file.records) });
  expect(await helloFrames(bytesOf(file["hello"]!), 20)).toEqual(file.helloInFramesOf20);
});

test("the pairing code and the QR code of the vectors are those of their secret", async () => {
  for (const text of [file["pairingCode"]!, file["qrPayload"]!]) {
    const read = readPairing(text);
    expect(read.ok && hex(read.value.secret)).toBe(file["secret"]);
  }
  expect(await vectors(fixed)).toEqual(file);
});
