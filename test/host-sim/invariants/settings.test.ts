/** Boards that are visited keep their promises, and what the checker of settings looks at does come about. The mutants show that it can tell. */
import { describe, expect, test } from "vitest";
import { parseScenario } from "../../../host-sim/scenario/parse.js";
import { examine } from "../../../host-sim/swarm/examine.js";

function examined(story: string) {
  const read = parseScenario("test.yaml", `duration: 6m\nnetworks: [{ ssid: shed, password: swordfish }]\n${story}`);
  if (!read.ok) throw new Error(read.error.message);
  const { violation, reached } = examine(read.value);
  return { violation, reached: [...reached].filter((point) => /^(trial|visit)/.test(point)) };
}

describe("a board that is visited", () => {
  test("keeps what its broker acknowledges, and then goes on with it through restarts", () => {
    expect(
      examined(`
visits:
  - { at: 30s, set: { wifi.ssid: shed, wifi.password: swordfish, broker.host: hub.mote, broker.port: 1884 } }
faults:
  - { at: 60s, fault: power-cut, for: 1s }
  - { at: 70s, fault: reset }
`),
    ).toEqual({ violation: undefined, reached: ["visit", "trial", "trial-kept"] });
  });

  test("undoes what does not work, by time, after four restarts, and by hand", () => {
    const wrong = "set: { wifi.ssid: nowhere, broker.host: 10.9.9.9, trial.forS: 40 }";
    expect(examined(`visits: [{ at: 30s, ${wrong} }]`)).toEqual({ violation: undefined, reached: ["visit", "trial", "trial-undone"] });
    expect(examined(`visits: [{ at: 30s, ${wrong}, undo: yes }]`)).toEqual({
      violation: undefined,
      reached: ["visit", "trial", "trial-undone"],
    });
    expect(examined(`visits: [{ at: 30s, ${wrong} }]\nfaults: [{ every: 20s, from: 40s, until: 2m30s, fault: reset }]`)).toEqual({
      violation: undefined,
      reached: ["visit", "trial", "trial-restarted", "trial-undone"],
    });
  });

  test("keeps what is confirmed by hand before the broker has said anything", () => {
    expect(
      examined(`
visits:
  - { at: 30s, confirm: yes, set: { broker.host: hub.mote, broker.port: 1884 } }
faults:
  - { at: 20s, fault: broker-down, for: 60s }
`),
    ).toEqual({ violation: undefined, reached: ["visit", "trial", "trial-confirmed"] });
  });

  test("that is given another change while one is on trial, or none that could cut it off, does as it is told", () => {
    expect(
      examined(`
visits:
  - { at: 30s, for: 20s, set: { broker.host: 10.9.9.9, trial.forS: 60 } }
  - { at: 60s, set: { broker.host: hub.mote, counters.everyS: 60 }, restart: yes }
  - { at: 90s, set: { device.name: porch } }
`),
    ).toEqual({ violation: undefined, reached: ["visit", "trial", "trial-kept"] });
  });
});
