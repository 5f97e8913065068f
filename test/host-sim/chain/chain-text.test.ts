import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { delta, group, median, or, throttle, window } from "../../../firmware/pipeline/builders.js";
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
  });

  test.each([
    ["", "a stage is missing here"],
    ["median(5) |", "a stage is missing here"],
    ["median(5) delta(2)", 'stages are joined by "|"'],
    ["medain(5)", "did you mean median?\n  medain(5)\n  ^"],
    ["median(5", '")" is missing here\n  median(5\n          ^'],
    ["median(5,)", "a value is missing here"],
    ["throttle(2sec)", '"2sec" is neither a number nor a time such as 2s\n  throttle(2sec)\n           ^'],
    ["clamp({5})", "a parameter and its value are missing here"],
    ["toString()", 'there is no stage "toString"'],
  ])("%j is refused with a mark under its place", (text, message) => {
    expect(refusal(text)).toContain(message);
  });

  test("never throws", () => {
    const piece = fc.constantFrom("median", "or", "group", "clamp", "(", ")", "[", "{", "}", ":", ",", "|", "5", "2s", "-", '"', " ", "é");
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
