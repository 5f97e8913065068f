import { expect, test } from "vitest";
import { durationText } from "../../../host-sim/cli/duration.js";
import { progress, progressText } from "../../../host-sim/cli/progress.js";
import { outcomeText } from "../../../host-sim/cli/report.js";
import { Screen } from "./screen.js";

const outcome = {
  engine: "node",
  seed: 1,
  simulatedMs: 3_600_000,
  boots: 1,
  retransmitted: 0,
  connections: 1,
  samples: 14_400,
  missed: 0,
  readErrors: 2,
  emitted: 18_000,
  published: 18_060,
  acknowledged: 18_060,
  bytesOut: 1_234_567,
  wallMs: 2000,
  traceSha256: "ab".repeat(32),
  blocks: 61,
  gaps: 0,
  lost: 0,
  waiting: 0,
};

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [2400, "2.4 s"],
  [59_400, "59 s"],
  [60_000, "1 min"],
  [119_600, "2 min"],
  [3_599_900, "1 h"],
  [5_400_000, "1 h 30 min"],
  [86_400_000, "1 d"],
  [28_396_800_000, "328 d 16 h"],
])("%d ms are %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test("a summary says in a few lines, none of them wide, what a run came to", () => {
  const text = outcomeText(outcome, true);
  expect(text.split("\n")).toEqual([
    "Ran       1 h in 2 s (1,800 s a second)",
    "Samples   14,400, none missed, 2 unreadable",
    "Messages  18,060 published, all acknowledged, 1,234,567 bytes out",
    "History   61 blocks sent, none waiting, none lost",
    `Trace     ${outcome.traceSha256}`,
  ]);
  for (const line of text.split("\n")) expect(line.length).toBeLessThan(80);
});

test("a summary says what waits in flash still, and what was lost", () => {
  const text = outcomeText({ ...outcome, blocks: 1, gaps: 1, lost: 1200, waiting: 3 }, true);
  expect(text).toContain("History   1 block sent, 3 waiting, 1,200 samples lost in 1 gap\n");
});

test("a summary of a run on XS says what memory it took; one in real time has no trace to compare", () => {
  const text = outcomeText({ ...outcome, published: 3, acknowledged: 0, arenaBytes: 65_536, arenaPeakBytes: 50_000, slotBytes: 16 }, false);
  expect(text).toContain("3 published, none acknowledged");
  expect(text).toContain("Memory    50,000 of 65,536 bytes at most");
  expect(text).not.toContain("Trace");
});

test("progress has a bar, a share, a speed and the time that is left", () => {
  expect(progressText(900_000, 3_600_000, 1000)).toBe("  █████░░░░░░░░░░░░░░░ 25 %  900 s simulated a second, 3 s left (Ctrl-C ends)");
  expect(progressText(0, 1000, 1000)).toContain(" 0 %");
});

test("progress takes one line of a terminal, leaves room for ^C, and is gone at the end", async () => {
  const screen = new Screen(40, 24);
  const shown = progress(screen.stream, 1e6);
  shown.at(1);
  expect(screen.lines).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 450));
  shown.at(1000);
  shown.at(2000);
  expect(screen.lines).toEqual([expect.stringMatching(/^ {2}░{20} {2}0 % {2}\d+/)]);
  expect(screen.lines[0]!.length).toBeLessThanOrEqual(37);
  screen.write("^C");
  shown.end();
  expect(screen.lines).toEqual([]);
});
