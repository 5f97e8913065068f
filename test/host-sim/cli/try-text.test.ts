import { describe, expect, test } from "vitest";
import { runChain } from "../../../host-sim/chain/chain-run.js";
import { parseChain } from "../../../host-sim/chain/chain-text.js";
import { counted, wrapped } from "../../../host-sim/cli/lines.js";
import { tryPage } from "../../../host-sim/cli/try-page.js";
import { terminalText } from "../../../host-sim/cli/try-text.js";
import type { Tried } from "../../../host-sim/cli/try.js";
import { stageWords } from "../../../host-sim/explain/stage-words.js";
import { parseSeries } from "../../../host-sim/node/series-file.js";

function tried(chain: string, csv: string): Tried {
  const stages = parseChain(chain);
  const series = parseSeries("data.csv", csv, { column: undefined, everyMs: 1000 });
  if (!stages.ok || !series.ok) throw new Error("the chain or the file is wrong");
  const output = runChain(stages.value, { ...series.value, resolution: 0.1 });
  if (!output.ok) throw new Error(output.error.message);
  const words = stages.value.map(stageWords);
  return { series: series.value, output: output.value, words, resolution: 0.1, file: "data.csv", spacing: "every 1s" };
}

const many = "x\n" + Array.from({ length: 3000 }, (_, i) => (i % 7 === 0 ? "nan" : String(1000.5 + (i % 5)))).join("\n");

describe("a tried chain in the terminal", () => {
  test.each([60, 80, 100])("has no line longer than %i columns, and breaks none of the figures", (columns) => {
    const text = terminalText(tried("median(5) | exponential_moving_average(0.1) | delta(0.2)", many), columns, false);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
    for (const whole of ["3,000 samples,", "429 of them missing:", "min 1000.5,", "max 1004.5,", "→ delta 0.2"])
      expect(text).toContain(whole);
  });

  test("says of one row neither spacing nor length", () => {
    const text = terminalText(tried("offset(1)", "x\n5\n"), 80, false);
    expect(text).toMatch(/^data\.csv {2}x, 1 sample, to 0\.1\n/);
    expect(text).toMatch(/\n 0s\n/);
    expect(text).toContain("out      1 result: min 6, max 6, mean 6, std 0\n");
  });

  test.each(["1e300", "Infinity", "-1e400", "1e100", "-1e100", "nan"])("has no infinity and no NaN for %s", (cell) => {
    for (const csv of [`x\n${cell}\n1\n`, `x\n1\n${cell}\n2\n`, `x\n1\n${cell}\n-1e100\n1e100\n`]) {
      const seen = tried("multiply(1e90)", csv);
      expect(terminalText(seen, 80, false)).not.toMatch(/infinity|nan/i);
      expect(tryPage(seen).replace(/<script>[^]*?<\/script>/, "")).not.toMatch(/Infinity|NaN/);
    }
  });
});

test("the page counts what there is and what is missing, and tells the delay", () => {
  expect(tryPage(tried("offset(1)", "x\n5\n"))).toContain("data.csv, x: 1 sample in, 1 result out. Drag");
  const page = tryPage(tried("median(5)", "x\n5\nnan\n6\n"));
  expect(page).toContain("3 samples in (1 of them missing), 3 results out (1 of them missing). Slow changes show 2s late. Drag");
});

test("lines break between items", () => {
  expect(wrapped(["one", "two", "three"], 7, 2)).toBe("one two\n  three");
  expect(wrapped(["longer than this", "b"], 4, 1)).toBe("longer than this\n b");
  expect([counted(1, "summary", "summaries"), counted(2000, "row")]).toEqual(["1 summary", "2,000 rows"]);
});
