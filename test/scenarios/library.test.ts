/** Every scenario of the library keeps what it expects, and leaves the same trace twice on Node and once on XS. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { onXs, withoutXs } from "../host-sim/xs/available.js";
import { outcomeOf } from "./run.js";

const folder = fileURLToPath(new URL("../../host-sim/scenarios", import.meta.url));
const names = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ""));

/** A thousand XS processes do not fit a desktop. */
const tooManyForXs = ["thousand-boards"];

test("there are at least eight", () => {
  expect(names.length).toBeGreaterThanOrEqual(8);
});

describe.each(names)("%s", (name) => {
  const first = outcomeOf(name, "node");
  first.catch(() => {});

  test("keeps what it expects", async () => {
    const { failures, open } = await first;
    expect({ failures, open }).toEqual({ failures: [], open: [] });
  });

  test("leaves the same trace a second time", { timeout: 60_000 }, async () => {
    expect(await outcomeOf(name, "node")).toEqual(await first);
  });

  if (tooManyForXs.includes(name)) return;
  test.skipIf(withoutXs)(onXs("leaves the same trace on XS"), { timeout: 120_000 }, async () => {
    expect(await outcomeOf(name, "xs")).toEqual(await first);
  });
});
