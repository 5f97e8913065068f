/** `mote pair`, `mote wifi` and `mote config` against a simulator that runs, each a process of its own, over Bluetooth. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import decodeQR from "qr/decode.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { killGroup, startMote, type Running } from "./command.js";

const main = fileURLToPath(new URL("../../../build/host-sim/cli/main.js", import.meta.url));
let folder: string;
let simulator: Running;
let url: string;

interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** At `url`, as a user whose settings are in `home`. */
function mote(words: readonly string[], { input = "", home = folder, at = url } = {}): Said {
  const env = { ...process.env, XDG_CONFIG_HOME: home };
  const done = spawnSync(process.execPath, [main, ...words, "--at", at], { encoding: "utf8", input, env, timeout: 15_000 });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

const pairingCode = (): string => mote(["pair", "--code"]).out.trim();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mote-pair-"));
  // Ten times as fast: a minute of the window is six seconds here.
  simulator = startMote("start", "--speed", "10", "--dashboard", "18080");
  url = (await simulator.says(/^Open +(http:\/\/\S+)$/m))[1]!;
});

afterAll(async () => {
  killGroup(simulator.child.pid!, "SIGKILL");
  await simulator.ended;
  rmSync(folder, { recursive: true });
});

describe("before a board is paired", () => {
  test("it is said that nobody runs, that it is not paired, or that its window is closed", () => {
    expect(mote(["pair"], { at: "http://127.0.0.1:9/" })).toMatchObject({ code: 1, err: expect.stringContaining("npm start begins one") });
    expect(mote(["wifi"])).toMatchObject({ code: 1, err: expect.stringContaining("mote pair does it, once") });
    expect(mote(["config", "get"])).toMatchObject({ code: 1, err: expect.stringContaining("mote pair does it, once") });
    expect(mote(["pair", "--board", "porch"])).toMatchObject({ code: 1, err: expect.stringContaining('no board "porch"; there is board') });
    expect(mote(["pair", pairingCode()])).toMatchObject({ code: 1, err: expect.stringMatching(/Bluetooth is closed.*--press/) });
  });

  test("the greeting and --qr have its code, and the QR code can be read", () => {
    const code = pairingCode();
    expect(simulator.out).toContain(`Code    ${code}`);
    expect(simulator.out).toContain(`Set up  ${url}configure/`);
    const { out } = mote(["pair", "--qr"]);
    expect(out).toContain(code);
    expect(decoded(out)).toBe("MOTE:02006D6F7465:" + code.replaceAll("-", ""));
  });

  test("a wrong code is refused, a mistyped one before it is tried, and nothing is kept", () => {
    const code = pairingCode();
    const mistyped = code.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    expect(mote(["pair", mistyped, "--press"])).toMatchObject({ code: 1, err: expect.stringContaining("slip in it") });
    const wrong = mote(["pair", "0000-0000-0000-0000-0000-0000-0000", "--press"]);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toMatch(/slip|another board's/);
    expect(mote(["pair", "MOTE:0200AAAAAAAA:" + code, "--press"])).toMatchObject({ code: 1, err: expect.stringContaining("of another board") });
    expect(mote(["pair", "--press"])).toMatchObject({ code: 2, err: expect.stringContaining("no pairing code was given") });
    expect(JSON.parse(mote(["pair", "--list", "--json"]).out)).toEqual({ boards: [] });
  });
});

describe("a paired board", () => {
  test("is known from its code on, which is in no output", () => {
    const code = pairingCode();
    const paired = mote(["pair", "--press"], { input: code.toLowerCase().replaceAll("-", " ") + "\n" });
    expect(paired).toMatchObject({ code: 0, out: expect.stringMatching(/^Paired with board: [^]*\nboard +ESP32-DevKitC\n[^]*\nbroker +up\n/) });
    expect(mote(["pair", "--list"]).out).toBe("board  02006d6f7465\n");
    for (const { out, err } of [paired, mote(["pair", "--list", "--json"]), mote(["wifi", "--json"]), mote(["config", "get", "--json"])]) {
      expect(out + err).not.toContain(code);
      expect(out + err).not.toContain(code.replaceAll("-", ""));
    }
  });

  test("tells its Wi-Fi and what it hears", () => {
    expect(JSON.parse(mote(["wifi", "--json"]).out)).toMatchObject({ ssid: "mote", origin: "built-in", broker: "up", rssiDbm: expect.any(Number) });
    const { networks } = JSON.parse(mote(["wifi", "scan", "--json"]).out) as { networks: { ssid: string }[] };
    expect(networks.map(({ ssid }) => ssid)).toContain("mote");
  });

  test("takes settings, all or none, as one in a folder does", () => {
    const set = mote(["config", "set", "journal.blockS=10", "device.name=porch"]);
    expect(set).toMatchObject({ code: 0, out: expect.stringContaining("device.name     (not set) → porch\n") });
    expect(mote(["config", "get", "journal.blockS"]).out).toMatch(/^journal\.blockS  10 s  set\n/);
    const wrong = mote(["config", "set", "broker.port=70000", "journal.blockS=20"]);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringMatching(/broker\.port.*65535/) });
    expect(mote(["config", "set", "brocker.port=1"])).toMatchObject({ code: 2, err: expect.stringContaining("broker.port") });
    expect(mote(["config", "get", "journal.blockS", "--json"]).out).toContain('"value":10');
    expect(mote(["config", "reset", "journal.blockS"]).out).toMatch(/^journal\.blockS  10 s → \d+ s\n/);
    expect(mote(["config", "diff", "-"], { input: '{"broker":{"port":1885}}' }).out).toBe("broker.port  1883 → 1885\n");
  });

  test("has what could cut it off on trial, which is told, undone, or kept", () => {
    expect(mote(["config", "set", "broker.host=10.0.0.9"]).out).toMatch(/On trial for \d+ s: mote config trial/);
    expect(mote(["config", "trial"]).out).toMatch(/^On trial for \d+ s more: broker\.host\b/);
    expect(mote(["config", "undo"]).out).toContain("What held before holds again");
    expect(mote(["config", "undo"])).toMatchObject({ code: 1, err: expect.stringContaining("Nothing is on trial") });
    mote(["config", "set", "broker.host=10.0.0.9"]);
    expect(JSON.parse(mote(["config", "confirm", "--json"]).out)).toMatchObject({ state: "kept" });
    mote(["config", "reset", "broker.host"]);
  });

  test("goes back to its network when it cannot join another, and says so", () => {
    const joined = mote(["wifi", "join", "mote", "--password-stdin"], { input: "not the password\n" });
    expect(joined).toMatchObject({ code: 1, out: expect.stringMatching(/^mote\. Undone: .*What held before holds again/) });
    expect(joined.err).toContain("not joined yet");
    expect(joined.out + joined.err).not.toContain("not the password");
    expect(mote(["wifi", "join", "mote"])).toMatchObject({ code: 2, err: expect.stringContaining("--password-stdin") });
  });

  test("joins a network with its password, and keeps it", () => {
    mote(["config", "reset", "broker.host"]);
    const joined = mote(["wifi", "join", "guests", "--open", "--json"]);
    expect([joined.code, JSON.parse(joined.out)]).toEqual([0, { ssid: "guests", state: "kept" }]);
  });

  test("is forgotten when its user wants it", () => {
    expect(mote(["pair", "--forget", "--board", "attic"])).toMatchObject({ code: 1, err: expect.stringContaining('no board "attic" is paired') });
    expect(mote(["pair", "--forget"]).out).toBe("board is forgotten.\n");
    expect(readFileSync(join(folder, "mote", "paired.json"), "utf8")).not.toContain("code");
    expect(mote(["pair", "--forget"])).toMatchObject({ code: 1, err: expect.stringContaining("no board is paired") });
  });
});

/** What a camera would read off the terminal: light on dark. */
function decoded(text: string): string {
  const lines = text.split("\n").filter((line) => /^[█▀▄ ]{20,}$/.test(line));
  const [width, height, scale] = [lines[0]!.length, 2 * lines.length, 4];
  const light = (x: number, y: number): boolean => {
    const character = lines[y >> 1]?.[x] ?? " ";
    return character === "█" || character === (y % 2 === 0 ? "▀" : "▄");
  };
  const data = new Uint8Array(width * scale * height * scale * 4).fill(255);
  for (let y = 0; y < height * scale; y++)
    for (let x = 0; x < width * scale; x++)
      if (!light(Math.floor(x / scale), Math.floor(y / scale))) data.fill(0, 4 * (y * width * scale + x), 4 * (y * width * scale + x) + 3);
  return decodeQR({ width: width * scale, height: height * scale, data });
}
