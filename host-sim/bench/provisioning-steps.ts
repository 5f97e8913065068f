/** What a person with a phone waits for, in virtual time and with no time to think: the first reading of a board out of its box, and a large change of settings. */
import app from "../../firmware/app.js";
import { nodeEngine } from "../node/engine.js";
import { Simulation } from "../simulation.js";
import { rightSettings, Visitor } from "./provisioning-visitor.js";

function outOfTheBox(): { readonly visitor: Visitor; readonly simulation: Simulation } {
  const simulation = new Simulation({ seed: 7, broker: "model", traced: false });
  const station = simulation.add({ app, engine: (device, settings, witness) => nodeEngine(device, app, settings, witness), seed: {} });
  const started = station.powerOn();
  if (!started.ok) throw new Error(started.error.message);
  return { visitor: new Visitor(simulation, station), simulation };
}

export interface FirstReading {
  /** From the power-up, s. */
  readonly joinedS: number;
  /** From when the Wi-Fi was joined, s; Infinity where none came within a minute. */
  readonly afterJoinS: number;
}

/** Pairing, schema, scan, settings of Wi-Fi and broker, until a reading has reached the broker. */
export async function firstReading(): Promise<FirstReading> {
  const { visitor, simulation } = outOfTheBox();
  const { link } = visitor.station.board;
  let readMs = Infinity;
  simulation.broker.onMessage = ({ topic }) => {
    const channel = topic.slice(topic.lastIndexOf("/") + 1);
    if (readMs === Infinity && channel in app.channels) readMs = visitor.nowMs;
  };
  const entered = await visitor.enter();
  if (!entered.ok) throw new Error(entered.error.message);
  const client = entered.value;
  for (const ask of [client.schema, client.settings, client.scan]) await visitor.awaits<unknown>(ask());
  const set = await visitor.awaits(client.set(rightSettings(simulation)));
  if (!set.ok) throw new Error(set.error.message);
  const endMs = visitor.nowMs + 60_000;
  while (!link.up && visitor.nowMs < endMs) visitor.pass(1);
  const joinedMs = visitor.nowMs;
  while (readMs === Infinity && visitor.nowMs < endMs) visitor.pass(1);
  simulation.close();
  return { joinedS: joinedMs / 1000, afterJoinS: (readMs - joinedMs) / 1000 };
}

/** How long a change of `bytes` takes from the click to the answer at a connection interval of 30 ms, s. */
export async function configWrite(mtu: number, bytes = 1_024): Promise<number> {
  const { visitor, simulation } = outOfTheBox();
  const entered = await visitor.enter(visitor.station.board.secret!, { mtu, intervalMs: 30 });
  if (!entered.ok) throw new Error(entered.error.message);
  const client = entered.value;
  const changes = new Map([
    ["wifi.ssid", "s".repeat(32)],
    ["wifi.password", "w".repeat(63)],
    ["broker.host", "b".repeat(128)],
    ["broker.username", "u".repeat(64)],
    ["broker.password", "p".repeat(64)],
    ["device.name", "n".repeat(26)],
    ["device.hostname", "h".repeat(63)],
    ["device.url", "l".repeat(96)],
    ["calibration.points", ""],
  ]);
  const length = [...changes].reduce((sum, [name, value]) => sum + 2 + name.length + value.length, "schema 2".length);
  const points = ";outdoor=20.512:20.25,81.375:80.125;probe=1:1.5,99:98";
  changes.set("calibration.points", "x".repeat(bytes - length - points.length - "=0:0,1:1".length) + "=0:0,1:1" + points);
  const fromMs = visitor.nowMs;
  const set = await visitor.awaits(client.set(changes));
  if (!set.ok) throw new Error(set.error.message);
  simulation.close();
  return (visitor.nowMs - fromMs) / 1000;
}
