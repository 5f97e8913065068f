import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Recorder, type RecorderOptions } from "../../../host-sim/node/recorder.js";
import { type Column, readingOf } from "../../../host-sim/node/recorder-reading.js";
import { parseRecording } from "../../../host-sim/node/recording.js";

const startMs = Date.UTC(2026, 0, 31, 13);

function recording({ columns = {}, filters = ["mote/#"] }: { columns?: Partial<Record<Column, string>>; filters?: string[] } = {}) {
  const lines: string[] = [];
  const notes: string[] = [];
  const options: RecorderOptions = {
    columns: new Map(Object.entries(columns) as [Column, string][]),
    filters,
    write: (line) => lines.push(line),
    note: (text) => notes.push(text),
  };
  const recorder = new Recorder(options);
  return {
    recorder,
    lines,
    notes,
    at(ms: number, topic: string, payload: string | Buffer, retain = false): void {
      recorder.take({ atMs: startMs + ms, topic, payload: Buffer.from(payload), retain });
    },
    rows(): string[] {
      recorder.end();
      return lines.map((line) => line.replace("2026-01-31T13:", ""));
    },
  };
}

describe("a row", () => {
  test("is written for each message from when every column has a value; values hold", () => {
    const made = recording({ filters: ["mote/+/temperature", "mote/+/humidity"] });
    made.at(0, "mote/x/temperature", '{"value":20.5,"unit":"°C"}');
    made.at(1000, "mote/x/temperature", "21");
    made.at(1500, "mote/x/humidity", '{"value":40}');
    made.at(2000, "mote/x/temperature", " 22.25\n");
    expect(made.rows()).toEqual(["timestamp,temperature,humidity", "00:01.500Z,21,40", "00:02.000Z,22.25,40"]);
    expect(made.recorder.rows).toBe(2);
  });

  test("takes together what comes within one millisecond, the last of it", () => {
    const made = recording({ filters: ["a/temperature"] });
    for (const [ms, value] of [
      [0.1, "1"],
      [0.9, "2"],
      [1, "3"],
    ] as const)
      made.at(ms, "a/temperature", value);
    expect(made.rows()).toEqual(["timestamp,temperature", "00:00.000Z,2", "00:00.001Z,3"]);
  });

  test("is written when its time is over, whether or not another message comes", () => {
    const made = recording();
    made.at(0, "a/temperature", "1");
    made.recorder.pass(startMs + 4999);
    expect(made.recorder.rows).toBe(0);
    made.recorder.pass(startMs + 5000);
    expect(made.recorder).toMatchObject({ rows: 1, settled: true });
    made.at(5000.5, "a/temperature", "2");
    made.recorder.pass(startMs + 5000.9);
    expect(made.recorder.rows).toBe(1);
    made.recorder.pass(startMs + 5001);
    expect(made.rows()).toEqual(["timestamp,temperature", "00:00.000Z,1", "00:05.000Z,2"]);
  });

  test("is made neither of what the broker had retained, nor of what is no reading; the latter is said once", () => {
    const made = recording({ filters: ["a/temperature"] });
    made.at(0, "a/temperature", "20", true);
    for (const [index, payload] of [
      "",
      "unavailable",
      "nan",
      '{"error":"bus","ms":1}',
      '{"value":null}',
      "0x10",
      "1e999",
      "[1]",
    ].entries()) {
      made.at(index, "a/temperature", payload);
    }
    made.at(20, "a/temperature", Buffer.of(0xff, 0x31));
    expect(made.rows()).toEqual([]);
    expect(made.recorder).toMatchObject({ rows: 0, unreadable: 9, missing: ["temperature"] });
    expect(made.notes).toEqual(["Note    a/temperature is left out where it has no reading: no number in it"]);
  });
});

describe("columns", () => {
  test("that are named are filled from their topics alone, whatever those are called", () => {
    const made = recording({ columns: { temperature: "esp/room/state", pulses: "esp/rain/state" }, filters: ["esp/room/state"] });
    made.at(0, "esp/room/state", "20");
    made.at(1, "esp/rain/state", "0.5");
    made.at(2, "esp/other/temperature", "99");
    expect(made.rows()).toEqual(["timestamp,temperature,pulses", "00:00.001Z,20,0.5"]);
    expect(made.notes).toEqual([expect.stringContaining("esp/other/temperature is left out: temperature is taken from esp/room/state")]);
  });

  test("under a wildcard are those that come within five seconds, and no row of that time is lost", () => {
    const made = recording();
    made.at(0, "mote/x/temperature", "20");
    made.at(0, "mote/x/status", "online");
    made.at(100, "mote/x/humidity", "40");
    made.at(200, "mote/x/temperature/summary", '{"min":1}');
    made.at(300, "mote/x/temperature", "21");
    expect(made.lines).toEqual([]);
    expect(made.recorder.settled).toBe(false);
    made.at(5000, "mote/x/pressure", "101325");
    made.at(6000, "mote/x/humidity", "41");
    expect(made.rows()).toEqual(["timestamp,temperature,humidity", "00:00.100Z,20,40", "00:00.300Z,21,40", "00:06.000Z,21,41"]);
    expect(made.notes).toEqual([expect.stringContaining("mote/x/pressure is left out: it was no column when the rows began")]);
  });

  test("are filled by one device, the first that speaks; of another it is said how to take it", () => {
    const made = recording({ filters: ["mote/+/temperature"] });
    made.at(0, "mote/silent/temperature", "unavailable");
    made.at(1, "mote/a/temperature", "1");
    made.at(2, "mote/b/temperature", "2");
    made.at(3, "mote/b/temperature", "2");
    expect(made.rows()).toEqual(["timestamp,temperature", "00:00.001Z,1"]);
    expect(made.notes.slice(1)).toEqual([
      "Note    mote/b/temperature is left out: temperature is taken from mote/a/temperature (another choice: --column temperature=mote/b/temperature)",
    ]);
  });

  test("of one quantity are one: --source would refuse two", () => {
    const made = recording();
    made.at(0, "a/temperature", "1");
    made.at(1, "a/value", "2");
    expect(made.rows()).toEqual(["timestamp,temperature", "00:00.000Z,1"]);
  });
});

describe("a reading", () => {
  test.each<[Column, string, number]>([
    ["pressure", '{"value":1013.25,"unit":"hPa"}', 101_325],
    ["pressure", '{"value":101325,"unit":"Pa"}', 101_325],
    ["pressure", '{"value":29.92,"unit":"inHg"}', 101_320.75888],
    ["pressure", "1013.25", 101_325],
    ["pressure", "101325", 101_325],
    ["temperature", '{"value":68,"unit":"°F"}', 20],
    ["outdoor", '{"value":273.15,"unit":"K"}', 0],
    ["temperature", '{"value":"21.5","unit":""}', 21.5],
    ["temperature", "-1e1", -10],
    ["humidity", '{"value":45,"unit":"%"}', 45],
    ["analog", '{"value":45,"unit":"%"}', 0.45],
    ["pulses", '{"value":2,"unit":"Hz"}', 2],
  ])("for %s from %s is %d in the recording's unit", (column, payload, value) => {
    expect(readingOf(column, payload)).toMatchObject({ ok: true, value: { value } });
  });

  test("in a unit of something else is none", () => {
    expect(readingOf("temperature", '{"value":5,"unit":"kWh"}')).toMatchObject({
      ok: false,
      error: { message: 'its unit "kWh" is none of °C, C, °F, F, K' },
    });
    expect(readingOf("temperature", '{"value":5,"unit":"constructor"}').ok).toBe(false);
    expect(readingOf("pressure", '{"value":1e308,"unit":"hPa"}').ok).toBe(false);
  });

  test("that was converted is said once, with what was assumed", () => {
    const made = recording({ filters: ["a/pressure"] });
    made.at(0, "a/pressure", "1013");
    made.at(1, "a/pressure", "1014");
    expect(made.notes).toEqual(["Note    pressure is converted to Pa from numbers without a unit, taken as hPa (a/pressure)"]);
  });
});

test("whatever comes, --source takes what was written", () => {
  const message = fc.record({
    afterMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 4000, noNaN: true })),
    topic: fc.constantFrom("m/a/temperature", "m/a/humidity", "m/b/temperature", "m/a/value", "m/a/x", "m/a/pressure"),
    payload: fc.oneof(
      fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
      fc.double({ noNaN: true }).map((value) => JSON.stringify({ value, unit: "hPa" })),
      fc.string(),
    ),
    retain: fc.boolean(),
  });
  let written = 0;
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), fc.boolean(), (messages, wild) => {
      const made = recording({ filters: wild ? ["m/#"] : ["m/+/temperature", "m/+/humidity"] });
      let atMs = 0;
      for (const { afterMs, topic, payload, retain } of messages) {
        atMs += afterMs;
        made.at(atMs, topic, payload, retain);
      }
      made.recorder.end();
      if (made.lines.length === 0) return;
      written++;
      const parsed = parseRecording("made.csv", made.lines.join("\n") + "\n");
      if (!parsed.ok) throw new Error(parsed.error.message);
      expect(parsed.value.rows).toBe(made.recorder.rows);
    }),
    { seed: 3, numRuns: 300 },
  );
  expect(written).toBeGreaterThan(50);
});

test("topics that would move a terminal's cursor are shown harmless, and however many are left out, what is said of them ends", () => {
  const made = recording({ columns: { temperature: "room" }, filters: ["#"] });
  made.at(0, "room", "20");
  for (let index = 0; index < 5000; index++) made.at(1 + index, `\x1b]0;own\x07\x1b[2J${index}/temperature`, "99");
  expect(made.notes.length).toBeLessThan(30);
  expect(made.notes.at(-1)).toMatch(/not said any more/);
  for (const note of made.notes) expect(note).not.toMatch(/\p{Cc}/u);
});
