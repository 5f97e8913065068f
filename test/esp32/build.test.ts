/** `npm run build:esp32` and `npm run flash` as a user meets them: without the SDK, with wrong words, and with tools that stand in for the SDK. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseOptions, UsageError } from "../../scripts/esp32-options.js";

const script = fileURLToPath(new URL("../../scripts/esp32.js", import.meta.url));
const flash = ["flash", "--wifi-ssid", "home", "--broker", "mqtt://10.0.0.2"];

function message(words: readonly string[]): string {
  try {
    parseOptions(words);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return "";
}

test.each(["build", "flash"])("%s --help lists the options, and builds nothing", (command) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, command, "--help"], { encoding: "utf8", env: {} });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  for (const name of ["board", "port", "label", "wifi-ssid", "wifi-password", "broker", "debug"])
    expect(stdout).toMatch(new RegExp(`^  --${name}\\b`, "m"));
});

describe("wrong words", () => {
  test.each([
    [["build", "--board", "esp8266"], /--board must be one of esp32, esp32c3, esp32s3/],
    [["build", "--bord", "esp32"], /--bord/],
    [["build", "esp32"], /esp32/],
    [["build", "--port", "/dev/x"], /--port belongs to npm run flash/],
    [["build", "--label", "porch.svg"], /--label belongs to npm run flash/],
    [["flash", "--label", "porch.png"], /must be a file that ends in \.svg/],
    [[...flash, "--board", "esp32", "--board", "esp32c3"], /one board/],
    [["flash", "--wifi-ssid", "", "--broker", "mqtt://10.0.0.2"], /1 to 32 bytes/],
    [["flash", "--wifi-ssid", "ü".repeat(17), "--broker", "mqtt://10.0.0.2"], /1 to 32 bytes long, not 34/],
    [[...flash, "--wifi-password", "short"], /8 to 63 characters/],
    [["build", "--wifi-password", "long enough"], /needs --wifi-ssid/],
    [["flash", "--wifi-ssid", "home", "--broker", "10.0.0.2:1883"], /--broker must be/],
    [["flash", "--wifi-ssid", "home", "--broker", "http://10.0.0.2"], /begin with mqtt:/],
    [["flash", "--wifi-ssid", "home", "--broker", "mqtt://10.0.0.2:99999"], /--broker must be a URL/],
    [["flash", "--wifi-ssid", "home", "--broker", "mqtt://10.0.0.2:0"], /port must be/],
    [["flash", "--wifi-ssid", "home", "--broker", "mqtt://10.0.0.2/topic"], /a host and a port/],
    [["flash", "--wifi-ssid", "home", "--broker", "mqtt://localhost"], /the board itself/],
    [["flash", "--wifi-ssid", "home", "--broker", "mqtt://127.0.0.1:1883"], /the board itself/],
    [["flash", "--wifi-ssid", "home", "--broker", "mqtt://bröker"], /a name or a dotted address of at most 128 bytes/],
    [["flash", "--wifi-ssid", "home", "--broker", `mqtt://${"a".repeat(65)}@h`], /the name must be at most 64 bytes long; this one has 65/],
    [["flash", "--wifi-ssid", "home", "--broker", "mqtt://me:a%zz@h"], /the password has a % in it that is no escape/],
    [[], /build or flash/],
  ])("%j are refused in one line", (words, expected) => {
    expect(message(words)).toMatch(expected);
    expect(message(words)).not.toContain("\n");
  });

  test("a password is never repeated", () => {
    expect(message([...flash, "--wifi-password", "secret"])).not.toContain("secret");
  });
});

describe("right words", () => {
  test("a build is for all three boards unless one is named", () => {
    expect(parseOptions(["build"]).boards).toEqual(["esp32", "esp32c3", "esp32s3"]);
    expect(parseOptions(["build", "--board", "esp32c3"]).boards).toEqual(["esp32c3"]);
  });

  test("the Wi-Fi password may come from the environment", () => {
    expect(parseOptions(flash, { MOTE_WIFI_PASSWORD: "from outside" }).config["motePassword"]).toBe("from outside");
  });

  test("Wi-Fi and broker may be left out: they are set over Bluetooth", () => {
    expect(parseOptions(["flash"])).toMatchObject({ command: "flash", boards: ["esp32"], config: {} });
    expect(parseOptions(["flash", "--broker", "mqtt://10.0.0.2"]).config).toEqual({ moteBrokerHost: "10.0.0.2", moteBrokerPort: "1883" });
  });

  test("a network may be open", () => {
    expect(parseOptions(flash).config).toEqual({ moteSSID: "home", moteBrokerHost: "10.0.0.2", moteBrokerPort: "1883" });
  });
});

describe("the command", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "mote-esp32-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs the script where no tool is installed but Node and those that the test puts in `folder`. */
  function run(words: readonly string[], environment: Record<string, string> = {}): { status: number | null; said: string } {
    const path = [folder, dirname(process.execPath), "/usr/bin", "/bin"].join(":");
    const done = spawnSync(process.execPath, [script, ...words], { encoding: "utf8", env: { PATH: path, ...environment } });
    return { status: done.status, said: done.stdout + done.stderr };
  }

  function tool(name: string, text: string): void {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }

  test("exits 2 with one line when its words are wrong, installed or not", () => {
    const { status, said } = run(["build", "--board", "esp8266"]);
    expect(status).toBe(2);
    expect(said.trimEnd().split("\n")).toHaveLength(1);
  });

  test("exits 3 and says what to install when there is no SDK", () => {
    const { status, said } = run(["build"]);
    expect(status).toBe(3);
    for (const word of ["MODDABLE is not set", "mcconfig", "ESP-IDF v6.0", "idf.py", "npm start"]) expect(said).toContain(word);
    expect(said).not.toContain("    at ");
  });

  test("exits 3 and names the one thing that is missing", () => {
    mkdirSync(join(folder, "examples"));
    writeFileSync(join(folder, "examples", "manifest_base.json"), "{}");
    tool("mcconfig", "#!/bin/sh\n");
    const { status, said } = run(["build"], { MODDABLE: folder, IDF_PATH: folder });
    expect(status).toBe(3);
    expect(said.match(/^ {2}- /gm)).toHaveLength(1);
    expect(said).toContain("idf.py");
  });

  test("a flash needs esptool as well, and is refused before anything is built", () => {
    mkdirSync(join(folder, "examples"));
    writeFileSync(join(folder, "examples", "manifest_base.json"), "{}");
    for (const name of ["mcconfig", "idf.py"]) tool(name, "#!/bin/sh\n");
    const { status, said } = run(["flash"], { MODDABLE: folder, IDF_PATH: folder });
    expect(status).toBe(3);
    expect(said.match(/^ {2}- /gm)).toHaveLength(1);
    expect(said).toContain("esptool, by which the board's secret is read and written");
  });

  test("exits 3 when MODDABLE points to nothing", () => {
    expect(run(["build"], { MODDABLE: join(folder, "gone") }).said).toContain("the SDK is not there");
  });
});
