/** `mote pair`, `mote wifi` and `mote config` against a simulator that runs, in a process of its own, over Bluetooth. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import decodeQR from "qr/decode.js";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { commands } from "../../../host-sim/cli/commands.js";
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

/** The command in this process, its button pressed since some time may have gone by: a start of Node's for each would take most of the time. */
async function mote(words: readonly string[], { at = url, press = words[0] !== "pair" } = {}): Promise<Said> {
  let [out, err] = ["", ""];
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation((text) => (out += String(text)) !== ""),
    vi.spyOn(process.stderr, "write").mockImplementation((text) => (err += String(text)) !== ""),
    vi.spyOn(console, "error").mockImplementation((text) => void (err += String(text) + "\n")),
  ];
  const [name = "", ...rest] = words;
  try {
    const ended = await commands.get(name)!([...rest, ...(press ? ["--press"] : []), "--at", at]);
    return typeof ended === "string" ? { code: 2, out, err: ended } : { code: ended, out, err };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** In a process of its own, with `input` as its stdin. */
async function moteReading(input: string, ...words: readonly string[]): Promise<Said> {
  const child = spawn(process.execPath, [main, ...words, "--at", url], { stdio: ["pipe", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}

const pairingCode = async (): Promise<string> => (await mote(["pair", "--code"])).out.trim();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mote-pair-"));
  vi.stubEnv("XDG_CONFIG_HOME", folder);
  // Twenty times as fast: connecting takes 50 ms, and a window of five minutes 15 s.
  simulator = startMote("start", "--speed", "20", "--dashboard", "18080");
  url = (await simulator.says(/^Open +(http:\/\/\S+)$/m))[1]!;
});

afterAll(async () => {
  killGroup(simulator.child.pid!, "SIGKILL");
  await simulator.ended;
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

describe("before a board is paired", () => {
  test("it is said that nobody runs, that it is not paired, or that its window is closed", async () => {
    expect(await mote(["pair"], { at: "http://127.0.0.1:9/" })).toMatchObject({
      code: 1,
      err: expect.stringContaining("npm start begins one"),
    });
    expect(await mote(["wifi"])).toMatchObject({ code: 1, err: expect.stringContaining("mote pair does it, once") });
    expect(await mote(["config", "get"])).toMatchObject({ code: 1, err: expect.stringContaining("mote pair does it, once") });
    expect(await mote(["pair", "--board", "porch"])).toMatchObject({
      code: 1,
      err: expect.stringContaining('no board "porch"; there is board'),
    });
    expect(await mote(["pair", await pairingCode()])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/Bluetooth is closed.*--press/),
    });
  });

  test("the greeting and --qr have its code, and the QR code can be read", async () => {
    const code = await pairingCode();
    expect(simulator.out).toContain(`Code    ${code}`);
    expect(simulator.out).toContain(`Set up  ${url}configure/`);
    const { out } = await mote(["pair", "--qr"]);
    expect(out).toContain(code);
    expect(decoded(out)).toBe("MOTE:02006D6F7465:" + code.replaceAll("-", ""));
  });

  test("a wrong code is refused, a mistyped one before it is tried, and nothing is kept", async () => {
    const code = await pairingCode();
    const mistyped = code.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    expect(await mote(["pair", mistyped, "--press"])).toMatchObject({ code: 1, err: expect.stringContaining("slip in it") });
    const wrong = await mote(["pair", "0000-0000-0000-0000-0000-0000-0000", "--press"]);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toMatch(/slip|another board's/);
    expect(await mote(["pair", "MOTE:0200AAAAAAAA:" + code, "--press"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("of another board"),
    });
    expect(await moteReading("", "pair", "--press")).toMatchObject({ code: 2, err: expect.stringContaining("no pairing code was given") });
    expect(JSON.parse((await mote(["pair", "--list", "--json"])).out)).toEqual({ boards: [] });
  });
});

describe("a paired board", () => {
  test("is known from its code on, which is in no output", async () => {
    const code = await pairingCode();
    const paired = await moteReading(code.toLowerCase().replaceAll("-", " ") + "\n", "pair", "--press");
    expect(paired).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Paired with board: [^]*\nboard +ESP32-DevKitC\n[^]*\nbroker +up\n/),
    });
    expect((await mote(["pair", "--list"])).out).toBe("board  02006d6f7465\n");
    for (const { out, err } of [
      paired,
      await mote(["pair", "--list", "--json"]),
      await mote(["wifi", "--json"]),
      await mote(["config", "get", "--json"]),
    ]) {
      expect(out + err).not.toContain(code);
      expect(out + err).not.toContain(code.replaceAll("-", ""));
    }
  });

  test("tells its Wi-Fi and what it hears", async () => {
    expect(JSON.parse((await mote(["wifi", "--json"], { press: false })).out)).toMatchObject({
      ssid: "mote",
      origin: "built-in",
      broker: "up",
      rssiDbm: expect.any(Number),
    });
    for (const name of ["mote-6f7465", "Mote 6f7465", "6F7465", "02006d6f7465"])
      expect(await mote(["wifi", "--board", name])).toMatchObject({ code: 0, out: expect.stringContaining("Network mote (built-in)\n") });
    const { networks } = JSON.parse((await mote(["wifi", "scan", "--json"])).out) as { networks: { ssid: string }[] };
    expect(networks.map(({ ssid }) => ssid)).toContain("mote");
  });

  test("takes settings, all or none, as one in a folder does", async () => {
    const set = await mote(["config", "set", "journal.blockS=10", "device.name=porch"]);
    expect(set).toMatchObject({ code: 0, out: expect.stringContaining("device.name     (not set) → porch\n") });
    expect((await mote(["config", "get", "journal.blockS"])).out).toMatch(/^journal\.blockS  10 s  set\n/);
    const wrong = await mote(["config", "set", "broker.port=70000", "journal.blockS=20"]);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringMatching(/broker\.port.*65535/) });
    expect(await mote(["config", "set", "brocker.port=1"])).toMatchObject({ code: 2, err: expect.stringContaining("broker.port") });
    expect((await mote(["config", "get", "journal.blockS", "--json"])).out).toContain('"value":10');
    expect((await mote(["config", "reset", "journal.blockS"])).out).toMatch(/^journal\.blockS  10 s → \d+ s\n/);
    expect((await moteReading('{"broker":{"port":1885}}', "config", "diff", "-")).out).toBe("broker.port  1883 → 1885\n");
  });

  test("has what could cut it off on trial, which is told, undone, or kept", async () => {
    expect((await mote(["config", "set", "broker.host=10.0.0.9"])).out).toMatch(/On trial for \d+ s: mote config trial/);
    expect((await mote(["config", "trial"])).out).toMatch(/^On trial for \d+ s more: broker\.host\b/);
    expect((await mote(["config", "undo"])).out).toContain("What held before holds again");
    expect(await mote(["config", "undo"])).toMatchObject({ code: 1, err: expect.stringContaining("Nothing is on trial") });
    await mote(["config", "set", "broker.host=10.0.0.9"]);
    expect(JSON.parse((await mote(["config", "confirm", "--json"])).out)).toMatchObject({ state: "kept" });
    await mote(["config", "reset", "broker.host"]);
  });

  test("shows of a secret that it is another one, and no more", async () => {
    const set = await mote(["config", "set", "wifi.password=not so secret"]);
    expect(set.out).toMatch(/^wifi\.password  \(set\) → \(set\), another\n/);
    expect((await mote(["config", "undo", "--json"])).out).toContain('"undone"');
    expect(set.out + set.err).not.toContain("not so secret");
  });

  test("goes back to its network when it cannot join another, and says so", async () => {
    const joined = await moteReading("not the password\n", "wifi", "join", "mote", "--password-stdin");
    expect(joined).toMatchObject({ code: 1, out: expect.stringMatching(/^mote\. Undone: .*What held before holds again/) });
    expect(joined.err).toContain("not joined yet");
    expect(joined.out + joined.err).not.toContain("not the password");
    expect(await mote(["wifi", "join", "mote"])).toMatchObject({ code: 2, err: expect.stringContaining("--password-stdin") });
  });

  test("joins a network with its password, and keeps it", async () => {
    await mote(["config", "reset", "broker.host"]);
    const joined = await mote(["wifi", "join", "guests", "--open", "--json"]);
    expect([joined.code, JSON.parse(joined.out)]).toEqual([0, { ssid: "guests", state: "kept" }]);
  });

  test("is forgotten when its user wants it", async () => {
    expect(await mote(["pair", "--forget", "--board", "attic"])).toMatchObject({
      code: 1,
      err: expect.stringContaining('no board "attic" is paired'),
    });
    expect((await mote(["pair", "--forget"])).out).toBe("board is forgotten.\n");
    expect(readFileSync(join(folder, "mote", "paired.json"), "utf8")).not.toContain("code");
    expect(await mote(["pair", "--forget"])).toMatchObject({ code: 1, err: expect.stringContaining("no board is paired") });
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
