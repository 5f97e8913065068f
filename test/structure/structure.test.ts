/** The house as it stands, against its rules. What each rule catches is shown in rules.test.ts and files.test.ts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { jumpsOutOfSwitch } from "./control-flow.js";
import { fileLength, fileNames, missing, opening, unreachable } from "./files.js";
import { firmwareImports, hostImports, partCycles } from "./import-direction.js";
import { firmwareLanguage, worldLanguage } from "./language.js";
import { manifestFindings, type Manifest } from "./manifest.js";
import { moduleState } from "./module-state.js";
import { filesIn, root, sourcesIn } from "./source.js";

const firmware = sourcesIn("firmware");
const host = sourcesIn("host-sim");
const world = host.filter((each) => each.path.startsWith("host-sim/world/"));
/** main.ts and esp32/ are the board's own: they may use what only the board has, e.g. its Math.random, which is the chip's noise. */
const portable = firmware.filter((each) => each.path !== "firmware/main.ts" && !each.path.startsWith("firmware/esp32/"));

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

describe("the firmware", () => {
  test("imports only in the direction base ← features ← start ← roots", () => {
    expect(firmware.flatMap(firmwareImports)).toEqual([]);
  });

  test("has no cycle between its parts", () => {
    expect(partCycles(firmware)).toEqual([]);
  });

  test("uses nothing that differs between engines or that a stripped device lacks", () => {
    expect(portable.flatMap(firmwareLanguage)).toEqual([]);
  });

  test("keeps no mutable state at module level", () => {
    expect(firmware.flatMap(moduleState)).toEqual([]);
  });

  test("jumps out of no switch inside a loop", () => {
    expect(firmware.flatMap(jumpsOutOfSwitch)).toEqual([]);
  });

  test("has no module that neither the board's root nor an app's import reaches", () => {
    // Blocks have no way off the board before there is a journal: until then the benchmark and the decoder's tests are their users.
    const roots = ["firmware/main.ts", "firmware/mote.ts", "firmware/esp32/provider.ts", "firmware/telemetry/block-encoder.ts"];
    expect(unreachable(firmware, roots)).toEqual([]);
  });

  test("stands in manifest.json folder by folder and module by module", () => {
    const manifest = JSON.parse(read("manifest.json")) as Manifest;
    const board = JSON.parse(read("firmware/esp32/manifest.json")) as Manifest & { platforms: { esp32: Manifest } };
    expect(manifestFindings(manifest, board.platforms.esp32, filesIn("firmware"))).toEqual([]);
  });
});

describe("the host", () => {
  test("imports only the firmware and the parts of host-sim that it may know", () => {
    expect(host.flatMap(hostImports)).toEqual([]);
  });

  test("has a simulated world without real time and chance", () => {
    expect(world.flatMap(worldLanguage)).toEqual([]);
  });
});

describe("every file", () => {
  const paths = ["firmware", "host-sim", "scripts", "test", "types"].flatMap(filesIn);
  const texts = paths.filter((path) => /\.(ts|js|c|h)$/.test(path));

  test("has a kebab-case name that says something", () => {
    expect(fileNames(paths.filter((path) => !path.includes("/vectors/")))).toEqual([]);
  });

  test("is short enough to read", () => {
    expect(texts.flatMap((path) => fileLength(path, read(path)))).toEqual([]);
  });

  test("of the firmware and the host opens with what it owns", () => {
    expect([...firmware, ...host].flatMap(opening)).toEqual([]);
  });

  test("that is imported exists", () => {
    expect(missing([...firmware, ...host], new Set(paths))).toEqual([]);
  });
});
