/** The same on the board's own engine, in its memory: what a session takes, and what is given back. */
import { afterAll, expect, test } from "vitest";
import app from "../../../firmware/app.js";
import { Simulation } from "../../../host-sim/simulation.js";
import { xsEngine } from "../../../host-sim/xs/engine.js";
import { Visitor } from "./visitor.js";

const simulations: Simulation[] = [];
afterAll(() => {
  for (const simulation of simulations) simulation.close();
});

function outOfTheBox(arenaBytes: number) {
  const simulation = new Simulation({ seed: 7, broker: "model", traced: false });
  simulations.push(simulation);
  const station = simulation.add({
    app,
    engine: (device, settings, witness) => xsEngine({ device, settings, witness, app: undefined, arenaBytes }),
    seed: {},
  });
  expect(station.powerOn()).toMatchObject({ ok: true });
  return { simulation, station, visitor: new Visitor(simulation, station) };
}

test("provisioning, MQTT and journal together fit 96 KiB, and what a session took is given back", async () => {
  const { visitor, station, simulation } = outOfTheBox(Number(process.env.ARENA ?? 98_304));
  const at = (when: string) => console.log(when, station.memory());
  at("started, window open");
  const entered = await visitor.enter();
  if (!entered.ok) throw new Error(entered.error.message);
  at("session");
  const client = entered.value;
  for (const asked of [() => client.schema(), () => client.settings(), () => client.scan(), () => client.live(true)]) {
    expect(await visitor.awaits<{ ok: boolean }>(asked())).toMatchObject({ ok: true });
  }
  at("schema, settings, scan");
  const { wifi, broker } = simulation.settings;
  const changes = new Map([
    ["wifi.ssid", wifi.ssid],
    ["wifi.password", wifi.password],
    ["broker.host", broker.host],
  ]);
  expect(await visitor.awaits(client.set(changes))).toMatchObject({ ok: true, value: { state: "trial" } });
  visitor.pass(60_000);
  at("set, connected, a minute");
  expect(await visitor.awaits(client.trial())).toMatchObject({ ok: true, value: { state: "kept" } });
  client.close();
  visitor.pass(400_000);
  at("closed");
}, 60_000);
