/** The words of `mote pair`, `mote wifi` and of `mote config` to a board that runs: what is wrong is said in one line. */
import { describe, expect, test } from "vitest";
import { parseConfigOptions } from "../../../host-sim/cli/config-options.js";
import { pairHelp, parsePairOptions } from "../../../host-sim/cli/pair-options.js";
import { parseWifiOptions, wifiHelp } from "../../../host-sim/cli/wifi-options.js";

const at = "ws://127.0.0.1:8080/ble";

function message(
  parsed: ReturnType<typeof parsePairOptions> | ReturnType<typeof parseWifiOptions> | ReturnType<typeof parseConfigOptions>,
) {
  return parsed.ok ? "" : parsed.error.message;
}

describe("mote pair", () => {
  test.each([
    [[], { action: "pair", code: undefined, board: undefined, press: false, at }],
    [["7q2m", "--press", "--board", "porch"], { action: "pair", code: "7q2m", board: "porch", press: true }],
    [["--at", "http://127.0.0.1:9000/"], { at: "ws://127.0.0.1:9000/ble" }],
    [["--at", "ws://localhost:9000/ble"], { at: "ws://localhost:9000/ble" }],
    [["--qr"], { action: "qr" }],
    [["--forget", "--board", "porch"], { action: "forget", board: "porch" }],
  ])("understands %j", (words, expected) => {
    expect(parsePairOptions(words)).toMatchObject({ ok: true, value: expected });
  });

  test.each([
    [["7q2m", "7q2m"], /one word too many/],
    [["--qr", "--list"], /two things/],
    [["7q2m", "--qr"], /takes no code/],
    [["--list", "--press"], /leave --press out/],
    [["--at", "mqtt://127.0.0.1"], /--at must be where mote start runs/],
    [["--at", "porch"], /--at must be/],
    [["--board="], /--board needs a name/],
    [["--bord", "x"], /did you mean --board/],
  ])("refuses %j", (words, expected) => {
    expect(message(parsePairOptions(words))).toMatch(expected);
  });

  test("says in its help where the secret is kept", () => {
    expect(pairHelp()).toContain("paired.json");
    for (const line of (pairHelp() + wifiHelp()).split("\n")) expect(line.length, line).toBeLessThanOrEqual(88);
  });
});

describe("mote wifi", () => {
  test("says in its help who takes a change back", () => {
    expect(wifiHelp()).toMatch(/join takes the change back itself.*\n.*undone by hand/);
    expect(wifiHelp()).not.toContain("by itself");
  });

  test.each([
    [[], { action: "state" }],
    [["scan"], { action: "scan" }],
    [["join", "at home", "--no-wait"], { action: "join", ssid: "at home", wait: false, open: false }],
    [["join", "guests", "--open"], { action: "join", open: true, wait: true }],
  ])("understands %j", (words, expected) => {
    expect(parseWifiOptions(words)).toMatchObject({ ok: true, value: expected });
  });

  test.each([
    [["join"], /mote wifi scan lists them/],
    [["join", "home", "hunter22"], /The password is asked for, or read with --password-stdin/],
    [["join", "x".repeat(33)], /wifi\.ssid must be a text of at most 32 bytes/],
    [["joyn", "home"], /did you mean join/],
    [["scan", "home"], /scan takes no more words/],
    [["scan", "--no-wait"], /--no-wait belongs to join/],
    [["join", "x", "--open", "--password-stdin"], /leave --password-stdin out/],
  ])("refuses %j", (words, expected) => {
    expect(message(parseWifiOptions(words))).toMatch(expected);
  });
});

describe("mote config of a board that runs", () => {
  test("is meant where no folder is named", () => {
    expect(parseConfigOptions(["get", "--board", "porch", "--press"])).toMatchObject({
      ok: true,
      value: { state: undefined, reach: { board: "porch", press: true, at } },
    });
    expect(parseConfigOptions(["confirm"])).toMatchObject({ ok: true, value: { action: "confirm" } });
  });

  test.each([
    [["get", "--state", "x", "--board", "porch"], /leave one out/],
    [["trial", "--state", "x"], /trial is for a board that runs/],
    [["undo", "now"], /undo takes no more words/],
    [["get", "--at", "nowhere"], /--at must be/],
  ])("refuses %j", (words, expected) => {
    expect(message(parseConfigOptions(words))).toMatch(expected);
  });
});
