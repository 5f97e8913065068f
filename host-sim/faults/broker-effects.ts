/** Faults of the broker model. */
import type { Effects } from "./effect.js";

type BrokerFault = "broker-down" | "broker-refuse" | "broker-disconnect" | "broker-silent" | "broker-forgets";

export const brokerEffects: Effects<BrokerFault> = {
  "broker-down"() {},
  "broker-refuse"() {},
  "broker-disconnect"() {},
  "broker-silent"() {},
  "broker-forgets"() {},
};
