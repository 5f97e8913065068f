import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { faultForms } from "../../../host-sim/faults/catalogue.js";
import { parseScenario } from "../../../host-sim/scenario/parse.js";
import type { Plan } from "../../../host-sim/scenario/plan.js";
import { writeScenario } from "../../../host-sim/scenario/write.js";

const folder = fileURLToPath(new URL("../../../host-sim/scenarios/", import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

function plan(file: string): Plan {
  const parsed = parseScenario(folder + file, readFileSync(folder + file, "utf8"));
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

describe("the library of scenarios", () => {
  test("has the stories that were asked for", () => {
    const stories = [
      "cold-start",
      "bad-wifi-evening",
      "broker-restart",
      "stuck-sensor",
      "brown-out",
      "clock-jump",
      "noisy-neighbour",
      "thousand-boards",
      "moved-house",
      "wrong-broker",
    ];
    expect(files).toEqual(expect.arrayContaining(stories.map((name) => name + ".yaml")));
  });

  test.each(files)("%s parses, tells its story, breaks something and expects something", (file) => {
    const { about, faults, expect: expected, boards } = plan(file);
    expect(about.length).toBeGreaterThan(100);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.every(({ kind }) => kind in faultForms)).toBe(true);
    expect(expected.length).toBeGreaterThan(1);
    expect(boards.length).toBeGreaterThan(0);
  });

  test.each(files)("%s is written back as the same plan", (file) => {
    const before = plan(file);
    const after = parseScenario(folder + file, writeScenario(before));
    const bare = ({ expect: all, never, ...rest }: Plan): unknown => ({ ...rest, all: all.map(unplaced), never: never.map(unplaced) });
    expect(after.ok && bare(after.value)).toEqual(bare(before));
  });

  test("a thousand boards are one entry again when they are written", () => {
    const written = writeScenario(plan("thousand-boards.yaml"));
    expect(written).toContain("count: 1000");
    expect(written.split("\n").length).toBeLessThan(80);
  });
});

function unplaced({ place: _, ...rest }: Plan["expect"][number]): unknown {
  return rest;
}
