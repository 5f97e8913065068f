/** `mote sim FILE.yaml` as a person runs it: its exit codes, its words, and what is wrong with a file. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { mote } from "../host-sim/cli/command.js";

const folder = mkdtempSync(join(tmpdir(), "mote-scenarios-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(text: string): string {
  const path = join(folder, `${++files}.yaml`);
  writeFileSync(path, text);
  return path;
}
const scenario = (rest: string) => file(`name: a test\nabout: of the command\nduration: 10s\nboards: [{ name: one }]\n${rest}\n`);

test("exit 0 when all was kept, 1 when something failed, 42 when time ran out", async () => {
  const [kept, failed, open] = await Promise.all([
    mote("sim", scenario("expect: [{ message: temperature, within: 5s }]")),
    mote("sim", scenario("never: [{ message: temperature }]")),
    mote("sim", scenario("expect: [{ message: temperature, error: checksum }]")),
  ]);
  expect([kept.code, failed.code, open.code]).toEqual([0, 1, 42]);
  expect(kept.out).toMatch(/✓ message temperature/);
  expect(kept.out).toMatch(/passed: 1 of 1 expectations kept/);
  expect(failed.out).toMatch(/✗ .*\n.*one: temperature: \{"value":/);
  expect(failed.out).toMatch(/2\.yaml:5:\d+/);
  expect(open.out).toMatch(/time ran out/);
});

test("--json is one object, of the same exit code, with the verdict and the counts of each board", async () => {
  const ended = await mote("sim", scenario("never: [{ message: temperature }]"), "--json");
  const outcome = JSON.parse(ended.out) as { exitCode: number; failures: { board: string }[]; boards: { samples: number }[] };
  expect([ended.code, outcome.exitCode, outcome.failures.length, outcome.boards.length]).toEqual([1, 1, 1, 1]);
  expect(outcome.boards[0]!.samples).toBeGreaterThan(30);
});

test.each([
  ["an unknown key", "wind: 3", /:5:1: .*wind/],
  ["a negative time", "faults: [{ at: -5s, fault: reset }]", /:5:\d+: .*negative/],
  ["a board that does not exist", "faults: [{ at: 5s, board: two, fault: reset }]", /:5:\d+: .*two/],
  [
    "a recording that is missing",
    "environment: { temperature: { recording: nowhere.csv, column: temperature } }",
    /nowhere\.csv: there is no such file/,
  ],
  ["what this computer feels now, in virtual time", "environment: { temperature: host }", /thermometer.*mote start/],
  ["a fault that only XS has", "faults: [{ at: 5s, for: 1s, fault: memory }]", /--engine xs/],
])("%s is refused with exit 2, in one line that says where and what", async (_, rest, words) => {
  const ended = await mote("sim", scenario(rest));
  expect(ended.code).toBe(2);
  expect(ended.out).toBe("");
  expect(ended.err.trim().split("\n")).toHaveLength(1);
  expect(ended.err).toMatch(words);
});

test("two boards of one name, a file that is not there, and a word too many are refused", async () => {
  const twins = file("name: a\nabout: b\nduration: 10s\nboards: [{ name: one }, { name: one }]\n");
  const [doubled, missing, extra] = await Promise.all([
    mote("sim", twins),
    mote("sim", "no-such-story"),
    mote("sim", "cold-start", "--speed", "fast"),
  ]);
  expect([doubled.code, missing.code, extra.code]).toEqual([2, 2, 2]);
  expect(doubled.err).toMatch(/:4:\d+: .*one/);
  expect(missing.err).toMatch(/no-such-story.*cold-start/);
  expect(extra.err).toMatch(/--speed/);
});

test("a name of the library that is mistyped or only begun is answered with the one that was meant", async () => {
  const near = [
    ["bad-wifi", "bad-wifi-evening"],
    ["broker-restrat", "broker-restart"],
    ["cold-start.yaml", "cold-start"],
  ] as const;
  const ended = await Promise.all(near.map(([typed]) => mote("sim", typed)));
  for (const [index, [typed, meant]] of near.entries()) {
    expect(ended[index]!.code).toBe(2);
    expect(ended[index]!.err).toContain(`${typed}: there is no such file; did you mean ${meant}? The library has bad-wifi-evening, `);
  }
});

test("mote start tells the story on the dashboard: where it is, what was kept, and that it is over", async () => {
  const ended = await mote("start", "cold-start", "--speed", "max", "--duration", "4m", "--dashboard", "18080");
  expect(ended).toMatchObject({ code: 0, err: "" });
  expect(ended.out).toMatch(/^Mote +Cold start: one board$/m);
  expect(ended.out).toMatch(/^Open +http:\/\/127\.0\.0\.1:\d+\/$/m);
  expect(ended.out).toMatch(/✓ message temperature/);
  expect(ended.out).toMatch(/The story is over\. passed: 7 of 7 expectations kept/);
});
