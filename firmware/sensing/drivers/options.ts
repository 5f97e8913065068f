/** Checks what an app hands to a driver's `configure`: a wrong name or value throws a RangeError that says what would be right. */

/** Every name in `options` must be one of `names`. */
export function checkNames(driver: string, options: Record<string, unknown>, names: readonly string[]): void {
  const given = Object.keys(options);
  for (let i = 0; i < given.length; i += 1) {
    if (names.includes(given[i]!)) continue;
    const right = names.length === 0 ? "it takes none" : "it takes " + names.join(", ");
    throw new RangeError(driver + ': no option "' + given[i] + '"; ' + right);
  }
}

/** `options[name]`, a number in [least, most], or `otherwise` where it is not given. */
export function numberOption(
  driver: string,
  options: Record<string, unknown>,
  name: string,
  otherwise: number,
  least: number,
  most: number,
): number {
  const value = options[name];
  if (value === undefined) return otherwise;
  if (typeof value === "number" && value >= least && value <= most) return value;
  throw new RangeError(driver + ': "' + name + '" must be a number from ' + least + " to " + most + ", not " + shown(value));
}

/** As `numberOption`, and whole. */
export function wholeOption(
  driver: string,
  options: Record<string, unknown>,
  name: string,
  otherwise: number,
  least: number,
  most: number,
): number {
  const value = numberOption(driver, options, name, otherwise, least, most);
  if (value % 1 === 0) return value;
  throw new RangeError(driver + ': "' + name + '" must be a whole number, not ' + value);
}

/** `options[name]`, one of `choices`, or `otherwise` where it is not given. */
export function choiceOption<Choice extends string | number>(
  driver: string,
  options: Record<string, unknown>,
  name: string,
  otherwise: Choice,
  choices: readonly Choice[],
): Choice {
  const value = options[name];
  if (value === undefined) return otherwise;
  const index = choices.indexOf(value as Choice);
  if (index >= 0) return choices[index]!;
  throw new RangeError(driver + ': "' + name + '" must be one of ' + choices.join(", ") + ", not " + shown(value));
}

function shown(value: unknown): string {
  if (typeof value === "string") return '"' + value + '"';
  return typeof value === "number" || typeof value === "boolean" || value === null ? String(value) : "a value of type " + typeof value;
}
