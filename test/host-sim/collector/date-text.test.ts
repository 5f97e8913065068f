import { expect, test } from "vitest";
import { dateText } from "../../../host-sim/collector/date-text.js";

test("times that no calendar has, as a board may claim, are empty instead of an end of the program", () => {
  expect(dateText(0)).toBe("1970-01-01T00:00:00.000Z");
  expect([2 ** 60, -(2 ** 60), NaN, Infinity, 8.64e15 + 1].map(dateText)).toEqual(["", "", "", "", ""]);
});
