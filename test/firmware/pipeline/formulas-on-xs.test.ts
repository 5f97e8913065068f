/** Joins and filters give the same bits on the engine that runs on the board. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findProgram } from "../../../host-sim/xs/program.js";
import { runInXs } from "../../../host-sim/xs/run.js";
import { formulaBits } from "./formula-bits.js";

/** In CI the absence of XS is a failure. */
const withoutXs = !findProgram().ok && process.env["CI"] !== "true";
const title = (text: string) => (withoutXs ? text + " (XS is not built: npm run build:xs)" : text);

const { preload } = JSON.parse(readFileSync(new URL("../../../manifest.json", import.meta.url), "utf8")) as { preload: string[] };

test.skipIf(withoutXs)(title("formulas and filters give the bits that Node gives, preloaded, with an ESP32's stack"), () => {
  const ran = runInXs({
    source: 'import { formulaBits } from "test/firmware/pipeline/formula-bits"; report(formulaBits(2000));',
    preload: preload.filter((name) => /^firmware\/(base|pipeline|limits)/.test(name)),
    stackSlots: 384,
  });
  if (!ran.ok) throw new Error(ran.error.kind + ": " + ran.error.message);
  expect(ran.value.value).toEqual(formulaBits(2000));
});
