/** `mote config` as people and scripts meet it, on the folder of a simulated board. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { config } from "../../../host-sim/cli/config.js";
import { readConfigFile } from "../../../host-sim/cli/config-file.js";
import { parseConfigOptions } from "../../../host-sim/cli/config-options.js";
import { mote, startMote } from "./command.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mote-config-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** As `mote("config", …)`, in this process. */
function said(...words: string[]): { code: number; out: string; err: string } {
  let out = "";
  let err = "";
  const stdout = vi.spyOn(process.stdout, "write").mockImplementation((text) => (out += String(text)) !== "");
  const stderr = vi.spyOn(console, "error").mockImplementation((text) => void (err += `${text}\n`));
  try {
    const options = parseConfigOptions(words);
    if (!options.ok) throw new Error(options.error.message);
    // In a folder it is done at once.
    return { code: config(options.value) as number, out, err };
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
  }
}

describe("the words of mote config", () => {
  test.each([
    ["get", ["get"], {}],
    ["get some", ["get", "wifi.ssid", "broker.port"], { names: ["wifi.ssid", "broker.port"] }],
    [
      "set",
      ["set", "broker.host=a=b", "wifi.ssid="],
      {
        values: [
          ["broker.host", "a=b"],
          ["wifi.ssid", ""],
        ],
      },
    ],
    ["set from a file", ["set", "--file", "a.json"], { file: "a.json" }],
    ["set from stdin", ["set", "--file", "-"], { file: "-" }],
    ["diff from stdin", ["diff", "-"], { file: "-" }],
    ["reset", ["reset", "wifi.ssid"], { names: ["wifi.ssid"] }],
  ])("%s", (_, words, expected) => {
    const base = { action: words[0], names: [], values: [], file: undefined, state: "porch", json: false };
    expect(parseConfigOptions([...words, "--state", "porch"])).toEqual({ ok: true, value: { ...base, ...expected } });
  });

  test.each([
    [[], "config needs a word more: get, set, diff, reset"],
    [["show"], '"show" is nothing that config can do: get, set, diff, reset'],
    [["rese"], "did you mean reset?"],
    [["get", "--state="], "--state must be a folder"],
    [["get", "--stat", "x"], "did you mean --state?"],
    [["set", "--state", "x"], "set needs a setting and its value"],
    [["set", "wifi.password", "hunter22", "--state", "x"], '"wifi.password" has no value'],
    [["set", "a.b=1", "a.b=2", "--state", "x"], '"a.b" is given twice'],
    [["set", "a.b=1", "--file", "f", "--state", "x"], "not both"],
    [["diff", "--state", "x"], "diff needs one file"],
    [["diff", "--file", "f", "--state", "x"], "without --file"],
    [["get", "--file", "f", "--state", "x"], "--file belongs to set"],
    [["reset", "--state", "x"], "reset needs a setting"],
  ])("%j are refused in one line that says what would be right", (words, message) => {
    const parsed = parseConfigOptions(words);
    expect(parsed).toMatchObject({ ok: false, error: { kind: "usage", message: expect.stringContaining(message) as string } });
    if (!parsed.ok) expect(parsed.error.message).not.toMatch(/\n|hunter22/);
  });
});

describe("a file of settings", () => {
  const read = (text: string | Uint8Array): unknown => {
    const file = join(folder, "settings.json");
    writeFileSync(file, text);
    const document = readConfigFile(file);
    return document.ok ? document.value : document.error.message.replace(file, "FILE");
  };

  test.each<[string, string | Uint8Array, string]>([
    ["is empty", "", "FILE: it is no JSON: line 1, column 1: the file is empty"],
    ["is no JSON", '{"wifi": {\n  ssid: "a"}}', 'FILE: it is no JSON: line 2, column 3: "ssid": a name in double quotes should stand here'],
    ["begins with a byte order mark", "\ufeff{}", "a byte order mark"],
    ["is no text", Uint8Array.of(0x7b, 0xff, 0x7d), "FILE: it is no text in UTF-8"],
    ["is too large", " ".repeat(1_048_577), "FILE: it is too large"],
    ["has a group twice", '{"wifi": {},\n "wifi": {}}', 'FILE: line 2: "wifi" stands there twice'],
    ["has a setting twice", '{"wifi": {"ssid": "a", "ssid" : "b"}}', '"ssid" stands there twice'],
    ["has one twice under another spelling", '{"wifi": {"ssid": "a", "\\u0073sid": "b"}}', '"ssid" stands there twice'],
    ["is nested without end, and no JSON", "[".repeat(500_000), "it is no JSON"],
  ])("that %s is refused with the place", (_, text, message) => {
    expect(read(text)).toContain(message);
  });

  test("that is nested without end is read, for the settings' own check to refuse", () => {
    expect(typeof read("[".repeat(200_000) + "]".repeat(200_000))).toBe("object");
  });

  test("may have one name in two groups, and names in texts", () => {
    expect(
      read('{"wifi": {"password": "\\"a\\":"}, "broker": {"password": "{\\"a\\":1,\\"a\\":2}"}, "x": [{"a": 1}, {"a": 2}]}'),
    ).toMatchObject({
      wifi: { password: '"a":' },
    });
  });

  test("that is not there or is a folder is told", () => {
    expect(readConfigFile(join(folder, "none"))).toMatchObject({ error: { message: expect.stringContaining("no such file") as string } });
    expect(readConfigFile(folder)).toMatchObject({ error: { message: expect.stringContaining("is a folder") as string } });
  });
});

describe("the command", () => {
  test("sets, shows, compares and takes back, and never shows a secret", async () => {
    const state = join(folder, "porch");
    mkdirSync(state);
    const set = await mote("config", "set", "broker.port=1884", "journal.blockS=10", "wifi.password=hunter2222", "--state", state);
    expect(set).toMatchObject({
      code: 0,
      err: "",
      out: "wifi.password   (set) → (set), another\nbroker.port     1883 → 1884\njournal.blockS  60 s → 10 s\n",
    });
    const get = said("get", "--state", state);
    for (const row of [
      /^wifi\.ssid +mote +built in$/m,
      /^wifi\.password +\(set\) +set$/m,
      /^journal\.blockS +10 s +set$/m,
      /^counters\.everyS +60 s +default$/m,
    ])
      expect(get.out).toMatch(row);
    const json = JSON.parse(said("get", "--json", "--state", state).out) as { settings: Record<string, unknown> };
    expect(json.settings).toMatchObject({
      "broker.port": { value: 1884, source: "set" },
      "journal.blockS": { value: 10, unit: "s", source: "set" },
      "wifi.password": { set: true, source: "set" },
      "broker.password": { set: false, source: "default" },
    });
    expect(get.out + JSON.stringify(json)).not.toContain("hunter2222");

    const file = join(folder, "porch.json");
    writeFileSync(file, '{"broker": {"port": 1885}, "journal": {"blockS": 10}}');
    const before = readFileSync(join(state, "config.flash"));
    expect(said("diff", file, "--state", state)).toMatchObject({ code: 0, out: "broker.port  1884 → 1885\n" });
    expect(readFileSync(join(state, "config.flash")).equals(before)).toBe(true);
    const changed = said("set", "--file", file, "--json", "--state", state);
    expect(JSON.parse(changed.out)).toEqual({
      changes: { "broker.port": { from: { value: 1884, source: "set" }, to: { value: 1885, source: "set" } } },
    });
    expect(said("diff", file, "--state", state).out).toBe("Nothing would change.\n");
    expect(said("reset", "broker.port", "--state", state).out).toBe("broker.port  1885 → 1883\n");
    const one = said("get", "broker.port", "--state", state);
    expect(one.out).toBe("broker.port  1883  built in\n\nThe broker's port.\nMust be a whole number from 1 to 65535; default 1883.\n");
  });

  test("refuses wrong values with 2 and a line that names them, and changes nothing", () => {
    const state = join(folder, "hall");
    const file = join(folder, "hall.json");
    mkdirSync(state);
    said("set", "broker.port=1884", "--state", state);
    const before = readFileSync(join(state, "config.flash"));
    const cases: [string[], string][] = [
      [["set", "broker.port=http", "counters.everyS=20"], 'broker.port must be a whole number from 1 to 65535, not "http"'],
      [["set", "broker.prot=1"], "did you mean broker.port?"],
      [["set", "port=1"], 'there is no setting "port"'],
      [["get", "wifi.sid"], "did you mean wifi.ssid?"],
      [["reset", "wifi.sid"], "did you mean wifi.ssid?"],
      [["set", "wifi.password=hunter2"], "this one has 7 bytes"],
    ];
    for (const [words, message] of cases) {
      const { code, out, err } = said(...words, "--state", state);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toContain(message);
      expect(err.trimEnd()).not.toMatch(/\n|hunter2/);
    }
    writeFileSync(file, JSON.stringify({ counters: { everyS: 20 }, wifi: { ssid: "a".repeat(65_536) } }));
    const large = said("set", "--file", file, "--state", state);
    expect(large).toMatchObject({ code: 2, out: "" });
    expect(large.err).toContain(`${file}: wifi.ssid must be a text of at most 32 bytes`);
    expect(readFileSync(join(state, "config.flash")).equals(before)).toBe(true);
  });

  test("shows what is wrong with a board's flash, and ends with 1", () => {
    const state = join(folder, "attic");
    mkdirSync(state);
    writeFileSync(join(state, "config.flash"), Buffer.alloc(8192, 0x5a));
    const { code, out, err } = said("get", "--state", state);
    expect({ code, wifi: out.includes("wifi.ssid") }).toEqual({ code: 1, wifi: true });
    expect(err).toContain("a slot of stored settings cannot be read");
    expect(said("set", "broker.port=5", "--state", state)).toMatchObject({ code: 0 });
  });
});

describe("a simulated board that is kept in a folder", () => {
  test("goes on where it ended, with what was set in between", async () => {
    const state = join(folder, "cellar");
    const words = ["sim", "--state", state, "--speed", "max", "--duration", "35s", "--json"];
    const counters = (out: string): number => (JSON.parse(out.trimEnd().split("\n").pop()!) as { published: number }).published;
    const first = await mote(...words);
    expect(first).toMatchObject({ code: 0 });
    said("set", "counters.everyS=10", "--state", state);
    const second = await mote(...words);
    expect(second).toMatchObject({ code: 0 });
    // Three reports of counters in place of none.
    expect(counters(second.out)).toBeGreaterThanOrEqual(counters(first.out) + 2);
    // Without network settings of its own it reaches nobody.
    said("set", "wifi.ssid=elsewhere", "--state", state);
    expect((JSON.parse((await mote(...words)).out.trimEnd().split("\n").pop()!) as { connections: number }).connections).toBe(0);
  });

  test("is not set while it runs, and can be once it was killed", async () => {
    const state = join(folder, "roof");
    const running = startMote("sim", "--state", state, "--json");
    await expect.poll(() => readFileSync(join(state, "config.flash")).length, { timeout: 15_000 }).toBe(8192);
    const refused = said("set", "broker.port=5", "--state", state);
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringContaining(`a board is running on it (process ${running.child.pid})`) as string,
    });
    expect((await mote("sim", "--state", state, "--speed", "max", "--json")).code).toBe(1);
    expect(said("get", "--state", state).code).toBe(0);
    running.child.kill("SIGKILL");
    await running.ended;
    expect(said("set", "broker.port=5", "--state", state).code).toBe(0);
  });
});
