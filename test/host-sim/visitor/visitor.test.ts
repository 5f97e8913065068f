/** A visitor before an actual board: what is asked gets done, also where connections are lost and the power goes. */
import { describe, expect, test } from "vitest";
import ownApp from "../../../firmware/app.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Simulation } from "../../../host-sim/simulation.js";
import { type Errand, visit } from "../../../host-sim/visitor/visitor.js";
import { settingsImage } from "../../../host-sim/world/settings-image.js";

const wrongBroker = { "broker.host": "10.9.9.9", "trial.forS": 30 };
const otherPort = { "broker.port": 1884 };

function visited(errand: Partial<Errand>, prepare: (simulation: Simulation) => void = () => {}) {
  const simulation = new Simulation({ seed: 4, broker: "model" });
  simulation.lan.services.set("10.0.255.1:1884", simulation.broker.service);
  const station = simulation.add({ app: ownApp, engine: (device, settings, witness) => nodeEngine(device, ownApp, settings, witness) });
  station.powerOn();
  const { scheduler } = simulation;
  scheduler.runUntil(5e6);
  prepare(simulation);
  const draws = simulation.random.split("visitor");
  const answers: string[] = [];
  const left: unknown[] = [];
  const parts = { scheduler, board: station.board, crypto: simulation.crypto(draws.split("keys")), draws, untilMs: 120_000 };
  visit(
    parts,
    { set: {}, byHand: "nothing", restart: false, ...errand },
    {
      onAnswered: (verb, status, body) => answers.push(`${verb} ${status} ${body.split("\n")[0]}`),
      onLeft: (done, why) => left.push([done, why, Math.round(scheduler.nowUs / 1e6)]),
    },
  );
  const image = () => settingsImage(station.board.flash.get("config")!);
  return { simulation, station, answers, left, image, runTo: (s: number) => scheduler.runUntil(s * 1e6) };
}

describe("a visitor", () => {
  test("sets what is right, which the board then keeps by itself", () => {
    const { runTo, answers, left, image, station } = visited({ set: otherPort });
    runTo(30);
    expect(answers.slice(1)).toEqual(["set 0 trial 300"]);
    expect(left).toHaveLength(1);
    expect(left[0]).toEqual([true, "", expect.any(Number)]);
    expect(image()).toMatchObject({ state: "kept", kept: otherPort, trial: undefined });
    expect(station.publishes.connected).toBe(true);
  });

  test("sets what is wrong, which the board undoes by itself, and undoes it by hand", () => {
    const waiting = visited({ set: wrongBroker });
    waiting.runTo(20);
    expect(waiting.image()).toMatchObject({ state: "trial", kept: {}, trial: wrongBroker });
    waiting.runTo(60);
    expect(waiting.image()).toMatchObject({ state: "undone", kept: {}, reason: 16 });
    expect(waiting.station.publishes.connected).toBe(true);
    const undone = visited({ set: wrongBroker, byHand: "undo" });
    undone.runTo(20);
    expect(undone.answers.at(-1)).toBe("undo 0 undone hand");
    expect(undone.image()).toMatchObject({ state: "undone", reason: 17 });
  });

  test("confirms by hand, and has the board restart", () => {
    const { runTo, answers, image, station } = visited({ set: wrongBroker, byHand: "confirm", restart: true });
    runTo(60);
    expect(answers.slice(2)).toEqual(["confirm 0 kept", "restart 0 "]);
    expect(image()).toMatchObject({ state: "kept", kept: wrongBroker });
    expect(station.counts().boots).toBe(2);
  });

  test("comes again when the connection is lost, the board out of reach, or its power away", () => {
    const { runTo, answers, left, image } = visited({ set: otherPort, byHand: "confirm" }, ({ scheduler, stations: [station] }) => {
      scheduler.at(6.9e6, () => station!.board.bluetooth.lose());
      scheduler.at(17e6, () => {
        const heal = station!.board.bluetooth.leaveReach();
        scheduler.at(30e6, heal);
      });
      scheduler.at(36e6, () => station!.reset("brown-out"));
    });
    runTo(100);
    expect(left).toEqual([[true, "", expect.any(Number)]]);
    expect(answers.length).toBeGreaterThanOrEqual(3);
    expect(image()).toMatchObject({ state: "kept" });
  });

  test("gives up when there is no more time, or when the board refuses what is set", () => {
    const gone = visited({ set: otherPort }, ({ stations: [station] }) => void station!.board.bluetooth.leaveReach());
    gone.runTo(200);
    expect(gone.left).toEqual([[false, "there was no more time", expect.any(Number)]]);
    const refused = visited({ set: { "broker.port": 70_000 } });
    refused.runTo(20);
    expect(refused.left).toEqual([[false, expect.stringMatching(/^set: 18 .*broker\.port/), expect.any(Number)]]);
  });
});
