/** A fault's parameters as people read them: with their units, as a scenario would have them. */
import { type Fault, type FaultForm, faultForms, type NumberForm, type WordForm } from "../faults/catalogue.js";
import { timeText } from "./schema-time.js";

/** By name, in the catalogue's order. */
export function parameterTexts({ kind, parameters }: Fault): Record<string, string> {
  const form: FaultForm = faultForms[kind];
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, valueText(form.parameters[name], value)]));
}

function valueText(form: NumberForm | WordForm | undefined, value: number | string): string {
  if (form === undefined || "words" in form || typeof value === "string") return String(value);
  if (form.unit === "ms") return timeText(value);
  if (form.unit === "share") return `${Math.round(value * 1000) / 10} %`;
  return form.unit === "count" || form.unit === "value" ? String(value) : `${value.toLocaleString("en")} ${form.unit}`;
}
