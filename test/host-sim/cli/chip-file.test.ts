import { describe, expect, test } from "vitest";
import { loadChips } from "../../../host-sim/cli/chip-file.js";
import { written } from "../ecma419/project.js";

describe("a file of chips", () => {
  let number = 0;

  async function wrong(text: string): Promise<string> {
    const result = await loadChips(written(`chips-${++number}/chip.js`, text));
    return result.ok ? "taken" : result.error.message.replaceAll(/[^\s'"]*\/chips-\d+\//g, "");
  }

  test.each([
    ["export const chip = 7;", "chip.js: its default export must be a chip: export default { address, registers }"],
    [
      "export default { address: 200, registers: {} };",
      "chip.js: the chip: address must be the chip's, a whole number from 8 to 119 (0x08 … 0x77), not 200",
    ],
    ["export default [{ address: 9, registers: {} }, { address: 9, registers: {} }];", "chip.js: chip 2 has the address 0x9 of another"],
    ["export default () => { throw new Error('no'); };", "chip.js: its function throws: no"],
    ["export default {", "chip.js:1:17: Expected identifier but found end of file"],
    ["throw new Error('no');", "chip.js:1: it throws as it is loaded: no"],
  ])("is refused by what is wrong with it: %s", async (text, message) => {
    expect(await wrong(text)).toBe(message);
  });

  test("that is not there is refused", async () => {
    expect(await loadChips("nowhere.js")).toMatchObject({ error: { message: "nowhere.js: there is no such file" } });
  });
});
