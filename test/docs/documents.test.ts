/** The documents keep what they say: their links lead somewhere, and the README's app is the one that runs. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { families } from "../../firmware/pipeline/families.js";
import { joinFamilies } from "../../firmware/pipeline/joins.js";
import { onXs, withoutXs } from "../host-sim/xs/available.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const example = "docs/examples/soil-moisture.ts";

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

const documents = [
  ...readdirSync(root).filter((name) => name.endsWith(".md")),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

/** Targets of relative links and pictures, without their anchors. */
function targets(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, "").replace(/`[^`\n]*`/g, "");
  return Array.from(prose.matchAll(/\]\(([^)\s#]+)[^)]*\)/g), (found) => found[1]!).filter((target) => !/^\w+:/.test(target));
}

test.each(documents)("%s links only to files that exist", (document) => {
  expect(targets(read(document)).filter((target) => !existsSync(join(root, dirname(document), target)))).toEqual([]);
});

test("the README shows the example app as it is, and it has at most 30 lines", () => {
  const shown = /```ts\n([\s\S]*?)```/.exec(read("README.md"))?.[1];
  expect(shown).toBe(read(example));
  expect(read(example).trimEnd().split("\n").length).toBeLessThanOrEqual(30);
});

test("every decision stands in the index", () => {
  const index = read("docs/decisions/README.md");
  const records = readdirSync(join(root, "docs/decisions")).filter((name) => name.endsWith(".md") && name !== "README.md");
  expect(records.filter((name) => !index.includes(`(${name})`))).toEqual([]);
});

test("every stage and every join has its place in the documents", () => {
  const pages = read("docs/stages.md") + read("docs/esphome.md");
  const names = [...families, ...joinFamilies].map(({ name }) => name);
  expect(names.filter((name) => !pages.includes("`" + name))).toEqual([]);
});

function simulate(engine: "node" | "xs"): Record<string, unknown> {
  const words = ["build/host-sim/cli/main.js", "sim", "--app", example, "--engine", engine, "--speed", "max", "--json"];
  const ran = spawnSync(process.execPath, words, { cwd: root, encoding: "utf8" });
  expect(ran.stderr).toBe("");
  return JSON.parse(ran.stdout.trim().split("\n").at(-1)!) as Record<string, unknown>;
}

test("the README's app samples and publishes", () => {
  expect(simulate("node")).toMatchObject({ samples: 60, missed: 0, readErrors: 0, emitted: 60 });
});

test.skipIf(withoutXs)(onXs("the README's app runs on XS as on Node"), () => {
  expect(simulate("xs")["traceSha256"]).toBe(simulate("node")["traceSha256"]);
});
