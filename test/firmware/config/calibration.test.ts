/** Two points a channel: the line through them, and what is refused. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calibrationMistake, calibrations } from "../../../firmware/config/calibration.js";

test("the line goes through both points", () => {
  const [temperature, humidity] = calibrations("temperature=20.5:20,81:80;humidity=-1:0,1e2:98.5");
  for (const [reading, truth] of [
    [20.5, 20],
    [81, 80],
  ] as const)
    expect(temperature!.gain * reading + temperature!.offset).toBeCloseTo(truth, 9);
  expect(humidity).toMatchObject({ channel: "humidity" });
  expect(calibrations("")).toEqual([]);
});

describe("refused, and then nothing is calibrated", () => {
  test.each([
    ["temperature", /like temperature=/],
    ["=1:1,2:2", /like temperature=/],
    ["t=1:1", /like temperature=/],
    ["t=1:1,2:2,3:3", /like temperature=/],
    ["t=1:1,x:2", /like temperature=/],
    ["t=:1,2:2", /like temperature=/],
    ["t=1:,2:2", /like temperature=/],
    ["t=1:1,Infinity:2", /like temperature=/],
    ["t=1:1,1:2", /too close/],
    ["t=1:1,2:1", /too close/],
    ["t=1:1,2:5000", /too close/],
    ["t=1:1,2:2;t=1:1,3:3", /twice/],
    ["t=1:1,2:2;", /like temperature=/],
  ])("%s", (text, message) => {
    expect(calibrationMistake(text)).toMatch(message);
    expect(calibrations(text)).toEqual([]);
  });
});

test("whatever a text holds, it is read or refused", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60, unit: fc.constantFrom(..."at=:;,.0123456789eE+-Infinity\u0000") }), (text) => {
      const mistake = calibrationMistake(text);
      expect(mistake === undefined || typeof mistake === "string").toBe(true);
      for (const { gain, offset } of calibrations(text)) expect(Number.isFinite(gain) && Number.isFinite(offset)).toBe(true);
    }),
    { seed: 6, numRuns: 3_000 },
  );
});
