/** Alarms of 1 and 0, and the resolution that would round them away. */
import { expect, test } from "vitest";
import { channelFlows } from "../../../firmware/channels.js";
import {
  cusum,
  delta,
  ewma_chart,
  hysteresis,
  median,
  multiply,
  out_of_range,
  page_hinkley,
  rate_of_change,
  SHT3x,
  type Stage,
  stuck,
  throttle,
} from "../../../firmware/mote.js";

function refusal(stages: readonly Stage[], resolution: number): string | undefined {
  const sensors = { air: { driver: SHT3x, on: "i2c", everyMs: 1000 } } as const;
  const flows = channelFlows({
    name: "mote",
    sensors,
    channels: { wet: { from: "air.hygrometer.humidity", resolution, stages } },
  });
  return flows.ok ? undefined : flows.error.message;
}

const detectors = [
  hysteresis(40, 60),
  out_of_range({ max: 90 }),
  rate_of_change({ above: 1 }),
  stuck({ samples: 5 }),
  cusum(),
  ewma_chart(),
  page_hinkley({ delta: 1, threshold: 5 }),
];

test.each(detectors)("an alarm that its channel's resolution would round away is refused: %j", (detector) => {
  const lost = `(${detector.stage}): gives 1 or 0, and rounded to the channel's resolution of 5 its 1 is lost: write resolution: 1`;
  expect(refusal([detector], 5)).toBe(`channel "wet", stage 1 ${lost}`);
  expect(refusal([median(3), detector, delta(0), throttle(5000)], 5)).toBe(`channel "wet", stage 2 ${lost}`);
  expect(refusal([detector], 0.3)).toContain("its 1 is lost");
  for (const resolution of [1, 0.5, 0.1, 0.01, 0.25]) expect(refusal([detector], resolution)).toBeUndefined();
  expect(refusal([detector, multiply(100)], 5)).toBeUndefined();
});

test("a detector that marks samples as missing, and gives them otherwise as they are, may have any resolution", () => {
  expect(refusal([out_of_range({ max: 90, mark: "missing" })], 5)).toBeUndefined();
  expect(refusal([stuck({ samples: 5, mark: "missing" })], 5)).toBeUndefined();
});
