/** Apps with drivers of their own, written into a folder as people have them, and loaded. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { loadApp, type LoadedApp } from "../../../host-sim/cli/app-file.js";
import { loadChips, type MakeChips } from "../../../host-sim/cli/chip-file.js";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "mote-ecma419-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export function written(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** A driver with what SDK drivers have: SMBus, a blocking delay, a sample that measures one thing. */
export const thermometer = (delayMs: number): string => `import Timer from "timer";
export default class Thermometer {
  #io;
  constructor(options) {
    this.#io = new options.sensor.io({ hz: 100_000, address: 0x48, ...options.sensor });
    trace("made\\n");
  }
  sample() {
    Timer.delay(${delayMs});
    return { temperature: this.#io.readUint8(0) };
  }
  close() { this.#io.close(); }
}
`;

/** Gives a sample of one thing its kind: in JavaScript, since what it extends has no types. */
const named =
  'import Driver from "./driver.js";\nexport default class extends Driver { sample() { return { thermometer: super.sample() }; } }\n';

export const app = `import { defineApp } from "mote";
import Named from "./named.js";
export default defineApp({
  name: "try",
  sensors: { first: { driver: Named, on: "i2c", everyMs: 100 }, second: { driver: Named, on: "i2c", everyMs: 100, address: 0x49 } },
  channels: { one: { from: "first.thermometer.temperature", resolution: 1 }, two: { from: "second.thermometer.temperature", resolution: 1 } },
});
`;

/** An app in a folder of its own, with its driver; the types of one that ends in .ts are checked. */
export function project(place: string, driver: string, text = app, file = "app.js"): string {
  written(`${place}/driver.js`, driver);
  written(`${place}/named.js`, named);
  return written(`${place}/${file}`, text);
}

/** Chips for it, at the addresses of the app's sensors. */
export const warm = "export default [0x48, 0x49].map((address) => ({ address, registers: { 0: address } }));";

export async function loaded(file: string): Promise<LoadedApp> {
  const result = await loadApp(file);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

export async function chipsOf(file: string): Promise<MakeChips> {
  const result = await loadChips(file);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
