/** A plan's verdict is the plan's alone, and what goes wrong under guard is a verdict too. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { parseScenario } from "../../../host-sim/scenario/parse.js";
import type { Plan } from "../../../host-sim/scenario/plan.js";
import { writeScenario } from "../../../host-sim/scenario/write.js";
import { Simulation } from "../../../host-sim/simulation.js";
import { draw, shortestMs } from "../../../host-sim/swarm/draw.js";
import { examine } from "../../../host-sim/swarm/examine.js";

function scenario(text: string): Plan {
  const read = parseScenario("test.yaml", text);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

test("a plan examined again, alone or after others, written down and read back, gives the same verdict", () => {
  const plan = draw(11, shortestMs);
  const first = examine(plan);
  examine(draw(12, shortestMs));
  expect(examine(plan)).toEqual(first);
  expect(examine(scenario(writeScenario(plan)))).toEqual(first);
  expect(first.violation).toBeUndefined();
  expect(first.reached).toContain("farewell");
});

test("a plan written down and read back is the same run, to the byte, faults and visits and all", () => {
  const traceOf = (plan: Plan): string => {
    const hash = createHash("sha256");
    examine(plan, (line) => void hash.update(line));
    return hash.digest("hex");
  };
  const plans = Array.from({ length: 40 }, (_, index) => draw(41_860 + index, 300_000)).filter(({ visits = [] }) => visits.length > 0);
  expect(plans.length).toBeGreaterThan(3);
  for (const plan of plans.slice(0, 6)) expect(traceOf(scenario(writeScenario(plan)))).toBe(traceOf(plan));
});

test("without faults a board keeps its promises, and nothing is put to the test that only faults bring", () => {
  const { violation, reached } = examine({ ...draw(1, shortestMs), faults: [] });
  expect(violation).toBeUndefined();
  for (const point of ["retransmission", "bus-error", "refused", "takeover", "missed", "offline"] as const)
    expect(reached).not.toContain(point);
  for (const point of ["healed", "counters", "farewell"] as const) expect(reached).toContain(point);
});

test("each of several boards is guarded, with the firmware's own app as well, and a fault strikes the one that it names", () => {
  const plan = scenario(`
name: two
duration: 5m
boards:
  - { name: left, app: own }
  - { name: right, app: own }
faults:
  - { at: 30s, fault: power-cut, for: 5s, board: left }
  - { at: 60s, fault: broker-disconnect }
  - { at: 70s, fault: bus-stuck, for: 5s, board: right }
`);
  const { violation, reached } = examine(plan);
  expect(violation).toBeUndefined();
  for (const point of ["reboot-connected", "bus-error", "healed", "farewell"] as const) expect(reached).toContain(point);
});

test("faults that last until the end ask for no coming back", () => {
  const plan = scenario(`
name: dark
duration: 10m
faults:
  - { at: 3m, fault: wifi-down }
`);
  expect(examine(plan).violation).toBeUndefined();
});

test("what the firmware or the world throws is a broken promise, with its time", () => {
  const run = Simulation.prototype.add;
  Simulation.prototype.add = function (options) {
    const station = run.call(this, options);
    this.scheduler.at(90e6, () => {
      throw new Error("broken invariant: something");
    });
    return station;
  };
  try {
    const { violation } = examine({ ...draw(1, shortestMs), faults: [] });
    expect(violation).toMatchObject({ invariant: "runs", atMs: 90_000, station: "board" });
    expect(violation?.what).toContain("broken invariant: something");
  } finally {
    Simulation.prototype.add = run;
  }
});
