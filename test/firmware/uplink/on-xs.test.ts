/** The uplink on the engine that runs on the board, preloaded and frozen, with an ESP32's stack. */
import { expect, test } from "vitest";
import { measureCodec } from "../../../host-sim/bench/mqtt-codec.js";
import { findProgram } from "../../../host-sim/xs/program.js";
import { runInXs } from "../../../host-sim/xs/run.js";
import { scenario } from "./scenario.js";

/** In CI the absence of XS is a failure. */
const withoutXs = !findProgram().ok && process.env["CI"] !== "true";
const title = (text: string) => (withoutXs ? text + " (XS is not built: npm run build:xs)" : text);

const modules = ["encode", "decode", "inflight", "subscriptions", "session", "outgoing", "connection"];

test.skipIf(withoutXs)(title("a day of a connection is told by XS as by Node, in 64 KiB and 384 stack slots"), () => {
  const ran = runInXs({
    source: 'import { scenario } from "test/firmware/uplink/scenario"; report(scenario());',
    preload: ["firmware/base/utf8", ...modules.map((name) => "firmware/uplink/" + name)],
    arenaBytes: 64 * 1024,
    stackSlots: 384,
  });
  if (!ran.ok) throw new Error(ran.error.kind + ": " + ran.error.message);
  expect(ran.value.value).toEqual(scenario());
});

test("a day of a connection reaches what it is meant to show", () => {
  const told = scenario().join("\n");
  for (const part of [
    "connected true",
    "message 温度",
    "full",
    "room",
    "disconnected timeout",
    "disconnected malformed",
    "disconnected transport",
    "stopped",
  ]) {
    expect(told).toContain(part);
  }
});

test.skipIf(withoutXs)(title("every publish that XS writes is mqtt-packet's byte for byte, and is read back"), () => {
  const measured = measureCodec();
  if (!measured.ok) throw new Error(measured.error.message);
  expect(measured.value.different).toEqual([]);
});
