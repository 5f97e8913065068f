/** From the box to the first reading: a board that knows nothing, a person with its code, the actual firmware. */
import { expect, test } from "vitest";
import app from "../../../firmware/app.js";
import { Simulation } from "../../../host-sim/simulation.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Visitor } from "./visitor.js";

function outOfTheBox() {
  const simulation = new Simulation({ seed: 7, broker: "model", traced: false });
  const station = simulation.add({ app, engine: (device, settings, witness) => nodeEngine(device, app, settings, witness), seed: {} });
  expect(station.powerOn()).toMatchObject({ ok: true });
  return { simulation, station, visitor: new Visitor(simulation, station) };
}

test("a board out of its box is paired, joins the Wi-Fi, reaches its broker, and keeps what it was told", async () => {
  const { visitor, station, simulation } = outOfTheBox();
  const entered = await visitor.enter();
  if (!entered.ok) throw new Error(entered.error.message);
  const client = entered.value;
  const schema = await visitor.awaits(client.schema());
  expect(schema).toMatchObject({ ok: true });
  const found = await visitor.awaits(client.scan());
  expect(found.ok && found.value.map(({ ssid }) => ssid)).toContain("mote");
  const { wifi, broker } = simulation.settings;
  const set = await visitor.awaits(
    client.set(
      new Map([
        ["wifi.ssid", wifi.ssid],
        ["wifi.password", wifi.password],
        ["broker.host", broker.host],
      ]),
    ),
  );
  expect(set).toMatchObject({ ok: true, value: { state: "trial" } });
  const before = visitor.nowMs;
  while (station.counts().published === 0 && visitor.nowMs < before + 20_000) visitor.pass(10);
  console.log("published after", visitor.nowMs - before, "ms");
  visitor.pass(500);
  expect(await visitor.awaits(client.trial())).toMatchObject({ ok: true, value: { state: "kept" } });
});
