/** Faults of a board's network. */
import type { Effects } from "./effect.js";

type NetworkFault = "wifi-down" | "wifi-flap" | "loss" | "latency" | "bandwidth" | "half-open" | "connection-reset" | "dns";

export const networkEffects: Effects<NetworkFault> = {
  "wifi-down"() {},
  "wifi-flap"() {},
  loss() {},
  latency() {},
  bandwidth() {},
  "half-open"() {},
  "connection-reset"() {},
  dns() {},
};
