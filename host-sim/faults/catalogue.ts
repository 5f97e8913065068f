/**
 * Every fault that the simulator knows, as data: what it strikes, how long, and its parameters with their
 * bounds. Scenarios are checked against this table, campaigns draw from it, the dashboard makes buttons of
 * it. What each does to the world stands beside it in faults/, and how the world behaves then at the top of
 * the world's own files.
 */

/** A number; `unit` "ms" is written as a time (`30s`), "share" is 0 … 1. */
export interface NumberForm {
  readonly unit: "ms" | "share" | "count" | "bytes" | "bytes/s" | "value";
  readonly least: number;
  readonly most: number;
  /** Without one the parameter must be given. */
  readonly byDefault?: number;
  readonly about: string;
}

export interface WordForm {
  readonly words: readonly string[];
  readonly byDefault: string;
  readonly about: string;
}

export interface FaultForm {
  /** What it strikes: a sensor of a board (all of its sensors when none is named), a board, or the broker. */
  readonly strikes: "sensor" | "board" | "broker";
  /** It lasts for a time and is then healed; otherwise it happens at once and is over. */
  readonly lasts: boolean;
  readonly about: string;
  readonly parameters: Readonly<Record<string, NumberForm | WordForm>>;
  /** Engines it works on; all when absent. */
  readonly engine?: "xs";
}

const chance: NumberForm = { unit: "share", least: 0, most: 1, byDefault: 1, about: "how likely each time" };
const none = {} as const;

export const faultForms = {
  nak: { strikes: "sensor", lasts: true, about: "the chip does not acknowledge I²C transfers", parameters: { chance } },
  absent: { strikes: "sensor", lasts: true, about: "the chip has come off", parameters: none },
  checksum: { strikes: "sensor", lasts: true, about: "a bit flips on the way from the chip", parameters: { chance } },
  stuck: { strikes: "sensor", lasts: true, about: "the sensor goes on giving what it measured last", parameters: none },
  spike: {
    strikes: "sensor",
    lasts: true,
    about: "measurements jump up or down",
    parameters: { by: { unit: "value", least: -1e9, most: 1e9, about: "how far, in the sensor's unit" }, chance },
  },
  drift: {
    strikes: "sensor",
    lasts: true,
    about: "measurements wander off",
    parameters: { "per-hour": { unit: "value", least: -1e9, most: 1e9, about: "how far in an hour, in the sensor's unit" } },
  },
  saturation: {
    strikes: "sensor",
    lasts: true,
    about: "the sensor is at the end of its range",
    parameters: { end: { words: ["high", "low"], byDefault: "high", about: "which end" } },
  },
  "bus-stuck": { strikes: "board", lasts: true, about: "somebody holds the I²C data line low", parameters: none },

  "wifi-down": { strikes: "board", lasts: true, about: "the access point is out of reach", parameters: none },
  "wifi-flap": {
    strikes: "board",
    lasts: true,
    about: "the Wi-Fi drops again and again",
    parameters: {
      every: { unit: "ms", least: 100, most: 3_600_000, byDefault: 20_000, about: "from one drop to the next" },
      off: { unit: "ms", least: 1, most: 3_600_000, byDefault: 2_000, about: "how long each drop lasts" },
    },
  },
  loss: {
    strikes: "board",
    lasts: true,
    about: "packets are lost on the air, and sent again",
    parameters: { share: { unit: "share", least: 0, most: 1, byDefault: 0.2, about: "of the packets" } },
  },
  latency: {
    strikes: "board",
    lasts: true,
    about: "the network is slow",
    parameters: {
      by: { unit: "ms", least: 0, most: 600_000, byDefault: 500, about: "how much later each packet arrives" },
      jitter: { unit: "ms", least: 0, most: 600_000, byDefault: 0, about: "up to how much more" },
    },
  },
  bandwidth: {
    strikes: "board",
    lasts: true,
    about: "the network is narrow",
    parameters: { limit: { unit: "bytes/s", least: 10, most: 1e9, byDefault: 1000, about: "what passes each way" } },
  },
  "half-open": { strikes: "board", lasts: false, about: "connections die without a word to either side", parameters: none },
  "connection-reset": { strikes: "board", lasts: false, about: "connections are reset", parameters: none },
  dns: { strikes: "board", lasts: true, about: "no name server answers", parameters: none },

  "ble-loss": { strikes: "board", lasts: false, about: "the Bluetooth connection is lost, which both ends notice late", parameters: none },
  "ble-away": { strikes: "board", lasts: true, about: "the board is out of reach of Bluetooth", parameters: none },

  "broker-down": {
    strikes: "broker",
    lasts: true,
    about: "the broker is stopped, and starts again",
    parameters: { session: { words: ["kept", "lost"], byDefault: "kept", about: "whether it remembers its clients" } },
  },
  "broker-refuse": {
    strikes: "broker",
    lasts: true,
    about: "the broker refuses whoever connects",
    parameters: { code: { unit: "count", least: 1, most: 5, byDefault: 3, about: "CONNACK's return code; 3: not available" } },
  },
  "broker-disconnect": { strikes: "broker", lasts: false, about: "the broker closes its connections", parameters: none },
  "broker-silent": { strikes: "broker", lasts: true, about: "the broker takes everything and answers nothing", parameters: none },
  "broker-forgets": { strikes: "broker", lasts: true, about: "the broker acknowledges messages and loses them", parameters: none },

  "power-cut": { strikes: "board", lasts: true, about: "the power is gone, in the middle of whatever it was", parameters: none },
  reset: {
    strikes: "board",
    lasts: false,
    about: "the board restarts, its RAM lost",
    parameters: { reason: { words: ["watchdog", "brown-out", "panic", "software"], byDefault: "watchdog", about: "what it was reset by" } },
  },
  "clock-back": {
    strikes: "board",
    lasts: false,
    about: "the board's clock jumps back",
    parameters: { by: { unit: "ms", least: 1, most: 86_400_000, byDefault: 10_000, about: "how far" } },
  },
  "flash-flip": {
    strikes: "board",
    lasts: false,
    about: "bits of what was written to flash flip",
    parameters: { bits: { unit: "count", least: 1, most: 10_000, byDefault: 1, about: "how many" } },
  },
  "flash-slow": {
    strikes: "board",
    lasts: true,
    about: "erases of flash last longer",
    parameters: { erase: { unit: "ms", least: 45, most: 5_000, byDefault: 400, about: "how long one lasts, where 45 ms is usual" } },
  },
  "flash-worn": {
    strikes: "board",
    lasts: false,
    about: "sectors of flash wear out: erasing them may leave bits that were written",
    parameters: { sectors: { unit: "count", least: 1, most: 1_024, byDefault: 4, about: "how many, drawn from each partition" } },
  },
  "flash-fail": {
    strikes: "board",
    lasts: true,
    about: "the flash fails writes and erases, done in part",
    parameters: { operation: { words: ["both", "write", "erase"], byDefault: "both", about: "which of them" }, chance },
  },
  "flash-cut": {
    strikes: "board",
    lasts: true,
    about: "the power goes within the next write or erase of the journal, and comes back; once",
    parameters: {
      operation: { words: ["both", "write", "erase"], byDefault: "both", about: "within which of them" },
      off: { unit: "ms", least: 1, most: 3_600_000, byDefault: 500, about: "for how long" },
    },
  },
  memory: {
    strikes: "board",
    lasts: true,
    about: "something else takes the board's memory",
    parameters: { bytes: { unit: "bytes", least: 1, most: 16_777_216, byDefault: 16_384, about: "how much" } },
    engine: "xs",
  },
} as const satisfies Readonly<Record<string, FaultForm>>;

export type FaultKind = keyof typeof faultForms;

/** One fault at one time. What a scenario, a campaign or a button makes, and what shrinking leaves out. */
export interface Fault {
  readonly kind: FaultKind;
  readonly atMs: number;
  /** Of a fault that lasts; Infinity: until the end. */
  readonly forMs: number;
  /** A board's name; undefined strikes all. */
  readonly board?: string;
  /** Undefined strikes all sensors of the board. */
  readonly sensor?: string;
  /** By name, all that the form has. */
  readonly parameters: Readonly<Record<string, number | string>>;
}

/** Its parts in one order, in whichever they were written: its chance is drawn by this. `at`: what says when. */
export function faultLabel({ kind, forMs, board, sensor, parameters }: Omit<Fault, "atMs">, at: object): string {
  const names = Object.keys(faultForms[kind].parameters);
  const ordered = Object.fromEntries(names.flatMap((name) => (name in parameters ? [[name, parameters[name]]] : [])));
  return JSON.stringify({ kind, forMs, board, sensor, parameters: ordered, ...at });
}
