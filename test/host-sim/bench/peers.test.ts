import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { fused, signal } from "../../../host-sim/bench/p1.js";
import { peerPasses, peersKnown, type Printed, runPeer } from "../../../host-sim/bench/peers.js";

const right = fused(signal(), peerPasses);

function expectRight(printed: Printed): void {
  expect(printed.loop.checksums).toEqual(right);
  expect(printed.closures.checksums).toEqual(right);
  expect(printed.loop.us).toBeGreaterThan(0);
  expect(printed.closures.us).toBeGreaterThan(0);
}

test("the peers' program in JavaScript does P1's work", () => {
  const file = new URL("../../../host-sim/bench/peers/p1.js", import.meta.url);
  let printed = "";
  runInNewContext(readFileSync(file, "utf8"), { print: (text: string) => (printed += text) });
  expectRight(JSON.parse(printed) as Printed);
});

test("a peer that is not installed is absent, and one that fails says how", () => {
  const peer = { name: "Nobody", command: "no-such-peer", program: "p1.js", remedy: "" };
  expect(runPeer(peer)).toMatchObject({ ok: false, error: { kind: "absent" } });
  const failed = runPeer({ ...peer, command: process.execPath });
  expect(failed).toMatchObject({ ok: false, error: { kind: "peer" } });
  expect(!failed.ok && failed.error.message).toMatch(/Nobody ended with 1: [^]*print is not defined/);
});

for (const peer of peersKnown) {
  const ran = runPeer(peer);
  if (ran.ok || ran.error.kind !== "absent") {
    test(`${peer.name}, which is installed here, does P1's work`, () => {
      if (!ran.ok) throw new Error(ran.error.message);
      expectRight(ran.value);
    });
  }
}
