/** Windows, spacings and times that cannot be are refused when the channel is compiled, with the name and the allowed range. */
import { expect, test } from "vitest";
import * as builders from "../../../../firmware/pipeline/builders.js";
import type { Stage } from "../../../../firmware/pipeline/stage.js";
import { through } from "../channel.js";

const { debounce, exponential_moving_average, heartbeat, max, median, min, quantile, throttle_average, timeout } = builders;
const { sliding_window_moving_average } = builders;

const loose = (stage: unknown): Stage => stage as Stage;

test.each<readonly [Stage, string]>([
  [median(0), "window must be an odd whole number from 3 to 101, not 0"],
  [median(103), "window must be an odd whole number from 3 to 101, not 103"],
  [median({ window_size: 0 }), "window_size must be a whole number from 1 to 101, not 0"],
  [median({ window_size: 102 }), "window_size must be a whole number from 1 to 101, not 102"],
  [median({ window_size: 2.5 }), "not 2.5"],
  [median({ send_every: 0 }), "send_every must be a whole number from 1 to 1000000, not 0"],
  [median({ send_first_at: 0 }), "send_first_at must be a whole number from 1 to 1000000, not 0"],
  [median({ send_first_at: 6 }), "send_first_at must be a whole number from 1 to 5 (send_every), not 6"],
  [loose({ stage: "median", window: 5, window_size: 5 }), "window and window_size exclude each other"],
  [loose({ stage: "median", window: 5, send_first_at: 1 }), "window and send_first_at exclude each other"],
  [quantile({ quantile: 1.1 }), "quantile must be a number from 0 to 1, not 1.1"],
  [quantile(5, -0.1), "quantile must be a number from 0 to 1, not -0.1"],
  [quantile(5, NaN), "quantile must be a number from 0 to 1, not NaN"],
  [quantile(102), "window_size must be a whole number from 1 to 101, not 102"],
  [quantile({ send_every: 3, send_first_at: 4 }), "send_first_at must be a whole number from 1 to 3 (send_every), not 4"],
  [min(0), "window_size must be a whole number from 1 to 1000000, not 0"],
  [min(102), "window_size must be at most 101, or at most send_every (1), where no samples are held; not 102"],
  [max({ window_size: 600, send_every: 599 }), "window_size must be at most 101, or at most send_every (599)"],
  [max({ send_first_at: 6 }), "send_first_at must be a whole number from 1 to 5 (send_every), not 6"],
  [sliding_window_moving_average(102), "window_size must be at most 101"],
  [sliding_window_moving_average({ window_size: 1_000_001 }), "window_size must be a whole number from 1 to 1000000"],
  [sliding_window_moving_average({ send_first_at: 16 }), "send_first_at must be a whole number from 1 to 15 (send_every), not 16"],
  [exponential_moving_average(0), "alpha must be a number above 0, at most 1, not 0"],
  [exponential_moving_average({ alpha: 1.1 }), "not 1.1"],
  [exponential_moving_average({ send_every: 2, send_first_at: 3 }), "send_first_at must be a whole number from 1 to 2 (send_every), not 3"],
  [exponential_moving_average({ send_first_at: 16 }), "from 1 to 15 (send_every), not 16"],
  [loose({ stage: "exponential_moving_average", window_size: 5 }), 'unknown key "window_size"'],
  [heartbeat(0), "everyMs must be a whole number from 1 to 86400000, not 0"],
  [heartbeat(NaN), "everyMs must be a whole number from 1 to 86400000, not NaN"],
  [loose({ stage: "heartbeat", everyMs: 5, optimistic: 1 }), "optimistic must be true or false, not 1"],
  [throttle_average(86_400_001), "everyMs must be a whole number from 1 to 86400000, not 86400001"],
  [debounce(0.5), "quietMs must be a whole number from 1 to 86400000, not 0.5"],
  [timeout(0), "timeoutMs must be a whole number from 1 to 86400000, not 0"],
  [timeout(5, Infinity), 'value must be a number from -1e+100 to 1e+100, "last", or "nan" for a missing reading, not Infinity'],
  [timeout(5, "first" as "last"), '"last", or "nan" for a missing reading, not "first"'],
  [loose({ stage: "timeout", timeoutMs: 5, value: null }), '"last", or "nan" for a missing reading, not null'],
])("%j: %s", (stage, words) => {
  expect(() => through([stage], [])).toThrow(words);
  expect(() => through([stage], [])).toThrow(`channel "test", stage 1 (${stage.stage}): `);
});

test("every parameter may be at its bounds", () => {
  const all = { window_size: 101, send_every: 1_000_000, send_first_at: 1_000_000 };
  const long = { window_size: 1_000_000, send_every: 1_000_000 };
  for (const stage of [
    ...[
      median(all),
      quantile({ ...all, quantile: 0 }),
      quantile({ window_size: 1, quantile: 1 }),
      median({ window_size: 1, send_every: 1 }),
    ],
    ...[min(101), max(101), min(long), max(long), sliding_window_moving_average(long), sliding_window_moving_average(101), min(1)],
    ...[exponential_moving_average({ send_every: 1_000_000, send_first_at: 1_000_000 }), exponential_moving_average(1e-6)],
    ...[heartbeat(1), heartbeat(86_400_000), throttle_average(1), debounce(86_400_000), timeout(86_400_000, -1e100)],
  ]) {
    expect(() => through([stage], [1, NaN, -1e100])).not.toThrow();
  }
});

test("a window that samples are held for counts towards a channel's memory, one that is only reduced does not", () => {
  expect(() =>
    through(
      Array.from({ length: 12 }, () => median({ window_size: 101 })),
      [],
    ),
  ).toThrow("its stages hold 2424 numbers");
  expect(() =>
    through(
      Array.from({ length: 12 }, () => sliding_window_moving_average(101)),
      [],
    ),
  ).toThrow("its stages hold 2424 numbers");
  expect(() =>
    through(
      Array.from({ length: 12 }, () => max(101)),
      [],
    ),
  ).not.toThrow();
  const reduced = max({ window_size: 1_000_000, send_every: 1_000_000 });
  expect(() => through([reduced], [])).not.toThrow();
});

test("builders make plain data that goes through JSON as it is", () => {
  expect(median()).toEqual({ stage: "median" });
  expect(median({ window_size: 7 })).toEqual({ stage: "median", window_size: 7 });
  expect(max(7)).toEqual({ stage: "max", window_size: 7, send_every: 1 });
  expect(quantile(7, 0.5)).toEqual({ stage: "quantile", window_size: 7, send_every: 1, quantile: 0.5 });
  expect(exponential_moving_average()).toEqual({ stage: "exponential_moving_average" });
  expect(exponential_moving_average(0.2)).toEqual({ stage: "exponential_moving_average", alpha: 0.2, send_every: 1 });
  expect(timeout(5, NaN)).toEqual({ stage: "timeout", timeoutMs: 5, value: "nan" });
  expect(timeout({ timeoutMs: 5, value: "last" })).toEqual(timeout(5, "last"));
  expect(heartbeat({ everyMs: 5, optimistic: true })).toEqual(heartbeat(5, { optimistic: true }));
  expect([debounce({ quietMs: 5 }), throttle_average({ everyMs: 5 })]).toEqual([debounce(5), throttle_average(5)]);
  expect(heartbeat(5, { optimistic: true })).toEqual({ stage: "heartbeat", everyMs: 5, optimistic: true });
});
