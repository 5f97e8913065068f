/**
 * Draws who comes to a board with a phone and what it is told: settings that are right and such as cut it off, confirmed, undone
 * or left alone, with restarts, and with connections and power that break in the midst of it. Most boards are never visited.
 */
import type { FaultPlan, NetworkPlan, VisitPlan } from "../scenario/plan.js";
import type { Dice } from "./dice.js";

const share = 0.35;
const visitsMost = 4;
/** What cuts a board off is on trial for so long; a board's restarts make it several times as long. */
const trialS = [30, 30, 45, 60] as const;

/** Where a board can be reached from; each of them leads to the one broker (scenario/visits.ts). */
const networks: readonly NetworkPlan[] = [{ ssid: "shed", password: "swordfish", fromMs: 0, untilMs: Infinity }];

const own = { "wifi.ssid": "mote", "wifi.password": "simulated" };
const shed = { "wifi.ssid": "shed", "wifi.password": "swordfish" };
const usual = { "broker.host": "broker.mote", "broker.port": 1883, "broker.username": "" };
const other = { "broker.host": "hub.mote", "broker.port": 1884, "broker.username": "" };
const named = { "broker.host": "10.0.255.1", "broker.port": 1884, "broker.username": "me" };

/** Whole: something wrong may still be on trial below them, and who confirms confirms that too. */
const wholeOnes: readonly VisitPlan["set"][] = [
  { ...shed, ...usual },
  { ...own, ...other },
  { ...shed, ...named },
  { ...own, ...usual },
];
const rightOnes: readonly VisitPlan["set"][] = [...wholeOnes, shed, own, other, usual, named, { "device.name": "on the shelf" }];

const wrongOnes: readonly VisitPlan["set"][] = [
  { "wifi.ssid": "hsed" },
  { "wifi.password": "not the one" },
  { "broker.host": "nowhere.mote" },
  { "broker.host": "10.9.9.9" },
  // It takes connections and says nothing.
  { "broker.host": "10.0.255.9", "broker.port": 1883 },
  { "broker.port": 1885 },
  { "wifi.ssid": "shed", "wifi.password": "swordfish", "broker.host": "10.9.9.9" },
  { "wifi.ssid": "elsewhere", "broker.host": "hub.mote", "broker.port": 1884 },
];

export interface Visits {
  readonly visits: readonly VisitPlan[];
  readonly networks: readonly NetworkPlan[];
  readonly faults: readonly FaultPlan[];
}

/** All is over at `untilMs`, but for a trial that is still on. */
export function drawVisits(dice: Dice, board: string, untilMs: number): Visits {
  if (!dice.chance(share)) return { visits: [], networks: [], faults: [] };
  const visits: VisitPlan[] = [];
  // One after another: who confirms what somebody else has set meanwhile may cut the board off for good.
  for (
    let atMs = dice.whole(2_000, untilMs / 2);
    visits.length < visitsMost && atMs < untilMs - 20_000;
    atMs += dice.whole(1_000, 90_000)
  ) {
    const visit = drawVisit(dice.split(`at ${atMs}`), board, atMs, untilMs);
    visits.push(visit);
    atMs += visit.forMs;
  }
  const faults = visits.flatMap(({ atMs }) => drawTrouble(dice.split(`trouble ${atMs}`), board, atMs, untilMs));
  return { visits, networks, faults };
}

function drawVisit(dice: Dice, board: string, atMs: number, untilMs: number): VisitPlan {
  const isRight = dice.chance(0.45);
  // Who confirms what cuts the board off has cut it off.
  const byHand = dice.pick(isRight ? (["nothing", "nothing", "confirm", "undo"] as const) : (["nothing", "nothing", "undo"] as const));
  const set = { ...dice.pick(byHand === "confirm" ? wholeOnes : isRight ? rightOnes : wrongOnes), "trial.forS": dice.pick(trialS) };
  return { atMs, forMs: Math.min(dice.whole(20_000, 60_000), untilMs - atMs), board, set, byHand, restart: dice.chance(0.2) };
}

/** In the midst of a visit, which takes some three seconds to its first request, and of what follows. */
function drawTrouble(dice: Dice, board: string, visitMs: number, untilMs: number): FaultPlan[] {
  const faults: FaultPlan[] = [];
  const add = (kind: FaultPlan["kind"], least: number, most: number, lastsMs: number, parameters: FaultPlan["parameters"] = {}): void => {
    const atMs = Math.min(visitMs + dice.whole(least, most), untilMs - 1);
    faults.push({ kind, at: { kind: "once", atMs }, forMs: Math.min(lastsMs, untilMs - atMs), board, parameters });
  };
  if (dice.chance(0.4)) add("ble-loss", 500, 6_000, 0);
  if (dice.chance(0.25)) add("ble-away", 500, 6_000, dice.whole(100, 20_000));
  if (dice.chance(0.3)) add("power-cut", 1_500, 6_000, dice.whole(10, 3_000));
  // Again and again while something is on trial.
  if (dice.chance(0.2)) for (let each = dice.whole(2, 6); each > 0; each--) add("reset", 4_000, 60_000, 0, { reason: "brown-out" });
  if (dice.chance(0.1)) add("flash-fail", 1_000, 6_000, dice.whole(500, 10_000), { operation: "both", chance: dice.pick([1, 0.5]) });
  return faults;
}
