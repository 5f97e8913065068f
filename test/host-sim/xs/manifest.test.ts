/** manifest.json's modules and preloads, with mcconfig's wildcards. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { contents, readManifest } from "../../../host-sim/xs/manifest.js";
import { link, root } from "../../../host-sim/xs/modules.js";

const folders: Record<string, string[]> = {
  firmware: ["start.ts", "main.ts", "types.d.ts", "notes.md", "base"],
  "firmware/base": ["result.ts", "result.js", "ticks.ts"],
  drivers: ["sensor-a.ts", "sensor-b.ts", "other.ts"],
};
const filesOf = (folder: string): string[] => folders[folder] ?? [];

const modules = {
  "firmware/*": "./firmware/*",
  "firmware/base/*": ["./firmware/base/*"],
  "s/*": "./drivers/sensor-*",
  one: "./drivers/other.ts",
};

function resolved(manifest: Parameters<typeof contents>[0]) {
  const result = contents(manifest, filesOf);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

test("a wildcard takes the scripts of one folder, and what stands before the star is cut off", () => {
  expect(Object.fromEntries(resolved({ modules }).modules)).toEqual({
    "firmware/start": "firmware/start",
    "firmware/main": "firmware/main",
    "firmware/base/result": "firmware/base/result",
    "firmware/base/ticks": "firmware/base/ticks",
    "s/a": "drivers/sensor-a",
    "s/b": "drivers/sensor-b",
    one: "drivers/other",
  });
});

test("a file under ~ is left out, and the SDK's own files are passed over", () => {
  const { modules: found } = resolved({ modules: { ...modules, "~": ["./firmware/main"], "*": "$(MODULES)/base/time/*" } });
  expect([...found.keys()]).not.toContain("firmware/main");
  expect([...found.keys()]).toContain("firmware/start");
  expect(found.size).toBe(6);
});

test("preloads are names, or all names that begin alike, once each and in order", () => {
  expect(resolved({ modules, preload: ["firmware/base/ticks", "firmware/base/*", "one"] }).preload).toEqual([
    "firmware/base/ticks",
    "firmware/base/result",
    "one",
  ]);
});

test("a preload that names no module is an error that names it", () => {
  expect(contents({ modules, preload: ["firmware/nowhere"] }, filesOf)).toEqual({
    ok: false,
    error: { kind: "manifest", message: "manifest.json preloads firmware/nowhere, which is none of its modules" },
  });
  expect(contents({ modules, preload: ["x/*"] }, filesOf)).toMatchObject({ ok: false, error: { kind: "manifest" } });
});

test("the repository's manifest resolves, and all that it preloads can be linked", () => {
  const manifest = readManifest(root);
  if (!manifest.ok) throw new Error(manifest.error.message);
  const raw = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8")) as { preload: string[]; creation: { stack: number } };
  expect(manifest.value.preload.length).toBeGreaterThanOrEqual(raw.preload.length);
  expect(manifest.value.stackSlots).toBe(raw.creation.stack);
  expect(link({ entries: [], preload: manifest.value.preload, aliases: { mote: "firmware/mote" } })).toMatchObject({ ok: true });
});
