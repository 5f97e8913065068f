/**
 * The board that the page is connected to: what is known of it, kept up to date by replies and events. It outlives a lost
 * connection: what was known stays, and a new client takes the place of the old one.
 */
import { failure, type Result } from "../../firmware/base/result.js";
import type {
  BoardClient,
  BoardEvent,
  FieldText,
  PairingError,
  Reading,
  SetOutcome,
  SettingValue,
  TrialState,
} from "../pairing/contract.js";

export type Topic = "reading" | "trial" | "network" | "settings" | "link" | "waiting";

/** Settings to set, and to take back. */
export interface Change {
  readonly set: ReadonlyMap<string, string>;
  readonly forget: readonly string[];
}

type Answer<Value> = Promise<Result<Value, PairingError>>;

export class Board {
  about: ReadonlyMap<string, string> = new Map();
  fields: readonly FieldText[] = [];
  settings: readonly SettingValue[] = [];
  trial: TrialState = { state: "none", leftS: 0, reason: "", names: [] };
  /** When `trial` came, ms of performance.now(). */
  trialAtMs = 0;
  /** `joining`, `up ADDRESS`, `waiting`, `off`; empty: not known yet. */
  wifi = "";
  broker: "up" | "down" | "" = "";
  connected = true;
  /** Readings by channel, the newest. */
  readonly readings = new Map<string, Reading>();
  /** Why the session ended, where it did. */
  ended = { kind: "gone" as PairingError, message: "" };
  /** This page has asked for it: the connection ends for that. */
  leaving: "restart" | "erase" | undefined;
  /** Settings that were changed here and take effect with a restart: those on trial as well. */
  waiting: readonly string[] = [];
  /** What waited before the trial: it does, also when that is undone. */
  #waitingBefore: readonly string[] = [];
  /** A change whose answer never came. */
  unanswered: Change | undefined;
  readonly #listeners = new Map<Topic, Set<(reading?: Reading) => void>>();
  #client: BoardClient;
  #live = false;

  constructor(client: BoardClient) {
    this.#client = client;
    this.#adopt(client);
  }

  get client(): BoardClient {
    return this.#client;
  }

  get id(): string {
    return this.#client.info.id;
  }

  get name(): string {
    return this.about.get("name") ?? this.id;
  }

  /** What calls it again tells no more. */
  on(topic: Topic, listener: (reading?: Reading) => void): void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(topic, listeners);
  }

  /** All that the page shows at first; in this order, since the schema is the longest. */
  async load(): Answer<undefined> {
    const about = await this.#client.about();
    if (!about.ok) return about;
    // It has started anew: nothing waits for that any more.
    if (Number(about.value.get("uptimeMs")) < Number(this.about.get("uptimeMs") ?? 0)) this.#setWaiting([]);
    this.about = about.value;
    const trial = await this.#client.trial();
    if (!trial.ok) return trial;
    this.#setTrial(trial.value);
    const settings = await this.reload();
    if (!settings.ok) return settings;
    const health = await this.#client.health();
    if (!health.ok) return health;
    this.#setNetwork(health.value.get("network") ?? "");
    this.#setNetwork(`broker ${health.value.get("broker") ?? ""}`);
    if (this.fields.length === 0) {
      const fields = await this.#client.schema();
      if (!fields.ok) return fields;
      this.fields = fields.value;
      this.#tell("settings");
    }
    return { ok: true, value: undefined };
  }

  async reload(): Answer<undefined> {
    const settings = await this.#client.settings();
    if (!settings.ok) return settings;
    this.settings = settings.value;
    this.#tell("settings");
    return { ok: true, value: undefined };
  }

  /** In place of the one that has ended. */
  async revive(client: BoardClient): Answer<undefined> {
    this.#client = client;
    this.#adopt(client);
    this.connected = true;
    if (this.leaving !== undefined) this.#setWaiting([]);
    const loaded = await this.load();
    if (loaded.ok && this.#live) await client.live(true);
    this.leaving = undefined;
    if (loaded.ok) this.#tell("link");
    return loaded;
  }

  async live(on: boolean): Promise<void> {
    this.#live = on;
    if (this.connected) await this.#client.live(on);
  }

  /** All of it or nothing; where no answer comes, `unanswered` says what was asked. */
  async apply(change: Change): Answer<SetOutcome> {
    if (!this.connected) return failure("gone", "There is no connection to the board: nothing was sent.");
    this.unanswered = change;
    const outcome = await this.#client.set(change.set, change.forget);
    if (!outcome.ok && (outcome.error.kind === "gone" || !this.connected)) return outcome;
    this.unanswered = undefined;
    if (!outcome.ok) return outcome;
    const { state, restart } = outcome.value;
    if (state === "trial" && this.trial.state !== "trial") this.#waitingBefore = this.waiting;
    if (state !== "same") this.#setWaiting([...new Set([...this.waiting, ...restart])]);
    if (state === "trial")
      this.#setTrial({ state: "trial", leftS: outcome.value.leftS, reason: "", names: [...change.set.keys(), ...change.forget] });
    if (this.connected) await this.reload();
    return outcome;
  }

  /** The connection ends then: `leaving` says that it is well. */
  async leave(how: "restart" | "erase"): Answer<undefined> {
    this.leaving = how;
    const done = await (how === "restart" ? this.#client.restart() : this.#client.factoryReset());
    if (!done.ok && this.connected) this.leaving = undefined;
    return done;
  }

  /** Who it is and since when it runs, anew. */
  async refreshAbout(): Promise<void> {
    const about = await this.#client.about();
    if (about.ok) this.about = about.value;
  }

  async decide(how: "confirm" | "undo"): Answer<TrialState> {
    const state = await this.#client[how]();
    if (!state.ok) return state;
    this.#setTrial(state.value);
    await this.reload();
    return state;
  }

  /** Whether a change holds now, as far as can be seen: secrets cannot. */
  holds({ set, forget }: Change): boolean {
    for (const [name, value] of set) {
      const found = this.settings.find((each) => each.name === name);
      const secret = this.fields.find((each) => each.name === name)?.secret === true;
      if (secret ? value !== "" && found === undefined : found?.value !== value) return false;
    }
    return forget.every((name) => this.settings.find((each) => each.name === name)?.origin !== "set");
  }

  #adopt(client: BoardClient): void {
    client.onEvent = (event) => this.#heard(event);
    client.onEnded = (error) => {
      if (client !== this.#client) return;
      this.ended = error;
      this.connected = false;
      this.#tell("link");
    };
  }

  #heard(event: BoardEvent): void {
    if (event.kind === "live") {
      this.readings.set(event.reading.channel, event.reading);
      this.#tell("reading", event.reading);
    } else if (event.kind === "trial") {
      const before = this.trial.state;
      this.#setTrial(event.trial);
      // What was undone is as it was before.
      if (before === "trial" && event.trial.state !== "trial") void this.reload();
    } else this.#setNetwork(event.text);
  }

  #setNetwork(text: string): void {
    if (!text.startsWith("broker ")) this.wifi = text;
    else if (text !== "broker ") this.broker = text === "broker up" ? "up" : "down";
    this.#tell("network");
  }

  #setWaiting(names: readonly string[]): void {
    this.waiting = names;
    this.#tell("waiting");
  }

  #setTrial(trial: TrialState): void {
    if (this.trial.state === "trial" && trial.state === "undone") this.#setWaiting(this.#waitingBefore);
    this.trial = trial;
    this.trialAtMs = performance.now();
    this.#tell("trial");
  }

  #tell(topic: Topic, reading?: Reading): void {
    for (const listener of this.#listeners.get(topic) ?? []) listener(reading);
  }
}
