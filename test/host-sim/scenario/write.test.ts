import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseScenario } from "../../../host-sim/scenario/parse.js";
import type { Plan } from "../../../host-sim/scenario/plan.js";
import { timeText } from "../../../host-sim/scenario/schema-time.js";
import { writeScenario } from "../../../host-sim/scenario/write.js";
import { plan } from "./arbitrary-plan.js";

/** All but where conditions stand and how they read, which a file gives them. */
function bare({ expect: expected, never, ...rest }: Plan): unknown {
  const without = (all: Plan["expect"]): unknown[] => all.map(({ place: _, text: __, ...each }) => each);
  return { ...rest, expect: without(expected), never: without(never) };
}

function parsed(text: string): Plan {
  const plan = parseScenario("/scenes/written.yaml", text);
  if (!plan.ok) throw new Error(`${plan.error.message}\n${text}`);
  return plan.value;
}

describe("a plan that is written", () => {
  test("reads back as it was", () => {
    fc.assert(
      fc.property(plan, (drawn) => {
        expect(bare(parsed(writeScenario(drawn)))).toEqual(bare(drawn));
        expect(bare(parsed(writeScenario(drawn, "/scenes")))).toEqual(bare(drawn));
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test("leaves out what is as by default", () => {
    expect(writeScenario(parsed("duration: 90s"))).toBe("name: written\nduration: 1m30s\n");
  });

  test("can be read by a person", () => {
    const text = `name: A bad evening
about: >-
  Between eight and nine everyone streams films, and nobody thinks of the small board on the porch
  that only wants to say how warm it is.
seed: 7
duration: 30m
boards:
  - name: porch
    count: 3
    app:
      sensors:
        air: { driver: SHT3x, every: 1s, phase: 250ms, address: 69 }
      channels:
        warmth:
          from: air.thermometer.temperature
          unit: °C
          resolution: 0.01
          stages: [ { median: 5 }, { throttle: 2s }, { window: [ 60, mean ] } ]
    apart: 1.5s
  - name: attic
    board: esp32c3
    environment:
      temperature: [ { daily: { mean: 21, amplitude: 1.5 } }, { noise: 0.05 } ]
      outdoor: host
environment:
  humidity: { steps: { 0s: 40, 10m: 60 } }
  pressure: { recording: office.csv, column: value }
faults:
  - at: 10m
    for: 30s
    fault: wifi-down
    board: porch
  - every: 1m
    chance: 0.3
    for: 5s
    fault: checksum
    sensor: air
    with: { chance: 0.5 }
expect:
  - message: warmth
    value: from 19 to 24
    board: porch-2
    within: 5s
  - state: { broker: connected }
    after: 10m
    within: 20s
  - count: { retransmitted: at least 1 }
never:
  - message: status
    text: offline
    within: 10m
`;
    expect(writeScenario(parsed(text), "/scenes")).toBe(text);
  });

  test("names boards one by one where they are not of a kind", () => {
    const text =
      "name: written\nduration: 1s\nboards:\n  - name: a-1\n  - name: a-2\n    board: esp32c3\n  - name: b-1\n  - name: b-2\n    environment:\n      humidity: 5\n";
    expect(writeScenario(parsed(text))).toBe(text);
  });

  test("is one entry for a thousand boards in a row, as its faults on them are", () => {
    const text = "name: written\nduration: 1m\nboards:\n  - name: hall\n    count: 1000\n    starts: 1s\n    apart: 5ms\n";
    const struck = `${text}faults:\n  - at: 1s\n    fault: reset\n    board: hall\n`;
    expect(writeScenario(parsed(struck))).toBe(struck);
  });

  test("is one entry too where the starts were counted with broken numbers", () => {
    const { boards, ...rest } = parsed("duration: 90s");
    const row = Array.from({ length: 20 }, (_, index) => ({ ...boards[0]!, name: `a-${index + 1}`, startAtMs: index * 0.1 }));
    expect(row[3]!.startAtMs).not.toBe(0.3);
    expect(writeScenario({ ...rest, boards: row })).toContain("- name: a\n    count: 20\n    apart: 0.1ms\n");
  });

  test("has no longer numbers in its times than it needs", () => {
    expect([7824.197, 1000.989, 61_005.974, 1.001, 86_400_000.001].map(timeText)).toEqual([
      "7.824197s",
      "1.000989s",
      "1m1.005974s",
      "1.001ms",
      "1d0.001ms",
    ]);
  });

  test.each([
    ["a step back in time", ["a-1", "a-2"], [5000, 4000]],
    ["a name that is taken", ["a-1", "a-2", "a"], [0, 0, 0]],
    ["a gap in the numbers", ["a-1", "a-3"], [0, 0]],
  ])("names boards one by one where they are no row: %s", (_, names, starts) => {
    const { boards, ...rest } = parsed("duration: 90s");
    const drawn = { ...rest, boards: names.map((name, index) => ({ ...boards[0]!, name, startAtMs: starts[index]! })) };
    const text = writeScenario(drawn);
    expect(text).not.toContain("count");
    expect(parsed(text)).toEqual({ ...drawn, name: "written" });
  });
});
