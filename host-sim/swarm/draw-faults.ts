/**
 * Draws a schedule of faults in the swarm manner (Groce et al., "Swarm Testing", 2012): each run leaves most
 * kinds of fault out, since a few kinds alone go further than all of them at once; each kind that is in has a
 * rate of its own.
 */
import type { Fault, FaultKind } from "../faults/catalogue.js";
import type { FaultPlan, InlineApp } from "../scenario/plan.js";
import type { Dice } from "./dice.js";

interface Form {
  /** How long it lasts, ms; absent for what happens at once. */
  readonly forMs?: readonly [least: number, most: number];
  readonly sensor?: "any" | "i2c";
  /** How many times rarer than others. */
  readonly every?: number;
  /** One of this kind at a time. */
  readonly alone?: boolean;
  readonly parameters?: (dice: Dice) => Fault["parameters"];
}

const chances = (dice: Dice): { chance: number } => ({ chance: dice.pick([1, 1, 0.5, 0.1]) });
const second = 1000;

/** `memory` is a fault of the other engine; those of Bluetooth come with visits (draw-visits.ts). */
const forms: Readonly<Partial<Record<FaultKind, Form>>> = {
  nak: { forMs: [100, 30 * second], sensor: "i2c", parameters: chances },
  absent: { forMs: [100, 60 * second], sensor: "i2c" },
  // Several at once would flip more bits than the chip's checksum can tell.
  checksum: { forMs: [second, 60 * second], sensor: "i2c", alone: true, parameters: chances },
  stuck: { forMs: [second, 60 * second], sensor: "any" },
  spike: { forMs: [second, 60 * second], sensor: "any", parameters: (dice) => ({ by: dice.pick([-100, 5, 50, 1000]), ...chances(dice) }) },
  drift: { forMs: [5 * second, 120 * second], sensor: "any", parameters: (dice) => ({ "per-hour": dice.pick([-60, 10, 600]) }) },
  saturation: { forMs: [second, 60 * second], sensor: "any", parameters: (dice) => ({ end: dice.pick(["high", "low"]) }) },
  "bus-stuck": { forMs: [50, 30 * second], every: 0.5 },
  "wifi-down": { forMs: [100, 60 * second] },
  "wifi-flap": {
    forMs: [5 * second, 90 * second],
    parameters: (dice) => ({ every: dice.whole(500, 20_000), off: dice.whole(50, 2_000) }),
  },
  loss: { forMs: [second, 90 * second], parameters: (dice) => ({ share: dice.pick([0.05, 0.2, 0.5, 0.9, 1]) }) },
  latency: {
    forMs: [second, 90 * second],
    parameters: (dice) => ({ by: Math.round(dice.magnitude(50, 20_000)), jitter: dice.pick([0, 100, 2_000]) }),
  },
  bandwidth: { forMs: [second, 90 * second], parameters: (dice) => ({ limit: Math.round(dice.magnitude(20, 5_000)) }) },
  "half-open": {},
  "connection-reset": {},
  dns: { forMs: [second, 60 * second] },
  "broker-down": { forMs: [100, 60 * second], parameters: (dice) => ({ session: dice.pick(["kept", "lost"]) }) },
  "broker-refuse": { forMs: [second, 60 * second], parameters: (dice) => ({ code: dice.whole(1, 5) }) },
  "broker-disconnect": {},
  "broker-silent": { forMs: [100, 90 * second] },
  "broker-forgets": { forMs: [second, 60 * second] },
  "power-cut": { forMs: [10, 30 * second], every: 2 },
  reset: { every: 2, parameters: (dice) => ({ reason: dice.pick(["watchdog", "brown-out", "panic", "software"]) }) },
  "flash-cut": {
    forMs: [10 * second, 120 * second],
    every: 0.5,
    parameters: (dice) => ({ operation: dice.pick(["both", "write", "erase"]), off: dice.whole(1, 5_000) }),
  },
  "flash-slow": { forMs: [10 * second, 120 * second], parameters: (dice) => ({ erase: dice.pick([100, 400, 400, 2_000]) }) },
  "flash-flip": { every: 4, parameters: (dice) => ({ bits: dice.pick([1, 1, 5, 100]) }) },
  "flash-worn": { every: 4, parameters: (dice) => ({ sectors: dice.whole(1, 3) }) },
  "flash-fail": {
    forMs: [second, 60 * second],
    parameters: (dice) => ({ operation: dice.pick(["both", "write", "erase"]), chance: dice.pick([1, 0.5, 0.05]) }),
  },
  "clock-back": { every: 4, parameters: (dice) => ({ by: Math.round(dice.magnitude(1, 20_000)) }) },
};

/** What a fault of a kind that needs another to be felt is drawn with. */
const companions: Readonly<Partial<Record<FaultKind, FaultKind>>> = {
  dns: "connection-reset",
  "broker-refuse": "broker-disconnect",
};

const faultsMax = 60;

/** All begin and end before `untilMs`. Times are whole milliseconds: a schedule is to be written down and read by people. */
export function drawFaults(dice: Dice, app: InlineApp, board: string, untilMs: number): FaultPlan[] {
  const kinds = dice.some(Object.keys(forms) as FaultKind[], dice.pick([0.1, 0.2, 0.4]));
  for (const kind of [...kinds]) {
    const companion = companions[kind];
    if (companion !== undefined && !kinds.includes(companion)) kinds.push(companion);
  }
  return kinds
    .flatMap((kind) => drawKind(dice.split(kind), kind, app, board, untilMs))
    .sort((a, b) => onceMs(a) - onceMs(b))
    .slice(0, faultsMax);
}

function drawKind(dice: Dice, kind: FaultKind, app: InlineApp, board: string, untilMs: number): FaultPlan[] {
  const { forMs, sensor, every = 1, alone = false, parameters } = forms[kind]!;
  const sensors = Object.keys(app.sensors).filter((name) => sensor === "any" || app.sensors[name]!.on === "i2c");
  if (sensor !== undefined && sensors.length === 0) return [];
  const meanMs = every * dice.magnitude(15_000, 240_000);
  const faults: FaultPlan[] = [];
  for (let at = gapMs(dice, meanMs / 2); at < untilMs - 1; at += gapMs(dice, meanMs)) {
    const lastsMs = forMs === undefined ? 0 : Math.min(Math.round(dice.magnitude(...forMs)), untilMs - at);
    faults.push({
      kind,
      at: { kind: "once", atMs: at },
      forMs: lastsMs,
      // The broker is everybody's.
      ...(kind.startsWith("broker-") ? {} : { board }),
      ...(sensor === undefined || dice.chance(0.2) ? {} : { sensor: dice.pick(sensors) }),
      parameters: parameters?.(dice) ?? {},
    });
    if (alone) at += lastsMs;
  }
  return faults;
}

function gapMs(dice: Dice, meanMs: number): number {
  return Math.max(1, Math.round(-meanMs * Math.log(1 - dice.between(0, 0.999))));
}

export function onceMs({ at }: FaultPlan): number {
  return at.kind === "once" ? at.atMs : at.fromMs;
}
