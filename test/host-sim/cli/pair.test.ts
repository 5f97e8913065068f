/** `mote pair`, `mote wifi` and `mote config` against a simulator that runs, in a process of its own, over Bluetooth. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import decodeQR from "qr/decode.js";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { commands } from "../../../host-sim/cli/commands.js";
import { airUrl } from "../../../host-sim/cli/reach-place.js";
import { airOf } from "../../../host-sim/cli/reach.js";
import { connect } from "../../../host-sim/pairing/socket-link.js";
import { pairingCode as codeFor } from "../../../host-sim/pairing/code.js";
import { killGroup, running, startMote, type Running } from "./command.js";

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

/** Of no board here. */
const foreign = codeFor(new Uint8Array(15));
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
      err: expect.stringContaining("nobody answers under http://127.0.0.1:9/: is a simulator running there? npm start begins one"),
    });
    for (const words of [["wifi"], ["config", "get"]])
      expect(await mote(words)).toMatchObject({ code: 1, err: expect.stringContaining(`mote pair --at ${url} does it, once`) });
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
    expect(simulator.out).toContain(`(its pairing code; as a QR code: npx mote pair --qr --at ${url})`);
    expect(simulator.out).toContain(`Set up  ${url}configure/`);
    expect(simulator.out).toContain('Wi-Fi   mote, password "simulated"\n');
    const { out } = await mote(["pair", "--qr"]);
    expect(out).toContain(code);
    expect(decoded(out)).toBe("MOTE:02006D6F7465:" + code.replaceAll("-", ""));
  });

  test("a wrong code is refused, a mistyped one before it is tried, and nothing is kept", async () => {
    const code = await pairingCode();
    const mistyped = code.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    expect(await mote(["pair", mistyped])).toMatchObject({ code: 2, err: expect.stringContaining("slip in it") });
    expect(await mote(["pair", mistyped], { at: "http://127.0.0.1:9/" })).toMatchObject({ code: 2 });
    for (const left of [19, 18]) {
      const wrong = await mote(["pair", foreign, ...(left === 19 ? ["--press"] : [])]);
      expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/another board's.*It takes \d+ guesses more/) });
      expect(wrong.err).toContain(`It takes ${left} guesses more`);
    }
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
      out:
        `Paired with board: mote wifi --at ${url} and mote config get --at ${url} reach it from now on.\n` +
        "mote-6f7465, ESP32-DevKitC, firmware 0.1.0\njoined, address 10.0.0.0; the broker answers\n",
    });
    const { about, health } = JSON.parse((await mote(["pair", code, "--press", "--json"])).out) as Record<string, unknown>;
    expect(about).toMatchObject({ id: "02006d6f7465", firmware: "0.1.0", uptimeMs: expect.any(Number) });
    expect(health).toMatchObject({ network: "up 10.0.0.0", samples: expect.any(Number), rssi: expect.any(Number) });
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
      expect(await mote(["wifi", "--board", name])).toMatchObject({ code: 0, out: expect.stringContaining("Network mote (built in)\n") });
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
    // The board's time runs fast here, and a busy machine is slow.
    const away = ["config", "set", "broker.host=10.0.0.9", "trial.forS=3600"];
    expect((await mote(away)).out).toMatch(/On trial for \d+ s: mote config trial/);
    expect((await mote(["config", "trial"])).out).toMatch(/^On trial for \d+ s more: broker\.host\b/);
    expect((await mote(["config", "undo"])).out).toContain("What held before holds again");
    expect(await mote(["config", "undo"])).toMatchObject({ code: 1, err: expect.stringContaining("Nothing is on trial") });
    await mote(away);
    expect(JSON.parse((await mote(["config", "confirm", "--json"])).out)).toMatchObject({ state: "kept" });
    await mote(["config", "reset", "broker.host"]);
  });

  test("is asked of one person at a time, which says where the other may be", async () => {
    expect((await mote(["config", "trial"])).code).toBe(0);
    const link = await connect(airOf({ at: airUrl(url)! }), "board");
    const busy = await mote(["config", "trial"], { press: false });
    expect(link.ok).toBe(true);
    if (link.ok) link.value.close();
    expect(busy).toMatchObject({ code: 1, err: expect.stringMatching(/configurator in a browser. Disconnect there, or press/) });
  });

  test("shows of a secret that it is another one, and no more", async () => {
    const set = await mote(["config", "set", "wifi.password=not so secret"]);
    expect(set.out).toMatch(/^wifi\.password  \(set\) → \(set\), another\n/);
    expect((await mote(["config", "undo", "--json"])).out).toContain('"undone"');
    expect(set.out + set.err).not.toContain("not so secret");
  });

  test("goes back to its network when it cannot join another, and says so", async () => {
    const joined = await moteReading("not the password\n", "wifi", "join", "mote", "--password-stdin");
    const taken = /^mote\. Undone: .*This command has taken it back. What held before holds again/;
    expect(joined).toMatchObject({ code: 1, out: expect.stringMatching(taken) });
    expect(joined.err).not.toContain("by itself");
    expect(joined.err).toContain("not joined yet");
    expect(joined.out + joined.err).not.toContain("not the password");
    expect(await mote(["wifi", "join", "mote"])).toMatchObject({ code: 2, err: expect.stringContaining("--password-stdin") });
  });

  test("refuses a password that no network has before it connects", async () => {
    const refused = await moteReading("short\n", "wifi", "join", "mote", "--password-stdin");
    expect(refused).toMatchObject({
      code: 2,
      err: "mote: wifi.password must be empty, 8 to 63 bytes or 64 hex digits; this one has 5 bytes\n",
    });
  });

  test("keeps what is on trial when whoever waits for it leaves, and says how to take it back", async () => {
    const waiting = running(process.execPath, [main, "wifi", "join", "nowhere", "--open", "--press", "--at", url]);
    await waiting.says(/on trial for/);
    waiting.child.kill("SIGINT");
    const { code, out } = await waiting.ended;
    expect({ code, out }).toMatchObject({
      code: 130,
      out: expect.stringMatching(
        /^nowhere stays on trial until the broker is reached, for \d+ s at most: mote config undo --at \S+ takes it back\n$/,
      ),
    });
    expect((await mote(["config", "undo", "--json"])).out).toContain('"undone"');
  });

  test("joins a network with its password, and keeps it", async () => {
    await mote(["config", "reset", "broker.host"]);
    const joined = await mote(["wifi", "join", "guests", "--open", "--json"]);
    expect([joined.code, JSON.parse(joined.out)]).toEqual([0, { ssid: "guests", state: "kept" }]);
  });

  test("is known beside another of the same id, whose code was kept later", async () => {
    const path = join(folder, "mote", "paired.json");
    const [own] = (JSON.parse(readFileSync(path, "utf8")) as { boards: Record<string, unknown[]> }).boards["02006d6f7465"]!;
    const write = (...codes: unknown[]): void => writeFileSync(path, JSON.stringify({ boards: { "02006d6f7465": codes } }));
    write({ name: "board", code: foreign }, own);
    expect(await mote(["wifi"])).toMatchObject({ code: 0 });
    expect((await mote(["pair", "--list"])).out).toBe("board  02006d6f7465\n");
    write({ name: "board", code: foreign });
    expect(await mote(["wifi"])).toMatchObject({ code: 1, err: expect.stringContaining("another seed, or another folder?") });
    write(own);
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
