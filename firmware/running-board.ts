/**
 * A board at work: its sensors, channels, journal and connection, each begun in order and ended in order. Settings that
 * need no restart are put to work here while all of it runs.
 */
import { invariant } from "./base/invariant.js";
import { failure, success, type Result } from "./base/result.js";
import { type ChannelFlow, channels, type RunningChannels } from "./channels.js";
import { Checkpoints } from "./checkpoints/checkpoints.js";
import { calibrations } from "./config/calibration.js";
import type { App } from "./declaration.js";
import type { Bytes, Device, Timer } from "./device.js";
import { type History, history } from "./history.js";
import { kept } from "./kept-outlet.js";
import { limits } from "./limits.js";
import type { Log } from "./log.js";
import { network, type Network, type NetworkEvents } from "./network/wifi.js";
import type { Counters } from "./runtime.js";
import { probe, type Probe } from "./sensing/probe.js";
import type { Config } from "./settings.js";
import { type Connection, connection, type ConnectionEvents } from "./uplink/connection.js";
import type { Send } from "./uplink/drain.js";
import { topicName } from "./uplink/encode.js";
import { type Live, live } from "./uplink/live.js";
import { ackTopic, countersTopic, dataTopic, settingsTopic, statusTopic } from "./uplink/topics.js";

export interface RunningBoardEvents {
  /** The broker has acknowledged what was sent over the connection of now; or, where there is no broker, the network is up. */
  onReached(): void;
  /** Network or broker came or went: in words. */
  onNetwork(text: string): void;
  /** The network could not be joined. */
  onRefused(): void;
  /** The retained message about settings. */
  settingsText(): string;
}

export interface RunningBoardOptions {
  readonly device: Device;
  readonly name: string;
  readonly config: Config;
  readonly log: Log;
  /** Nothing of before is to be restored. */
  readonly fresh: boolean;
  readonly hostname: string;
}

/** A class, since its methods stay in flash: as closures they would take two kilobytes of RAM. */
export class RunningBoard implements ConnectionEvents, NetworkEvents {
  readonly name: string;
  readonly outlet: Live;
  past: History | undefined;
  /** Without a radio nothing is joined, and all else goes on. */
  network: Network | undefined;
  /** Tells, over MQTT, what is with the settings. */
  readonly tellSettings: () => void;
  private readonly device: Device;
  private readonly log: Log;
  private readonly events: RunningBoardEvents;
  private readonly uplink: Connection;
  private readonly probes: Probe[] = [];
  private readonly online: () => void;
  private readonly report: () => void;
  private readonly hostname: string;
  private readonly fresh: boolean;
  // Of the settings, what has to be known later: all of them would take a kilobyte.
  private wifi: Config["wifi"];
  private broker: Broker;
  private points: string;
  private readonly countersEveryMs: number;
  private readonly checkpointsEveryMs: number;
  private checkpoints: Checkpoints | undefined;
  private channels: RunningChannels | undefined;
  private channelNames: readonly string[] = [];
  private watched = false;
  private reporting: Timer;

  constructor({ device, name, config, log, fresh, hostname }: RunningBoardOptions, events: RunningBoardEvents) {
    this.device = device;
    this.name = name;
    this.log = log;
    this.fresh = fresh;
    this.hostname = hostname;
    this.wifi = config.wifi;
    this.broker = brokerOf(config);
    this.points = config.calibration.points;
    this.countersEveryMs = config.counters.everyS * 1000;
    this.checkpointsEveryMs = config.checkpoints.everyS * 1000;
    this.events = events;
    const will = { topic: statusTopic(name), payload: "offline", qos: 1, retain: true } as const;
    const uplink = connection(device, { broker: this.broker, clientId: name, cleanSession: true, will }, this);
    this.uplink = uplink;
    this.outlet = live(name, (topic, payload) => uplink.connected && uplink.publish(topic, payload, 1, true).ok);
    this.online = this.outlet.notice(statusTopic(name), () => "online");
    this.report = this.outlet.notice(countersTopic(name), () => JSON.stringify(this.counters()));
    this.tellSettings = this.outlet.notice(settingsTopic(name), () => events.settingsText());
  }

  /** A failure leaves parts running: `end` them. */
  begin(app: App, flows: Readonly<Record<string, ChannelFlow>>, journal: Config["journal"], startMs: number): Result<undefined> {
    const { device, uplink, outlet, name } = this;
    const { clock, timers } = device;
    const send = sender(uplink, dataTopic(name));
    const opened = history({ device, config: journal, send, nextSampleMs: () => this.nextSampleMs() }, app, flows);
    if (!opened.ok) return opened;
    const { past, recorded } = opened.value;
    this.past = past;
    if (journal.acknowledge === "consumer") uplink.subscribe(ackTopic(name), 1);
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
    this.channelNames = Object.keys(app.channels);
    if (this.points !== "") this.tune();
    for (const sensor of Object.keys(app.sensors)) {
      const made = probe(sensor, app.sensors[sensor]!, device, startMs, readers.value.of(sensor));
      if (!made.ok) return made;
      this.probes.push(made.value);
    }
    this.reportLater();
    return this.join();
  }

  /** Puts to work what needs no restart. */
  apply(config: Config): void {
    const { points } = config.calibration;
    if (points !== this.points) {
      this.points = points;
      this.tune();
    }
    const broker = brokerOf(config);
    const { host, port, username, password } = this.broker;
    const same = broker.host === host && broker.port === port && broker.username === username && broker.password === password;
    this.broker = broker;
    const { wifi } = config;
    const { ssid, password: key } = this.wifi;
    this.wifi = wifi;
    // Its network first: a broker of the new one is not to be dialled over the old one.
    if (wifi.ssid !== ssid || wifi.password !== key) this.network?.rejoin(wifi);
    if (!same) this.uplink.redirect(broker);
  }

  /** Nobody could acknowledge anything, and the network is there. */
  get isJoinedAlone(): boolean {
    return this.broker.host === "" && this.network?.state === "up";
  }

  // ---- the connection's events

  onConnected(): void {
    this.note("broker up");
    this.online();
    this.past!.pump();
  }

  onDisconnected(): void {
    this.note("broker down");
  }

  /** There is one topic that it asks for. */
  onMessage(_topic: string, payload: Bytes): void {
    this.past!.drain.confirmed(payload);
    this.past!.pump();
  }

  onAcknowledged(token: number): void {
    this.events.onReached();
    this.past!.drain.taken(token);
    this.past!.pump();
  }

  onRoom(): void {
    this.outlet.drain();
    this.past!.pump();
  }

  onSubscribed(): void {}

  // ---- the network's

  onUp(): void {
    this.told("up " + (this.network?.address ?? ""));
    this.uplink.networkUp();
    if (this.broker.host === "") this.events.onReached();
  }

  onDown(): void {
    this.told("down");
    this.uplink.networkDown();
  }

  onRefused(): void {
    this.told("waiting");
    this.events.onRefused();
  }

  // ---- for those who look into it

  get connected(): boolean {
    return this.uplink.connected;
  }

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

  /** What a channel's sensor read last, before calibration; NaN where nothing did since `watch(true)`. */
  reading(channel: string): number {
    return this.channels?.ofSensor(channel)?.reading ?? NaN;
  }

  watch(on: boolean): void {
    if (on === this.watched) return;
    this.watched = on;
    this.tune();
  }

  nextSampleMs(): number {
    const { probes } = this;
    let soonestMs = Infinity;
    for (let index = 0; index < probes.length; index++) {
      const { dueMs } = probes[index]!.sampler;
      if (dueMs < soonestMs) soonestMs = dueMs;
    }
    return soonestMs;
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

  /** Of the Wi-Fi. */
  private told(text: string): void {
    this.log.add("Wi-Fi " + text);
    this.events.onNetwork(text);
  }

  private note(text: string): void {
    this.log.add(text);
    this.events.onNetwork(text);
  }

  private tune(): void {
    const { channels: running, watched } = this;
    const found = calibrations(this.points);
    for (const name of this.channelNames) {
      const points = found.find(({ channel }) => channel === name);
      running?.ofSensor(name)?.tune(points?.gain ?? 1, points?.offset ?? 0, watched);
    }
  }

  private join(): Result<undefined> {
    const { device, wifi, hostname } = this;
    try {
      this.network = network(device, hostname, this);
      if (wifi.ssid !== "") this.network.rejoin(wifi);
      return success(undefined);
    } catch (thrown) {
      return failure("network", "the radio does not start: " + (thrown instanceof Error ? thrown.message : "no reason given"));
    }
  }

  /** Most apps keep nothing. */
  private keeper(): Checkpoints {
    this.checkpoints ??= new Checkpoints(this.device, this.checkpointsEveryMs, this.fresh);
    return this.checkpoints;
  }

  private reportLater(): void {
    const again = (): void => {
      this.report();
      this.reporting = this.device.timers.set(again, this.countersEveryMs);
    };
    this.reporting = this.device.timers.set(again, this.countersEveryMs);
  }
}

interface Broker {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
}

function brokerOf({ broker: { host, port, username, password } }: Config): Broker {
  // A password goes with a name, be it an empty one (MQTT 3.1.1, 3.1.2.9): brokers that know tokens want that.
  if (password !== "") return { host, port, username, password };
  return username === "" ? { host, port } : { host, port, username };
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
