/** What of an app and its drivers is taken and what is refused, and with which words. */
import { describe, expect, test } from "vitest";
import { loadApp } from "../../../host-sim/cli/app-file.js";
import { app, project, thermometer } from "./project.js";

describe("what cannot run here is refused by its place", () => {
  let number = 0;

  async function refused(driver: string, text = app, file = "app.js"): Promise<string> {
    const result = await loadApp(project(`refused-${++number}`, driver, text, file));
    return result.ok ? "taken" : result.error.message.replaceAll(/[^\s'"]*\/refused-\d+\//g, "");
  }

  test.each([
    ["a native class", 'class Native @ "xs_chip_destructor" {\n}\n', /^driver\.js:1:14: "xs_chip_destructor" is native code, written in C/],
    [
      "a native method",
      'export default class {\n  init() @ "xs_chip_init";\n}\n',
      /^driver\.js:2:10: "xs_chip_init" is native code.*\(docs\/drivers\.md\)$/,
    ],
    ["a native base class", 'class A extends B @ "xs_a" {}', /"xs_a" is native code/],
    [
      "a native function",
      '// native("xs_no")\nexport default () => native("xs_chip_read").call();',
      /^driver\.js:2:22: "xs_chip_read" is native/,
    ],
    [
      "a module of the SDK that has no model here",
      'import Serial from "embedded:io/serial";',
      /^driver\.js:1:20: the simulator has no module 'embedded:io\/serial': .* crc, time, timer, embedded:io\/analog/,
    ],
    ["a module that nobody has", 'import "mc/config";', /^driver\.js:1:8: the simulator has no module 'mc\/config'/],
    [
      "a driver of the SDK by its name",
      'export { default } from "embedded:sensor/Touch/X";',
      /'embedded:sensor\/Touch\/X': the SDK's drivers are no part of the simulator: put the driver's file beside/,
    ],
  ])("%s", async (_, driver, message) => {
    expect(await refused(driver)).toMatch(message);
  });

  test("an app in TypeScript that imports such a module", async () => {
    const text = app + 'import PWM from "embedded:io/pwm";\nnew PWM();\n';
    expect(await refused(thermometer(0), text, "app.ts")).toMatch(/^app\.ts:8:17: the simulator has no module 'embedded:io\/pwm'/);
  });

  test("a class in TypeScript that extends a driver without types, with the remedy", async () => {
    const text = app
      .replace("driver: Named", "driver: Mine")
      .replace("export", "class Mine extends Named { sample() { return {}; } }\nexport");
    expect(await refused(thermometer(0), text, "app.ts")).toMatch(
      /^app\.ts:6:23: .*\n.*'close' is missing.*\n {2}A class that extends a driver in JavaScript goes into/,
    );
  });

  test("but not what only looks like it", async () => {
    const text =
      'const about = \'class A @ "xs_a"\'; // init() @ "xs_b"\n/* native("xs_c") */\nconst native = (name) => name;\nnative("mine");\n';
    expect(await refused(text + thermometer(0))).toBe("taken");
  });
});

describe("an app in TypeScript", () => {
  test("knows the types of timer, crc, device and the buses, and takes drivers without types", async () => {
    const text = `import Timer from "timer";
import Time from "time";
import CRC8, { CRC16 } from "crc";
import SMBus from "embedded:io/smbus";
import provider from "embedded:provider/builtin";
export function used(): number {
  const io = new SMBus({ ...provider.I2C.default, hz: 100_000, address: 1 });
  const once = Timer.set(() => System.restart(), 5);
  Timer.clear(once);
  trace("a", 1);
  return io.readUint8(1) + Time.ticks + new CRC8(7).checksum(new ArrayBuffer(1)) + new CRC16(7).reset().checksum(new Uint8Array(1)) + device.pin.button;
}
`;
    expect(await loadApp(project("types", thermometer(0), app + text, "app.ts"))).toMatchObject({ ok: true });
    const wrong = await loadApp(project("wrong", thermometer(0), app + text + 'Timer.delay("5");\n', "app.ts"));
    expect(wrong).toMatchObject({ ok: false, error: { message: expect.stringMatching(/app\.ts:\d+:13: Argument of type 'string'/) } });
  });

  test("that uses the bus as its files are loaded is told where it may", async () => {
    const result = await loadApp(project("early", thermometer(0), app + "device.I2C.default;\n"));
    expect(result).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining("no board runs while an app's files are loaded") },
    });
  });
});
