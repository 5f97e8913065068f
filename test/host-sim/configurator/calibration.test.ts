/** Two points and the line through them: the arithmetic, what is plausible, and the text that the board understands. */
import { describe, expect, test } from "vitest";
import { calibrationMistake, calibrations } from "../../../firmware/config/calibration.js";
import { lineThrough, plausibility, readPoints, writePoints, type Points } from "../../../host-sim/configurator/calibration.js";
import { Steadiness } from "../../../host-sim/configurator/steadiness.js";

const points = (...[a, b, c, d]: [number, number, number, number]): Points => [
  { raw: a, known: b },
  { raw: c, known: d },
];

test("the line goes through both points", () => {
  const line = lineThrough(points(1, 0, 99, 100));
  for (const [raw, known] of [
    [1, 0],
    [99, 100],
  ] as const) {
    expect(line.gain * raw + line.offset).toBeCloseTo(known, 10);
  }
});

test("what is written is what the board reads, and what it makes of it is the same line", () => {
  const pair = points(20.5123456, 20, 81.25, 80.5);
  const text = writePoints(
    new Map([
      ["temperature", pair],
      ["humidity", points(33, 32.9, 75, 75.3)],
    ]),
  );
  expect(text).toBe("temperature=20.5123:20,81.25:80.5;humidity=33:32.9,75:75.3");
  expect(calibrationMistake(text)).toBe(undefined);
  const [board] = calibrations(text);
  const line = lineThrough(pair);
  expect(board!.gain).toBeCloseTo(line.gain, 5);
  expect(board!.offset).toBeCloseTo(line.offset, 3);
  expect(readPoints(text).get("humidity")).toEqual(points(33, 32.9, 75, 75.3));
});

test("what is not of the form is left out, the rest stays", () => {
  expect([...readPoints("a=1:2,3:4;;b=1:2;c=x:1,2:3;=1:1,2:2").keys()]).toEqual(["a"]);
  expect(readPoints("").size).toBe(0);
});

describe("plausibility", () => {
  test.each([
    ["the same value known twice", points(1, 20, 5, 20), 0, /same/],
    ["a sensor that did not follow", points(7, 20, 7, 40), 0, /did not follow/],
    ["points that were mixed up", points(40, 20, 20, 40), 0, /mixed up/],
  ])("refuses %s", (_, pair, noise, form) => {
    expect(plausibility(pair, noise).wrong).toMatch(form);
  });

  test.each([
    ["points as close as the noise", points(20, 20, 20.4, 20.4), 0.1, /close together/],
    ["a slope far from one", points(0, 0, 50, 100), 0, /100 % off/],
    ["a shift as large as the distance", points(20, 40, 30, 50), 0, /move by more than half/],
  ])("doubts %s, but takes it", (_, pair, noise, form) => {
    const { wrong, doubtful } = plausibility(pair, noise);
    expect(wrong).toBe(undefined);
    expect(doubtful.join()).toMatch(form);
  });

  test("has nothing against what sensors are like", () => {
    expect(plausibility(points(20.5, 20, 81, 80), 0.02)).toEqual({ wrong: undefined, doubtful: [] });
  });
});

test("steadiness is of the last five readings, counts none twice, and begins anew after a failure or a restart", () => {
  const steady = new Steadiness();
  const add = (ms: number, value: number | undefined): void => steady.add({ channel: "x", value, error: undefined, unit: "", ms });
  for (const [ms, value] of [
    [1, 10],
    [2, 12],
    [2, 12],
    [3, 11],
  ] as const) {
    add(ms, value);
  }
  expect([steady.count, steady.mean, steady.spread]).toEqual([3, 11, 2]);
  for (let ms = 4; ms < 9; ms++) add(ms, 20);
  expect([steady.count, steady.mean, steady.spread]).toEqual([5, 20, 0]);
  add(9, undefined);
  expect(steady.count).toBe(0);
  add(10, 1);
  add(2, 3);
  expect([steady.count, steady.mean]).toEqual([1, 3]);
});
