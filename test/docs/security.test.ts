/** docs/security.md promises nothing that no test shows: each threat names a test that exists. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const rows = [...readFileSync(join(root, "docs/security.md"), "utf8").matchAll(/^\| .* \| `(test\/[^`]+)`: (.+) \|$/gm)];

test("every threat names the test that shows its defence", () => {
  const section = /## Threats\n([\s\S]*?)\n## /.exec(readFileSync(join(root, "docs/security.md"), "utf8"))![1]!;
  expect(rows.length).toBeGreaterThan(20);
  expect(section.trim().split("\n").length - 2).toBe(rows.length);
});

test.each(rows.map(([, path, name]) => [path!, name!]))("%s has a test “%s”", (path, name) => {
  expect(existsSync(join(root, path))).toBe(true);
  // A name in the source, as a whole: in quotes, whichever.
  const text = readFileSync(join(root, path), "utf8");
  expect(['"', "`"].some((quote) => text.includes(quote + name + quote))).toBe(true);
});
