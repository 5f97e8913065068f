/** What a session may do with its board: start.ts gives it, requests.ts and improv-desk.ts ask for it. */
import type { Trial } from "../config/trial.js";
import type { Bytes, Device } from "../device.js";
import type { PartialConfig } from "../settings.js";
import type { FoundPoint } from "./contract.js";

/** A channel's newest value; `number` counts them, 0: none yet. */
export interface Shown {
  readonly channel: string;
  readonly x: number;
  readonly error: string | undefined;
  readonly unit: string;
  readonly atMs: number;
  readonly number: number;
}

export interface BoardAccess {
  readonly device: Device;
  readonly trial: Trial;
  /** Built-in settings. */
  readonly seed: PartialConfig;
  /** 6 bytes. */
  readonly id: Bytes;
  /** What it is called: in topics, and as a person named it. */
  readonly topicName: string;
  name(): string;
  hostname(): string;
  url(): string;
  /** Lines of `name value`. */
  about(): string;
  health(): string;
  journal(): string;
  readonly log: { readonly first: number; readonly next: number; line(number: number): string };
  /** No sample is due before, ms. */
  nextSampleMs(): number;
  /** Of channel number `index`, undefined behind the last. */
  latest(index: number): Shown | undefined;
  /** The same before calibration and stages; NaN where it is no sensor's, or none has come since `watch(true)`. */
  reading(channel: string): number;
  watch(on: boolean): void;
  readonly isJoined: boolean;
  /** It was told one, working or not. */
  readonly hasNetwork: boolean;
  /** `joining`, `up 10.0.0.7`, … */
  network(): string;
  /** Strongest first, each name once; undefined where the radio cannot scan just now. */
  scan(onDone: (found: readonly FoundPoint[] | undefined) => void): void;
  /** Calls back once when the network that is on trial was joined, or could not be. */
  whenJoined(onDone: (joined: boolean) => void): void;
  readonly canIdentify: boolean;
  /** False where the app has the LED's pin. */
  identify(): boolean;
  restart(): void;
  factoryReset(): void;
  note(text: string): void;
}
