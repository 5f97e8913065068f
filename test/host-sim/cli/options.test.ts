import { describe, expect, test } from "vitest";
import { parseSimOptions } from "../../../host-sim/cli/options.js";

function options(line: string) {
  const parsed = parseSimOptions(line === "" ? [] : line.split(" "));
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

describe("the options of mote sim", () => {
  test("left out mean the own app in real time on Node, until Ctrl-C, with the embedded broker", () => {
    expect(options("")).toEqual({
      app: undefined,
      boards: 1,
      dashboard: undefined,
      engine: "node",
      speed: 1,
      durationMs: undefined,
      seed: 1,
      broker: undefined,
      chip: undefined,
      source: { kind: "world" },
      traceFile: undefined,
      state: undefined,
      json: false,
      arenaBytes: 81_920,
    });
  });

  test.each([
    ["--duration 500ms", { durationMs: 500 }],
    ["--duration 1.5h", { durationMs: 5_400_000 }],
    ["--duration 1d --speed max", { durationMs: 86_400_000, speed: "max" }],
    ["--speed 0.5", { speed: 0.5 }],
    ["--seed 4294967295", { seed: 4294967295 }],
    ["--engine xs --arena 32768", { engine: "xs", arenaBytes: 32_768 }],
    ["--source host --speed 10", { source: { kind: "host" }, speed: 10 }],
    ["--source a/B.CSV", { source: { kind: "recording", file: "a/B.CSV" } }],
    ["--broker mqtt://broker.local", { broker: { host: "broker.local", port: 1883 } }],
    ["--broker mqtt://10.0.0.2:1884/", { broker: { host: "10.0.0.2", port: 1884 } }],
    ["--broker mqtt://me:p%40ss@h:1", { broker: { host: "h", port: 1, username: "me", password: "p@ss" } }],
    ["--state porch", { state: "porch" }],
    ["--broker mqtt://me@h", { broker: { host: "h", port: 1883, username: "me" } }],
  ])("%s", (line, expected) => {
    expect(options(line)).toMatchObject(expected);
  });

  test.each([
    ["--engine v8", 'must be node or xs, not "v8"'],
    ["--speed 0", 'must be a number from 0.001 to 1000, or max, not "0"'],
    ["--speed -1", 'or max, not "-1"'],
    ["--speed 1001", "to 1000"],
    ["--speed 1e3", 'not "1e3"'],
    ["--speed Infinity", 'not "Infinity"'],
    ["--speed=", 'not ""'],
    ["--duration 5", 'a time such as 500ms, 60s, 10m, 1h or 1d, not "5"'],
    ["--duration 0s", "from 1ms to 366d"],
    ["--duration 1000d", "from 1ms to 366d"],
    ["--duration 1.2.3s", "a time such as"],
    ["--duration -5s", "a time such as"],
    ["--seed -1", "a whole number from 0 to 4294967295"],
    ["--seed 1.5", 'not "1.5"'],
    ["--seed 4294967296", "to 4294967295"],
    ["--arena 81920", "add --engine xs"],
    ["--arena 100 --engine xs", "from 8192 to 16777216"],
    ["--arena many --engine xs", 'not "many"'],
    ["--broker localhost", "mqtt://host"],
    ["--broker mqtts://host", "plain MQTT"],
    ["--broker mqtt://", "mqtt://host"],
    ["--broker mqtt://host:0", "mqtt://host"],
    ["--broker mqtt://host:99999", "mqtt://host"],
    ["--broker mqtt://host/path", "mqtt://host"],
    ["--broker mqtt://a%zz@host", "mqtt://host"],
    ["--broker mqtt://:secret@host", "mqtt://host"],
    ["--broker mqtt://[::1]:1883", "mqtt://host"],
    ["--speed max --broker mqtt://host", "leave --broker out, or give --speed a number"],
    ["--source moon", "world, host or a file ending in .csv"],
    ["--source host --speed max", "give --speed a number"],
    ["--source host --app a.ts", "leave --app out"],
    ["--app=", "--app must be a file"],
    ["--trace=", "--trace must be a file"],
    ["--state=", "--state must be a folder"],
    ["--state porch --boards 2", "leave --boards out"],
  ])("%s is refused in one line that says what would be right", (line, message) => {
    const parsed = parseSimOptions(line.split(" "));
    expect(parsed).toMatchObject({ ok: false, error: { kind: "usage", message: expect.stringContaining(message) } });
    if (!parsed.ok) expect(parsed.error.message).not.toContain("\n");
  });

  test("a password is not repeated in what is wrong with its URL", () => {
    const parsed = parseSimOptions(["--broker", "http://me:secret@host"]);
    expect(parsed).toMatchObject({ ok: false, error: { message: expect.not.stringContaining("secret") } });
  });
});
