/**
 * The root of the runtime: a device, an app and its settings become running parts, in order, and come
 * to an orderly end. Sampling never waits for the network.
 */
import { invariant } from "./base/invariant.js";
import { failure, success, type Result } from "./base/result.js";
import { channelFlows, channels } from "./channels.js";
import { Checkpoints } from "./checkpoints/checkpoints.js";
import { checkApp } from "./check.js";
import type { App } from "./declaration.js";
import type { Device, Timer } from "./device.js";
import { openConfig, unconfigured } from "./config/open.js";
import { history, type HistoryCounters } from "./history.js";
import { kept } from "./kept-outlet.js";
import { checkLimits, limits } from "./limits.js";
import { joinNetwork, type Network } from "./network/wifi.js";
import { probe, type Probe } from "./sensing/probe.js";
import type { Config, PartialConfig } from "./settings.js";
import { type Connection, connection } from "./uplink/connection.js";
import type { Send } from "./uplink/drain.js";
import { topicName } from "./uplink/encode.js";
import { live } from "./uplink/live.js";
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

  const name = deviceName(app.name, device.id);
  const uplink = connection(
    device,
    {
      broker: brokerOf(config),
      clientId: name,
      cleanSession: true,
      will: { topic: statusTopic(name), payload: "offline", qos: 1, retain: true },
    },
    {
      onConnected() {
        online();
        past.pump();
      },
      onDisconnected() {},
      onMessage(_topic, payload) {
        past.drain.confirmed(payload);
        past.pump();
      },
      onAcknowledged(token) {
        past.drain.taken(token);
        past.pump();
      },
      onRoom() {
        outlet.drain();
        past.pump();
      },
      onSubscribed() {},
    },
  );
  const outlet = live(name, (topic, payload) => uplink.connected && uplink.publish(topic, payload, 1, true).ok);
  const online = outlet.notice(statusTopic(name), () => "online");
  const report = outlet.notice(countersTopic(name), () => JSON.stringify(counters()));

  const probes: Probe[] = [];
  const opened = history(
    { device, config: config.journal, send: sender(uplink, dataTopic(name)), nextSampleMs: () => nextSampleMs(probes) },
    app,
    flows.value,
  );
  if (!opened.ok) return opened;
  const past = opened.value;
  if (config.journal.acknowledge === "consumer") uplink.subscribe(ackTopic(name), 1);

  const { clock, timers } = device;
  // Most apps keep nothing.
  let checkpoints: Checkpoints | undefined;
  const keeper = (): Checkpoints => (checkpoints ??= new Checkpoints(device, config.checkpoints.everyS * 1000));
  const readers = channels(app, {
    startMs,
    clock,
    timers,
    total: (each) => keeper().total(each),
    state: (each, meaning, bytes, walk, needsTime) => keeper().state(each, meaning, bytes, walk, needsTime),
    outlet: (each, { unit }) => kept(outlet.channel(each, unit), past.of(each)),
  });
  if (!readers.ok) {
    past.close();
    return readers;
  }

  for (const sensor of Object.keys(app.sensors)) {
    const made = probe(sensor, app.sensors[sensor]!, device, startMs, readers.value.of(sensor));
    if (!made.ok) {
      for (const running of probes) running.stop();
      readers.value.stop();
      past.close();
      return made;
    }
    probes.push(made.value);
  }

  // Without one nothing is joined, and all else goes on.
  let network: Network | undefined;
  const isReachable = unconfigured(config) === undefined;
  const onUp = (): void => uplink.networkUp();
  const onDown = (): void => uplink.networkDown();
  try {
    if (isReachable) network = joinNetwork(device, config.wifi, onUp, onDown);
  } catch (thrown) {
    for (const running of probes) running.stop();
    readers.value.stop();
    past.close();
    return failure("network", "the radio does not start: " + (thrown instanceof Error ? thrown.message : "no reason given"));
  }

  let reporting: Timer = device.timers.set(reportAgain, config.counters.everyS * 1000);

  function reportAgain(): void {
    report();
    reporting = device.timers.set(reportAgain, config.counters.everyS * 1000);
  }

  function counters(): Counters {
    let samples = 0;
    let late = 0;
    let missed = 0;
    let worstLateMs = 0;
    let readErrors = 0;
    for (const running of probes) {
      const counts = running.sampler.counts;
      samples += counts.samples;
      late += counts.late;
      missed += counts.missed;
      if (counts.worstLateMs > worstLateMs) worstLateMs = counts.worstLateMs;
      readErrors += running.readErrors;
    }
    const sent = uplink.counters();
    return {
      samples,
      late,
      missed,
      worstLateMs,
      readErrors,
      emitted: outlet.counts.emitted,
      superseded: outlet.counts.superseded,
      published: sent.published,
      retransmitted: sent.retransmitted,
      acknowledged: sent.acknowledged,
      connects: sent.connects,
      connectionFailures: sent.failures,
      networkFailures: network?.failures ?? 0,
      bytesOut: sent.bytesOut,
      bytesIn: sent.bytesIn,
      ...past.counters(),
    };
  }

  return success({
    name,
    notes,
    counters,
    stop(onStopped) {
      device.timers.clear(reporting);
      for (const running of probes) running.stop();
      readers.value.stop();
      checkpoints?.stop();
      past.close();
      uplink.stop(() => {
        past.stop();
        device.timers.set(() => {
          network?.stop();
          onStopped();
        }, limits.lingerMs);
      });
    },
  });
}

function brokerOf({ broker: { host, port, username, password } }: Config) {
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

function nextSampleMs(probes: readonly Probe[]): number {
  let soonestMs = Infinity;
  for (let index = 0; index < probes.length; index++) {
    const { dueMs } = probes[index]!.sampler;
    if (dueMs < soonestMs) soonestMs = dueMs;
  }
  return soonestMs;
}
