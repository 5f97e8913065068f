/**
 * A plan's visits and networks in its simulation. Beside the broker's usual door, 10.0.255.1:1883, called broker.mote, it then
 * has a second one, port 1884, also called hub.mote; at 10.0.255.9 somebody takes connections and never says anything.
 */
import type { Simulation } from "../simulation.js";
import type { Station } from "../station.js";
import { type VerbName, visit as visitBoard } from "../visitor/visitor.js";
import { AccessPoint } from "../world/wifi.js";
import type { NetworkPlan, VisitPlan } from "./plan.js";

export interface VisitEvents {
  onVisit(station: Station, visit: VisitPlan): void;
  /** A visitor has asked something of a board. */
  onAsked(station: Station, verb: VerbName, visit: VisitPlan): void;
  onAnswered(station: Station, verb: VerbName, status: number, body: string): void;
  /** The visitor has gone; `done` with all that was to be done. */
  onLeft(station: Station, done: boolean, why: string): void;
}

const brokerAddress = "10.0.255.1";

export function receive(simulation: Simulation, visits: readonly VisitPlan[], events: Partial<VisitEvents>): void {
  const { scheduler, stations, lan, broker, random } = simulation;
  if (visits.length === 0) return;
  lan.names.set("hub.mote", brokerAddress);
  lan.services.set(brokerAddress + ":1884", broker.service);
  lan.services.set("10.0.255.9:1883", () => ({ received: () => undefined, closed: () => undefined }));
  const named = new Map<string, number>();
  for (const visit of visits) {
    for (const station of stations) {
      if ((visit.board ?? station.name) !== station.name) continue;
      // By what it is, so that another visit shifts nothing.
      const { atMs, forMs, set, byHand, restart } = visit;
      const text = station.name + " " + JSON.stringify({ atMs, forMs, board: "", set, byHand, restart });
      const before = named.get(text) ?? 0;
      named.set(text, before + 1);
      const draws = random.split("visits").split(`${text} ${before}`);
      scheduler.at(visit.atMs * 1000, () => {
        events.onVisit?.(station, visit);
        const { board } = station;
        visitBoard(
          { scheduler, board, draws, crypto: simulation.crypto(draws.split("keys")), untilMs: visit.atMs + visit.forMs, name: text },
          visit,
          {
            onAsked: (verb) => events.onAsked?.(station, verb, visit),
            onAnswered: (verb, status, body) => events.onAnswered?.(station, verb, status, body),
            onLeft: (done, why) => events.onLeft?.(station, done, why),
          },
        );
      });
    }
  }
}

export function putUp({ scheduler, accessPoint }: Simulation, networks: readonly NetworkPlan[]): void {
  for (const { ssid, password, fromMs, untilMs } of networks) {
    const known = accessPoint.named(ssid);
    const point = known ?? new AccessPoint(ssid, password);
    if (known === undefined) accessPoint.others.push(point);
    if (fromMs > 0) point.present = false;
    scheduler.at(fromMs * 1000, () => (point.present = true));
    if (untilMs < Infinity) scheduler.at(untilMs * 1000, () => (point.present = false));
  }
}

/** What is done on a visit, for people; passwords are nobody's business. */
export function visitText({ set, byHand, restart }: VisitPlan): string {
  const settings = Object.entries(set).map(([name, value]) => (name.endsWith("password") ? name : `${name}=${value}`));
  const deeds = settings.length === 0 ? [] : [`sets ${settings.join(", ")}`];
  if (byHand !== "nothing") deeds.push(byHand === "confirm" ? "confirms it by hand" : "undoes it by hand");
  if (restart) deeds.push("restarts the board");
  return deeds.join(", ");
}
