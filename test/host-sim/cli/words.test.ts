import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseWords } from "../../../host-sim/cli/words.js";

const forms = { speed: { value: "N|max", help: [] }, trace: { value: "FILE", help: [] }, json: { help: [] } };

function wrong(...words: string[]): string {
  const parsed = parseWords(words, forms);
  if (parsed.ok) throw new Error(`taken: ${JSON.stringify(parsed.value)}`);
  return parsed.error.message;
}

describe("words of a command line", () => {
  test("give values after a blank or after =, switches, and the last of several", () => {
    expect(parseWords(["--speed", "2", "--json", "--trace=a=b", "--speed=3"], forms)).toEqual({
      ok: true,
      value: { speed: "3", json: "", trace: "a=b" },
    });
  });

  test("may begin with a dash where they are values: the option says what it takes", () => {
    expect(parseWords(["--speed", "-3"], forms)).toMatchObject({ ok: true, value: { speed: "-3" } });
  });

  test.each([
    [["--sped", "2"], "unknown option --sped; did you mean --speed?"],
    [["--jsno"], "unknown option --jsno; did you mean --json?"],
    [["-json"], "unknown option -json; did you mean --json?"],
    [["--xyzzy"], "unknown option --xyzzy; there are --speed, --trace, --json"],
    [["--toString"], "unknown option --toString; there are --speed, --trace, --json"],
    [["--speed"], "--speed needs a value: --speed N|max"],
    [["--speed", "--json"], "--speed needs a value: --speed N|max"],
    [["--json=yes"], '--json takes no value: leave "=yes" out'],
    [["fast"], '"fast" is one word too many'],
    [["--"], '"--" is one word too many'],
    [[""], '"" is one word too many'],
  ])("%j: %s", (words, message) => {
    expect(wrong(...words)).toContain(message);
  });

  test("never throw, and what is wrong takes one line", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom("--speed", "--json", "--trace=", "-"))), (words) => {
        const parsed = parseWords(words, forms);
        if (!parsed.ok) expect(parsed.error.message).toMatch(/^.+$/);
      }),
      { seed: 1 },
    );
  });
});
