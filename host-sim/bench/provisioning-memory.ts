/** What a visit over BLE takes of the memory that the board's engine has, from the box to the day after. */
import { invariant } from "../../firmware/base/invariant.js";
import { Simulation } from "../simulation.js";
import { xsEngine } from "../xs/engine.js";
import app from "../../firmware/app.js";
import { rightSettings, Visitor } from "./provisioning-visitor.js";

export interface VisitMemory {
  /** In use, bytes of a board: before anybody came, */
  readonly beforeBytes: number;
  /** with the window open and nobody there, */
  readonly openBytes: number;
  /** the most that was seen while a session did all that it may, */
  readonly sessionBytes: number;
  /** when it is over and the window still open, */
  readonly leftBytes: number;
  /** and when that is closed too. */
  readonly closedBytes: number;
  readonly peakBytes: number;
  /** What was set, the broker's acknowledgement has kept. */
  readonly kept: boolean;
  readonly published: number;
}

/** Throws where the arena does not suffice. */
export async function visitMemory(arenaBytes: number): Promise<VisitMemory> {
  const simulation = new Simulation({ seed: 7, broker: "model", traced: false });
  try {
    const station = simulation.add({
      app,
      engine: (device, settings, witness) => xsEngine({ device, settings, witness, app: undefined, arenaBytes }),
      seed: {},
    });
    // Not its first power-up: the window waits for the button.
    const started = station.powerOn("software");
    invariant(started.ok, "the firmware starts on XS");
    const visitor = new Visitor(simulation, station);
    const alive = (): number => station.memory()!.arenaAliveBytes;
    visitor.pass(10_000);
    const beforeBytes = alive();
    visitor.press();
    visitor.pass(10_000);
    const openBytes = alive();
    const entered = await visitor.enter();
    if (!entered.ok) throw new Error(entered.error.message);
    const client = entered.value;
    const asked = [client.schema, client.settings, client.scan, () => client.log(0), client.health, client.raw, () => client.live(true)];
    let sessionBytes = 0;
    for (const ask of asked) {
      const answer = await visitor.awaits<{ readonly ok: boolean }>(ask());
      if (!answer.ok) throw new Error("the board does not answer as it should");
      sessionBytes = Math.max(sessionBytes, alive());
    }
    const set = await visitor.awaits(client.set(rightSettings(simulation)));
    if (!set.ok) throw new Error(set.error.message);
    for (let second = 0; second < 60; second++) {
      visitor.pass(1_000);
      sessionBytes = Math.max(sessionBytes, alive());
    }
    const trial = await visitor.awaits(client.trial());
    client.close();
    visitor.pass(70_000);
    const leftBytes = alive();
    visitor.pass(260_000);
    const { arenaPeakBytes: peakBytes, arenaAliveBytes: closedBytes } = station.memory()!;
    const kept = trial.ok && trial.value.state === "kept";
    return { beforeBytes, openBytes, sessionBytes, leftBytes, closedBytes, peakBytes, kept, published: station.counts().published };
  } finally {
    simulation.close();
  }
}
