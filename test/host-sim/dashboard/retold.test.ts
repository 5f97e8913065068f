import { describe, expect, test } from "vitest";
import type { Struck } from "../../../host-sim/dashboard/observer.js";
import { retold } from "../../../host-sim/dashboard/retold.js";
import type { Fault } from "../../../host-sim/faults/catalogue.js";
import { parseScenario } from "../../../host-sim/scenario/parse.js";
import type { Plan } from "../../../host-sim/scenario/plan.js";
import { schedule } from "../../../host-sim/scenario/run.js";
import { writeScenario } from "../../../host-sim/scenario/write.js";
import { random } from "../../../host-sim/world/random.js";

const story = `
name: a story
seed: 3
duration: 10m
faults:
  - { at: 1m, for: 30s, fault: wifi-down }
  - { every: 1m, from: 2m, chance: 0.5, for: 5s, fault: power-cut }
  - { at: 9m, for: 20s, fault: broker-down }
expect:
  - { state: { broker: connected }, after: 9m30s, within: 20s }
never:
  - { count: { boots: at least 50 }, after: 9m }
`;

function read(text: string): Plan {
  const parsed = parseScenario("story.yaml", text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

/** Once they are written and read again. */
const copied = (plan: Plan): Plan => read(writeScenario(plan));
const all = (plan: Plan): Fault[] => schedule(plan, random(plan.seed).split("schedule"));
const struck = (fault: Fault, fromMs: number, toMs?: number): Struck => ({ fault, fromMs, toMs });

const reset: Fault = { kind: "reset", atMs: 70_001, forMs: 0, board: "board", parameters: { reason: "panic" } };

describe("a run that came from a scenario, copied", () => {
  const base = read(story);
  const [wifi] = all(base);

  test("before its end is the same story, with what was done", () => {
    const plan = copied(retold(base, [struck(wifi!, 60_000, 90_000), struck(reset, 70_001)], 100_000));
    expect(plan.durationMs).toBe(600_000);
    expect(plan.expect).toMatchObject([{ afterMs: 570_000, untilMs: 590_000 }]);
    expect(plan.never).toHaveLength(1);
    expect(plan.faults.slice(0, 3)).toEqual(base.faults);
    expect(plan.faults.slice(3)).toMatchObject([{ kind: "reset", at: { kind: "once", atMs: 70_001 } }]);
  });

  test("after its end lasts until now, to the next whole second", () => {
    const plan = copied(retold(base, [], 612_345.678));
    expect(plan.durationMs).toBe(613_000);
    expect(all(plan)).toEqual(all(base));
  });

  test("with a fault of its own healed by hand says how long that lasted, and repeats the others as chance had drawn them", () => {
    const plan = copied(retold(base, [struck(wifi!, 60_000, 72_345.678)], 100_000));
    const [first, ...others] = all(plan);
    expect(first).toEqual({ ...wifi, forMs: 12_346 });
    expect(others).toEqual(all(base).slice(1));
    expect(others.length).toBeGreaterThan(2);
  });

  test("writes what a person did at whole milliseconds, and before the end", () => {
    const cut: Fault = { kind: "power-cut", atMs: 700_000, forMs: Infinity, board: "board", parameters: {} };
    const plan = copied(retold(base, [struck(cut, 700_000, 700_000.2)], 700_000));
    expect(plan.durationMs).toBe(701_000);
    expect(plan.faults.at(-1)).toMatchObject({ kind: "power-cut", forMs: 1, at: { atMs: 700_000 } });
  });
});
