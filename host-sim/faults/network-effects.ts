/**
 * Faults of a board's network: each strikes the links of its boards (world/link.ts) and draws, where it
 * draws, from a stream of its own for each board.
 */
import type { Link } from "../world/link.js";
import type { Random } from "../world/random.js";
import type { Effect, Effects, Heal, Strike } from "./effect.js";

type NetworkFault = "wifi-down" | "wifi-flap" | "loss" | "latency" | "bandwidth" | "half-open" | "connection-reset" | "dns";

function us(ms: number): number {
  return Math.round(ms * 1000);
}

/** An effect that begins on each link for itself. */
function onLinks(begin: (link: Link, parameter: (name: string) => number, draws: Random) => Heal | void): Effect {
  return ({ stations, fault, draws }) => {
    const heals: Heal[] = [];
    for (const { board, name } of stations) {
      const heal = begin(board.link, (parameter) => fault.parameters[parameter] as number, draws.split(name));
      if (heal !== undefined) heals.push(heal);
    }
    return () => {
      for (const heal of heals) heal();
    };
  };
}

/** Out of reach for `off` at once, and again each `every`. */
function flap({ simulation: { scheduler }, stations, fault }: Strike): Heal {
  const everyUs = us(fault.parameters["every"] as number);
  const offUs = us(fault.parameters["off"] as number);
  let healed = false;
  let comeBack: Heal[] = [];
  const up = (): void => {
    for (const heal of comeBack) heal();
    comeBack = [];
  };
  const down = (): void => {
    if (healed) return;
    // Where a drop lasts beyond the next, there is no time between them.
    const before = comeBack;
    comeBack = stations.map(({ board }) => board.link.leaveReach());
    for (const heal of before) heal();
    if (offUs < everyUs) scheduler.at(scheduler.nowUs + offUs, up);
    scheduler.at(scheduler.nowUs + everyUs, down);
  };
  down();
  return () => {
    healed = true;
    up();
  };
}

export const networkEffects: Effects<NetworkFault> = {
  "wifi-down": onLinks((link) => link.leaveReach()),
  "wifi-flap": flap,
  loss: onLinks((link, parameter, draws) => link.lose(parameter("share"), draws)),
  latency: onLinks((link, parameter, draws) => link.slow(us(parameter("by")), us(parameter("jitter")), draws)),
  bandwidth: onLinks((link, parameter) => link.narrow(parameter("limit"))),
  "half-open": onLinks((link) => link.severConversations()),
  "connection-reset": onLinks((link) => link.resetConversations()),
  dns: onLinks((link) => link.muteNames()),
};
