/** What `mote swarm` says and saves, with workers whose answers are known. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { hunt } from "../../../host-sim/cli/swarm.js";
import type { SwarmOptions } from "../../../host-sim/cli/swarm-options.js";
import { allPoints } from "../../../host-sim/invariants/sometimes.js";
import { parseScenario } from "../../../host-sim/scenario/parse.js";
import { draw } from "../../../host-sim/swarm/draw.js";
import type { Answer, Question } from "../../../host-sim/swarm/worker.js";

const folder = mkdtempSync(join(tmpdir(), "mote-hunt-"));
afterEach(() => {
  vi.restoreAllMocks();
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
});

const options: SwarmOptions = { seeds: 20, start: 1, durationMs: 600_000, time: undefined, jobs: 2, scenario: undefined, json: false };
const fine: Answer = { violation: undefined, reached: allPoints };

/** Breaks a promise wherever the board loses its power twice and more. */
async function twicePowerless(question: Question): Promise<Answer> {
  const { faults } = "plan" in question ? question.plan : draw(question.seed, question.durationMs);
  const cuts = faults.filter(({ kind }) => kind === "power-cut");
  if (cuts.length < 2) return fine;
  return { violation: { invariant: "grid", atMs: 12_345.678, station: "board", what: `late, ${cuts.length} cuts` }, reached: [] };
}

async function hunted(ask: (question: Question) => Promise<Answer>, changed: Partial<SwarmOptions> = {}, interrupted = () => false) {
  let text = "";
  const out = { isTTY: false, columns: 80, write: (words: string) => (text += words) } as unknown as NodeJS.WriteStream;
  const json: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void json.push(line));
  const code = await hunt({ ...options, ...changed }, { ask, out, folder, interrupted });
  return { code, text, json };
}

test("a broken promise is told, with the command that replays it, shrunk to the faults that it takes, and saved", async () => {
  const { code, text } = await hunted(twicePowerless);
  expect(code).toBe(1);
  const seed = Number(/Seed (\d+) broke a promise: grid, on board at 12\.346 s of virtual time:\n {2}late, \d+ cuts/.exec(text)?.[1]);
  expect(text).toContain(`npx mote swarm --seeds 1 --start ${seed} --time 10m`);
  expect(text).toMatch(
    new RegExp(`Shrunk from \\d+ faults to 2(, from \\d visits to 0)?, in \\d+ runs: grid[^]*late, 2 cuts\nSaved as swarm-${seed}.yaml`),
  );
  expect(text).toContain(`npx mote swarm --scenario swarm-${seed}.yaml`);
  const saved = parseScenario("saved.yaml", readFileSync(join(folder, `swarm-${seed}.yaml`), "utf8"));
  if (!saved.ok) throw new Error(saved.error.message);
  const whole = draw(seed, 600_000);
  expect(saved.value.faults.map(({ kind, forMs }) => [kind, forMs <= 19])).toEqual([
    ["power-cut", true],
    ["power-cut", true],
  ]);
  expect(saved.value.about).toContain("late, 2 cuts");
  const { visits: _, ...asDrawn } = whole;
  expect({ ...saved.value, faults: [], about: "" }).toEqual({ ...asDrawn, faults: [], about: "" });
});

test("of the visits those are left that it takes, too", async () => {
  const twiceVisited = async (question: Question): Promise<Answer> => {
    const { visits = [] } = "plan" in question ? question.plan : draw(question.seed, question.durationMs);
    if (visits.length < 2) return fine;
    return { violation: { invariant: "settings", atMs: 5, station: "board", what: `${visits.length} visits` }, reached: [] };
  };
  const { text } = await hunted(twiceVisited, { seeds: 200 });
  expect(text).toMatch(/Shrunk from \d+ faults to 0, from [234] visits to 2, in \d+ runs: settings[^]*2 visits\n/);
  const saved = parseScenario("saved.yaml", readFileSync(join(folder, readdirSync(folder)[0]!), "utf8"));
  expect(saved).toMatchObject({ ok: true, value: { faults: [], visits: [{}, {}] } });
});

test("with --json the last line of stdout is the whole result, and all else goes elsewhere", async () => {
  const { json } = await hunted(twicePowerless, { json: true, time: "600s" });
  expect(json).toHaveLength(1);
  const { failed, done, reached, missing } = JSON.parse(json[0]!) as Record<string, never>;
  expect(failed).toMatchObject({ invariant: "grid", faults: 2, replay: expect.stringMatching(/--start \d+ --time 600s$/) as string });
  expect([typeof done, reached["ping"], missing]).toEqual(["number", Number(done) - 1, []]);
});

test("when all promises were kept, it says what was put to the test, rarest first", async () => {
  const rare = async (question: Question): Promise<Answer> =>
    "seed" in question && question.seed > 5 ? { ...fine, reached: allPoints.filter((point) => point !== "ping") } : fine;
  const { code, text } = await hunted(rare);
  expect(code).toBe(0);
  expect(text).toContain("20 of 20 seeds");
  expect(text).toContain("Every promise was kept.");
  expect(/in how many seeds:\n +(.*)\n/.exec(text)?.[1]).toBe("5 of 20  a quiet connection was kept alive");
});

test("a hundred seeds without a point fail, and name it; an early end fails nothing", async () => {
  const without = async (): Promise<Answer> => ({ ...fine, reached: allPoints.filter((point) => point !== "ping") });
  const { code, text } = await hunted(without, { seeds: 100 });
  expect(code).toBe(1);
  expect(text).toContain("Never put to the test, in 100 seeds and more: a quiet connection was kept alive");
  let asked = 0;
  const early = await hunted(
    async () => (asked++, await without()),
    { seeds: 1000 },
    () => asked >= 150,
  );
  expect(early.code).toBe(0);
  expect(early.text).toMatch(/ended early: 15\d of 1000 seeds/);
  expect(early.text).not.toContain("Every promise was kept");
});
