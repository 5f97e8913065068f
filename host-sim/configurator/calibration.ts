/** Two points of a sensor, the line through them, and whether that can be right. The board keeps them as text, in one setting. */

export const calibrationSetting = "calibration.points";

export interface Point {
  /** What the sensor said. */
  readonly raw: number;
  /** What it was. */
  readonly known: number;
}

export type Points = readonly [Point, Point];

export interface Line {
  readonly gain: number;
  readonly offset: number;
}

/** `known = gain × raw + offset`. */
export function lineThrough([a, b]: Points): Line {
  const gain = (b.known - a.known) / (b.raw - a.raw);
  return { gain, offset: a.known - gain * a.raw };
}

/** `wrong` cannot be kept; `doubtful` may be. `noise`: how far readings at rest were apart, in the sensor's unit. */
export function plausibility(points: Points, noise: number): { readonly wrong: string | undefined; readonly doubtful: readonly string[] } {
  const [a, b] = points;
  const apart = Math.abs(b.raw - a.raw);
  if (a.known === b.known) return { wrong: "Both known values are the same: a line needs two.", doubtful: [] };
  if (apart === 0) return { wrong: "The sensor said the same at both points: it did not follow.", doubtful: [] };
  const { gain, offset } = lineThrough(points);
  if (gain < 0) return { wrong: "The sensor went down where the known value went up: were the two points mixed up?", doubtful: [] };
  const doubtful: string[] = [];
  if (apart < 10 * noise)
    doubtful.push("The points lie close together, compared with how the readings waver: farther apart is more exact.");
  if (gain < 0.8 || gain > 1.25) {
    const percent = Math.round(Math.abs(gain - 1) * 100);
    doubtful.push(`The slope is ${percent} % off: most sensors are within a few percent. Was the sensor at rest at both points?`);
  }
  const middle = (a.known + b.known) / 2;
  const shift = Math.abs(gain * middle + offset - middle);
  if (shift > 0.5 * Math.abs(b.known - a.known)) doubtful.push("Readings would move by more than half the distance of the points.");
  return { wrong: undefined, doubtful };
}

/** As the setting has it: `channel=raw:known,raw:known`, parted by `;`. What is not of that form is left out. */
export function readPoints(text: string): Map<string, Points> {
  const found = new Map<string, Points>();
  for (const part of text.split(";")) {
    const match = /^([^=]+)=([^:,]+):([^:,]+),([^:,]+):([^:,]+)$/.exec(part.trim());
    if (match === null) continue;
    const [a, b, c, d] = match.slice(2).map(Number) as [number, number, number, number];
    if ([a, b, c, d].every(Number.isFinite)) {
      found.set(match[1]!, [
        { raw: a, known: b },
        { raw: c, known: d },
      ]);
    }
  }
  return found;
}

export function writePoints(points: ReadonlyMap<string, Points>): string {
  return Array.from(
    points,
    ([channel, pair]) => `${channel}=${pair.map(({ raw, known }) => `${short(raw)}:${short(known)}`).join(",")}`,
  ).join(";");
}

/** Six digits are more than a sensor has. */
function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
