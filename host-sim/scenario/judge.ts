/**
 * Judges a scenario's expectations while it runs: what was met, what failed and why, and what time ran out
 * on. Messages are judged as they reach the broker; states each hundredth of a virtual second, or each tenth
 * where many boards or many hours are watched; counts each tenth look; both also as their time begins and ends.
 */
import type { Simulation } from "../simulation.js";
import type { Station } from "../station.js";
import { matches, type Message } from "../world/broker.js";
import type { Consumer } from "../world/consumer.js";
import { settingsImage } from "../world/settings-image.js";
import { Histories } from "./histories.js";
import type { Condition, CountName, Expectation, Range, states } from "./plan.js";

export interface Finding {
  readonly expectation: Expectation;
  readonly atMs: number;
  /** The board that it is about. */
  readonly board: string;
  /** In words, what was there instead, or what should never have been. */
  readonly what: string;
}

export interface JudgeEvents {
  onMet(expectation: Expectation, atMs: number): void;
  onFailed(finding: Finding): void;
}

const lookEveryUs = 100_000;
/** Where there is little to look at. */
const lookOftenUs = 10_000;
const fewCases = 50;
const fewHoursMs = 6 * 3_600_000;
/** Counts are looked at less often: they cost more. */
const looksACount = 10;

/** An expectation as it concerns one board. */
interface Case {
  readonly expectation: Expectation;
  readonly station: Station;
  readonly never: boolean;
  open: boolean;
  /** The last message on its topic, for the report. */
  seen: string | undefined;
}

export class Judge {
  readonly failures: Finding[] = [];
  readonly #simulation: Simulation;
  readonly #events: Partial<JudgeEvents>;
  readonly #histories: Histories;
  readonly #settings = new SettingsLooks();
  readonly #cases: Case[] = [];
  /** Cases about messages, by station. */
  readonly #messages = new Map<Station, Case[]>();
  readonly #devices = new Map<string, Station>();
  readonly #looked: Case[] = [];
  readonly #everyUs: number;
  readonly #left = new Map<Expectation, number>();

  constructor(
    simulation: Simulation,
    expect: readonly Expectation[],
    never: readonly Expectation[],
    events: Partial<JudgeEvents> = {},
    consumer?: Consumer,
  ) {
    this.#simulation = simulation;
    this.#histories = new Histories(simulation, consumer);
    this.#events = events;
    for (const expectation of expect) this.#add(expectation, false);
    for (const expectation of never) this.#add(expectation, true);
    const heard = simulation.broker.onMessage;
    simulation.broker.onMessage = (message, duplicate) => {
      heard(message, duplicate);
      // One that was sent again may be the first that came.
      this.#hear(message);
    };
    const lastMs = this.#looked.reduce((most, { expectation: { afterMs } }) => (afterMs > most ? afterMs : most), 0);
    this.#everyUs = this.#looked.length > fewCases || lastMs > fewHoursMs ? lookEveryUs : lookOftenUs;
    const { scheduler } = simulation;
    // Each time after what happens at that very time; the first, when the boards have been switched on.
    if (this.#looked.length > 0) scheduler.at(scheduler.nowUs + 1, () => this.#look(0));
    for (const each of this.#cases) {
      const { afterMs, untilMs, condition } = each.expectation;
      if (afterMs > 0 && condition.kind !== "message") scheduler.at(afterMs * 1000 + 1, () => each.open && this.#check(each));
      if (untilMs < Infinity) scheduler.at(untilMs * 1000 + 1, () => this.#end(each));
    }
  }

  /** The scenario is over: what is judged at the end is judged now. Expectations on which time ran out. */
  end(): Expectation[] {
    for (const each of this.#cases) {
      if (!each.open) continue;
      if (this.#due(each)) this.#check(each);
      if (each.open) this.#atEnd(each);
    }
    const open = new Set(this.#cases.filter((each) => each.open && !each.never).map(({ expectation }) => expectation));
    return [...open];
  }

  #add(expectation: Expectation, never: boolean): void {
    const { stations } = this.#simulation;
    const meant = expectation.board === undefined ? stations : stations.filter(({ name }) => name === expectation.board);
    this.#left.set(expectation, meant.length);
    for (const station of meant) {
      const made: Case = { expectation, station, never, open: true, seen: undefined };
      this.#cases.push(made);
      if (expectation.condition.kind !== "message") this.#looked.push(made);
      else {
        const others = this.#messages.get(station);
        if (others === undefined) this.#messages.set(station, [made]);
        else others.push(made);
      }
    }
  }

  #hear(message: Message): void {
    const [, device, ...rest] = message.topic.split("/");
    const cases = this.#casesOf(device ?? "");
    if (cases === undefined) return;
    const topic = rest.join("/");
    const text = message.payload.toString("utf8");
    for (const each of cases) {
      const { condition } = each.expectation;
      if (!each.open || condition.kind !== "message" || !matches(condition.topic, topic) || !this.#due(each)) continue;
      each.seen = text;
      if (fits(condition, text)) this.#hit(each, `${topic}: ${text}`);
    }
  }

  /** Cases about messages of a device; which station it is shows when it has booted. */
  #casesOf(device: string): readonly Case[] | undefined {
    let station = this.#devices.get(device);
    if (station === undefined) {
      station = this.#simulation.stations.find((each) => each.device === device);
      if (station === undefined) return undefined;
      this.#devices.set(device, station);
    }
    return this.#messages.get(station);
  }

  #look(times: number): void {
    const { scheduler } = this.#simulation;
    const counting = times % looksACount === 0;
    let open = false;
    for (const each of this.#looked) {
      if (!each.open) continue;
      open = true;
      if (!counting && each.expectation.condition.kind === "count") continue;
      if (this.#due(each)) this.#check(each);
    }
    if (open) scheduler.at(scheduler.nowUs + this.#everyUs, () => this.#look(times + 1));
  }

  /** Whether a state or a count holds now. */
  #check(each: Case): void {
    const { condition } = each.expectation;
    if (condition.kind === "state") {
      const is = this.#stateOf(each.station, condition.of);
      if (is === condition.is) this.#hit(each, `${condition.of} is ${is}`);
    } else if (condition.kind === "count" && (each.never || condition.within.most === Infinity)) {
      const count = countOf(each.station, condition.of);
      if (inside(condition.within, count)) this.#hit(each, `${condition.of}: ${count}`);
    }
  }

  #due({ expectation: { afterMs, untilMs } }: Case): boolean {
    const nowMs = this.#simulation.scheduler.nowUs / 1000;
    return nowMs >= afterMs && nowMs <= untilMs;
  }

  /** The condition holds. */
  #hit(each: Case, what: string): void {
    if (each.never) this.#fail(each, what);
    else this.#meet(each);
  }

  /** Its time is over. */
  #end(each: Case): void {
    if (!each.open) return;
    this.#check(each);
    if (!each.open) return;
    if (each.never) {
      each.open = false;
      return;
    }
    const { condition } = each.expectation;
    if (condition.kind === "count") this.#atEnd(each);
    if (each.open) this.#fail(each, this.#instead(each));
  }

  /** Counts are what they are when time is up. Too few may still have become enough: time has run out on them. */
  #atEnd(each: Case): void {
    const { condition } = each.expectation;
    if (each.never || condition.kind !== "count") return;
    const count = countOf(each.station, condition.of);
    if (inside(condition.within, count)) this.#meet(each);
    else if (count > condition.within.most) this.#fail(each, this.#instead(each));
  }

  #meet(each: Case): void {
    each.open = false;
    const left = this.#left.get(each.expectation)! - 1;
    this.#left.set(each.expectation, left);
    if (left === 0) this.#events.onMet?.(each.expectation, this.#simulation.scheduler.nowUs / 1000);
  }

  #fail(each: Case, what: string): void {
    each.open = false;
    const { expectation, station } = each;
    const finding = { expectation, atMs: this.#simulation.scheduler.nowUs / 1000, board: station.name, what };
    this.failures.push(finding);
    this.#events.onFailed?.(finding);
  }

  #stateOf(station: Station, of: keyof typeof states): string {
    if (of === "settings") return this.#settings.state(station, this.#simulation.scheduler.nowUs);
    return stateOf(station, of, this.#histories);
  }

  #instead({ expectation: { condition }, station, seen }: Case): string {
    if (condition.kind === "state") return `${condition.of} is ${this.#stateOf(station, condition.of)}`;
    if (condition.kind === "count") return `${condition.of}: ${countOf(station, condition.of)}`;
    return seen === undefined ? "no message came there" : `the last message there was ${seen}`;
  }
}

function fits(condition: Extract<Condition, { kind: "message" }>, text: string): boolean {
  if (condition.text !== undefined && text !== condition.text) return false;
  if (condition.value === undefined && condition.error === undefined) return true;
  let message: { value?: unknown; error?: unknown } | null;
  try {
    message = JSON.parse(text) as typeof message;
  } catch {
    return false;
  }
  if (typeof message !== "object" || message === null) return false;
  if (condition.error !== undefined && message.error !== condition.error) return false;
  return condition.value === undefined || (typeof message.value === "number" && inside(condition.value, message.value));
}

function inside({ least, most }: Range, value: number): boolean {
  return value >= least && value <= most;
}

/** What became of boards' settings, read from their flash. */
class SettingsLooks {
  readonly #looked = new Map<Station, { readonly atUs: number; readonly state: string }>();

  state(station: Station, nowUs: number): string {
    const before = this.#looked.get(station);
    if (before !== undefined && nowUs - before.atUs < lookEveryUs) return before.state;
    const { state } = settingsImage(station.board.flash.get("config")!);
    this.#looked.set(station, { atUs: nowUs, state });
    return state;
  }
}

function stateOf(station: Station, of: keyof typeof states, histories: Histories): string {
  if (of === "history") return histories.complete(station) ? "complete" : "incomplete";
  if (of === "power") return station.powered || station.resetting ? "on" : "off";
  if (of === "wifi") return station.board.link.up ? "joined" : "away";
  return station.publishes.connected ? "connected" : "disconnected";
}

function countOf(station: Station, of: CountName): number {
  const counts = station.counts();
  switch (of) {
    case "read-errors":
      return counts.readErrors;
    case "bytes-out":
      return counts.bytesOut;
    default:
      return counts[of];
  }
}
