/**
 * The root of the runtime: a device, an app and its settings become running parts, in order, and come
 * to an orderly end. Sampling never waits for the network.
 */
import { invariant } from "./base/invariant.js";
import { failure, success, type Result } from "./base/result.js";
import { type ChannelFlow, channelFlows, channels, type RunningChannels } from "./channels.js";
import { Checkpoints } from "./checkpoints/checkpoints.js";
import { checkApp } from "./check.js";
import type { App } from "./declaration.js";
import type { Bytes, Device, Timer } from "./device.js";
import { openConfig, unconfigured } from "./config/open.js";
import { type History, history, type HistoryCounters } from "./history.js";
import { kept } from "./kept-outlet.js";
import { checkLimits, limits } from "./limits.js";
import { joinNetwork, type Network } from "./network/wifi.js";
import { probe, type Probe } from "./sensing/probe.js";
import type { Config, PartialConfig, Settings } from "./settings.js";
import { type Connection, connection, type ConnectionEvents } from "./uplink/connection.js";
import type { Send } from "./uplink/drain.js";
import { topicName } from "./uplink/encode.js";
import { type Live, live } from "./uplink/live.js";
import { ackTopic, countersTopic, dataTopic, deviceName, statusTopic } from "./uplink/topics.js";

/** What the board counted since boot. All but `worstLateMs` and `waiting` only grow. */
export interface Counters extends HistoryCounters {
  samples: number;
  late: number;
  missed: number;
  worstLateMs: number;
  /** Samples of which at least one quantity could not be read. */
  readErrors: number;
  emitted: number;
  superseded: number;
  published: number;
  retransmitted: number;
  acknowledged: number;
  connects: number;
  connectionFailures: number;
  networkFailures: number;
  bytesOut: number;
  bytesIn: number;
}

export interface Runtime {
  /** The board's name in topics. */
  readonly name: string;
  /** What a person should know who looks at this board: settings that are missing or wrong. A line each. */
  readonly notes: readonly string[];
  counters(): Counters;
  /** Stops sampling, says offline, lets go of the network; `onStopped` is called once, within `limits.stopTimeoutMs` and `limits.lingerMs`. To be called once. */
  stop(onStopped: () => void): void;
}

/** A class, since its methods stay in flash: as closures they would take two kilobytes of RAM. */
class RunningBoard implements Runtime, ConnectionEvents {
  readonly name: string;
  readonly notes: readonly string[];
  private readonly device: Device;
  private readonly uplink: Connection;
  private readonly outlet: Live;
  private readonly probes: Probe[] = [];
  private readonly online: () => void;
  private readonly report: () => void;
  private countersEveryMs = 0;
  private checkpoints: Checkpoints | undefined;
  private checkpointsEveryMs = 0;
  private past: History | undefined;
  private channels: RunningChannels | undefined;
  /** Without one nothing is joined, and all else goes on. */
  private network: Network | undefined;
  private reporting: Timer;

  constructor(device: Device, name: string, broker: Broker, notes: readonly string[]) {
    this.device = device;
    this.name = name;
    this.notes = notes;
    const will = { topic: statusTopic(name), payload: "offline", qos: 1, retain: true } as const;
    const uplink = connection(device, { broker, clientId: name, cleanSession: true, will }, this);
    this.uplink = uplink;
    this.outlet = live(name, (topic, payload) => uplink.connected && uplink.publish(topic, payload, 1, true).ok);
    this.online = this.outlet.notice(statusTopic(name), () => "online");
    this.report = this.outlet.notice(countersTopic(name), () => JSON.stringify(this.counters()));
  }

  /** A failure leaves parts running: `end` them. */
  begin(app: App, flows: Readonly<Record<string, ChannelFlow>>, config: Config, startMs: number): Result<undefined> {
    const { device, uplink, outlet, name } = this;
    const { clock, timers } = device;
    const send = sender(uplink, dataTopic(name));
    const opened = history({ device, config: config.journal, send, nextSampleMs: () => this.nextSampleMs() }, app, flows);
    if (!opened.ok) return opened;
    const { past, recorded } = opened.value;
    this.past = past;
    if (config.journal.acknowledge === "consumer") uplink.subscribe(ackTopic(name), 1);
    this.checkpointsEveryMs = config.checkpoints.everyS * 1000;
    const readers = channels(app, {
      startMs,
      clock,
      timers,
      total: (each) => this.keeper().total(each),
      state: (each, meaning, bytes, walk, needsTime) => this.keeper().state(each, meaning, bytes, walk, needsTime),
      outlet: (each, { unit }) => kept(outlet.channel(each, unit), recorded[each]),
    });
    if (!readers.ok) return readers;
    this.channels = readers.value.running;
    for (const sensor of Object.keys(app.sensors)) {
      const made = probe(sensor, app.sensors[sensor]!, device, startMs, readers.value.of(sensor));
      if (!made.ok) return made;
      this.probes.push(made.value);
    }
    this.countersEveryMs = config.counters.everyS * 1000;
    this.reportLater();
    return unconfigured(config) === undefined ? this.join(config.wifi) : success(undefined);
  }

  // ---- the connection's events

  onConnected(): void {
    this.online();
    this.past!.pump();
  }

  onDisconnected(): void {}

  /** There is one topic that it asks for. */
  onMessage(_topic: string, payload: Bytes): void {
    this.past!.drain.confirmed(payload);
    this.past!.pump();
  }

  onAcknowledged(token: number): void {
    this.past!.drain.taken(token);
    this.past!.pump();
  }

  onRoom(): void {
    this.outlet.drain();
    this.past!.pump();
  }

  onSubscribed(): void {}

  counters(): Counters {
    let samples = 0;
    let late = 0;
    let missed = 0;
    let worstLateMs = 0;
    let readErrors = 0;
    for (const running of this.probes) {
      const counts = running.sampler.counts;
      samples += counts.samples;
      late += counts.late;
      missed += counts.missed;
      if (counts.worstLateMs > worstLateMs) worstLateMs = counts.worstLateMs;
      readErrors += running.readErrors;
    }
    const sent = this.uplink.counters();
    return {
      samples,
      late,
      missed,
      worstLateMs,
      readErrors,
      emitted: this.outlet.counts.emitted,
      superseded: this.outlet.counts.superseded,
      published: sent.published,
      retransmitted: sent.retransmitted,
      acknowledged: sent.acknowledged,
      connects: sent.connects,
      connectionFailures: sent.failures,
      networkFailures: this.network?.failures ?? 0,
      bytesOut: sent.bytesOut,
      bytesIn: sent.bytesIn,
      ...this.past!.counters(),
    };
  }

  stop(onStopped: () => void): void {
    const { device } = this;
    this.end();
    this.uplink.stop(() => {
      this.past!.stop();
      device.timers.set(() => {
        this.network?.stop();
        onStopped();
      }, limits.lingerMs);
    });
  }

  /** Nothing is sampled any more, and what was recorded is written down. */
  end(): void {
    this.device.timers.clear(this.reporting);
    for (const running of this.probes) running.stop();
    this.channels?.stop();
    this.checkpoints?.stop();
    this.past?.close();
  }

  private join(wifi: Config["wifi"]): Result<undefined> {
    const { uplink } = this;
    try {
      this.network = joinNetwork(
        this.device,
        wifi,
        () => uplink.networkUp(),
        () => uplink.networkDown(),
      );
      return success(undefined);
    } catch (thrown) {
      return failure("network", "the radio does not start: " + (thrown instanceof Error ? thrown.message : "no reason given"));
    }
  }

  /** Most apps keep nothing. */
  private keeper(): Checkpoints {
    this.checkpoints ??= new Checkpoints(this.device, this.checkpointsEveryMs);
    return this.checkpoints;
  }

  private reportLater(): void {
    const again = (): void => {
      this.report();
      this.reporting = this.device.timers.set(again, this.countersEveryMs);
    };
    this.reporting = this.device.timers.set(again, this.countersEveryMs);
  }

  private nextSampleMs(): number {
    const { probes } = this;
    let soonestMs = Infinity;
    for (let index = 0; index < probes.length; index++) {
      const { dueMs } = probes[index]!.sampler;
      if (dueMs < soonestMs) soonestMs = dueMs;
    }
    return soonestMs;
  }
}

/** `seed`: settings that hold where nobody has set others. */
export function start(device: Device, app: App, seed: PartialConfig): Result<Runtime> {
  // Before what takes time: the grid begins with the board.
  const startMs = device.clock.nowMs();
  checkLimits();
  const checked = checkApp(app);
  if (!checked.ok) return checked;
  const flows = channelFlows(app);
  if (!flows.ok) return flows;
  const { config, problem } = openConfig(device.flash, seed);
  const notes = [problem?.message, unconfigured(config)].filter((note) => note !== undefined);
  const board = new RunningBoard(device, deviceName(app.name, device.id), brokerOf(config), notes);
  const begun = board.begin(app, flows.value, config, startMs);
  if (begun.ok) return success(board);
  board.end();
  return begun;
}

type Broker = Settings["broker"];

function brokerOf({ broker: { host, port, username, password } }: Config): Broker {
  const named = username === "" ? { host, port } : { host, port, username };
  return password === "" ? named : { ...named, password };
}

/** Publishes a record of the journal; 0: the connection does not take it now. */
function sender(uplink: Connection, topic: string): Send {
  const name = topicName(topic);
  invariant(name.ok, "names of apps are checked to fit a topic");
  return (record) => {
    if (!uplink.connected) return 0;
    const published = uplink.publish(name.value, record, 1, false);
    return published.ok ? published.value : 0;
  };
}
