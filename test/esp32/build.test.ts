/** `npm run build:esp32` and `npm run flash` as a user meets them: without the SDK, with wrong words, and with tools that stand in for the SDK. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

describe("wrong words", () => {
  test.each([
    [["build", "--board", "esp8266"], /--board must be one of esp32, esp32c3, esp32s3/],
    [["build", "--bord", "esp32"], /--bord/],
    [["build", "esp32"], /esp32/],
    [["build", "--port", "/dev/x"], /--port belongs to npm run flash/],
    [["flash", "--broker", "mqtt://10.0.0.2"], /--wifi-ssid is missing/],
    [["flash", "--wifi-ssid", "home"], /--broker is missing/],
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

  test("exits 3 when MODDABLE points to nothing", () => {
    expect(run(["build"], { MODDABLE: join(folder, "gone") }).said).toContain("the SDK is not there");
  });
});

describe("with tools that stand in for the SDK", () => {
  let project: string;

  /** A project of its own: the script works beside its own folder, and must not write into this one. */
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "mote-esp32-"));
    for (const name of ["esp32.js", "esp32-options.js", "esp32-sdkconfig.js"]) {
      mkdirSync(join(project, "scripts"), { recursive: true });
      writeFileSync(join(project, "scripts", name), readFileSync(join(dirname(script), name)));
    }
    writeFileSync(join(project, "package.json"), '{ "type": "module" }');
    mkdirSync(join(project, "sdkconfig"));
    writeFileSync(join(project, "sdkconfig", "sdkconfig.defaults"), "CONFIG_BT_NIMBLE_SM_LEGACY=n\n");
    mkdirSync(join(project, "examples"));
    writeFileSync(join(project, "examples", "manifest_base.json"), "{}");
    stand("idf.py", "");
    stand("tsc", "");
  });

  afterEach(() => {
    rmSync(project, { recursive: true });
  });

  function stand(name: string, text: string): void {
    mkdirSync(join(project, "node_modules", ".bin"), { recursive: true });
    writeFileSync(join(project, "node_modules", ".bin", name), "#!/bin/sh\n" + text);
    chmodSync(join(project, "node_modules", ".bin", name), 0o755);
  }

  function run(words: readonly string[]): { status: number | null; said: string; calls: string[] } {
    const done = spawnSync(process.execPath, [join(project, "scripts", "esp32.js"), ...words], {
      encoding: "utf8",
      env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, MODDABLE: project, IDF_PATH: project },
    });
    const log = join(project, "calls");
    return {
      status: done.status,
      said: done.stdout + done.stderr,
      calls: existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [],
    };
  }

  /** Writes down how it was called and makes an image, as mcconfig with ESP-IDF would. */
  const makesImage = `root="$(dirname "$0")/../.."
echo "port=$UPLOAD_PORT $*" >> "$root/calls"
case "$3" in esp32/*) board="\${3#esp32/}" ;; *) board=esp32 ;; esac
mkdir -p "$root/build/esp32/bin/$3/release/mote" "$root/build/esp32/tmp/$3/release/mote/xsProj-$board"
echo image > "$root/build/esp32/bin/$3/release/mote/xs_esp32.bin"
`;

  test("a build calls mcconfig once a board, without Wi-Fi", () => {
    stand("mcconfig", makesImage);
    const { status, said, calls } = run(["build"]);
    expect({ status, said }).toMatchObject({ status: 0 });
    expect(calls.map((call) => call.split(" ").slice(1, 6).join(" "))).toEqual([
      "-m -p esp32 -t build",
      "-m -p esp32/esp32c3 -t build",
      "-m -p esp32/esp32s3 -t build",
    ]);
    expect(calls.join("\n")).not.toContain("moteSSID");
    expect(said).toContain("esp32c3: 6 bytes");
  });

  test("a flash builds, then deploys, with what the board must know and the port", () => {
    stand("mcconfig", makesImage);
    const { status, calls } = run([...flash, "--wifi-password", "a = b $HOME", "--board", "esp32s3", "--port", "/dev/ttyX"]);
    expect(status).toBe(0);
    expect(calls.map((call) => /-t (\w+)/.exec(call)?.[1])).toEqual(["build", "deploy"]);
    for (const call of calls) {
      expect(call).toMatch(/^port=\/dev\/ttyX .*-p esp32\/esp32s3 /);
      expect(call).toContain("moteSSID=home motePassword=a = b $HOME moteBrokerHost=10.0.0.2 moteBrokerPort=1883");
    }
  });

  test("types that do not fit stop it before mcconfig is called", () => {
    stand("mcconfig", makesImage);
    stand("tsc", "echo wrong; exit 1\n");
    const { status, said, calls } = run(["build"]);
    expect({ status, calls }).toEqual({ status: 1, calls: [] });
    expect(said).toContain("types do not fit");
  });

  test("an SDK that returns 0 without an image has failed", () => {
    stand("mcconfig", "");
    const { status, said } = run(["build", "--board", "esp32"]);
    expect(status).toBe(1);
    expect(said).toContain("no image for esp32");
  });

  test("an image of an earlier build is not taken for this one's", () => {
    stand("mcconfig", makesImage);
    expect(run(["build", "--board", "esp32"]).status).toBe(0);
    stand("mcconfig", "");
    expect(run(["build", "--board", "esp32"]).status).toBe(1);
  });

  test("a configuration that the SDK overruled fails the build", () => {
    stand("mcconfig", makesImage + 'echo CONFIG_BT_NIMBLE_SM_LEGACY=y > "$root/build/esp32/tmp/$3/release/mote/xsProj-$board/sdkconfig"\n');
    const { status, said } = run(["build", "--board", "esp32c3"]);
    expect(status).toBe(1);
    expect(said).toContain("CONFIG_BT_NIMBLE_SM_LEGACY=n");
  });

  test("an upload that fails asks whether the board is there", () => {
    stand("mcconfig", makesImage + 'case "$*" in *deploy*) exit 2 ;; esac\n');
    const { status, said } = run(flash);
    expect(status).toBe(1);
    expect(said).toContain("plugged in");
  });
});
