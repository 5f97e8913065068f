import { expect, test } from "vitest";
import type { ReadingError, Sample } from "../../../firmware/sensing/driver.js";
import { probe, type Reader } from "../../../firmware/sensing/probe.js";
import { simulatedBoard } from "../simulated-board.js";

/** What the driver does in each of its samples: the errors it tells, and what it returns or throws. */
type Step = { tells?: ReadingError[]; gives?: Sample | undefined; throws?: boolean };
const whole: Sample = { a: { x: 1 } };

function make(steps: readonly Step[], accepts: (sample: Sample) => boolean = () => true) {
  const board = simulatedBoard();
  const heard: unknown[] = [];
  let index = 0;
  class Scripted {
    #onError: (error: ReadingError) => void;
    constructor(options: { onError: (error: ReadingError) => void }) {
      this.#onError = options.onError;
    }
    sample(): Sample | undefined {
      const { tells = [], gives, throws = false } = steps[index++] ?? { gives: whole };
      for (const error of tells) this.#onError(error);
      if (throws) throw new Error("no acknowledge");
      return gives;
    }
    close(): void {
      heard.push("closed");
    }
  }
  const reader = (name: string): Reader => ({
    take: (sample, error, gridMs) => {
      heard.push([name, "take", error, gridMs]);
      return accepts(sample);
    },
    failed: (error, gridMs) => void heard.push([name, "failed", error, gridMs]),
  });
  const made = board.on(() =>
    probe("s", { driver: Scripted, on: "analog", everyMs: 1000, phaseMs: 7 }, board.device, 0, [reader("p"), reader("q")]),
  );
  if (!made.ok) throw new Error(made.error.message);
  return { probe: made.value, heard, board };
}

test("each sample goes to every channel with its grid point, and a whole one is no error", () => {
  const { probe, heard, board } = make([{ gives: whole }]);
  board.pass(500);
  expect(heard).toEqual([
    ["p", "take", undefined, 7],
    ["q", "take", undefined, 7],
  ]);
  expect([probe.sampler.counts.samples, probe.readErrors]).toEqual([1, 0]);
});

test("a quantity that could not be read is one error a sample, however many there were, and is forgotten after it", () => {
  const { probe, heard, board } = make([{ tells: ["checksum", "range"], gives: whole }, { gives: whole }]);
  board.pass(1500);
  expect(heard.map((each) => (each as unknown[])[2])).toEqual(["range", "range", undefined, undefined]);
  expect([probe.sampler.counts.samples, probe.readErrors]).toEqual([2, 1]);
});

test("a sample in which a channel finds nothing is one error", () => {
  const { probe, board } = make([{ gives: whole }], () => false);
  board.pass(500);
  expect(probe.readErrors).toBe(1);
});

test("a sample that failed is told to every channel, with the driver's reason where it gave one", () => {
  const { probe, heard, board } = make([{ throws: true }, { tells: ["range"], throws: true }, { throws: true }, { gives: undefined }]);
  board.pass(3500);
  expect(heard.filter((_, index) => index % 2 === 0)).toEqual([
    ["p", "failed", "bus", 7],
    ["p", "failed", "range", 1007],
    ["p", "failed", "bus", 2007],
    ["p", "failed", "absent", 3007],
  ]);
  expect(heard).toHaveLength(8);
  expect(probe.readErrors).toBe(4);
});

test("stop closes the driver and ends its samples", () => {
  const { probe, heard, board } = make([]);
  board.pass(1);
  board.board.cpu.post(() => probe.stop());
  board.pass(5000);
  expect(heard).toEqual(["closed"]);
  expect(board.timers.size).toBe(0);
});
