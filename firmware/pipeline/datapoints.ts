/** Points of a calibration, measured and true, in the forms in which an app or JSON may give them. */
import { limits } from "../limits.js";
import { type Rule, within } from "./family.js";

/** [measured, truth], the same by name, or the text `measured -> truth`. */
export type Datapoint =
  | readonly [from: number, to: number]
  | { readonly from: number; readonly to: number }
  | `${number}->${number}`
  | `${number} -> ${number}`;

export const datapointsMax = 64;

/** `least` to 64 points. */
export function datapointsRule(least: number): Rule {
  return {
    key: "datapoints",
    need: `a list of ${least} to ${datapointsMax} points, measured and true, such as [[0, 1], [10, 12.1]] or ["0 -> 1", "10 -> 12.1"]`,
    holds: (value) =>
      Array.isArray(value) && value.length >= least && value.length <= datapointsMax && value.every((point) => pair(point) !== undefined),
  };
}

/** A point's two numbers; undefined when it is none. */
function pair(point: unknown): readonly [from: number, to: number] | undefined {
  let from: unknown;
  let to: unknown;
  if (typeof point === "string") {
    const parts = point.split("->");
    if (parts.length !== 2) return undefined;
    from = numberIn(parts[0]!);
    to = numberIn(parts[1]!);
  } else if (Array.isArray(point)) {
    if (point.length !== 2) return undefined;
    [from, to] = point;
  } else if (typeof point === "object" && point !== null) {
    ({ from, to } = point as { from?: unknown; to?: unknown });
    if (Object.keys(point).length !== 2) return undefined;
  }
  const far = limits.valueMax;
  return within(from, -far, far) && within(to, -far, far) ? [from as number, to as number] : undefined;
}

/** The number that a text is, blanks around it allowed; NaN when it is none. */
export function numberIn(text: string): number {
  const bare = text.trim();
  return bare === "" ? NaN : Number(bare);
}

/** Of points that obey the rule: what was measured, and what was true. */
export function columns(datapoints: unknown): { readonly from: number[]; readonly to: number[] } {
  const from: number[] = [];
  const to: number[] = [];
  for (const point of datapoints as readonly unknown[]) {
    const [measured, truth] = pair(point)!;
    from.push(measured);
    to.push(truth);
  }
  return { from, to };
}
