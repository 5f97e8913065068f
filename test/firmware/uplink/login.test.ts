/** What the board gives its broker of the name and the password that are set: all that the protocol allows. */
import { expect, test } from "vitest";
import ownApp from "../../../firmware/app.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Simulation } from "../../../host-sim/simulation.js";
import { oracleParse } from "./packets.js";

/** The login in the CONNECT of a board with these settings. */
function login(username: string, password: string): { username: string | undefined; password: string | undefined } {
  const simulation = new Simulation({ seed: 1, broker: "model" });
  const received: Uint8Array[] = [];
  for (const at of simulation.lan.services.keys())
    simulation.lan.services.set(at, () => ({ received: (bytes) => void received.push(bytes.slice()), closed() {} }));
  const { wifi, broker } = simulation.settings;
  const station = simulation.add({
    app: ownApp,
    engine: (device, settings, witness) => nodeEngine(device, ownApp, settings, witness),
    seed: { wifi, broker: { ...broker, username, password } },
  });
  station.powerOn();
  simulation.scheduler.runUntil(5e6);
  simulation.close();
  const [packet] = oracleParse(Buffer.concat(received));
  if (packet?.cmd !== "connect") throw new Error(`not a CONNECT first: ${packet?.cmd}`);
  return { username: packet.username, password: packet.password?.toString() };
}

test("a name and a password, a name alone, and nothing are given as they are set", () => {
  expect(login("garden", "swordfish")).toEqual({ username: "garden", password: "swordfish" });
  expect(login("garden", "")).toEqual({ username: "garden", password: undefined });
  expect(login("", "")).toEqual({ username: undefined, password: undefined });
});

test("a password without a name goes with an empty one", () => {
  const { username, password } = login("", "token");
  expect([username || "", password]).toEqual(["", "token"]);
});
