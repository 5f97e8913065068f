/**
 * The root of the runtime: a device, an app and its settings become running parts, in order, and come
 * to an orderly end. Sampling never waits for the network.
 */
import { failure, success, type Result } from "./base/result.js";
import { channels } from "./channels.js";
import { checkApp } from "./check.js";
import type { App } from "./declaration.js";
import type { Device, Timer } from "./device.js";
import { checkLimits, limits } from "./limits.js";
import { joinNetwork, type Network } from "./network/wifi.js";
import { probe, type Probe } from "./sensing/probe.js";
import type { Settings } from "./settings.js";
import { totals, type Totals } from "./totals/store.js";
import { connection } from "./uplink/connection.js";
import { live } from "./uplink/live.js";
import { countersTopic, deviceName, statusTopic } from "./uplink/topics.js";

/** What the board counted since boot. All but `worstLateMs` only grow. */
export interface Counters {
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
  counters(): Counters;
  /** Stops sampling, says offline, lets go of the network; `onStopped` is called once, within `limits.stopTimeoutMs` and `limits.lingerMs`. To be called once. */
  stop(onStopped: () => void): void;
}

export function start(device: Device, app: App, settings: Settings): Result<Runtime> {
  checkLimits();
  const checked = checkApp(app);
  if (!checked.ok) return checked;

  const name = deviceName(app.name, device.id);
  const uplink = connection(
    device,
    {
      broker: settings.broker,
      clientId: name,
      cleanSession: true,
      will: { topic: statusTopic(name), payload: "offline", qos: 1, retain: true },
    },
    {
      onConnected: () => online(),
      onDisconnected() {},
      onMessage() {},
      onAcknowledged() {},
      onRoom: () => outlet.drain(),
      onSubscribed() {},
    },
  );
  const outlet = live(name, (topic, payload) => uplink.connected && uplink.publish(topic, payload, 1, true).ok);
  const online = outlet.notice(statusTopic(name), () => "online");
  const report = outlet.notice(countersTopic(name), () => JSON.stringify(counters()));

  const { clock, timers } = device;
  // Most apps keep none.
  let kept: Totals | undefined;
  const readers = channels(app, {
    clock,
    timers,
    total: (name) => (kept ??= totals(device)).open(name),
    outlet: (each, { unit }) => outlet.channel(each, unit),
  });
  if (!readers.ok) return readers;

  const startMs = device.clock.nowMs();
  const probes: Probe[] = [];
  for (const sensor of Object.keys(app.sensors)) {
    const made = probe(sensor, app.sensors[sensor]!, device, startMs, readers.value.of(sensor));
    if (!made.ok) {
      for (const running of probes) running.stop();
      readers.value.stop();
      return made;
    }
    probes.push(made.value);
  }

  let network: Network;
  try {
    network = joinNetwork(
      device,
      settings.wifi,
      () => uplink.networkUp(),
      () => uplink.networkDown(),
    );
  } catch (thrown) {
    for (const running of probes) running.stop();
    readers.value.stop();
    return failure("network", "the radio does not start: " + (thrown instanceof Error ? thrown.message : "no reason given"));
  }

  let reporting: Timer = device.timers.set(reportAgain, limits.countersEveryMs);

  function reportAgain(): void {
    report();
    reporting = device.timers.set(reportAgain, limits.countersEveryMs);
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
      networkFailures: network.failures,
      bytesOut: sent.bytesOut,
      bytesIn: sent.bytesIn,
    };
  }

  return success({
    name,
    counters,
    stop(onStopped) {
      device.timers.clear(reporting);
      for (const running of probes) running.stop();
      readers.value.stop();
      kept?.stop();
      uplink.stop(() => {
        device.timers.set(() => {
          network.stop();
          onStopped();
        }, limits.lingerMs);
      });
    },
  });
}
