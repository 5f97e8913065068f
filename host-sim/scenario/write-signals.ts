/** Environments as scenarios write them: the shortest form of each part that reads back the same. */
import type { EnvironmentPlan, Quantity, SignalPart } from "./plan.js";
import { timeText } from "./schema-time.js";
import type { Writer, Written } from "./write.js";

const hourMs = 3_600_000;

/** Undefined where nothing is said. */
export function writtenEnvironment(writer: Writer, plan: EnvironmentPlan): Written | undefined {
  const quantities = Object.keys(plan) as Quantity[];
  if (quantities.length === 0) return undefined;
  const written: Record<string, Written> = {};
  for (const quantity of quantities) {
    const parts = plan[quantity]!.map((part) => writtenPart(writer, part, quantity));
    written[quantity] = writer.flow(parts.length === 1 ? parts[0] : parts);
  }
  return written;
}

function writtenPart(writer: Writer, part: SignalPart, quantity: Quantity): Written {
  switch (part.kind) {
    case "constant":
      return part.value;
    case "daily": {
      const { mean, amplitude, peakHour } = part;
      return { daily: { mean, amplitude, ...(peakHour === 15 ? {} : { peak: timeText(peakHour * hourMs) }) } };
    }
    case "steps":
    case "ramp":
      return { [part.kind]: Object.fromEntries(part.points.map(([atMs, value]) => [timeText(atMs), value])) };
    case "noise":
      return { noise: part.everyMs === 1000 ? part.deviation : { deviation: part.deviation, every: timeText(part.everyMs) } };
    case "vibration": {
      const { amplitude, hz, share } = part;
      return { vibration: { amplitude, hz, ...(share === 0 ? {} : { share }) } };
    }
    case "recording":
      return { recording: writer.path(part.file), ...(part.column === quantity ? {} : { column: part.column }) };
    case "host":
      return "host";
  }
}
