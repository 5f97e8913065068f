/**
 * Recordings made up for the anomaly stage: the kinds of signal a sensor or a server gives, each with a few
 * anomalies whose rows are known. Deterministic in the seed. Windows are laid as NAB lays them: a
 * tenth of the rows, shared by the anomalies, each window centred on its anomaly's beginning. The
 * strengths are drawn from ranges whose lower ends drown in the noise, and there are events that are no
 * anomalies because they belong to the signal.
 */
import { random } from "../world/random.js";
import { Draw } from "./anomaly-draws.js";
import { servers } from "./anomaly-signals-servers.js";
import { world } from "./anomaly-signals-world.js";

export interface Recording {
  readonly family: string;
  readonly values: readonly number[];
  readonly windows: readonly (readonly [first: number, last: number])[];
}

/** `each` recordings of every family. */
export function recordings(seed: number, each: number): Recording[] {
  const all: Recording[] = [];
  for (const family of [...world, ...servers]) {
    for (let i = 0; i < each; i++) {
      const draw = new Draw(random(seed).split(family.name).split(String(i)));
      const rows = Math.round(draw.uniform(family.rows[0], family.rows[1]));
      const count = Math.round(draw.uniform(family.anomalies[0] - 0.5, family.anomalies[1] + 0.49));
      const anomalies = Math.max(1, count);
      const half = Math.floor((0.1 * rows) / anomalies / 2);
      const begin = Math.floor(Math.min(0.15 * rows, 750));
      const room = (rows - begin) / anomalies;
      const begins: number[] = [];
      // Windows must not meet: each anomaly has a stretch of its own.
      for (let k = 0; k < anomalies; k++) begins.push(Math.floor(begin + k * room + half + draw.uniform(0, 1) * (room - 2 * half - 1)));
      const values = family.make(rows, begins, draw);
      const windows = begins.map((at): [number, number] => [at - half, Math.min(rows - 1, at + half)]);
      all.push({ family: family.name, values, windows });
    }
  }
  return all;
}
