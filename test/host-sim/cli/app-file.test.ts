import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import ownApp from "../../../firmware/app.js";
import { loadApp } from "../../../host-sim/cli/app-file.js";
import { readableErrors } from "../../../host-sim/cli/app-types.js";

/** Outside the repository, where people have their apps. */
const folder = realpathSync(mkdtempSync(join(tmpdir(), "mote-apps-")));
afterAll(() => rmSync(folder, { recursive: true }));

const example = fileURLToPath(new URL("../../../docs/examples/soil-moisture.ts", import.meta.url));

function written(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const good = `import { defineApp, median, SHT3x } from "mote";
export default defineApp({
  name: "garden",
  sensors: { air: { driver: SHT3x, on: "i2c", everyMs: 1000 } },
  channels: { warm: { from: "air.thermometer.temperature", resolution: 0.1, stages: [median(5)] } },
});
`;

async function wrong(name: string, text: string): Promise<string> {
  const loaded = await loadApp(written(name, text));
  if (loaded.ok) throw new Error("taken");
  return loaded.error.message.replaceAll(/[^\s'"]*\/mote-apps-[^/]+\//g, "");
}

describe("an app outside the repository", () => {
  test.concurrent("may have several files, imported as .js or as .ts, and drivers of its own", async () => {
    written("many/unit.ts", "export const unit: string = '%';\n");
    written("many/probe.ts", 'export { unit } from "./unit.ts";\nexport { SHT3x as Probe } from "mote";\n');
    const text = good.replace("median, SHT3x", "median").replace("SHT3x", "Probe").replace("resolution", "unit, resolution");
    const loaded = await loadApp(written("many/app.ts", 'import { Probe, unit } from "./probe.js";\n' + text));
    expect(loaded).toMatchObject({ ok: true, value: { app: { name: "garden", channels: { warm: { unit: "%" } } } } });
    if (!loaded.ok) return;
    expect(loaded.value.module).toContain('from "mote"');
    expect(loaded.value.module).not.toContain("sourceMappingURL");
  });

  test.concurrent("may be plain JavaScript", async () => {
    expect(await loadApp(written("plain.js", good))).toMatchObject({ ok: true, value: { app: { name: "garden" } } });
  });

  test.concurrent.each([
    [
      "an unknown sensor",
      good.replace("air.thermo", "sky.thermo"),
      /^unknown-sensor\.ts:5:23: Type '"sky\.thermometer\.temperature"' is not assignable/,
    ],
    ["a wrong name", good.replace("median(5)", "medain(5)"), /^wrong-name\.ts:5:\d+: Cannot find name 'medain'\. Did you mean 'median'\?$/],
    ["a slip of syntax", good.replace("sensors: {", "sensors: {{"), /^slip\.ts:4:13: Property assignment expected/],
    [
      "no default export",
      good.replace("export default", "export const app ="),
      /^no-default\.ts: its default export must be an app: export default defineApp\(/,
    ],
    ["another default export", "export default 7;", /^seven\.ts: its default export must be an app/],
    ["nothing at all", "", /^empty\.ts: its default export must be an app/],
    ["a throw of what is no error", good + "\nthrow 'that';\n", /^throws-text\.ts: it throws as it is loaded: that$/],
    [
      "Node's modules",
      'import { readFileSync } from "node:fs";\n' + good + "readFileSync(good);\n",
      /^node-fs\.ts:1:30: a board has no 'node:fs', which is Node's: an app may import "mote"/,
    ],
    ["Node's modules in JavaScript", 'import "fs";\n' + good, /^node-fs-js\.js:1:8: a board has no 'fs', which is Node's/],
    ["console", good + "console.log(1);\n", /^console\.ts:7:1: a board has no 'console'/],
    ["an await outside of functions", "await new Promise(() => {});\n" + good, /^await\.ts:1:1: a board runs an app's files at once/],
    ["a file that is not there", 'import "./nowhere.js";\n' + good, /^missing\.ts:1:8: .*'\.\/nowhere\.js'/],
  ])("with %s is refused by its place", async (what, text, message) => {
    const name =
      { slip: "slip.ts", "Node's modules in JavaScript": "node-fs-js.js" }[what] ?? String(message).match(/\^([\w-]+)/)![1]! + ".ts";
    expect(await wrong(name, text)).toMatch(message);
  });

  test.concurrent("that is no file of TypeScript is refused by its name", async () => {
    expect(await loadApp(folder)).toMatchObject({
      error: { message: `${folder}: it is a folder; --app takes the file in it that declares the app` },
    });
    expect(await loadApp("nowhere.ts")).toMatchObject({ error: { message: "nowhere.ts: there is no such file" } });
    expect(await loadApp(written("app.yaml", "{}"))).toMatchObject({
      error: { message: expect.stringContaining("an app is a file ending in .ts") },
    });
    expect(await loadApp(written("app.json", "{}"))).toMatchObject({
      error: { message: expect.stringMatching(/app\.json: it must be an app such as/) },
    });
  });
});

test("the repository's own app is the same by its file's name: its drivers are the ones that the world knows", async () => {
  const loaded = await loadApp(fileURLToPath(new URL("../../../firmware/app.ts", import.meta.url)));
  expect(loaded).toMatchObject({ ok: true, value: { app: { name: ownApp.name, channels: ownApp.channels } } });
  if (loaded.ok) expect(loaded.value.module).not.toMatch(/\bclass\b/);
});

test("the example of a sensor of one's own is a whole app of at most 30 lines", async () => {
  const { readFileSync } = await import("node:fs");
  expect(readFileSync(example, "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(30);
  expect(await loadApp(example)).toMatchObject({ ok: true });
});

test("of many type errors the first five are shown, each by its place, with what belongs to it", () => {
  const said = Array.from({ length: 8 }, (_, line) => `a.ts(${line + 1},2): error TS1: What${line}.\n  Because.`).join("\n");
  expect(readableErrors(said)).toBe(
    [0, 1, 2, 3, 4].map((line) => `a.ts:${line + 1}:2: What${line}.\n  Because.`).join("\n") + "\n… and 3 more",
  );
});
