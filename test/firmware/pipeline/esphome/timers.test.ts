/** ESPHome's filters that act by themselves: outputs computed by hand from what its documentation and its newest release do. */
import { expect, test } from "vitest";
import { debounce, heartbeat, median, throttle_average, timeout } from "../../../../firmware/pipeline/builders.js";
import type { Timer } from "../../../../firmware/device.js";
import type { Site } from "../../../../firmware/pipeline/site.js";
import type { Stage } from "../../../../firmware/pipeline/stage.js";
import { debounceFamily } from "../../../../firmware/pipeline/stages/debounce.js";
import { timeoutFamily } from "../../../../firmware/pipeline/stages/timeout.js";
import { through } from "../channel.js";

type Timed = readonly [atMs: number, x: number];

function timed(stages: readonly Stage[], inputs: readonly Timed[], untilMs: number): Timed[] {
  const { all } = through(
    stages,
    inputs.map(([, x]) => x),
    { timesMs: inputs.map(([atMs]) => atMs), untilMs },
  );
  return all.map(([x, atMs]) => [atMs, x]);
}

test.each<readonly [Stage, inputs: readonly Timed[], outputs: readonly Timed[]]>([
  // The latest value with each beat, however many came; none before the first; a missing one counts as the latest.
  [
    heartbeat(1000),
    [
      [300, 1],
      [400, 2],
      [2500, NaN],
      [4200, 5],
    ],
    [
      [1000, 2],
      [2000, 2],
      [3000, NaN],
      [4000, NaN],
      [5000, 5],
    ],
  ],
  [
    heartbeat(1000),
    [[2100, 7]],
    [
      [3000, 7],
      [4000, 7],
      [5000, 7],
    ],
  ],
  [heartbeat(1000), [], []],
  // A sample that comes with a beat comes after it.
  [
    heartbeat(2000),
    [
      [1000, 1],
      [2000, 2],
      [4000, 3],
    ],
    [
      [2000, 1],
      [4000, 2],
    ],
  ],
  // Optimistic: each sample besides, and the grid stays.
  [
    heartbeat(2000, { optimistic: true }),
    [
      [300, 1],
      [900, NaN],
      [2100, 3],
    ],
    [
      [300, 1],
      [900, NaN],
      [2000, NaN],
      [2100, 3],
      [4000, 3],
    ],
  ],
  // The mean of those that came; nothing when none came; missing when nothing else came.
  [
    throttle_average(1000),
    [
      [100, 1],
      [200, 2],
      [300, 6],
      [2500, NaN],
      [3100, NaN],
      [3200, 4],
    ],
    [
      [1000, 3],
      [3000, NaN],
      [4000, 4],
    ],
  ],
  [
    throttle_average(2500),
    [
      [0, 1],
      [2499, 3],
      [2500, 8],
    ],
    [
      [2500, 2],
      [5000, 8],
    ],
  ],
  // Once after the latest, until something comes again; before the first, nothing.
  [
    timeout(1000),
    [
      [0, 1],
      [900, 2],
      [2500, 3],
    ],
    [
      [0, 1],
      [900, 2],
      [1900, NaN],
      [2500, 3],
      [3500, NaN],
    ],
  ],
  [
    timeout(1000, NaN),
    [[0, 1]],
    [
      [0, 1],
      [1000, NaN],
    ],
  ],
  [
    timeout(1000, 7),
    [
      [0, 1],
      [999, 2],
    ],
    [
      [0, 1],
      [999, 2],
      [1999, 7],
    ],
  ],
  [
    timeout(1000, "last"),
    [
      [0, 1],
      [500, 2],
      [4000, NaN],
    ],
    [
      [0, 1],
      [500, 2],
      [1500, 2],
      [4000, NaN],
      [5000, NaN],
    ],
  ],
  [timeout(1000), [], []],
  // A missing reading came, too.
  [
    timeout(1000, 7),
    [
      [0, 1],
      [900, NaN],
      [1800, NaN],
    ],
    [
      [0, 1],
      [900, NaN],
      [1800, NaN],
      [2800, 7],
    ],
  ],
  // One that comes just when the time is up.
  [
    timeout(1000, 7),
    [
      [0, 1],
      [1000, 2],
    ],
    [
      [0, 1],
      [1000, 7],
      [1000, 2],
      [2000, 7],
    ],
  ],
  // The latest when it has stood for long enough, late by that.
  [
    debounce(500),
    [
      [0, 1],
      [400, 2],
      [1000, 3],
      [1600, NaN],
      [1700, NaN],
    ],
    [
      [900, 2],
      [1500, 3],
      [2200, NaN],
    ],
  ],
  [
    debounce(500),
    [
      [0, 1],
      [499, 2],
      [998, NaN],
      [1497, 4],
    ],
    [[1997, 4]],
  ],
  [
    debounce(500),
    [
      [0, 1],
      [500, 2],
    ],
    [
      [500, 1],
      [1000, 2],
    ],
  ],
  [debounce(500), [], []],
])("%j of %j gives %j", (stage, inputs, expected) => {
  expect(timed([stage], inputs, 5000)).toEqual(expected);
  expect(timed([JSON.parse(JSON.stringify(stage)) as Stage], inputs, 5000)).toEqual(expected);
});

test("what a timer gives out goes through the stages behind, at its own time", () => {
  expect(
    timed(
      [heartbeat(1000), median(3)],
      [
        [500, 4],
        [1500, 8],
      ],
      4000,
    ),
  ).toEqual([
    [1000, 4],
    [2000, 4],
    [3000, 8],
    [4000, 8],
  ]);
  expect(timed([debounce(500), timeout(1000, 0)], [[0, 1]], 5000)).toEqual([
    [500, 1],
    [1500, 0],
  ]);
});

test("a grid stands where it began, however long it runs", () => {
  const beats = timed([heartbeat(700)], [[0, 1]], 7_000_000);
  expect(beats).toHaveLength(10_000);
  expect(beats.at(-1)).toEqual([7_000_000, 1]);
});

test.each([
  ["debounce", debounceFamily.build({ stage: "debounce", quietMs: 1000 }, nowhere(), counted())],
  ["timeout", timeoutFamily.build({ stage: "timeout", timeoutMs: 1000 }, nowhere(), counted())],
] as const)(
  "a %s of samples that keep coming sets one timer in its time and none for each, and cancels none",
  (_name, { push, missing }) => {
    set = 0;
    for (nowMs = 0; nowMs < 100_000; nowMs++) {
      if (due?.ms === nowMs) due.fire();
      if (nowMs % 3 === 0) missing();
      else push(nowMs);
    }
    expect(set).toBeGreaterThan(95);
    expect(set).toBeLessThan(105);
    due = undefined;
  },
);

let nowMs = 0;
let set = 0;
let due: { ms: number; fire: () => void } | undefined;

function nowhere() {
  return { push: () => {}, missing: () => {} };
}

/** One timer at most, or it throws. */
function counted(): Site {
  const unused = (): never => {
    throw new Error("not here");
  };
  return {
    flow: { periodMs: 1, regular: true, delayMs: 0 },
    resolution: 1,
    sampleMs: () => nowMs,
    after(delayMs, fire): Timer {
      if (due !== undefined && due.ms > nowMs) throw new Error("a second timer");
      set++;
      due = { ms: nowMs + delayMs, fire };
      return due;
    },
    cancel: unused,
    summary: unused,
    total: unused,
    state: undefined,
    chain: unused,
  };
}
