/** What counts as an expectation met, failed, or overtaken by time. */
import { expect, test } from "vitest";
import { outcomeOfText } from "./run.js";

const scenario = (rest: string, duration = "60s") => `
name: a test
about: of the judge
duration: ${duration}
boards: [{ name: one }, { name: two, starts: 10s }]
${rest}`;

const verdict = async (rest: string, duration?: string) => {
  const { failures, open } = await outcomeOfText(scenario(rest, duration));
  return { failed: failures.map(({ board, atMs, what }) => [board, atMs, what]), open };
};

test("a message within its time is met; one that does not come in time has failed, and says what was there", async () => {
  expect(await verdict("expect: [{ message: temperature, board: one, within: 5s }]")).toEqual({ failed: [], open: [] });
  const late = await verdict("expect: [{ message: status, text: offline, board: one, within: 20s }]");
  expect(late).toEqual({ failed: [["one", expect.closeTo(20_000, 0), "the last message there was online"]], open: [] });
  const none = await verdict("expect: [{ message: nonsense, board: one, within: 20s }]");
  expect(none.failed[0]![2]).toBe("no message came there");
});

test("without a board each board is meant, and one that starts later must keep it too", async () => {
  const { failed } = await verdict("expect: [{ message: status, text: online, within: 5s }]");
  expect(failed.map(([board]) => board)).toEqual(["two"]);
  expect(await verdict("expect: [{ message: status, text: online, within: 15s }]")).toEqual({ failed: [], open: [] });
});

test("an expectation without an end on which time runs out is open, not failed", async () => {
  const { failed, open } = await verdict("expect: [{ message: status, text: offline, board: one }]");
  expect([failed, open.length]).toEqual([[], 1]);
});

test("what must never be fails at once, in its time and not outside of it", async () => {
  const { failed } = await verdict("never: [{ message: status, text: online, after: 5s }]");
  expect(failed).toEqual([["two", expect.closeTo(10_400, -3), "status: online"]]);
  expect((await verdict("never: [{ message: status, text: online, until: 100ms }]")).failed).toEqual([]);
});

test("a state is met when it is reached, and a forbidden one is seen", async () => {
  expect(await verdict("expect: [{ state: { broker: connected }, board: two, within: 12s }]")).toEqual({ failed: [], open: [] });
  const cut = "faults: [{ at: 30s, for: 5s, board: one, fault: power-cut }]\n";
  expect((await verdict(cut + "never: [{ state: { power: 'off' }, board: one }]")).failed).toEqual([
    ["one", expect.closeTo(30_000, -3), "power is off"],
  ]);
});

test("a count is judged at the end of its time: too many has failed, too few is what time ran out on", async () => {
  expect(await verdict("expect: [{ count: { samples: at least 200 }, board: one }]")).toEqual({ failed: [], open: [] });
  expect((await verdict("expect: [{ count: { samples: at least 1000 }, board: one }]")).open).toHaveLength(1);
  const many = await verdict("expect: [{ count: { samples: at most 10 }, board: one }]");
  expect([many.failed.length, many.open]).toEqual([1, []]);
  const few = await verdict("expect: [{ count: { samples: at least 1000 }, board: one, within: 30s }]");
  expect([few.failed.length, few.open]).toEqual([1, []]);
});

test("what happens between two looks, or in the last moment, is not missed", async () => {
  const reset = "faults: [{ at: 10.2s, board: one, fault: reset }]\n";
  const last = await verdict(reset + "never: [{ count: { boots: more than 1 }, board: one }]", "10.9s");
  expect(last.failed).toHaveLength(1);
  expect((await verdict(reset + "never: [{ count: { boots: more than 1 }, board: one, until: 10.9s }]", "20s")).failed).toHaveLength(1);
  const cut = "faults: [{ at: 10.01s, for: 50ms, board: one, fault: power-cut }]\n";
  expect((await verdict(cut + "never: [{ state: { power: 'off' }, board: one }]", "20s")).failed).toHaveLength(1);
});

test("a state that holds at a time is met there, in whatever short window, and forbidden there it fails", async () => {
  const at = (window: string) => verdict(`expect: [{ state: { broker: connected }, board: one, ${window} }]`, "20s");
  expect(await at("after: 10s, within: 0s")).toEqual({ failed: [], open: [] });
  expect(await at("after: 10.030s, within: 5ms")).toEqual({ failed: [], open: [] });
  expect((await at("after: 0s, within: 0s")).failed).toHaveLength(1);
  expect((await verdict("never: [{ state: { power: 'on' }, board: one, until: 0s }]", "20s")).failed).toHaveLength(1);
});

test("a message counts when it reaches the broker, though it was sent before on a connection that died", async () => {
  const lost = `faults:
  - { at: 10s, board: one, fault: half-open }
  - { at: 10.5s, for: 1s, board: one, sensor: climate, fault: checksum }
`;
  expect((await verdict(lost + "never: [{ message: '+', error: checksum, board: one }]", "120s")).failed).toHaveLength(1);
});

test("a reset whose power is cut does not bring the board back before the cut is over", async () => {
  const both = (order: string) =>
    verdict(
      `${order}\nexpect: [{ state: { power: 'off' }, board: one, after: 10.1s, within: 0s }, { count: { boots: 2 }, board: one }]`,
      "20s",
    );
  const reset = "  - { at: 10s, board: one, fault: reset }\n";
  const cut = "  - { at: 10s, for: 2s, board: one, fault: power-cut }\n";
  expect(await both("faults:\n" + reset + cut)).toEqual({ failed: [], open: [] });
  expect(await both("faults:\n" + cut + reset)).toEqual({ failed: [], open: [] });
});
