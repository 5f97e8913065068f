/** In JSON a stage has the defaults of its builder. */
import { expect, test } from "vitest";
import * as builders from "../../../firmware/pipeline/builders.js";
import { examine } from "../../../firmware/pipeline/examine.js";
import type { Stage } from "../../../firmware/pipeline/stage.js";
import { through } from "./channel.js";

const flow = { periodMs: 1000, regular: true, delayMs: 0 };

/** Builders that give a stage that compiles when they are given nothing. */
const callable = Object.entries(builders).flatMap(([name, build]) => {
  try {
    const stage = (build as () => Stage)();
    return examine("c", [stage], flow).ok ? [[name, stage] as const] : [];
  } catch {
    return [];
  }
});

const samples = Array.from({ length: 400 }, (_, i) =>
  i % 37 === 5 ? 500 : i % 50 === 7 ? NaN : ((i * 7919) % 101) / 10 + (i > 200 ? 30 : 0),
);

test("there are such stages", () => {
  const names = callable.map(([name]) => name);
  expect(names).toEqual(
    expect.arrayContaining(["hampel", "median", "cusum", "ewma_chart", "anomaly", "integral", "exponential_moving_average"]),
  );
});

test.each(callable)("%s without parameters is in JSON what its builder gives without arguments", (name, built) => {
  expect(through([{ stage: name } as Stage], samples)).toEqual(through([built], samples));
});

test.each([
  [{}, 'stage 1: a stage needs its name: {"stage":"median", …}'],
  [{ throttle: { everyMs: 5 } }, 'stage 1: a stage needs its name: {"stage":"throttle", …}'],
])("a stage without its name is asked for it: %j", (stage, message) => {
  const examined = examine("c", [stage], flow);
  expect(examined.ok ? "" : examined.error.message).toBe(`channel "c", ${message}`);
});
