/**
 * All channels of an app, each built behind those that it takes from: what sensors give, what other
 * channels give, what several give together.
 */
import { plainText } from "./base/plain-text.js";
import { failure, success, type Result } from "./base/result.js";
import { frameBytes } from "./checkpoints/state-entry.js";
import { type Kept, roomMistake } from "./checkpoints/room.js";
import { channel, type Channel, type Follower, type Outlet } from "./channel.js";
import { sourcesOf } from "./channel-source.js";
import type { App, ChannelDeclaration } from "./declaration.js";
import type { Clock, Timers } from "./device.js";
import { junction } from "./junction.js";
import { limits } from "./limits.js";
import { alarmMistake } from "./pipeline/alarm.js";
import { examine } from "./pipeline/examine.js";
import type { Flow } from "./pipeline/flow.js";
import type { Join } from "./pipeline/join.js";
import { joinFamilies } from "./pipeline/joins.js";
import type { Ground, Total, Walk } from "./pipeline/site.js";
import { relay, type Relay } from "./relay.js";
import type { Reader } from "./sensing/probe.js";
import { StageClock } from "./stage-clock.js";

export interface ChannelsGround {
  /** When the first sample is due or was, ms; by default now. */
  readonly startMs?: number;
  readonly clock: Clock;
  readonly timers: Timers;
  /** `name` is unlike any other of the app, and the same after a restart. */
  readonly total: (name: string) => Total;
  /** `name` likewise; `meaning` is all that the numbers of the state depend on. Without it, none is kept. */
  readonly state?: (name: string, meaning: string, bytes: number, walk: Walk, needsTime: boolean) => void;
  /** Asked once a channel, in the order of declaration. */
  readonly outlet: (channel: string, declaration: ChannelDeclaration) => Outlet;
}

export interface Channels {
  /** Channels that read from the sensor, in the order of declaration, and what tells those that follow when all of them have. */
  of(sensor: string): readonly Reader[];
  /** All that need be kept of it when everybody has their readers. */
  readonly running: RunningChannels;
}

export interface RunningChannels {
  /** Of the channels that take from a sensor, by name; others are not there. */
  ofSensor(channel: string): Channel | undefined;
  /** No stage's timer fires after it. */
  stop(): void;
}

/** `app` was checked. Errors (kind `stage`) name the channel, the stage and what would be right. */
export function channels(app: App, ground: ChannelsGround): Result<Channels> {
  const names = Object.keys(app.channels);
  const flows = channelFlows(app);
  if (!flows.ok) return flows;
  // Without prototypes: an app may name a channel or a sensor `constructor`.
  const outlets: Record<string, Outlet> = Object.create(null);
  const followers: Record<string, Follower[]> = Object.create(null);
  const made: Record<string, Channel> = Object.create(null);
  const readers: Record<string, Reader[]> = Object.create(null);
  const clocks: StageClock[] = [];
  const rounds = relay();
  const settled = (): void => rounds.run();
  for (const sensor of Object.keys(app.sensors)) readers[sensor] = [];
  for (const name of names) {
    outlets[name] = ground.outlet(name, app.channels[name]!);
    followers[name] = [];
  }
  // Whoever follows is built first.
  const order = sourcesFirst(app);
  for (let place = order.length - 1; place >= 0; place--) {
    const name = order[place]!;
    const declaration = app.channels[name]!;
    const clock = new StageClock(ground.clock, ground.timers, ground.startMs);
    clocks.push(clock);
    const { input } = flows.value[name]!;
    const { unit = "" } = declaration;
    const total = totalsOf(`${name} ${unit}`, ground.total);
    const state = statesOf(name, declaration, ground.state);
    const built = channel(
      name,
      declaration,
      { flow: input, clock, total, state, settled },
      rounds.outlet(outlets[name]!, followers[name]!),
    );
    if (!built.ok) return built;
    made[name] = built.value;
    const sources = sourcesOf(declaration.from);
    if (typeof declaration.from === "string") {
      if (sources.length > 0) followers[sources[0]!]!.push(built.value);
      continue;
    }
    const doors = junction(endsOf(sources, flows.value), computation(declaration.from), built.value, (give) => rounds.join(place, give));
    for (let i = 0; i < sources.length; i++) followers[sources[i]!]!.push(doors[i]!);
  }
  for (const name of names) {
    const { from } = app.channels[name]!;
    if (sourcesOf(from).length === 0) readers[(from as string).slice(0, (from as string).indexOf("."))]!.push(made[name]!);
  }
  const settle = new Settling(rounds);
  for (const sensor of Object.keys(app.sensors)) if (readers[sensor]!.length > 0) readers[sensor]!.push(settle);
  return success(new Built(readers, new Running(app, made, clocks)));
}

/** The last reader of each sensor: all that one sample gives comes first, so that a join of it sees no half of the sample before. */
class Settling implements Reader {
  private readonly rounds: Relay;

  constructor(rounds: Relay) {
    this.rounds = rounds;
  }

  take(): boolean {
    this.rounds.run();
    return true;
  }

  failed(): void {
    this.rounds.run();
  }
}

/** Classes, so that nothing of the building outlives it. */
class Built implements Channels {
  readonly running: RunningChannels;
  private readonly readers: Readonly<Record<string, Reader[]>>;

  constructor(readers: Readonly<Record<string, Reader[]>>, running: RunningChannels) {
    this.readers = readers;
    this.running = running;
  }

  of(sensor: string): readonly Reader[] {
    return this.readers[sensor]!;
  }
}

class Running implements RunningChannels {
  private readonly app: App;
  private readonly made: Readonly<Record<string, Channel>>;
  private readonly clocks: readonly StageClock[];

  constructor(app: App, made: Readonly<Record<string, Channel>>, clocks: readonly StageClock[]) {
    this.app = app;
    this.made = made;
    this.clocks = clocks;
  }

  ofSensor(channel: string): Channel | undefined {
    const made = this.made[channel];
    return made === undefined || sourcesOf(this.app.channels[channel]!.from).length > 0 ? undefined : made;
  }

  stop(): void {
    for (const clock of this.clocks) clock.stop();
  }
}

/** Twins, which mean the same, are told apart by their order. */
function totalsOf(channel: string, open: (name: string) => Total): (meaning: string) => Total {
  const meanings: string[] = [];
  return (meaning) => {
    meanings.push(meaning);
    return open(`${channel} ${meaning} ${meanings.filter((other) => other === meaning).length}`);
  };
}

/** Stages of one name in a channel are told apart by their order, and where they take their samples from is part of what they mean. */
function statesOf(channel: string, { from, unit = "" }: ChannelDeclaration, open: ChannelsGround["state"]): Ground["state"] {
  if (open === undefined) return undefined;
  const names: string[] = [];
  const source = `${unit} ${plainText(from)}`;
  return (stage, meaning, bytes, walk, needsTime) => {
    names.push(stage);
    const place = names.filter((other) => other === stage).length;
    open(`${channel} ${stage} ${place}`, `${source} ${meaning}`, bytes, walk, needsTime);
  };
}

export interface ChannelFlow {
  /** Of the samples that go into the channel's stages, and behind each of these. */
  readonly input: Flow;
  readonly stages: readonly Flow[];
  /** Numbers that the stages' arrays hold. */
  readonly held: number;
  /** Bytes of each state that they keep over a restart. */
  readonly states: readonly number[];
}

/** By channel: what its samples are like on their way. `app` was checked. */
export function channelFlows(app: App): Result<Readonly<Record<string, ChannelFlow>>, "stage"> {
  const flows: Record<string, ChannelFlow> = Object.create(null);
  let held = 0;
  let totals = 0;
  const kept: Kept = { totals: 0, states: [] };
  for (const name of sourcesFirst(app)) {
    const { from, resolution, stages = [] } = app.channels[name]!;
    const sources = sourcesOf(from).map((source) => endOf(flows[source]!));
    const input = sources.length === 0 ? sensorFlow(app, from as string) : together(sources);
    const examined = examine(name, stages, input);
    if (!examined.ok) return examined;
    const lost = alarmMistake(stages, resolution);
    if (lost !== undefined) return failure("stage", `channel ${JSON.stringify(name)}, ${lost}`);
    held += examined.value.held;
    const { states } = examined.value;
    totals += examined.value.totals;
    flows[name] = { input, stages: examined.value.flows.slice(1), held: examined.value.held, states };
    kept.totals = totals < limits.totalsMax ? totals : limits.totalsMax;
    for (const bytes of states) kept.states.push(bytes + frameBytes);
    const tooMuch = roomMistake(kept);
    if (tooMuch !== undefined) return failure("stage", `channel ${JSON.stringify(name)}: ${tooMuch}`);
  }
  if (held > limits.heldNumbersOfAllMax) {
    const bound = `at most ${limits.heldNumbersOfAllMax} are possible: choose shorter windows`;
    return failure("stage", `channels: the stages of all together hold ${held} numbers, ${bound}`);
  }
  if (totals > limits.totalsMax) {
    return failure("stage", `channels: ${totals} stages keep a total (integral), at most ${limits.totalsMax} are possible`);
  }
  return success(flows);
}

function endsOf(names: readonly string[], flows: Readonly<Record<string, ChannelFlow>>): Flow[] {
  return names.map((name) => endOf(flows[name]!));
}

/** What a channel's results are like. */
export function endOf({ input, stages }: ChannelFlow): Flow {
  return stages[stages.length - 1] ?? input;
}

function sensorFlow(app: App, from: string): Flow {
  const { driver, everyMs, options = {} } = app.sensors[from.slice(0, from.indexOf("."))]!;
  return { periodMs: driver.bursts?.(options).periodMs ?? everyMs, regular: true, delayMs: 0 };
}

/** A join gives a result as often as the slowest of its channels that come on a grid, without such as often as any (junction.ts). */
function together(flows: readonly Flow[]): Flow {
  const regular = flows.some((flow) => flow.regular);
  let periodMs = regular ? 0 : Infinity;
  let delayMs = 0;
  for (const flow of flows) {
    if (flow.delayMs > delayMs) delayMs = flow.delayMs;
    if (regular ? flow.regular && flow.periodMs > periodMs : flow.periodMs < periodMs) periodMs = flow.periodMs;
  }
  return { periodMs, regular, delayMs };
}

function computation(join: Join): (values: readonly number[]) => number {
  return joinFamilies.find(({ name }) => name === join.join)!.build(join);
}

/** Channels in an order in which each stands behind those that it takes from. Without recursion: a board's stack is short. */
function sourcesFirst(app: App): string[] {
  const names = Object.keys(app.channels);
  const order: string[] = [];
  // Each round finds at least one, since nothing goes in a circle.
  while (order.length < names.length) {
    for (const name of names) {
      const isNext = order.indexOf(name) < 0 && sourcesOf(app.channels[name]!.from).every((source) => order.indexOf(source) >= 0);
      if (isNext) order.push(name);
    }
  }
  return order;
}
