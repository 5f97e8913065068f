/** docs/scenarios.md says what there is: its tables are held against the code, and its examples are parsed. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { faultForms, type FaultForm, type NumberForm, type WordForm } from "../../../host-sim/faults/catalogue.js";
import { parseScenario } from "../../../host-sim/scenario/parse.js";
import { countNames, states } from "../../../host-sim/scenario/plan.js";
import { timeText } from "../../../host-sim/scenario/schema-time.js";
import { recordable } from "../../../host-sim/world/environment.js";

const document = readFileSync(fileURLToPath(new URL("../../../docs/scenarios.md", import.meta.url)), "utf8");

function numbered(form: NumberForm, value: number): string {
  if (form.unit === "ms") return timeText(value);
  return Math.abs(value) === 1e9 ? (value < 0 ? "−10⁹" : "10⁹") : String(value);
}

function parameter([name, form]: [string, NumberForm | WordForm]): string {
  if ("words" in form) return `\`${name}\`: ${form.about}, \`${form.words.join("` or `")}\` (default \`${form.byDefault}\`)`;
  const unit = form.unit === "bytes/s" ? " bytes/s" : form.unit === "bytes" ? " bytes" : "";
  const range = `${numbered(form, form.least)} … ${numbered(form, form.most)}${unit}`;
  return `\`${name}\`: ${form.about}, ${range} (${form.byDefault === undefined ? "must be given" : `default ${numbered(form, form.byDefault)}`})`;
}

function faultTable(): string {
  const rows = Object.entries(faultForms as Record<string, FaultForm>).map(([kind, { strikes, lasts, about, parameters }]) => {
    const all = Object.entries(parameters).map(parameter).join("<br>");
    return `| \`${kind}\` | ${strikes} | ${lasts ? "yes" : "at once"} | ${about} | ${all} |`;
  });
  return ["| fault | strikes | lasts | what happens | `with` |", "|---|---|---|---|---|", ...rows].join("\n") + "\n";
}

test("the document has every fault as the catalogue has it", () => {
  const begin = document.indexOf("| fault | strikes |");
  const table = document.slice(begin, document.indexOf("\n\n", begin) + 1);
  expect(table).toBe(faultTable());
});

test("the document has every count, state and quantity", () => {
  for (const name of countNames) expect(document).toContain(`| \`${name}\` |`);
  for (const [of, words] of Object.entries(states)) expect(document).toContain(`\`{ ${of}: ${words[0]} }\` or \`${words[1]}\``);
  for (const quantity of Object.keys(recordable)) expect(document).toContain(`\`${quantity}\``);
});

const examples = Array.from(document.matchAll(/```yaml\n([\s\S]*?)```/g), (found) => found[1]!);

test("the document has examples of every part", () => {
  expect(examples.length).toBeGreaterThanOrEqual(6);
});

test.each(examples)("the document's example parses: %j", (example) => {
  const parsed = parseScenario("example.yaml", example.includes("duration:") ? example : `duration: 30m\n${example}`);
  expect(parsed.ok ? "" : parsed.error.message).toBe("");
});
