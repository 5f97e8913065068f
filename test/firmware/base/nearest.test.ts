import { expect, test } from "vitest";
import { nearest } from "../../../firmware/base/nearest.js";

test("the nearest name is a typing mistake away, or none is", () => {
  const names = ["start", "sim", "speed"];
  expect(["strat", "Start", "sime", "smi", "spede", "s", "frobnicate", ""].map((word) => nearest(word, names))).toEqual([
    "start",
    "start",
    "sim",
    "sim",
    "speed",
    undefined,
    undefined,
    undefined,
  ]);
});

test("a word far longer than any name is near none, and that takes no time", () => {
  expect(nearest("s".repeat(1_000_000), ["s".repeat(999_999)])).toBe(undefined);
});
