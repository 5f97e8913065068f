/** Visits and networks as scenarios write them: only what is not as by default. */
import { patienceMs } from "./parse-visits.js";
import type { NetworkPlan, VisitPlan } from "./plan.js";
import { timeText } from "./schema-time.js";
import type { Writer, Written } from "./write.js";

export function writtenVisit(writer: Writer, { atMs, forMs, board, set, byHand, restart }: VisitPlan): Written {
  return {
    at: timeText(atMs),
    ...(forMs === patienceMs ? {} : { for: timeText(forMs) }),
    ...(board === undefined ? {} : { board }),
    ...(Object.keys(set).length === 0 ? {} : { set: writer.flow(set) }),
    ...(byHand === "nothing" ? {} : { [byHand]: "yes" }),
    ...(restart ? { restart: "yes" } : {}),
  };
}

export function writtenNetwork(writer: Writer, { ssid, password, fromMs, untilMs }: NetworkPlan): Written {
  return writer.flow({
    ssid,
    ...(password === "" ? {} : { password }),
    ...(fromMs === 0 ? {} : { from: timeText(fromMs) }),
    ...(untilMs === Infinity ? {} : { until: timeText(untilMs) }),
  });
}
