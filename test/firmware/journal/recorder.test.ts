/** How long a sample may stand in RAM: until its block is due, whatever the board's clock does meanwhile. */
import { expect, test } from "vitest";
import { parseScenario } from "../../../host-sim/scenario/parse.js";
import { examine } from "../../../host-sim/swarm/examine.js";

/** A sample every minute, written down a second later; the clock jumps back by eight, and the power goes five seconds after the sample. */
const story = `
name: jumps
seed: 3
duration: 3m
boards:
  - name: board
    app:
      name: jumps
      sensors: { probe: { driver: NTC, every: 1m, phase: 30s, options: { nominalOhm: 10000 } } }
      channels: { probe: { from: probe.thermometer.temperature, unit: °C, resolution: 0.1 } }
    journal: { block: 1s }
faults:
  - { at: 10s, fault: clock-back, with: { by: 8s } }
  - { at: 5s, for: 1m, fault: broker-down }
  - { at: 35.5s, fault: power-cut, for: 1s }
`;

test("a clock that jumped back does not make a block wait longer", () => {
  const plan = parseScenario("jumps.yaml", story);
  if (!plan.ok) throw new Error(plan.error.message);
  expect(examine(plan.value).violation).toBeUndefined();
});
