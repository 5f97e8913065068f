/** `npm run build:esp32` and `npm run flash` with tools that stand in for the SDK and for a board. */
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import decodeQR from "qr/decode.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readPairing, secretImage } from "../../host-sim/pairing/code.js";
import { findEsptool, secretOffset } from "../../scripts/esp32-secret.js";
import { actsAsBoard, makesImage, Project } from "./project.js";

const flash = ["flash", "--wifi-ssid", "home", "--broker", "mqtt://10.0.0.2"];
let project: Project;

beforeEach(() => {
  project = new Project();
});

afterEach(() => project.remove());

describe("a build", () => {
  test("calls mcconfig once a board, without Wi-Fi", () => {
    const { status, said, calls } = project.run(["build"]);
    expect({ status, said }).toMatchObject({ status: 0 });
    expect(calls.map((call) => call.split(" ").slice(1, 6).join(" "))).toEqual([
      "-m -p esp32 -t build",
      "-m -p esp32/esp32c3 -t build",
      "-m -p esp32/esp32s3 -t build",
    ]);
    expect(calls.join("\n")).not.toContain("moteSSID");
    expect(said).toContain("esp32c3: 6 bytes");
  });

  test("stops before mcconfig is called when types do not fit", () => {
    project.stand("tsc", "echo wrong; exit 1\n");
    const { status, said, calls } = project.run(["build"]);
    expect({ status, calls }).toEqual({ status: 1, calls: [] });
    expect(said).toContain("types do not fit");
  });

  test("has failed when the SDK returns 0 without an image", () => {
    project.stand("mcconfig", "");
    const { status, said } = project.run(["build", "--board", "esp32"]);
    expect(status).toBe(1);
    expect(said).toContain("no image for esp32");
  });

  test("does not take an earlier one's image for its own", () => {
    expect(project.run(["build", "--board", "esp32"]).status).toBe(0);
    project.stand("mcconfig", "");
    expect(project.run(["build", "--board", "esp32"]).status).toBe(1);
  });

  test("fails when the SDK has overruled the configuration", () => {
    const overrules = 'echo CONFIG_BT_NIMBLE_SM_LEGACY=y > "$root/build/esp32/tmp/$3/release/mote/xsProj-$board/sdkconfig"\n';
    project.stand("mcconfig", makesImage + overrules);
    const { status, said } = project.run(["build", "--board", "esp32c3"]);
    expect(status).toBe(1);
    expect(said).toContain("CONFIG_BT_NIMBLE_SM_LEGACY=n");
  });
});

describe("a flash", () => {
  /** The code that was shown, as a person would type it. */
  function codeIn(said: string): string {
    return /^ {2}((?:[0-9A-Z]{4}-){6}[0-9A-Z]{4})$/m.exec(said)![1]!;
  }

  test("builds, then deploys, with what the board must know and the port, then sees to the secret", () => {
    const { status, calls } = project.run([...flash, "--wifi-password", "a = b $HOME", "--board", "esp32s3", "--port", "/dev/ttyX"]);
    expect(status).toBe(0);
    const [built, deployed, read, written, ...more] = calls;
    expect([built, deployed].map((call) => /-t (\w+)/.exec(call!)?.[1])).toEqual(["build", "deploy"]);
    for (const call of [built, deployed]) {
      expect(call).toMatch(/^port=\/dev\/ttyX .*-p esp32\/esp32s3 /);
      expect(call).toContain("moteSSID=home motePassword=a = b $HOME moteBrokerHost=10.0.0.2 moteBrokerPort=1883");
    }
    expect(read).toMatch(/^esptool --chip esp32s3 --port \/dev\/ttyX read-flash 0x13000 0x1000 \S+$/);
    expect(written).toMatch(/^esptool --chip esp32s3 --port \/dev\/ttyX write-flash 0x13000 \S+$/);
    expect(more).toEqual([]);
  });

  test("says which board it assumes where none is named", () => {
    expect(project.run(flash).said).toContain("taking the board for an esp32: --board says another");
    expect(project.run([...flash, "--board", "esp32"]).said).not.toContain("taking the board");
  });

  test("asks whether the board is there when the upload fails, and leaves its secret alone", () => {
    project.stand("mcconfig", makesImage + 'case "$*" in *deploy*) exit 2 ;; esac\n');
    const { status, said, calls } = project.run(flash);
    expect(status).toBe(1);
    expect(said).toContain("plugged in");
    expect(calls.join("\n")).not.toContain("esptool");
  });

  test("makes a secret for a board that has none, and shows its code and where to use it", () => {
    const { status, said } = project.run(["flash"]);
    expect({ status, said }).toMatchObject({ status: 0 });
    const pairing = readPairing(codeIn(said));
    const { secret } = pairing.ok ? pairing.value : { secret: new Uint8Array() };
    const sector = project.read("sector");
    expect(sector.length).toBe(4096);
    expect(sector.subarray(0, 24).equals(Buffer.from(secretImage(secret)))).toBe(true);
    expect(sector.subarray(24).every((byte) => byte === 0xff)).toBe(true);
    expect(said).toContain("Mote 070d64 has a secret now");
    expect(said).toContain("http://127.0.0.1:8080/configure/");
    expect(said).toContain("The board knows no Wi-Fi yet: it can be reached for 5 minutes after it is switched on");
    expect(said.match(/█/g)!.length).toBeGreaterThan(100);
  });

  test("keeps the secret that a board has, also when it is flashed anew", () => {
    const first = codeIn(project.run(["flash"]).said);
    const before = project.read("sector");
    const { said, calls } = project.run(flash);
    expect(codeIn(said)).toBe(first);
    expect(said).toContain("keeps the secret that it had");
    expect(said).toContain("after its button (BOOT) is pressed");
    expect(project.read("sector").equals(before)).toBe(true);
    expect(calls.filter((call) => call.includes("write-flash"))).toHaveLength(1);
  });

  test("makes another one where a bit of it is wrong, and each board's is its own", () => {
    const first = codeIn(project.run(["flash"]).said);
    const torn = project.read("sector");
    torn[7]! ^= 1;
    writeFileSync(join(project.folder, "sector"), torn);
    const { said } = project.run(["flash"]);
    expect(said).toContain("has a secret now");
    expect(codeIn(said)).not.toBe(first);
  });

  test("never has the secret in a command line, nor in a file that others may read, nor leaves that file behind", () => {
    const { said, calls } = project.run(["flash"]);
    const code = codeIn(said);
    expect(calls.join("\n")).not.toMatch(new RegExp(code.replaceAll("-", "") + "|" + code));
    const rights = String(project.read("rights")).trimEnd().split("\n");
    expect(rights).toHaveLength(2);
    for (const line of rights) expect(line).toMatch(/^-rw------- /);
    const file = calls.at(-1)!.split(" ").at(-1)!;
    expect(() => statSync(file)).toThrow(/ENOENT/);
  });

  test("says what esptool said when the secret cannot be read or written, and that the firmware is there", () => {
    for (const verb of ["read-flash", "write-flash"]) {
      project.stand("esptool", `case "$*" in *${verb}*) echo "A fatal error occurred: no serial data" >&2; exit 2 ;; esac\n` + actsAsBoard);
      const { status, said } = project.run(["flash"]);
      expect(status).toBe(1);
      expect(said).toMatch(/its secret could not be (read|written): A fatal error occurred: no serial data\. The firmware is on the board/);
    }
  });

  test("writes a label to print, for its owner alone, with the code and the QR code", () => {
    const { said } = project.run(["flash", "--label", "porch.svg"]);
    const label = String(project.read("porch.svg"));
    for (const group of codeIn(said).split("-")) expect(label).toContain(group);
    expect(label).toContain("Mote 070d64");
    expect(scanned(label)).toBe("MOTE:30AEA4070D64:" + codeIn(said).replaceAll("-", ""));
    expect(statSync(join(project.folder, "porch.svg")).mode & 0o777).toBe(0o600);
    expect(project.run(["flash", "--label", "no/porch.svg"])).toMatchObject({
      status: 1,
      said: expect.stringContaining("could not be written to no/porch.svg"),
    });
  });
});

/** What a camera reads off the label. */
function scanned(svg: string): string {
  const side = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)![1]) * 4;
  const data = new Uint8Array(4 * side * side).fill(255);
  for (const [, x, y] of svg.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
    for (let row = 0; row < 4; row++) {
      const at = 4 * ((Number(y) * 4 + row) * side + Number(x) * 4);
      for (let column = 0; column < 4; column++) data.fill(0, at + 4 * column, at + 4 * column + 3);
    }
  return decodeQR({ width: side, height: side, data });
}

describe("esptool", () => {
  test("is called by the name that it has here", () => {
    const having = (...names: string[]) => findEsptool((name) => names.includes(name), {});
    expect(having("esptool", "esptool.py")).toMatchObject({ tool: "esptool", dash: "-" });
    expect(having("esptool.py")).toMatchObject({ tool: "esptool.py", dash: "_" });
    expect(having()).toBeUndefined();
  });

  test("writes where the partition table says", () => {
    expect(secretOffset(String(project.read("partitions.csv")))).toBe(0x13000);
    expect(() => secretOffset("nvs, data, nvs, 0x9000, 0x6000\n")).toThrow(/no partition secret/);
  });
});
