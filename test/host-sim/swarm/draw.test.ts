/** What is drawn is a plan that a person could have written: valid, written down and read back as it was, healed in time. */
import { expect, test } from "vitest";
import { faultForms, type FaultForm } from "../../../host-sim/faults/catalogue.js";
import { convergenceMs } from "../../../host-sim/invariants/convergence.js";
import { inlineApp } from "../../../host-sim/scenario/inline-app.js";
import { parseScenario } from "../../../host-sim/scenario/parse.js";
import type { Plan } from "../../../host-sim/scenario/plan.js";
import { writeScenario } from "../../../host-sim/scenario/write.js";
import { draw, healMs, shortestMs, usualMs } from "../../../host-sim/swarm/draw.js";

const seeds = Array.from({ length: 120 }, (_, index) => index + 1);
const plans = seeds.map((seed) => draw(seed, usualMs));

function appOf(plan: Plan) {
  const { app } = plan.boards[0]!;
  if (app.kind !== "inline") throw new Error("drawn apps are data");
  return app.app;
}

test("equal seeds give equal plans, others others", () => {
  expect(draw(5, usualMs)).toEqual(plans[4]);
  expect(new Set(plans.map((plan) => JSON.stringify({ ...plan, seed: 0, name: "", about: "" }))).size).toBe(plans.length);
});

test("every drawn app is one that the firmware takes, with one to four sensors", () => {
  for (const plan of plans) {
    const made = inlineApp(appOf(plan));
    expect(made.ok ? "ok" : `seed ${plan.seed}: ${made.error.message}`).toBe("ok");
    const sensors = Object.keys(appOf(plan).sensors).length;
    expect(sensors >= 1 && sensors <= 4).toBe(true);
  }
});

test.each([usualMs, shortestMs])("in a run of %i ms all faults begin and end before there is time to come back", (durationMs) => {
  expect(durationMs - healMs(durationMs)).toBeGreaterThan(convergenceMs);
  for (const seed of seeds) {
    for (const { at, forMs } of draw(seed, durationMs).faults) {
      const atMs = at.kind === "once" ? at.atMs : NaN;
      expect(atMs >= 0 && atMs + forMs <= healMs(durationMs)).toBe(true);
    }
  }
});

test("faults have all their parameters within the catalogue's bounds, and sensors and boards that there are", () => {
  for (const plan of plans) {
    for (const { kind, board, sensor, parameters } of plan.faults) {
      const form: FaultForm = faultForms[kind];
      expect([kind, Object.keys(parameters).sort()]).toEqual([kind, Object.keys(form.parameters).sort()]);
      for (const [name, rule] of Object.entries(form.parameters)) {
        const value = parameters[name]!;
        const right = "words" in rule ? rule.words.includes(String(value)) : Number(value) >= rule.least && Number(value) <= rule.most;
        expect([kind, name, value, right]).toEqual([kind, name, value, true]);
      }
      expect(board).toBe(form.strikes === "broker" ? undefined : "board");
      if (sensor !== undefined) expect(Object.keys(appOf(plan).sensors)).toContain(sensor);
    }
  }
});

test("runs differ in what they leave out: each kind of fault is in some and not in most", () => {
  const kinds = Object.entries(faultForms).filter(([, form]) => !("engine" in form));
  for (const [kind] of kinds) {
    const share = plans.filter(({ faults }) => faults.some((fault) => fault.kind === kind)).length / plans.length;
    expect([kind, share > 0.05 && share < 0.6]).toEqual([kind, true]);
  }
});

test("some boards are visited, one visitor after another, and nobody confirms what would cut the board off", () => {
  const visited = plans.filter(({ visits }) => visits !== undefined);
  expect(visited.length / plans.length).toBeGreaterThan(0.2);
  expect(visited.length / plans.length).toBeLessThan(0.5);
  for (const { visits = [] } of visited) {
    for (const [index, { atMs, forMs, set, byHand }] of visits.entries()) {
      expect(atMs).toBeGreaterThan(index === 0 ? 0 : visits[index - 1]!.atMs + visits[index - 1]!.forMs);
      expect(atMs + forMs).toBeLessThanOrEqual(healMs(usualMs));
      if (byHand !== "confirm") continue;
      expect(["mote", "shed"]).toContain(set["wifi.ssid"]);
      expect(["broker.mote 1883", "hub.mote 1884", "10.0.255.1 1884"]).toContain(`${set["broker.host"]} ${set["broker.port"]}`);
    }
  }
});

test("a drawn plan written as a scenario file reads back as it was", () => {
  for (const plan of plans.slice(0, 12)) {
    const read = parseScenario("swarm.yaml", writeScenario(plan));
    expect(read.ok ? read.value : read.error.message).toEqual(plan);
  }
});
