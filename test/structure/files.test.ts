/** The rules about files and manifests see what they are there to see. */
import { describe, expect, test } from "vitest";
import { fileLength, fileNames, linesMax, missing, opening, unreachable } from "./files.js";
import { expectedManifest, manifestFindings } from "./manifest.js";
import { source, type Finding, type Source } from "./source.js";

const firmware = (text: string, path = "firmware/uplink/sample.ts"): Source => source(path, text);
const importing = (path: string, from: string): Source => source(path, `import { x } from "${from}";`);

function caught(found: readonly Finding[], word: string | RegExp): void {
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(word);
}

describe("files", () => {
  test("a name that is no kebab-case is caught", () => {
    caught(fileNames(["firmware/uplink/mqttCodec.ts"]), "kebab");
    caught(fileNames(["firmware/upLink/codec.ts"]), "kebab");
  });

  test("a name that says nothing is caught", () => {
    caught(fileNames(["firmware/base/utils.ts"]), "nothing");
    caught(fileNames(["firmware/base/queue-manager.ts"]), "nothing");
    caught(fileNames(["test/helper/x.ts"]), "nothing");
  });

  test("ordinary names pass", () => {
    expect(fileNames(["firmware/base/crc8.ts", "test/structure/rules.test.ts", ".oxlintrc.json"])).toEqual([]);
  });

  test("a file one line too long is caught, unless it has its reason", () => {
    expect(fileLength("a.ts", "x\n".repeat(linesMax))).toEqual([]);
    caught(fileLength("a.ts", "x\n".repeat(linesMax + 1)), `${linesMax + 1} lines`);
    expect(fileLength("a.ts", "x\n".repeat(linesMax + 1), { "a.ts": "a table" })).toEqual([]);
  });

  test("a file that does not say what it is for is caught", () => {
    caught(opening(firmware('import a from "./a.js";')), "opens");
    expect(opening(firmware("/** Owns a. */\nconst a = 1;"))).toEqual([]);
  });

  test("a module that no root reaches is caught", () => {
    const modules = [importing("firmware/main.ts", "./start.js"), firmware("", "firmware/start.ts"), firmware("", "firmware/dead.ts")];
    caught(unreachable(modules, ["firmware/main.ts"]), "firmware/dead.ts");
  });

  test("an import of what is not there is caught", () => {
    caught(missing([importing("firmware/start.ts", "./gone.js")], new Set(["firmware/start.ts"])), "gone");
  });
});

describe("the manifests", () => {
  const paths = ["firmware/base/crc.ts", "firmware/main.ts", "firmware/start.ts", "firmware/esp32/crypto.ts", "firmware/esp32/provider.ts"];
  const good = expectedManifest(paths);
  const board = { preload: ["system", ...good.boardPreload] };

  test("as they must be, they pass", () => {
    expect(good.preload).toEqual(["firmware/base/crc", "firmware/start"]);
    expect(good.modules).toEqual({ "firmware/*": "./firmware/*", "firmware/base/*": "./firmware/base/*" });
    expect(manifestFindings(good, board, [...paths, "firmware/esp32/manifest.json"])).toEqual([]);
  });

  test("a folder that is missing, or listed without being there, is caught", () => {
    caught(manifestFindings({ ...good, modules: { "firmware/*": "./firmware/*" } }, board, paths), "firmware/base");
    caught(manifestFindings({ ...good, modules: { ...good.modules, "firmware/gone/*": "./firmware/gone/*" } }, board, paths), "gone");
  });

  test("a module that is not preloaded, preloaded by a wildcard or twice, or main preloaded, is caught", () => {
    caught(manifestFindings({ ...good, preload: ["firmware/start"] }, board, paths), "firmware/base/crc");
    caught(manifestFindings({ ...good, preload: [...good.preload, "firmware/base/*"] }, board, paths), "no firmware module");
    caught(manifestFindings({ ...good, preload: [...good.preload, "firmware/main"] }, board, paths), "firmware/main");
    expect(manifestFindings({ ...good, preload: [...good.preload, "firmware/start"] }, board, paths)[0]).toMatch("twice");
    caught(manifestFindings(good, { preload: [] }, paths), "firmware/esp32/crypto");
  });

  test("JSON in a firmware folder is caught", () => {
    caught(manifestFindings(good, board, [...paths, "firmware/base/table.json"]), "table.json");
  });
});
