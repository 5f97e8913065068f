/** How a campaign's course is shown: a bar on a terminal, lines elsewhere. */
import { afterEach, expect, test, vi } from "vitest";
import { progressText, SwarmView, violationText } from "../../../host-sim/cli/swarm-view.js";

afterEach(() => void vi.restoreAllMocks());

/** A view on a stream that keeps what is written, and a clock to be put forward. */
function shown(isTTY: boolean, columns = 80) {
  let nowMs = 1000;
  vi.spyOn(performance, "now").mockImplementation(() => nowMs);
  const written: string[] = [];
  const view = new SwarmView({ isTTY, columns, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream);
  return { view, written, wait: (ms: number) => void (nowMs += ms) };
}

test("speed and time left follow from what is done", () => {
  expect(progressText(250, 1000, 50_000)).toBe("250 of 1000 seeds, 5.0 a second, 2 min 30 s left");
  expect(progressText(1000, 1000, 50_000)).toBe("1000 of 1000 seeds, 20.0 a second");
  expect(progressText(0, 10, 500)).toBe("0 of 10 seeds, 0.0 a second");
});

test("a terminal shows a bar in one line, never broken, which is gone before anything is said", () => {
  const { view, written, wait } = shown(true, 40);
  for (let done = 1; done <= 20; done++) {
    wait(60);
    view.progress(done, 40);
  }
  expect(written).toHaveLength(10);
  for (const text of written) {
    expect(text.startsWith("\r\x1b[2K")).toBe(true);
    expect(text.slice(5).length).toBeLessThanOrEqual(37);
    expect(text).not.toContain("\n");
  }
  expect(written.at(-1)).toContain("██████████░░░░░░░░░░");
  view.say("done");
  expect(written.slice(-2)).toEqual(["\r\x1b[2K", "done\n"]);
});

test("elsewhere there is a plain line each ten seconds", () => {
  const { view, written, wait } = shown(false);
  for (let done = 1; done <= 25; done++) {
    wait(1000);
    view.progress(done, 100);
    view.shrinking(3, done);
  }
  expect(written).toEqual(["  10 of 100 seeds, 1.0 a second, 1 min 30 s left\n", "  20 of 100 seeds, 1.0 a second, 1 min 20 s left\n"]);
});

test("a run that never ended has no time at which it broke", () => {
  expect(violationText({ invariant: "runs", atMs: NaN, station: "board", what: "no end" })).toBe("runs, on board:\n  no end");
  expect(violationText({ invariant: "grid", atMs: 1500, station: "b", what: "late" })).toBe(
    "grid, on b at 1.500 s of virtual time:\n  late",
  );
});
