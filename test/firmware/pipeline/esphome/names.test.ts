/** All of ESPHome's sensor filters are there by their names. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as builders from "../../../../firmware/pipeline/builders.js";
import { familyOf } from "../../../../firmware/pipeline/families.js";

const names = `offset multiply filter_out clamp round round_to_multiple_of round_to_significant_digits quantile median min max
  sliding_window_moving_average exponential_moving_average throttle_average skip_initial delta or throttle throttle_with_priority
  heartbeat timeout debounce lambda calibrate_linear calibrate_polynomial to_ntc_resistance to_ntc_temperature`.split(/\s+/);

test("they are 27", () => {
  expect(new Set(names).size).toBe(27);
});

test.each(names)("%s has a builder, a family and a row in docs/esphome.md", (name) => {
  expect(builders).toHaveProperty(name);
  expect(familyOf(name)?.name).toBe(name);
  expect(readFileSync(join(import.meta.dirname, "../../../../docs/esphome.md"), "utf8")).toMatch(new RegExp(`^\\| .*\`${name}\``, "m"));
});
