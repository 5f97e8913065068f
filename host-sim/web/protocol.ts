/**
 * What the dashboard's server and its page say to each other: the server sends one `Hello` and then frames
 * over an event stream, the page posts commands. Times are virtual milliseconds since the run's start.
 */

export interface ParameterInfo {
  readonly name: string;
  readonly about: string;
  /** A number's unit, or the words to choose from. */
  readonly unit?: string;
  readonly least?: number;
  readonly most?: number;
  readonly words?: readonly string[];
  readonly byDefault?: number | string;
}

export interface FaultInfo {
  readonly kind: string;
  readonly strikes: "sensor" | "board" | "broker";
  readonly lasts: boolean;
  readonly about: string;
  readonly parameters: readonly ParameterInfo[];
}

export interface ChannelInfo {
  readonly name: string;
  readonly unit: string;
  readonly sensor: string;
  readonly resolution: number;
  /** What comes out is of another kind than what goes in (a count, a deviation): it needs a scale of its own. */
  readonly ownScale: boolean;
  /** It speaks only now and then: its value holds until the next. */
  readonly holds: boolean;
  /** The stages in words. */
  readonly stages: string;
}

export interface AppInfo {
  readonly name: string;
  readonly sensors: readonly { readonly name: string; readonly on: string; readonly everyMs: number }[];
  readonly channels: readonly ChannelInfo[];
}

export interface BoardInfo {
  readonly name: string;
  /** Its name in topics. */
  readonly device: string;
  /** An index into `Hello.apps`. */
  readonly app: number;
  readonly model: string;
  readonly notes: readonly string[];
}

export interface Hello {
  readonly kind: "hello";
  /** Which of the runs that this dashboard shows this is; `live` runs in real time on a real broker. */
  readonly run: RunName;
  readonly runs: readonly RunName[];
  /** Of a live run: a replay of it in virtual time can be had. */
  readonly canReplay: boolean;
  readonly seed: number;
  readonly engine: "node" | "xs";
  /** The broker, in words. */
  readonly broker: string;
  readonly apps: readonly AppInfo[];
  readonly boards: readonly BoardInfo[];
  readonly faults: readonly FaultInfo[];
}

export type RunName = "virtual" | "live";
export type RunState = "running" | "paused" | "replaying" | "failed";
export type Speed = number | "max";

/** A fault that began; `toMs` is absent while it lasts. */
export interface Mark {
  /** Names it for healing. */
  readonly key: string;
  readonly kind: string;
  readonly board?: string;
  readonly sensor?: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly fromMs: number;
  readonly toMs?: number;
  /** When it will heal by itself, where that is known. */
  readonly untilMs?: number;
}

export type Fields = "power" | "wifi" | "broker";

/** A board's states from one time on, as bits of `up`. */
export type Span = readonly [fromMs: number, up: number];
export const up = { power: 1, wifi: 2, broker: 4 } as const;

export interface WireRow {
  readonly atMs: number;
  readonly way: "out" | "in";
  /** PUBLISH, PUBACK …, or "…" for bytes that are no MQTT. */
  readonly what: string;
  readonly text: string;
}

/** Counted from outside the firmware, over all boots. */
export interface Way {
  readonly samples: number;
  readonly missed: number;
  readonly readErrors: number;
  readonly emitted: number;
  readonly superseded: number;
  readonly published: number;
  readonly retransmitted: number;
  readonly acknowledged: number;
  readonly inFlight: number;
}

export interface Health {
  readonly up: number;
  readonly upForMs: number;
  readonly boots: number;
  readonly lastReset: string;
  readonly connections: number;
  /** Why the broker refused, where it did. */
  readonly refused?: string;
  readonly bytesOut: number;
  readonly bytesIn: number;
  /** Since boot, as the firmware counts. Absent without power. */
  readonly late?: number;
  readonly worstLateMs?: number;
  readonly arenaBytes?: number;
  readonly arenaPeakBytes?: number;
}

/** New points of one channel: `raw` is the sensor's quantity before the stages, `out` what left the board. null is a failure. */
export interface Points {
  readonly channel: number;
  readonly rawMs: readonly number[];
  readonly raw: readonly (number | null)[];
  readonly outMs: readonly number[];
  readonly out: readonly (number | null)[];
  /** Why the newest reading failed. */
  readonly error?: string;
  readonly summary?: string;
}

/** What a sector of flash is seen as. `waiting`: something in it is to be delivered yet. `dirty`: to be erased before use. */
export const sectorStates = ["free", "waiting", "newest", "acknowledged", "dirty", "erasing"] as const;

/** A sector of the journal. Numbers and erases that nobody knows are −1. */
export type SectorCell = readonly [
  state: number,
  erases: number,
  first: number,
  last: number,
  records: number,
  waiting: number,
  filledBytes: number,
  worn: 0 | 1,
];

/** A block as it went over the wire. */
export interface SentBlock {
  readonly seq: number;
  readonly samples: number;
  readonly bytes: number;
  readonly channels: number;
}

/** Something that the journal lost, in words. */
export interface LossRow {
  /** Its own number. */
  readonly seq: number;
  readonly why: string;
  readonly lost: string;
  /** Since the board's boots; "" where nobody knows. */
  readonly when: string;
  /** The wire carried it. */
  readonly told: boolean;
}

/** The journal in flash, and what left it. */
export interface History {
  readonly sectors: readonly SectorCell[];
  /** Records below `done` need no delivering; below `sent` they were on the wire; below `next` they were written. */
  readonly done: number;
  readonly sent: number;
  readonly next: number;
  readonly waiting: number;
  readonly waitingBytes: number;
  readonly waitingSamples: number;
  /** When the oldest of what waits was written. */
  readonly oldestMs?: number;
  /** Since the run's start. */
  readonly programmedBytes: number;
  readonly erases: number;
  readonly blocksSent: number;
  readonly blockBytesSent: number;
  readonly gapsSent: number;
  readonly last?: SentBlock;
  /** The newest first, bounded; `samplesLost` is of all of them, as far as it is known. */
  readonly losses: readonly LossRow[];
  readonly samplesLost: number;
}

export interface BoardFrame {
  /** What the page had of this board is void. */
  readonly reset: boolean;
  readonly device: string;
  readonly points: readonly Points[];
  readonly way: Way;
  readonly health: Health;
  readonly wire: readonly WireRow[];
  /** All of them, when they changed. */
  readonly spans?: readonly Span[];
  /** When it changed. */
  readonly history?: History;
}

/** What is wrong with a board, the worst first. */
export const conditions = ["off", "reading errors", "no Wi-Fi", "no broker", "missed samples", "starting", "well"] as const;
export type Condition = (typeof conditions)[number];

/** One board of many: its index, its condition's index, and its points since the last frame. */
export type Cell = readonly [board: number, condition: number, points: readonly (number | null)[]];

export interface Frame {
  readonly kind: "frame";
  /** Another number: the past was changed, and plots begin anew. */
  readonly generation: number;
  readonly nowMs: number;
  /** How far the run has been. */
  readonly furthestMs: number;
  readonly state: RunState;
  readonly speed: Speed;
  /** Virtual seconds that pass a real one, measured. */
  readonly ratio: number;
  /** While it replays: how far, 0 … 1. */
  readonly progress?: number;
  readonly failure?: string;
  /** All of them, when they changed. */
  readonly marks?: readonly Mark[];
  readonly board?: BoardFrame;
  readonly cells?: readonly Cell[];
  /** The page's cells are void. */
  readonly resetCells?: boolean;
}

export type Command =
  | { readonly do: "pause" }
  | { readonly do: "run"; readonly speed?: Speed }
  | { readonly do: "step"; readonly byMs: number }
  | { readonly do: "go"; readonly toMs: number }
  | {
      readonly do: "break";
      readonly kind: string;
      readonly board?: string;
      readonly sensor?: string;
      /** Absent: until it is healed. */
      readonly forMs?: number;
      readonly parameters: Readonly<Record<string, number | string>>;
    }
  /** Without a key: all of them. */
  | { readonly do: "heal"; readonly key?: string }
  /** Of a live run: makes its replay in virtual time, up to now. */
  | { readonly do: "replay" };

export type Answer = { readonly ok: true } | { readonly ok: false; readonly message: string };
