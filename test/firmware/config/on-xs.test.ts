/** Settings on the engine that runs on the board, preloaded and frozen, with its memory and stack. */
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { runInXs } from "../../../host-sim/xs/run.js";
import { onXs, withoutXs } from "../../host-sim/xs/available.js";
import { fuzzed, tell } from "./scenario.js";

const preload = readdirSync(new URL("../../../firmware/config/", import.meta.url))
  .filter((name) => name.endsWith(".ts"))
  .map((name) => "firmware/config/" + name.slice(0, -3));

function told(): string[] {
  const lines: string[] = [];
  tell((line) => lines.push(line));
  return lines;
}

function onBoard(source: string): { value: unknown; printed: string[] } {
  const ran = runInXs({
    source: `import * as scenario from "test/firmware/config/scenario"; ${source}`,
    preload,
    arenaBytes: 64 * 1024,
    stackSlots: 384,
  });
  if (!ran.ok) throw new Error(`${ran.error.kind}: ${ran.error.message}`);
  return ran.value;
}

test("a life of settings reaches what it is meant to show", () => {
  const lines = told().join("\n");
  for (const part of [
    "set true",
    "set false",
    "does not work: cut",
    "温度",
    "broker.port must be",
    "__proto__",
    "this one has 7 bytes",
    ' 1 {"wifi',
  ])
    expect(lines).toContain(part);
  expect(fuzzed(2000).length).toBeGreaterThan(3);
});

test.skipIf(withoutXs)(onXs("a life of settings is told by XS as by Node, in 64 KiB and 384 stack slots"), () => {
  expect(onBoard("scenario.tell(print)").printed).toEqual(told());
});

test.skipIf(withoutXs)(onXs("two thousand random contents of the flash come to the same on XS"), () => {
  expect(onBoard("report(scenario.fuzzed(2000))").value).toEqual(fuzzed(2000));
});

test.skipIf(withoutXs)(onXs("what is kept of opened settings are the settings alone: less than 1 KiB"), () => {
  const [slots, bytes] = onBoard(`
    import { openConfig } from "firmware/config/open";
    const flash = new scenario.RamFlash();
    const seed = { wifi: { ssid: "attic", password: "swordfish" }, broker: { host: "broker.mote", port: 1883 } };
    let kept = openConfig(flash, seed).config;
    kept = undefined;
    collect();
    const slots = slotsInUse(), bytes = chunkBytesInUse();
    kept = openConfig(flash, seed).config;
    collect();
    report([slotsInUse() - slots, chunkBytesInUse() - bytes]);`).value as [number, number];
  expect(slots * 16 + bytes).toBeLessThan(1024);
  expect(slots).toBeGreaterThan(10);
});
