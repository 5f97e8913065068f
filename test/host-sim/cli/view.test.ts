import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type View, view } from "../../../host-sim/cli/view.js";
import { Screen } from "./screen.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A message as the board sends it, and the time that it takes to be drawn. */
function publish(shown: View, channel: string, message: object): void {
  shown.published(`mote/b/${channel}`, JSON.stringify(message));
  vi.advanceTimersByTime(200);
}

describe("on a terminal", () => {
  test("each channel keeps one line, with its latest value, its unit and its course", () => {
    const screen = new Screen(60, 24);
    screen.write("Broker\n\n");
    const shown = view("b", screen.stream, true);
    publish(shown, "warm", { value: 20, unit: "°C" });
    publish(shown, "rain", { value: 1 });
    publish(shown, "warm", { value: 22.5, unit: "°C" });
    publish(shown, "warm", { value: 21, unit: "°C" });
    expect(screen.lines).toEqual(["Broker", "", "  warm           21 °C            ▁█▄", "  rain           1                ▁"]);
  });

  test("the first reading is drawn at once", () => {
    const screen = new Screen(60, 24);
    const shown = view("b", screen.stream, true);
    shown.published("mote/b/warm", JSON.stringify({ value: 20 }));
    vi.advanceTimersByTime(1);
    expect(screen.lines).toHaveLength(1);
    shown.end();
  });

  test("a channel that cannot be read says why; the board's own topics and summaries are no channels", () => {
    const screen = new Screen(60, 24);
    const shown = view("b", screen.stream, true);
    publish(shown, "warm", { error: "bus" });
    for (const topic of ["status", "counters", "warm/summary"]) shown.published(`mote/b/${topic}`, "online");
    shown.end();
    expect(screen.lines).toEqual(["  warm           no reading: bus"]);
  });

  test("no line is broken, however narrow it is, and none is doubled when it becomes narrower or wider", () => {
    const screen = new Screen(60, 24);
    const shown = view("b", screen.stream, true);
    for (let value = 0; value < 30; value++) {
      publish(shown, "warm", { value, unit: "°C" });
      publish(shown, "a_rather_long_channel", { value, unit: "hPa" });
    }
    for (const columns of [40, 22, 12, 80]) {
      screen.resize(columns);
      publish(shown, "warm", { value: columns, unit: "°C" });
      expect(screen.lines).toHaveLength(2);
      expect(screen.lines[0]!.length).toBeLessThan(columns);
    }
    expect(screen.lines[0]).toContain("80 °C");
  });

  test("more channels than the screen has rows are counted, and the rest stays in place", () => {
    const screen = new Screen(60, 8);
    const shown = view("b", screen.stream, true);
    for (let round = 0; round < 3; round++) for (let channel = 0; channel < 20; channel++) publish(shown, `c${channel}`, { value: round });
    expect(screen.lines).toHaveLength(6);
    expect(screen.lines[5]).toBe("  … and 15 more");
    expect(screen.lines[4]).toMatch(/^ {2}c4 +2 /);
  });

  test("a note goes above the channels", () => {
    const screen = new Screen(60, 24);
    const shown = view("b", screen.stream, true);
    publish(shown, "warm", { value: 20 });
    shown.note("The connection is lost.");
    publish(shown, "warm", { value: 21 });
    expect(screen.lines).toEqual(["The connection is lost.", expect.stringMatching(/^ {2}warm +21 +▁█$/)]);
  });

  test("a ^C that the terminal echoed leaves no trace, and the end leaves nothing behind", () => {
    const screen = new Screen(60, 24);
    const shown = view("b", screen.stream, true);
    publish(shown, "warm", { value: 20 });
    screen.write("^C");
    shown.published("mote/b/warm", JSON.stringify({ value: 21 }));
    shown.end();
    expect(screen.lines).toEqual([expect.stringMatching(/^ {2}warm +21/)]);
    expect([vi.getTimerCount(), screen.listeners]).toEqual([0, 0]);
  });
});

/** What is written where no terminal is. */
function piped(live: boolean) {
  let text = "";
  const stream = { isTTY: false, write: (piece: string) => (text += piece) } as unknown as NodeJS.WriteStream;
  return { shown: view("b", stream, live), text: () => text };
}

test("without a terminal every reading is a plain line", () => {
  const { shown, text } = piped(true);
  publish(shown, "warm", { value: 20, unit: "°C" });
  publish(shown, "warm", { error: "crc" });
  shown.note("Lost.");
  shown.end();
  expect(text()).toBe("warm           20 °C\nwarm           no reading: crc\nLost.\n");
});

test("in virtual time only what it came to is shown, at the end", () => {
  const { shown, text } = piped(false);
  for (let value = 0; value < 100; value++) publish(shown, "warm", { value });
  expect(text()).toBe("");
  shown.end();
  expect(text()).toMatch(/^ {2}warm +99 +[▁-█]{24}\n$/u);
});
