/** A question at the terminal: its answer, none, and a person who wants no more of it. */
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { askLine } from "../../../host-sim/cli/prompt.js";

let keys: PassThrough;
let said: string;

beforeEach(() => {
  keys = new PassThrough();
  said = "";
  vi.spyOn(process, "stdin", "get").mockReturnValue(keys as unknown as typeof process.stdin);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => (said += String(text)) !== "");
});

afterEach(() => vi.restoreAllMocks());

test.each([
  ["a line", "hunter22\r", { ok: true, value: "hunter22" }],
  ["an empty line", "\r", { ok: true, value: "" }],
  ["Ctrl-D", "\x04", { ok: true, value: undefined }],
  ["Ctrl-C", "hun\x03", { ok: false, error: { kind: "interrupted", message: "" } }],
])("%s is told from the others, and what is hidden is not shown", async (_, typed, expected) => {
  const answer = askLine("Password: ", true);
  keys.write(typed);
  expect(await answer).toEqual(expected);
  expect(said).toBe("Password: \n");
});
