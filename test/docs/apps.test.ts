/** docs/apps.md: its example runs, the same in both forms, and its tables leave no key, driver or quantity out. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { declaredKeys } from "../../firmware/declared-keys.js";
import * as mote from "../../firmware/mote.js";
import { drivers } from "../../host-sim/scenario/inline-app.js";
import { appOfJson } from "../../host-sim/scenario/json-app.js";

const text = readFileSync(new URL("../../docs/apps.md", import.meta.url), "utf8");

function block(language: string): string {
  return new RegExp("```" + language + "\\n([\\s\\S]*?)```").exec(text)![1]!;
}

test("the JSON example is an app, and the TypeScript example is the same", () => {
  const [, names, app] = /^import \{ ([\w, ]+) \} from "mote";\n\nexport default ([\s\S]*);\n$/.exec(block("ts"))!;
  const runtime = new Map<string, unknown>(Object.entries(mote));
  const imported = names!.split(", ");
  const declared: unknown = new Function(...imported, `return ${app}`)(...imported.map((name) => runtime.get(name)));
  expect(appOfJson(block("json"))).toEqual({ ok: true, value: declared });
});

test("every key stands in a table", () => {
  const keys = Object.values(declaredKeys).flat();
  expect(keys.filter((key) => !text.includes(`\n| \`${key}\` |`))).toEqual([]);
});

test("every driver stands in the list with what it hangs on and all that it gives", () => {
  for (const [name, { on, quantities }] of Object.entries(drivers)) {
    const row = new RegExp(`\\n\\| \`${name}\`[^\\n]*(\\n\\| \\|[^\\n]*)*`).exec(text)?.[0] ?? "";
    expect(row, name).toContain(`| \`${on}\` |`);
    expect(quantities.filter((each) => !row.includes(`\`${each}\``))).toEqual([]);
  }
});
