/** Same seed, same trace: every byte on the wire and every bus transaction at the same virtual time, run after run, engine after engine. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { counts, mote } from "../host-sim/cli/command.js";
import { onXs, withoutXs } from "../host-sim/xs/available.js";

const folder = mkdtempSync(join(tmpdir(), "mote-traces-"));
afterAll(() => rmSync(folder, { recursive: true }));

let runs = 0;
async function traced(...words: string[]) {
  const path = join(folder, `${++runs}.jsonl`);
  const ended = await mote("sim", "--speed", "max", "--json", "--trace", path, ...words);
  expect(ended).toMatchObject({ code: 0, err: "" });
  // Of what the run cost, nothing.
  const { engine, wallMs, arenaBytes, arenaPeakBytes, arenaAliveBytes, slotBytes, ...seen } = counts(ended);
  return { seen, trace: readFileSync(path) };
}

const minutes = ["--duration", "3m", "--seed", "3"];
/** What Node leaves. */
const reference = traced(...minutes);

test("the same seed gives the same trace, byte for byte, on a second run; another seed gives another", async () => {
  const [first, second, other] = await Promise.all([reference, traced(...minutes), traced("--duration", "3m", "--seed", "4")]);
  expect(second.seen).toEqual(first.seen);
  expect(second.trace.equals(first.trace)).toBe(true);
  expect(other.seen["traceSha256"]).not.toBe(first.seen["traceSha256"]);
  const lines = first.trace.toString().trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(2 * Number(first.seen["samples"]));
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ us: expect.any(Number), what: expect.any(String) });
});

test.skipIf(withoutXs)(onXs("XS leaves the trace that Node leaves, byte for byte"), async () => {
  const [onNode, xs] = await Promise.all([reference, traced(...minutes, "--engine", "xs")]);
  expect(xs.seen).toEqual(onNode.seen);
  expect(xs.trace.equals(onNode.trace)).toBe(true);
});

test.skipIf(withoutXs)(onXs("an app of one's own leaves the same trace on XS and on Node"), async () => {
  const app = fileURLToPath(new URL("../../docs/examples/soil-moisture.ts", import.meta.url));
  const [onNode, xs] = await Promise.all([traced("--app", app), traced("--app", app, "--engine", "xs")]);
  expect(xs.seen).toMatchObject({ samples: 60, missed: 0, readErrors: 0, emitted: 60 });
  expect(xs.seen).toEqual(onNode.seen);
  expect(xs.trace.equals(onNode.trace)).toBe(true);
});
