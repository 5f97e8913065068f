/**
 * Two points a channel, as a person has measured them: what the sensor read, and what was true. They lie in one setting,
 * `temperature=20.5:20,81:80;humidity=…`; what comes of them is a factor and an offset for each channel's readings.
 */

export interface Calibration {
  readonly channel: string;
  /** truth = gain × reading + offset */
  readonly gain: number;
  readonly offset: number;
}

/** Factors beyond these are mistakes: a reading in the place of a truth, or two points that are one. */
const gainMin = 1e-3;
const gainMax = 1e3;
const form = "each channel must be like temperature=20.5:20,81:80";

/** In words that go after a semicolon; undefined when nothing is wrong. */
export function calibrationMistake(text: string): string | undefined {
  const read = parse(text);
  return typeof read === "string" ? read : undefined;
}

/** `text` was checked; what is wrong in it gives nothing. */
export function calibrations(text: string): readonly Calibration[] {
  const read = parse(text);
  return typeof read === "string" ? [] : read;
}

function parse(text: string): Calibration[] | string {
  const found: Calibration[] = [];
  if (text === "") return found;
  // Part by part: all at once, a text of nothing but semicolons would take much memory.
  for (let from = 0; from <= text.length;) {
    const end = text.indexOf(";", from);
    const read = parseOne(text.slice(from, end < 0 ? text.length : end));
    if (typeof read === "string") return read;
    if (found.some(({ channel }) => channel === read.channel)) return read.channel + " stands in it twice";
    found.push(read);
    if (end < 0) break;
    from = end + 1;
  }
  return found;
}

function parseOne(part: string): Calibration | string {
  const equals = part.indexOf("=");
  const channel = part.slice(0, equals);
  const comma = part.indexOf(",", equals + 1);
  if (equals < 1 || comma < 0 || part.indexOf(",", comma + 1) >= 0) return form;
  const [reading, truth] = pointOf(part.slice(equals + 1, comma));
  const [reading2, truth2] = pointOf(part.slice(comma + 1));
  const gain = (truth2 - truth) / (reading2 - reading);
  const size = gain < 0 ? -gain : gain;
  // Infinity less itself is no number.
  const isFinite = reading - reading + (truth - truth) + (reading2 - reading2) + (truth2 - truth2) === 0;
  if (!isFinite) return form;
  if (!(size >= gainMin && size <= gainMax) || gain !== gain)
    return channel + ": its two points are too close, or one was mistaken for the other";
  return { channel, gain, offset: truth - gain * reading };
}

function pointOf(text: string): [number, number] {
  const colon = text.indexOf(":");
  return colon < 1 || colon === text.length - 1 ? [NaN, NaN] : [Number(text.slice(0, colon)), Number(text.slice(colon + 1))];
}
