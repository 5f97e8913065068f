import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { filterMistake, parseRecordOptions, recordHelp } from "../../../host-sim/cli/record-options.js";
import { progressText, recordView } from "../../../host-sim/cli/record-view.js";
import { trafficLine } from "../../../host-sim/cli/record.js";
import { TraceDecoder } from "../../../host-sim/world/decoded.js";
import { Screen } from "./screen.js";

function wrong(line: string): string {
  const parsed = parseRecordOptions(line.split(" "));
  if (parsed.ok) throw new Error(`taken: ${JSON.stringify(parsed.value)}`);
  return parsed.error.message;
}

describe("the options of mote record", () => {
  test("left out mean all of Mote's topics of the broker on this computer, to stdout, until Ctrl-C", () => {
    expect(parseRecordOptions([])).toEqual({
      ok: true,
      value: {
        broker: { host: "127.0.0.1", port: 1883 },
        filters: ["mote/#"],
        columns: new Map(),
        out: undefined,
        durationMs: undefined,
        json: false,
      },
    });
  });

  test("take several topics and columns, and subscribe to what fills a column", () => {
    const line = "--broker mqtt://me:p@h --topic a/+/humidity --topic b/# --column temperature=x/state --out r.CSV --duration 2m --json";
    expect(parseRecordOptions(line.split(" "))).toMatchObject({
      ok: true,
      value: {
        broker: { host: "h", port: 1883, username: "me", password: "p" },
        filters: ["a/+/humidity", "b/#", "x/state"],
        columns: new Map([["temperature", "x/state"]]),
        out: { file: "r.CSV", kind: "csv" },
        durationMs: 120_000,
        json: true,
      },
    });
    expect(parseRecordOptions(["--out", "r.csv", "--column", "humidity=a/b"])).toMatchObject({ ok: true, value: { filters: ["a/b"] } });
    expect(parseRecordOptions(["--out", "r.csv", "--topic", "a/b", "--column", "humidity=a/b"]).ok).toBe(true);
    expect(parseRecordOptions(["--out", "r.jsonl", "--topic", "a/state"])).toMatchObject({ ok: true, value: { out: { kind: "jsonl" } } });
  });

  test.each([
    ["--broker mqtts://me:secret@h", 'not "mqtts://me:…@h"'],
    ["--topic a/#/b", '--topic "a/#/b" is no topic filter: # must be the whole last level'],
    ["--topic a/b+", "+ must be a whole level"],
    ["--topic=", "it is empty"],
    ["--out run.txt", 'a file ending in .csv or .jsonl, not "run.txt"'],
    ["--out .csv", "a file ending in .csv or .jsonl"],
    ["--json", "add --out FILE"],
    ["--out a.csv --topic x/state", "--column NAME=x/state"],
    ["--out a.csv --topic x/+/state", "for each topic that is wanted"],
    ["--column temperature=a/b", "add --out FILE.csv"],
    ["--out a.csv --column temperature", "--column must be NAME=TOPIC"],
    ["--out a.csv --column temperature=", "--column must be NAME=TOPIC"],
    ["--out a.csv --column toString=a/b", '--column "toString" is unknown; known: temperature'],
    ["--out a.csv --column temperature=a/+", "without + and #"],
    ["--out a.csv --column temperature=a --column temperature=b", "given twice"],
    ["--out a.csv --column temperature=a --column value=b", "mean the same quantity"],
    ["--out a.csv --column temperature=a --column humidity=a", "filled from one topic"],
    ["--duration 0s", "from 1ms to 366d"],
    ["--duration soon", "a time such as"],
    ["a.csv", "one word too many"],
  ])("%s is refused in one line that says what would be right", (line, message) => {
    expect(wrong(line)).toContain(message);
    expect(wrong(line)).not.toMatch(/\n|secret/);
  });

  test("stand in the help, within 80 columns", () => {
    expect(recordHelp()).toContain("--column NAME=TOPIC");
    for (const line of recordHelp().split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });
});

test.each(["#", "+", "a/#", "+/+/b", "/", "a//b", "$SYS/#"])("%s is a topic filter", (filter) => {
  expect(filterMistake(filter)).toBeUndefined();
});

test("a message in a trace of traffic reads back as it came, whatever it holds", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.uint8Array(), fc.boolean(), fc.constantFrom(0, 1, 2), (topic, bytes, retain, qos) => {
      const fed = new TraceDecoder().feed(trafficLine(5, topic, Buffer.from(bytes), retain, qos));
      if (!fed.ok) throw new Error(fed.error.message);
      const { packet } = fed.value[0]!;
      expect(packet).toMatchObject({ topic, retain, qos });
      expect([Buffer.from(bytes).toString("utf8"), Buffer.from(bytes).toString("hex")]).toContain(packet!.payload);
    }),
    { seed: 1 },
  );
});

describe("a recording on a terminal", () => {
  const values = new Map([["temperature" as const, 21.5]]);

  test("says how long, how much, and what rows wait for", () => {
    const text = (rows: number, settled: boolean, missing: "humidity"[]): string =>
      progressText({ messages: 1234, elapsedMs: 65_400, recorder: { rows, settled, missing, values } });
    expect(text(12, true, [])).toBe("  1 min 5 s  1,234 messages  12 rows  (Ctrl-C ends)  temperature 21.5");
    expect(text(0, true, ["humidity"])).toContain("waiting for humidity");
    expect(text(0, false, [])).toContain("finding the columns");
    expect(progressText({ messages: 1, elapsedMs: 0, recorder: undefined })).toBe("  0 ms       1 message  (Ctrl-C ends)");
  });

  test("is one line that stays below the notes, never breaks, and is gone at the end", () => {
    const screen = new Screen(30, 10);
    let progress = "a line that is much longer than the terminal is wide";
    const view = recordView(screen.stream, () => progress);
    expect(screen.lines).toEqual([progress.slice(0, 27).trimEnd()]);
    progress = "two";
    view.note("a note");
    expect(screen.lines).toEqual(["a note", "two"]);
    view.end();
    expect(screen.lines).toEqual(["a note"]);
  });
});
