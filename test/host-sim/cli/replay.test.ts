import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseReplayOptions, replayHelp } from "../../../host-sim/cli/replay-options.js";
import { stopsAt } from "../../../host-sim/cli/replay-stop.js";
import { colouredText, eventText, timeText } from "../../../host-sim/cli/replay-text.js";
import type { DecodedEvent } from "../../../host-sim/world/decoded.js";
import { killGroup, mote, startMote } from "./command.js";

const folder = mkdtempSync(join(tmpdir(), "mote-replay-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const line = (ms: number, what: string, fields: object, board = "02006d6f7465"): string =>
  JSON.stringify({ us: ms * 1000, board, what, ...fields });
const message = (ms: number, topic: string, payload: string): string => JSON.stringify({ ms, topic, payload, retain: false, qos: 0 });

const run = file(
  "run.jsonl",
  [
    line(1, "wifi.connect", { ssid: "home" }),
    line(250, "wifi", { connection: 200 }, "02006d6f7466"),
    line(1000, "i2c.write", { address: 68, bytes: "2400" }),
    line(999, "wifi", { connection: 400 }),
    line(2000, "analog", { pin: 34, raw: 7 }),
    line(60_000, "wifi", { connection: 500 }),
  ].join("\r\n"),
);
const traffic = file(
  "traffic.jsonl",
  [message(5000, "mote/a/humidity", "40"), message(5500, "mote/a/temperature", "20"), message(6000, "mote/a/temperature", "21")].join(
    "\n",
  ) + "\n",
);

describe.concurrent("mote replay", () => {
  test("shows a run of several boards in words, as it stands in its trace", async () => {
    expect(await mote("replay", run)).toMatchObject({
      code: 0,
      err: "",
      out: `0:00:00.001000  6f7465  wifi    → joins "home"
0:00:00.250000  6f7466  wifi    ← joining failed
0:00:01.000000  6f7465  i2c     → 0x44 SHT3x 24 00  measure
0:00:00.999000  6f7465  wifi    ← joined, without an address yet
0:00:02.000000  6f7465  analog  ← pin 34 reads 7
0:01:00.000000  6f7465  wifi    ← joined, with an address: the network is there

Shown     6 events over 1 min of 2 boards
`,
    });
  });

  test("shows only a part: from a time, to a time, of some kinds", async () => {
    const { out } = await mote("replay", run, "--from", "100ms", "--until", "1s", "--only", "wifi,dns");
    expect(out).toBe(`0:00:00.250000  6f7466  wifi    ← joining failed
0:00:00.999000  6f7465  wifi    ← joined, without an address yet

Shown     2 of 4 events over 1 s of 2 boards, stopped at 1 s
`);
  });

  test("shows recorded traffic from its first message on, and stops at a packet on a topic", async () => {
    const ended = await mote("replay", traffic, "--until-event", "PUBLISH mote/+/temperature");
    expect(ended).toMatchObject({
      code: 0,
      out: `0:00:00.000000  mqtt      PUBLISH mote/a/humidity 40 (QoS 0)
0:00:00.500000  mqtt      PUBLISH mote/a/temperature 20 (QoS 0)

Shown     2 events over 500 ms of recorded traffic, stopped at this event
`,
    });
  });

  test("fails when the event to stop at never comes", async () => {
    expect(await mote("replay", traffic, "--until-event", "rain", "--json")).toMatchObject({ code: 1, err: 'mote: "rain" never came\n' });
  });

  test("gives an object an event with --json", async () => {
    const { out } = await mote("replay", traffic, "--json", "--until", "0s");
    expect(
      out
        .trimEnd()
        .split("\n")
        .map((each) => JSON.parse(each) as unknown),
    ).toEqual([
      {
        us: 5_000_000,
        board: "",
        kind: "mqtt",
        text: "PUBLISH mote/a/humidity 40 (QoS 0)",
        packet: { cmd: "publish", topic: "mote/a/humidity", payload: "40", qos: 0, retain: false, dup: false },
      },
    ]);
  });

  test("takes the trace's own time at a speed, and Ctrl-C ends it in order", async () => {
    const startMs = performance.now();
    const started = startMote("replay", run, "--speed", "2", "--from", "1s");
    await started.says(/analog/);
    expect(performance.now() - startMs).toBeGreaterThan(500);
    killGroup(started.child.pid!, "SIGINT");
    const ended = await started.ended;
    expect(ended).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/\nShown {5}2 of 6 events/) });
  });

  test("ends quietly when nobody reads on", async () => {
    const long = file("long.jsonl", Array.from({ length: 50_000 }, (_, index) => message(index, "a", "b")).join("\n"));
    const started = startMote("replay", long);
    started.child.stdout.once("data", () => started.child.stdout.destroy());
    expect(await started.ended).toMatchObject({ code: 0, err: "" });
  });

  test.each([
    ["an empty file", "", ": it is empty: a trace is written by mote sim --trace, or by mote record"],
    ["a recording", "timestamp,temperature\n0,20\n", ":1: this is no JSON: a trace has one object a line"],
    [
      "a line that was cut off",
      line(1, "wifi", { connection: 200 }) + '\n{"us":5,"bo',
      ":2: this is no JSON: a trace has one object a line",
    ],
    ["a hole", message(1, "a", "b") + "\n\n" + message(2, "a", "b"), ":2: the line is empty"],
    ["something without lines", "x".repeat(17 << 20), ":1: the line is too long: this is no trace"],
  ])("refuses %s by its line", async (name, text, what) => {
    const path = file(name.replaceAll(" ", "-") + ".jsonl", text);
    expect(await mote("replay", path)).toMatchObject({ code: 2, err: `mote: ${path}${what}\n` });
  });

  test("refuses what is no file", async () => {
    expect(await mote("replay", join(folder, "none"))).toMatchObject({ code: 2, err: `mote: ${folder}/none: there is no such file\n` });
    expect(await mote("replay", folder)).toMatchObject({ code: 2, err: `mote: ${folder}: it is a folder, not a file\n` });
  });
});

describe("the options of mote replay", () => {
  test("show all at once unless they say otherwise; the trace may stand anywhere", () => {
    const all = { file: "a.jsonl", speed: "max", fromMs: 0, untilMs: undefined, untilEvent: undefined, only: undefined, json: false };
    expect(parseReplayOptions(["a.jsonl"])).toEqual({ ok: true, value: all });
    expect(parseReplayOptions(["--speed", "10", "a.jsonl", "--only", "i2c, mqtt"])).toEqual({
      ok: true,
      value: { ...all, speed: 10, only: new Set(["i2c", "mqtt"]) },
    });
  });

  test.each([
    ["", "replay needs a trace: mote replay TRACE.jsonl"],
    ["--json", "replay needs a trace"],
    ["a b", '"b" is one word too many'],
    ["a --speed 0", "a number from 0.001 to 100000, or max"],
    ["a --speed fast", "a number from 0.001 to 100000, or max"],
    ["a --from 5", "a time such as"],
    ["a --until 1y", "a time such as"],
    ["a --from 2s --until 1s", "--until lies before --from"],
    ["a --until-event=", "a text, or a packet and a topic"],
    ["a --only mqqt", '"mqqt" is no kind of event; did you mean mqtt?'],
    ["a --only moon", "there are mqtt, tcp"],
  ])("%s is refused in one line that says what would be right", (words, what) => {
    const parsed = parseReplayOptions(words === "" ? [] : words.split(" "));
    expect(parsed).toMatchObject({ ok: false, error: { kind: "usage", message: expect.stringContaining(what) } });
  });

  test("stand in the help, within 80 columns", () => {
    expect(replayHelp()).toContain("--until-event TEXT");
    for (const each of replayHelp().split("\n")) expect(each.length).toBeLessThanOrEqual(80);
  });
});

describe("the event to stop at", () => {
  const packet = { cmd: "publish", topic: "mote/a/temperature" } as const;
  const event: DecodedEvent = { atUs: 0, board: "b", kind: "mqtt", text: "PUBLISH mote/a/temperature 20 (QoS 1, id 3)", packet };

  test.each([
    ["PUBLISH mote/+/temperature", true],
    ["publish mote/#", true],
    ["PUBLISH mote/a", true],
    ["id 3", true],
    ["PUBACK mote/+/temperature", false],
    ["PUBLISH mote/+", false],
    ["PUBLISH +/temperature", false],
    ["publish mote/a", false],
  ])("%s: %s", (wanted, stops) => {
    expect(stopsAt(wanted)(event, eventText(event, 0))).toBe(stops);
  });
});

test("a line has colours around its time, board and kind, and is the same without them", () => {
  const event: DecodedEvent = { atUs: 1, board: "02006d6f7465", kind: "i2c", way: "out", text: "0x44 00" };
  const coloured = colouredText(event, 1);
  // oxlint-disable-next-line no-control-regex -- a terminal is spoken to in them
  expect(coloured.replace(/\x1b\[\d+m/g, "")).toBe(eventText(event, 1));
  expect(coloured).toContain("\x1b[32mi2c");
});

test.each([
  [0, "0:00:00.000000"],
  [59_999_999, "0:00:59.999999"],
  [3_600_000_000 * 100 + 61_000_001, "100:01:01.000001"],
])("%d µs are %s", (us, text) => {
  expect(timeText(us)).toBe(text);
});
