/** Draws how a board keeps and sends its history, most often in far less flash than a board has, and what its consumer does. */
import type { ConsumerPlan, FaultPlan, JournalPlan } from "../scenario/plan.js";
import type { Dice } from "./dice.js";

export function drawJournal(dice: Dice, besieged: boolean): JournalPlan {
  return {
    whenFull: dice.pick(["drop-oldest", "drop-newest", "thin-out", "thin-out"]),
    acknowledge: dice.pick(["broker", "consumer"]),
    blockS: dice.pick(besieged ? [1, 1, 2] : [1, 2, 5, 10, 60]),
    sectors: dice.pick(besieged ? [4, 4, 5] : [4, 5, 6, 8, 16, 32]),
  };
}

/** All is over at `untilMs`. */
export function drawConsumer(dice: Dice, untilMs: number): ConsumerPlan {
  const away: { fromMs: number; untilMs: number }[] = [];
  if (dice.chance(0.7)) {
    for (let atMs = dice.whole(0, untilMs); atMs < untilMs; atMs += dice.whole(60_000, 240_000)) {
      const fromMs = atMs;
      atMs = Math.min(untilMs, fromMs + Math.round(dice.magnitude(1_000, 120_000)));
      away.push({ fromMs, untilMs: atMs });
    }
  }
  // What a stranger says matters most while something waits.
  const strays = away.filter(() => dice.chance(0.5)).map((each) => dice.whole(each.fromMs, each.untilMs));
  return {
    commitMs: dice.pick([0, 10, 100, 1_000, 5_000]),
    away,
    crashesMs: dice.chance(0.5) ? times(dice, untilMs) : [],
    straysMs: [...strays, ...(dice.chance(0.5) ? times(dice, untilMs) : [])].sort((a, b) => a - b),
  };
}

/** Broker or Wi-Fi are away for so long that a small journal fills. */
export function drawOutage(dice: Dice, untilMs: number): FaultPlan[] {
  const forMs = Math.round(dice.between(0.6, 0.9) * untilMs);
  const at = { kind: "once", atMs: dice.whole(0, untilMs - forMs) } as const;
  return dice.chance(0.5)
    ? [{ kind: "broker-down", at, forMs, parameters: { session: "kept" } }]
    : [{ kind: "wifi-down", at, forMs, board: "board", parameters: {} }];
}

function times(dice: Dice, untilMs: number): number[] {
  return Array.from({ length: dice.whole(2, 10) }, () => dice.whole(1, untilMs)).sort((a, b) => a - b);
}
