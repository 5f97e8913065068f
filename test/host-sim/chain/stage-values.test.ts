import { parseExpression } from "@babel/parser";
import { expect, test } from "vitest";
import * as builders from "../../../firmware/pipeline/builders.js";
import { isStageName, surplus, takesNames, valuesMost } from "../../../host-sim/chain/stage-values.js";

/** As its source says: defaults count, and the rest is any number. */
function declared(builder: unknown): number {
  const parsed = parseExpression(String(builder));
  if (parsed.type !== "FunctionExpression") throw new Error(`a builder is a function, not a ${parsed.type}`);
  return parsed.params.some(({ type }) => type === "RestElement") ? Infinity : parsed.params.length;
}

test("each builder takes as many values as the table says", () => {
  expect(valuesMost).toEqual(Object.fromEntries(Object.entries(builders).map(([name, builder]) => [name, declared(builder)])));
});

test("the builders that take an object are known from those that do not", () => {
  const names = Object.keys(builders).filter(isStageName).filter(takesNames);
  expect(names).toEqual(expect.arrayContaining(["clamp", "delta", "median", "anomaly", "heartbeat"]));
  for (const name of ["low_pass", "offset", "hampel", "window", "fir", "or"]) expect(names).not.toContain(name);
});

test("a decimal comma is told from a value too many", () => {
  expect(surplus("multiply", ["-1", "80"])).toContain("multiply(-1.80)?");
  expect(surplus("multiply", ["1.5", "8"])).toBe("multiply takes one value, not 2");
  expect(surplus("window", ["60", "mean"])).toBeUndefined();
});
