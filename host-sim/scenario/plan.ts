/**
 * A scenario as data, checked and complete: what scenario files are parsed into, what campaigns draw, and
 * what is written back into a file. Times are virtual milliseconds since the scenario's start.
 */
import type { Join } from "../../firmware/pipeline/join.js";
import type { boards } from "../../firmware/boards/board.js";
import type { Fault } from "../faults/catalogue.js";
import type { recordable } from "../world/environment.js";

export interface Plan {
  readonly name: string;
  /** The story, for people. */
  readonly about: string;
  readonly seed: number;
  readonly durationMs: number;
  readonly boards: readonly BoardPlan[];
  /** What all boards feel, where a board does not say otherwise; the day's weather for what is left out. */
  readonly environment: EnvironmentPlan;
  readonly faults: readonly FaultPlan[];
  /** Who takes and confirms the boards' histories; undefined: nobody does. */
  readonly consumer?: ConsumerPlan;
  /** People who come with a phone, and networks beside the boards' own; undefined: none. */
  readonly visits?: readonly VisitPlan[];
  readonly networks?: readonly NetworkPlan[];
  readonly expect: readonly Expectation[];
  readonly never: readonly Expectation[];
}

export interface BoardPlan {
  /** Unique in the scenario. */
  readonly name: string;
  readonly app: AppPlan;
  readonly board: keyof typeof boards;
  /** When it is powered on, ms. */
  readonly startAtMs: number;
  /** The 32-bit millisecond counter's reading at its first boot. */
  readonly ticksAtBoot: number;
  readonly environment: EnvironmentPlan;
  /** Undefined: all as by default. */
  readonly journal?: JournalPlan;
}

/** How a board keeps and sends its history: what the scenario says, and no more. */
export interface JournalPlan {
  readonly whenFull?: "drop-oldest" | "drop-newest" | "thin-out";
  readonly acknowledge?: "broker" | "consumer";
  readonly blockS?: number;
  /** Of its flash partition, 4 KiB each. */
  readonly sectors?: number;
}

/** A consumer of all boards' histories (world/consumer.ts). */
export interface ConsumerPlan {
  /** How long it takes to commit what came. */
  readonly commitMs: number;
  /** When it is away. */
  readonly away: readonly { readonly fromMs: number; readonly untilMs: number }[];
  /** When it dies, and comes back at once, without what it had not committed. */
  readonly crashesMs: readonly number[];
  /** When somebody else says nonsense in its place. */
  readonly straysMs: readonly number[];
}

/** Somebody comes to a board, presses its button, and tells it something over Bluetooth (visitor/visitor.ts). */
export interface VisitPlan {
  readonly atMs: number;
  /** So long it is tried. */
  readonly forMs: number;
  /** A board's name; undefined: one comes to each. */
  readonly board?: string;
  /** Settings by name, as `broker.host`. */
  readonly set: Readonly<Record<string, string | number>>;
  /** By hand; `nothing` leaves it to the board. */
  readonly byHand: "confirm" | "undo" | "nothing";
  readonly restart: boolean;
}

/** A Wi-Fi network, there from and until then; the boards' own one too, where it comes and goes. */
export interface NetworkPlan {
  readonly ssid: string;
  readonly password: string;
  readonly fromMs: number;
  /** Infinity: to the end. */
  readonly untilMs: number;
}

export type AppPlan =
  /** firmware/app.ts. */
  | { readonly kind: "own" }
  /** An app file, its path made absolute. */
  | { readonly kind: "file"; readonly file: string }
  /** Declared in the scenario itself. */
  | { readonly kind: "inline"; readonly app: InlineApp };

/** An app as data: drivers and stages by their names in "mote". */
export interface InlineApp {
  readonly name: string;
  readonly sensors: Readonly<Record<string, InlineSensor>>;
  readonly channels: Readonly<Record<string, InlineChannel>>;
}

export interface InlineSensor {
  readonly driver: "SHT3x" | "BME280" | "NTC" | "PulseCounter" | "MPU6050";
  readonly on: "i2c" | "analog" | "digital";
  readonly everyMs: number;
  readonly phaseMs?: number;
  readonly pin?: number;
  readonly address?: number;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A builder's name in "mote" and its arguments, e.g. ["median", 5]; those of `or` and `group` are calls again. */
export type StageCall = readonly [name: string, ...values: readonly unknown[]];

export interface InlineChannel {
  readonly from: string | Join;
  readonly unit?: string;
  readonly resolution: number;
  readonly stages: readonly StageCall[];
}

export type Quantity = keyof typeof recordable;
export type EnvironmentPlan = Readonly<Partial<Record<Quantity, SignalPlan>>>;

/** Signals are sums of parts. */
export type SignalPlan = readonly SignalPart[];

export type SignalPart =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "daily"; readonly mean: number; readonly amplitude: number; readonly peakHour: number }
  /** A value from each time on. */
  | { readonly kind: "steps"; readonly points: readonly (readonly [atMs: number, value: number])[] }
  /** Straight lines between points; level before the first and after the last. */
  | { readonly kind: "ramp"; readonly points: readonly (readonly [atMs: number, value: number])[] }
  | { readonly kind: "noise"; readonly deviation: number; readonly everyMs: number }
  /** A sine of mechanical vibration, with `share` of it noise. */
  | { readonly kind: "vibration"; readonly amplitude: number; readonly hz: number; readonly share: number }
  /** A column of a recording, its path made absolute. */
  | { readonly kind: "recording"; readonly file: string; readonly column: string }
  /** This computer's own thermometer; only in real time. */
  | { readonly kind: "host" };

/** A fault at a time, or one that chance repeats. `boards` and all else as in Fault. */
export type FaultPlan = Omit<Fault, "atMs"> & {
  readonly at:
    | { readonly kind: "once"; readonly atMs: number }
    /** At each of the times `fromMs + k × everyMs` before `untilMs`, with probability `chance`. */
    | { readonly kind: "repeated"; readonly fromMs: number; readonly untilMs: number; readonly everyMs: number; readonly chance: number };
};

export interface Range {
  readonly least: number;
  readonly most: number;
}

export type Condition =
  /** A message on a topic below the board's own; MQTT wildcards count. */
  | {
      readonly kind: "message";
      readonly topic: string;
      /** The whole payload. */
      readonly text?: string;
      /** Its "value" is a number within. */
      readonly value?: Range;
      /** Its "error". */
      readonly error?: string;
    }
  | { readonly kind: "state"; readonly of: keyof typeof states; readonly is: string }
  | { readonly kind: "count"; readonly of: CountName; readonly within: Range };

/** What can be a state, and which there are. */
export const states = {
  power: ["on", "off"],
  wifi: ["joined", "away"],
  broker: ["connected", "disconnected"],
  /** Whether its receiver has all that stands in its flash, or a gap that tells of it. */
  history: ["complete", "incomplete"],
  /** As they stand in its flash: never on trial, on trial, kept after it, or undone. */
  settings: ["kept", "undone", "trial", "none"],
} as const;

/** Counted outside the firmware, since the scenario's start. */
export const countNames = [
  "samples",
  "missed",
  "read-errors",
  "published",
  "retransmitted",
  "acknowledged",
  "connections",
  "boots",
  "bytes-out",
  "blocks",
  "gaps",
  "lost",
] as const;
export type CountName = (typeof countNames)[number];

export interface Expectation {
  /** Where it stands, `file:line:column`, or what made it. */
  readonly place: string;
  /** As a person reads it, e.g. `message temperature with a value from 20 to 30`. */
  readonly text: string;
  /** A board's name; undefined: each of them (`expect`), or any of them (`never`). */
  readonly board?: string;
  readonly condition: Condition;
  /** Looked at from here on … */
  readonly afterMs: number;
  /** … to here: an expectation not met by then has failed. Infinity: it may take until the end, and time has then run out on it. */
  readonly untilMs: number;
}
