import { describe, expect, test } from "vitest";
import { parseScenario } from "../../../host-sim/scenario/parse.js";
import type { Plan } from "../../../host-sim/scenario/plan.js";

function parsed(text: string): Plan {
  const plan = parseScenario("scenes/evening.yaml", text);
  if (!plan.ok) throw new Error(plan.error.message);
  return plan.value;
}

describe("a scenario", () => {
  test("needs no more than its duration: one board of the repository's own app, called as the file is", () => {
    expect(parsed("duration: 10s")).toEqual({
      name: "evening",
      about: "",
      seed: 1,
      durationMs: 10_000,
      boards: [{ name: "board", app: { kind: "own" }, board: "esp32", startAtMs: 0, ticksAtBoot: 0, environment: {} }],
      environment: {},
      faults: [],
      expect: [],
      never: [],
    });
  });

  test("gives each of its boards a name, a start and what all of a kind share", () => {
    const text = `
duration: 1m
boards:
  - { name: hall, count: 3, starts: 1s, apart: 250ms, board: esp32s3, clock: 49d, environment: { temperature: 20 } }
  - name: porch
    app: ../apps/porch.ts
`;
    const { boards } = parsed(text);
    expect(boards.map(({ name, startAtMs }) => [name, startAtMs])).toEqual([
      ["hall-1", 1000],
      ["hall-2", 1250],
      ["hall-3", 1500],
      ["porch", 0],
    ]);
    expect(boards[2]).toMatchObject({
      board: "esp32s3",
      ticksAtBoot: 49 * 86_400_000,
      environment: { temperature: [{ kind: "constant", value: 20 }] },
    });
    expect(boards[3]!.app).toEqual({ kind: "file", file: `${process.cwd()}/apps/porch.ts` });
  });

  test("has ten thousand boards as easily as one", () => {
    const { boards } = parsed("duration: 1s\nboards: [{ count: 10000 }]");
    expect(boards.length).toBe(10_000);
    expect(boards[9999]!.name).toBe("board-10000");
  });

  test("says what is felt, in every kind of signal", () => {
    const text = `
duration: 1m
environment:
  temperature:
    - { daily: { mean: 21, amplitude: 1.5, peak: 13h30m } }
    - { noise: 0.05 }
    - { noise: { deviation: 1, every: 1m } }
    - { vibration: { amplitude: 2, hz: 50 } }
  humidity: { steps: { 0s: 40, 10m: 60 } }
  outdoor: { ramp: { 0s: 5, 30m: -5 } }
  pressure: { recording: day/office.csv }
  pulses: { recording: /abs/office.csv, column: value }
  analog: host
`;
    const folder = `${process.cwd()}/scenes`;
    expect(parsed(text).environment).toEqual({
      temperature: [
        { kind: "daily", mean: 21, amplitude: 1.5, peakHour: 13.5 },
        { kind: "noise", deviation: 0.05, everyMs: 1000 },
        { kind: "noise", deviation: 1, everyMs: 60_000 },
        { kind: "vibration", amplitude: 2, hz: 50, share: 0 },
      ],
      humidity: [
        {
          kind: "steps",
          points: [
            [0, 40],
            [600_000, 60],
          ],
        },
      ],
      outdoor: [
        {
          kind: "ramp",
          points: [
            [0, 5],
            [1_800_000, -5],
          ],
        },
      ],
      pressure: [{ kind: "recording", file: `${folder}/day/office.csv`, column: "pressure" }],
      pulses: [{ kind: "recording", file: "/abs/office.csv", column: "value" }],
      analog: [{ kind: "host" }],
    });
  });

  test("breaks things once or again and again, with what the catalogue gives where nothing is said", () => {
    const text = `
duration: 30m
boards: [{ name: porch }, { name: hall, count: 2 }]
faults:
  - { at: 10m, for: 30s, board: porch, fault: wifi-down }
  - { every: 1m, chance: 0.3, for: 5s, fault: checksum, sensor: climate, with: { chance: 0.5 } }
  - { every: 1m, from: 2m, until: 5m, fault: reset, board: hall }
  - { at: 1s, fault: latency, with: { jitter: 1m } }
`;
    expect(parsed(text).faults).toEqual([
      { kind: "wifi-down", at: { kind: "once", atMs: 600_000 }, forMs: 30_000, board: "porch", parameters: {} },
      {
        kind: "checksum",
        at: { kind: "repeated", fromMs: 0, untilMs: 1_800_000, everyMs: 60_000, chance: 0.3 },
        forMs: 5000,
        sensor: "climate",
        parameters: { chance: 0.5 },
      },
      ...["hall-1", "hall-2"].map((board) => ({
        kind: "reset",
        at: { kind: "repeated", fromMs: 120_000, untilMs: 300_000, everyMs: 60_000, chance: 1 },
        forMs: 0,
        board,
        parameters: { reason: "watchdog" },
      })),
      { kind: "latency", at: { kind: "once", atMs: 1000 }, forMs: Infinity, parameters: { by: 500, jitter: 60_000 } },
    ]);
  });

  test("expects messages, states and counts in their time, and knows where each stands and how it reads", () => {
    const text = `
duration: 30m
expect:
  - { message: temperature, value: from 20 to 30, within: 5s }
  - { state: { broker: connected }, after: 10m, within: 20s, board: board }
  - { count: { retransmitted: at least 1 } }
never:
  - { message: status, text: offline, until: 10m }
  - { count: { missed: more than 0 } }
  - { message: "+/summary", value: any, error: checksum }
`;
    const { expect: expected, never } = parsed(text);
    expect(expected).toEqual([
      {
        place: "scenes/evening.yaml:4:5",
        text: "message temperature with a value from 20 to 30",
        condition: { kind: "message", topic: "temperature", value: { least: 20, most: 30 } },
        afterMs: 0,
        untilMs: 5000,
      },
      {
        place: "scenes/evening.yaml:5:5",
        text: "broker connected",
        board: "board",
        condition: { kind: "state", of: "broker", is: "connected" },
        afterMs: 600_000,
        untilMs: 620_000,
      },
      {
        place: "scenes/evening.yaml:6:5",
        text: "at least 1 retransmitted",
        condition: { kind: "count", of: "retransmitted", within: { least: 1, most: Infinity } },
        afterMs: 0,
        untilMs: Infinity,
      },
    ]);
    expect(never.map(({ text: said, untilMs }) => [said, untilMs])).toEqual([
      ['message status with the text "offline"', 600_000],
      ["at least 1 missed", Infinity],
      ["message +/summary with any value and the error checksum", Infinity],
    ]);
  });

  test("reads its counts in the singular where they are of one", () => {
    const read = (of: string, range: string | number): string =>
      parsed(`duration: 1s\nexpect: [{ count: { ${of}: ${range} } }]`).expect[0]!.text;
    expect([read("boots", 1), read("samples", "at least 1"), read("read-errors", "at most 1"), read("connections", "more than 0")]).toEqual(
      ["1 boot", "at least 1 sample", "at most 1 read-error", "at least 1 connection"],
    );
    expect([read("boots", 0), read("boots", 11), read("samples", "from 0 to 1"), read("missed", 1), read("bytes-out", 1)]).toEqual([
      "0 boots",
      "11 boots",
      "from 0 to 1 samples",
      "1 missed",
      "1 byte-out",
    ]);
  });

  test("takes boards up to the last microsecond of its duration", () => {
    const text = "duration: 300ms\nboards: [{ count: 4, starts: 0.3ms, apart: 99.9ms }]";
    expect(parsed(text).boards[3]!.startAtMs).toBe(300);
  });

  test("may name a part once and use it again", () => {
    const text = `
duration: 1m
boards:
  - { name: a, environment: &warm { temperature: 20 } }
  - { name: b, environment: *warm }
`;
    expect(parsed(text).boards[1]!.environment).toEqual({ temperature: [{ kind: "constant", value: 20 }] });
  });

  test("takes times in any unit, and several", () => {
    const seconds = (time: string): number => parsed(`duration: ${time}`).durationMs / 1000;
    expect(["500ms", "1.5s", "90s", "1h30m", "2d", "1m0.25s", "0.5h"].map(seconds)).toEqual([0.5, 1.5, 90, 5400, 172_800, 60.25, 1800]);
  });

  test("checks faults on sensors of app files where somebody knows them", () => {
    const text = "duration: 1m\nboards: [{ app: ./porch.ts }]\nfaults: [{ at: 1s, fault: stuck, sensor: clmate }]";
    expect(parseScenario("a.yaml", text).ok).toBe(true);
    const known = parseScenario("a.yaml", text, () => ["climate"]);
    expect(known.ok ? "" : known.error.message).toBe('a.yaml:3:42: no sensor is named "clmate"; did you mean climate?');
  });
});
