/** A compiled channel with its results kept in arrays. */
import type { Stage } from "../../../firmware/pipeline/stage.js";
import { compile } from "../../../firmware/pipeline/compile.js";

export interface Results {
  values: number[];
  /** min, max, mean, std, count */
  summaries: number[][];
  dropped: number;
}

/** Pushes `samples` at `timesMs` (default 0, 1000, 2000 …) through `stages`. Throws the message of a failure. */
export function through(stages: readonly Stage[], samples: readonly number[], timesMs?: readonly number[]): Results {
  const results: Results = { values: [], summaries: [], dropped: 0 };
  let sampleMs = 0;
  const compiled = compile(
    "test",
    stages,
    { sampleMs: () => sampleMs },
    {
      value: (x) => void results.values.push(x),
      summary: (...summary) => void results.summaries.push(summary),
      dropped: () => void results.dropped++,
    },
  );
  if (!compiled.ok) throw new Error(compiled.error.message);
  samples.forEach((x, i) => {
    sampleMs = timesMs?.[i] ?? i * 1000;
    compiled.value(x);
  });
  return results;
}

/** Without −0, which equals 0 but for Vitest. */
export function plain(values: readonly number[]): number[] {
  return values.map((value) => value + 0);
}
