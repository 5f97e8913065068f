import { describe, expect, test } from "vitest";
import type { EnvironmentPlan } from "../../../host-sim/scenario/plan.js";
import { environmentSignals } from "../../../host-sim/scenario/signals.js";
import { constant } from "../../../host-sim/world/chips/signal.js";
import { random } from "../../../host-sim/world/random.js";

const secondUs = 1e6;
const times = [0, 1, 2.5, 60, 3600].map((seconds) => seconds * secondUs);

function felt(plan: EnvironmentPlan, seed = 1): Record<string, number[]> {
  const signals = environmentSignals(plan, random(seed), (file, column) => constant(`${file}/${column}`.length), constant(33));
  return Object.fromEntries(Object.entries(signals).map(([name, signal]) => [name, times.map(signal)]));
}

describe("an environment", () => {
  test("is felt as it was planned, under the world's own names", () => {
    expect(
      felt({
        temperature: [{ kind: "constant", value: 20 }],
        humidity: [
          {
            kind: "steps",
            points: [
              [0, 40],
              [2000, 50],
            ],
          },
        ],
        outdoor: [
          {
            kind: "ramp",
            points: [
              [0, 0],
              [60_000, 60],
            ],
          },
          { kind: "constant", value: 1 },
        ],
        pressure: [{ kind: "recording", file: "a.csv", column: "pressure" }],
        analog: [{ kind: "daily", mean: 0.5, amplitude: 0.25, peakHour: 1 }],
      }),
    ).toEqual({
      temperatureC: [20, 20, 20, 20, 20],
      humidityPercent: [40, 40, 50, 50, 50],
      outdoorC: [1, 2, 3.5, 61, 61],
      pressurePa: [14, 14, 14, 14, 14],
      analogShare: [expect.any(Number), expect.any(Number), expect.any(Number), expect.any(Number), 0.75],
    });
    expect(felt({ value: [{ kind: "host" }] })).toEqual({ temperatureC: [33, 33, 33, 33, 33] });
  });

  test("says nothing of what the plan leaves out", () => {
    expect(felt({})).toEqual({});
  });

  const noisy = [{ kind: "noise", deviation: 1, everyMs: 1000 }] as const;

  test("keeps the noise of a quantity when another one is added, or a part after it", () => {
    const alone = felt({ humidity: noisy })["humidityPercent"]!;
    expect(new Set(alone).size).toBeGreaterThan(2);
    expect(felt({ temperature: noisy, humidity: noisy, outdoor: noisy })["humidityPercent"]).toEqual(alone);
    const zero = { kind: "noise", deviation: 0, everyMs: 1 } as const;
    expect(felt({ humidity: [...noisy, zero] })["humidityPercent"]).toEqual(alone);
    expect(felt({ temperature: noisy })["temperatureC"]).toEqual(felt({ value: noisy })["temperatureC"]);
  });

  test("has noise of its own in each quantity, each part and each seed", () => {
    const { temperatureC, humidityPercent } = felt({ temperature: noisy, humidity: noisy });
    expect(temperatureC).not.toEqual(humidityPercent);
    expect(felt({ temperature: noisy }, 2)["temperatureC"]).not.toEqual(temperatureC);
    const twice = felt({ temperature: [...noisy, ...noisy] })["temperatureC"]!;
    expect(twice).not.toEqual(temperatureC!.map((value) => 2 * value));
  });
});
