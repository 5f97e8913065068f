import { expect, test } from "vitest";
import { parseExplainOptions } from "../../../host-sim/cli/explain-options.js";
import { placeOf } from "../../../host-sim/cli/place.js";
import { EngineDied } from "../../../host-sim/engine.js";

test.each([
  [["my/app.ts"], "my/app.ts"],
  [["--app", "my/app.ts"], "my/app.ts"],
  [["--json", "my/app.ts"], "my/app.ts"],
  [["--json"], undefined],
])("%j names the app's file", (words, app) => {
  expect(parseExplainOptions(words)).toMatchObject({ ok: true, value: { app } });
});

test.each([[["a.ts", "b.ts"]], [["--app", "a.ts", "b.ts"]]])("%j is one app too many", (words) => {
  expect(parseExplainOptions(words)).toMatchObject({ ok: false, error: { kind: "usage" } });
});

test.each([
  [[], 100],
  [["--round-trip", "1s"], 1000],
  [["--round-trip=20ms", "my/app.ts"], 20],
])("%j has a round trip of %d ms", (words, roundTripMs) => {
  expect(parseExplainOptions(words)).toMatchObject({ ok: true, value: { roundTripMs } });
});

test.each(["20", "-1s", "2m", "soon"])("a round trip of %s is refused, with the reason", (time) => {
  const parsed = parseExplainOptions(["--round-trip", time]);
  expect(parsed).toMatchObject({
    ok: false,
    error: { kind: "usage", message: expect.stringMatching(/^--round-trip .* such as 50ms or 1s, at most 1m$/) },
  });
});

test("an engine that died has no place in a source file", () => {
  expect(placeOf(new EngineDied("arena", "XS: the arena of 65536 bytes is full"))).toBe("");
  expect(placeOf(new TypeError("a fault in code"))).toMatch(/ \(at .+:\d+\)$/);
});
