import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calibrate_linear, clamp, delta, filter_out, group, median, or, throttle, window } from "../../../firmware/pipeline/builders.js";
import { parseChain } from "../../../host-sim/chain/chain-text.js";

function read(text: string): unknown {
  const parsed = parseChain(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

function refusal(text: string): string {
  const parsed = parseChain(text);
  return parsed.ok ? "" : parsed.error.message;
}

describe("a chain as text", () => {
  test("is the data that an app's builders make", () => {
    expect(read("median(5) | delta(0.2)")).toEqual([median(5), delta(0.2)]);
    expect(read(' window( 60 , mean )|throttle(1m30s)|window(2,"max") ')).toEqual([window(60, "mean"), throttle(90_000), window(2, "max")]);
    expect(read("clamp({min: -5, ignore_out_of_range: true})")).toMatchObject([{ stage: "clamp", min: -5, ignore_out_of_range: true }]);
    expect(read("or(delta(2), throttle(60s) | median(5))")).toEqual([or(delta(2), group(throttle(60_000), median(5)))]);
    expect(read('calibrate_linear(["0 -> 1", "10 -> 12"]) | clamp({ "min": 0 })')).toEqual([
      calibrate_linear(["0 -> 1", "10 -> 12"]),
      clamp({ min: 0 }),
    ]);
  });

  test("has NaN for a missing reading, in either spelling", () => {
    expect(read("filter_out(85, NaN) | filter_out(nan)")).toEqual([filter_out(85, NaN), filter_out(NaN)]);
    expect(read("throttle_with_priority(2s, [NaN, 0])")).toEqual([{ stage: "throttle_with_priority", timeoutMs: 2000, value: ["nan", 0] }]);
  });

  test("may be JSON, a list or one stage", () => {
    expect(read(' [{"stage":"median","window":5}, {"stage":"delta","by":0.2}]')).toEqual([median(5), delta(0.2)]);
    expect(read('{"stage":"median","window":5}')).toEqual([median(5)]);
    expect(refusal('[{"stage":"median",}]')).toMatch(/^this is no JSON: .+\n {2}\[\{"stage":"median",\}\]\n {21}\^$/);
    expect(refusal('[{"stage"')).toContain("this is no JSON");
    expect(refusal("[]")).toContain("a stage is missing here");
  });

  test.each([
    ["", "a stage is missing here"],
    ["median(5) |", "a stage is missing here"],
    ["median(5) delta(2)", 'stages are joined by "|"'],
    ["medain(5)", "did you mean median?\n  medain(5)\n  ^"],
    ["median(5", '")" is missing here\n  median(5\n          ^'],
    ["median(5,)", "a value is missing here"],
    ["throttle(2x)", '"2x" is neither a number nor a time such as 2s'],
    ["throttle(2sec)", '"2sec": times are in ms, s, m, h or d, without a blank: 2s\n  throttle(2sec)\n           ^'],
    ["clamp({5})", "a parameter and its value are missing here"],
    ["median(5 [", '"," or ")" is missing here'],
    ["multiply(1,8)", "multiply takes one value, not 2; a decimal point, not a comma: multiply(1.8)?\n  multiply(1,8)\n             ^"],
    ["offset(2,3,4)", "offset takes one value, not 3\n"],
    [
      "median(5,7,9)",
      "median takes one value, not 3; several go by name, in braces: window, window_size, send_every, send_first_at, restore\n",
    ],
    ["delta(0.2, 0.5)", "delta takes one value, not 2; several go by name, in braces: by, min_value, max_value, baseline\n"],
    ["window(60, mean, 1)", "window takes at most 2 values, not 3"],
    ["throttle(1 min)", "times are in ms, s, m, h or d, without a blank: 1m\n  throttle(1 min)\n           ^"],
    ["throttle(2 s)", "no blank between a number and its unit: 2s"],
    ["throttle(1m 30s)", "a time has no blanks in it: 1m30s"],
    ["throttle(5minutes)", '"5minutes": times are in ms, s, m, h or d, without a blank: 5m'],
    ["delta(5 %)", "no blank between a number and its unit: 5%"],
    ["low_pass(0.1 Hz)", "frequencies are in Hz, without the unit: 0.1\n"],
    ["low_pass(1.5kHz)", "frequencies are in Hz, without the unit: 1500\n"],
    ["offset(2 °C)", '"," or ")" is missing here'],
    ["offset(2 K)", "numbers stand without a unit: 2"],
    ["calibrate_linear([0 -> 1, 10->12])", 'a point stands in quotes: "0 -> 1"'],
    ["calibrate_linear([0->1])", 'a point stands in quotes: "0 -> 1"'],
    ["clamp(min: 0, max: 100)", "parameters by name stand in braces: clamp({ min: 0, max: 100 })"],
    ["clamp(min=0)", "parameters by name stand in braces: clamp({ min: 0 })"],
    ["clamp({ min = 0 })", 'a colon stands behind a name, not "=": { min: … }'],
    ["hysteresis(25, 27, initial: true)", "parameters by name stand in braces: hysteresis(25, 27, { initial: true })"],
    ["low_pass(hz: 0.1)", "low_pass takes its values in their order, without names: low_pass(0.1)"],
    ["low_pass(q: 2, hz: 0.1)", "low_pass takes its values in their order, without names (docs/stages.md)"],
    ["hampel(threshold: 4)", "hampel takes its values in their order, without names (docs/stages.md)"],
    ["fir(0.1, 0.2, 0.1)", "fir takes one value, not 3; a list stands in brackets: fir([0.1, 0.2, 0.1])"],
    ["lambda((x) => x * 2)", "lambda takes a function: a function can stand only in app.ts"],
    ["delta({ baseline: (x) => x })", "a function can stand only in app.ts"],
    ["dew_point(t, h)", "dew_point is a join, no stage"],
    ["joinFamilies", "there is no stage"],
    ["xyzzy(5)", "docs/stages.md and docs/esphome.md have them all"],
    ["toString()", 'there is no stage "toString"'],
  ])("%j is refused with a mark under its place", (text, message) => {
    expect(refusal(text)).toContain(message);
  });

  test("never throws", () => {
    const piece = fc.constantFrom(
      "median",
      "or",
      "group",
      "clamp",
      "low_pass",
      "min",
      "=",
      "->",
      "=>",
      "(",
      ")",
      "[",
      "{",
      "}",
      ":",
      ",",
      "|",
      "5",
      "2s",
      "-",
      '"',
      " ",
      "é",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        parseChain(pieces.join(""));
      }),
      { seed: 7, numRuns: 2000 },
    );
    expect(refusal("or(".repeat(100))).toContain("nested too deep");
    expect(refusal("clamp(" + "[".repeat(100))).toContain("nested too deep");
  });
});
