/** A command's own help: what it does, its options, and examples. */
import type { OptionForm } from "./words.js";

/** Where what an option does begins, columns. */
const column = 22;

export function optionLines(forms: Readonly<Record<string, OptionForm>>): string[] {
  return Object.entries(forms).flatMap(([name, { value, help }]) => {
    const form = `  --${name}${value === undefined ? "" : " " + value}`;
    const [first = "", ...more] = help;
    const begin = form.length < column - 1 ? [form.padEnd(column) + first] : [form, " ".repeat(column) + first];
    return [...begin, ...more.map((line) => " ".repeat(column) + line)];
  });
}

export function commandHelp(
  form: string,
  about: string,
  options: Readonly<Record<string, OptionForm>>,
  examples: readonly string[],
  notes: readonly string[],
): string {
  const lines = [`${form}: ${about}`, "", ...optionLines(options), "", ...notes, "", "Examples", ...examples.map((line) => "  " + line)];
  return lines.join("\n") + "\n";
}
