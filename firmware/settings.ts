/**
 * What a board must know before it can reach anybody, and how it is to keep and send: the shape of its settings.
 * Their bounds and defaults stand in config/schema.ts. Never logged: two of them are secrets.
 */

export interface Settings {
  wifi: { ssid: string; password: string };
  broker: {
    /** A name or a dotted address. */
    host: string;
    /** 1…65535. */
    port: number;
    username?: string;
    password?: string;
  };
  journal?: Partial<Config["journal"]>;
}

/** All settings in force. An empty text is one that is not set. */
export interface Config {
  wifi: { ssid: string; password: string };
  broker: { host: string; port: number; username: string; password: string };
  journal: {
    /** What becomes of a new block when everything is full of records that nobody has acknowledged. */
    whenFull: "drop-oldest" | "drop-newest" | "thin-out";
    /** Whose word counts as kept: the broker's PUBACK, or a consumer's watermark. */
    acknowledge: "broker" | "consumer";
    /** How long samples wait in RAM at most before they are written down, s. */
    blockS: number;
  };
  checkpoints: { everyS: number };
  counters: { everyS: number };
  device: { name: string; hostname: string; url: string };
  /** See config/calibration.ts. */
  calibration: { points: string };
  trial: { forS: number };
}

/** Some settings: those of build time, or those that somebody set. */
export type PartialConfig = { [Group in keyof Config]?: { [Name in keyof Config[Group]]?: Config[Group][Name] } };
