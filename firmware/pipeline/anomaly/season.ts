/**
 * One season a signal may have, of so many samples: the mean of each part of it, and how much of the
 * signal that explains. Judged by what it said before it saw the sample, so a season that is not there
 * explains nothing.
 */

export interface Season {
  readonly samples: number;
  /** The sample's deviation from what this part of the season usually has; learns from it. */
  readonly step: (x: number) => number;
  /** A reading that could not be had: the season goes on. */
  readonly skip: () => void;
  /** What remains of the signal's size without the season, above 0; 1 until three seasons have passed. */
  readonly remains: () => number;
}

/** `parts` ≤ `samples`, both whole. */
export function season(samples: number, parts: number): Season {
  const means: number[] = [];
  for (let i = 0; i < parts; i++) means.push(0);
  let level = 0;
  let seen = 0;
  let part = 0;
  /** Where in its part: a part ends when this reaches `samples`, which it does in steps of `parts`. */
  let place = 0;
  let index = 0;
  let cycles = 0;
  let sum = 0;
  let count = 0;
  // Means of the roots of sizes: a wild sample moves them little.
  let rootWith = 0;
  let rootWithout = 0;
  const gain = 1 / (1.5 * samples);

  function advance(): void {
    place += parts;
    index++;
    if (place >= samples) {
      place -= samples;
      if (count > 0) {
        means[part] = means[part]! + (sum / count - means[part]!) * (cycles < 5 ? 1 / (cycles + 1) : 0.2);
        sum = count = 0;
      }
      part++;
    }
    if (index === samples) {
      index = part = 0;
      cycles++;
    }
  }

  return {
    samples,
    step(x) {
      // Against the last season's mean: a slow drift must not look like a season.
      const deviation = x - level;
      if (seen < samples) seen++;
      level += deviation / seen;
      const rest = deviation - means[part]!;
      if (cycles > 0) {
        rootWith += (Math.sqrt(rest < 0 ? -rest : rest) - rootWith) * gain;
        rootWithout += (Math.sqrt(deviation < 0 ? -deviation : deviation) - rootWithout) * gain;
      }
      sum += deviation;
      count++;
      advance();
      return rest;
    },
    skip: advance,
    remains: () => (cycles < 3 || rootWithout === 0 ? 1 : (rootWith / rootWithout) * (rootWith / rootWithout)),
  };
}
