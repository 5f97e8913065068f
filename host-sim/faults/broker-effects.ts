/**
 * Faults of the broker model. Those that name a board strike its connections alone; a broker that is down
 * is down for everybody. A broker that real sockets reach feels none of them.
 */
import type { Link } from "../world/link.js";
import type { Effects, Strike } from "./effect.js";

type BrokerFault = "broker-down" | "broker-refuse" | "broker-disconnect" | "broker-silent" | "broker-forgets";

function struck({ stations, fault }: Strike): ReadonlySet<Link> | undefined {
  return fault.board === undefined ? undefined : new Set(stations.map(({ board }) => board.link));
}

export const brokerEffects: Effects<BrokerFault> = {
  "broker-down": ({ simulation, fault }) => simulation.broker.stop(fault.parameters["session"] === "lost" ? "lost" : "kept"),
  "broker-refuse": (strike) => strike.simulation.broker.refuse(strike.fault.parameters["code"] as 1 | 2 | 3 | 4 | 5, struck(strike)),
  "broker-disconnect": (strike) => strike.simulation.broker.disconnect(struck(strike)),
  "broker-silent": (strike) => strike.simulation.broker.hang(struck(strike)),
  "broker-forgets": (strike) => strike.simulation.broker.forget(struck(strike)),
};
