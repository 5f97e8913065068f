import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { defineApp, SHT3x } from "../../../firmware/mote.js";
import { parseRecording, readRecording, type Recording } from "../../../host-sim/node/recording.js";
import { parseTime } from "../../../host-sim/node/timestamp.js";
import { run } from "../run.js";

const folder = mkdtempSync(join(tmpdir(), "mote-recording-"));
afterAll(() => rmSync(folder, { recursive: true }));

function recording(text: string): Recording {
  const parsed = parseRecording("r.csv", text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

function wrong(text: string): string {
  const parsed = parseRecording("r.csv", text);
  if (parsed.ok) throw new Error("taken");
  return parsed.error.message;
}

describe("a recording", () => {
  test("holds each value until the next one's time, and the last for the first row's time", () => {
    const { columns, rows, durationMs, signals } = recording(
      "timestamp,temperature,pulses\n2026-01-01 00:00:00,20.5,1\n2026-01-01 00:00:10,-3e1,0\n",
    );
    expect({ columns, rows, durationMs }).toEqual({ columns: ["temperature", "pulses"], rows: 2, durationMs: 20_000 });
    expect([-1, 0, 9.999e6, 10e6, 1e12].map((us) => signals.temperatureC!(us))).toEqual([20.5, 20.5, 20.5, -30, -30]);
    expect(signals.pulsesPerS!(0)).toBe(1);
  });

  test.each([
    ["a byte order mark", "\uFEFFtimestamp,value\n0,1\n1,2\n"],
    ["line ends of Windows", "timestamp,value\r\n0,1\r\n1,2\r\n"],
    ["no line end at the end", "timestamp,value\n0,1\n1,2"],
    ["empty lines at the end", "timestamp,value\n0,1\n1,2\n\n  \n"],
    ["quotes and blanks", '"timestamp", "value"\n"0" ,"1"\n 1, 2 \n'],
  ])("may have %s", (_, text) => {
    const { durationMs, signals } = recording(text);
    expect([durationMs, signals.temperatureC!(0), signals.temperatureC!(1e6)]).toEqual([2000, 1, 2]);
  });

  test.each([
    ["", 'r.csv:1: column 1 is ""; the header must be "timestamp" and at least one column, such as "timestamp,temperature"'],
    ["time,value\n0,1", 'r.csv:1: column 1 is "time"; the header must be'],
    ["0,1\n1,2", 'r.csv:1: column 1 is "0"; the header must be'],
    ["timestamp\n0", "r.csv:1: the header must be"],
    ["timestamp;value\n0;1", "r.csv:1: cells are separated by semicolons; they must be by commas"],
    ["timestamp,temp\n0,1", 'r.csv:1: column "temp" is unknown; known: temperature, value, humidity'],
    ["timestamp,toString\n0,1", 'r.csv:1: column "toString" is unknown'],
    ["timestamp,value,\n0,1,", "r.csv:1: column 3 has no name"],
    ["timestamp,value,value\n0,1,1", 'r.csv:1: column "value" appears twice'],
    ["timestamp,value,temperature\n0,1,1", 'r.csv:1: columns "value" and "temperature" mean the same quantity'],
    ["timestamp,value\n", "r.csv:2: there is no row below the header"],
    ["timestamp,value\n0,1\n1,", 'r.csv:3: column "value" is empty where a number must be'],
    ["timestamp,value\n0,1\n1,warm", 'r.csv:3: column "value" holds "warm" where a number must be'],
    ["timestamp,value\n0,0x10", 'r.csv:2: column "value" holds "0x10"'],
    ["timestamp,value\n0,1e999", 'r.csv:2: column "value" holds "1e999"'],
    ["timestamp,value\n0,NaN", 'r.csv:2: column "value" holds "NaN"'],
    ["timestamp,value\n0,1\n1", 'r.csv:3: column "value" is missing: 1 cell where the header has 2'],
    ["timestamp,value\n0,1,2", "r.csv:2: 3 cells where the header has 2"],
    ["timestamp,value\n0,1\n\n2,1", "r.csv:3: the line is empty"],
    ["timestamp,value\nnoon,1", 'r.csv:2: column "timestamp" holds "noon" where a time must be'],
    ["timestamp,value\n2026-02-30,1", 'r.csv:2: column "timestamp" holds "2026-02-30" where a time must be'],
    ["timestamp,value\n1,1\n0,1", 'r.csv:3: column "timestamp" holds "0", which does not come after the row before it'],
    ["timestamp,value\n1,1\n1,1", 'r.csv:3: column "timestamp" holds "1", which does not come after'],
    [`timestamp,value\n0,${"x".repeat(1e5)}`, `holds "${"x".repeat(40)}…" where a number`],
  ])("that is %j is refused by its place", (text, message) => {
    expect(wrong(text)).toContain(message);
    expect(wrong(text)).not.toContain("\n");
  });

  test("of anything at all is taken or refused, never thrown at", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (lines) => {
        const parsed = parseRecording("r.csv", ["timestamp,value", ...lines].join("\n"));
        if (!parsed.ok) expect(parsed.error.message).toMatch(/^r\.csv:\d+: .+$/);
      }),
      { seed: 1 },
    );
  });

  test("of a hundred thousand rows is read in a moment", () => {
    const rows = Array.from({ length: 100_000 }, (_, index) => `${index},${index % 30}.25`);
    const startMs = performance.now();
    expect(recording("timestamp,value\n" + rows.join("\n")).signals.temperatureC!(99_998e6)).toBe(8.25);
    expect(performance.now() - startMs).toBeLessThan(2000);
  });

  test("that cannot be read is refused by its name", () => {
    mkdirSync(join(folder, "f.csv"));
    expect(readRecording(join(folder, "none.csv"))).toMatchObject({
      error: { message: `${join(folder, "none.csv")}: there is no such file` },
    });
    expect(readRecording(join(folder, "f.csv"))).toMatchObject({ error: { message: expect.stringContaining("it is a folder") } });
  });
});

test.each([
  ["0", 0],
  ["1700000000", 1.7e12],
  ["1700000000.5", 1.7e12 + 500],
  ["1700000000000", 1.7e12],
  ["2026-01-31", Date.UTC(2026, 0, 31)],
  ["2026-01-31 13:45", Date.UTC(2026, 0, 31, 13, 45)],
  ["2026-01-31T13:45:10.5", Date.UTC(2026, 0, 31, 13, 45, 10, 500)],
  ["2026-01-31T13:45:10Z", Date.UTC(2026, 0, 31, 13, 45, 10)],
  ["2026-01-31 13:45:10+01:00", Date.UTC(2026, 0, 31, 12, 45, 10)],
  ["2024-02-29 00:00:00", Date.UTC(2024, 1, 29)],
  ["2026-02-29 00:00:00", undefined],
  ["2026-13-01", undefined],
  ["2026-01-31 25:00:00", undefined],
  ["31.01.2026", undefined],
  ["-5", undefined],
  ["", undefined],
])("the time %j is %s", (text, ms) => {
  expect(parseTime(text)).toBe(ms);
});

test("a recording replayed through a sensor is published as it was recorded, each value at its own time", () => {
  const values = [20.5, 21.25, -10, 36.6, 0, 84.99, 20.5];
  const file = join(folder, "day.csv");
  writeFileSync(
    file,
    "timestamp,temperature\n" + values.map((value, hour) => `2026-05-01 ${String(hour).padStart(2, "0")}:00:00,${value}\n`).join(""),
  );
  const read = readRecording(file);
  if (!read.ok) throw new Error(read.error.message);
  const app = defineApp({
    name: "replay",
    sensors: { room: { driver: SHT3x, on: "i2c", everyMs: 3_600_000 } },
    channels: { room: { from: "room.thermometer.temperature", resolution: 0.01 } },
  });
  const played = run({ app, signals: read.value.signals });
  played.until(read.value.durationMs);
  const published = played.of("room").map(({ text }) => JSON.parse(text) as { value: number; ms: number });
  expect(published.map(({ ms }) => ms)).toEqual(values.map((_, hour) => hour * 3_600_000));
  // SHT3x: 175 °C over 16 bits, datasheet 4.13.
  for (const [hour, value] of values.entries()) expect(Math.abs(published[hour]!.value - value)).toBeLessThanOrEqual(0.01);
});
