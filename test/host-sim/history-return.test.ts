/** Boards that lose their broker or their Wi-Fi in the same moment do not come back in the same second. */
import { expect, test } from "vitest";
import type { App } from "../../firmware/declaration.js";
import { NTC } from "../../firmware/sensing/drivers/ntc.js";
import { nodeEngine } from "../../host-sim/node/engine.js";
import { Simulation } from "../../host-sim/simulation.js";

const boards = 200;
const lostMs = 20_000;
const app: App = {
  name: "hall",
  sensors: { air: { driver: NTC, on: "analog", everyMs: 10_000 } },
  channels: { temperature: { from: "air.thermometer.temperature", resolution: 0.1 } },
};

/** The share of all boards that the busiest second saw come back, once what `lose` took is there again; and how long the last took, s. */
function returned(lose: (simulation: Simulation) => (() => void)[], awayMs: number) {
  const simulation = new Simulation({ seed: 1, broker: "model", traced: false });
  const { scheduler } = simulation;
  const timesMs: number[] = [];
  for (let index = 0; index < boards; index++) {
    const station = simulation.add({
      name: `hall-${index}`,
      app,
      engine: (device, settings, witness) => nodeEngine(device, app, settings, witness),
      journalBytes: 4 * 4096,
    });
    station.publishes.onConnack = (code) => void (code === 0 && timesMs.push(scheduler.nowUs / 1000));
    scheduler.at(1 + index * 5_000, () => void station.powerOn());
  }
  scheduler.runUntil(lostMs * 1000);
  expect(timesMs).toHaveLength(boards);
  timesMs.length = 0;
  const heals = lose(simulation);
  scheduler.runUntil((lostMs + awayMs) * 1000);
  for (const heal of heals) heal();
  scheduler.runUntil((lostMs + awayMs + 70_000) * 1000);
  simulation.close();
  expect(timesMs).toHaveLength(boards);
  let most = 0;
  for (let from = 0, to = 0; to < boards; to++) {
    while (timesMs[to]! - timesMs[from]! > 1000) from++;
    most = Math.max(most, to - from + 1);
  }
  return { share: most / boards, lastS: (timesMs.at(-1)! - lostMs - awayMs) / 1000 };
}

test.each([
  ["the broker closes all connections", (simulation: Simulation) => (simulation.broker.disconnect(), []), 0, 0.35, 6],
  ["the broker restarts", (simulation: Simulation) => [simulation.broker.stop("kept")], 3_000, 0.5, 11],
  ["the broker is away for half a minute", (simulation: Simulation) => [simulation.broker.stop("kept")], 30_000, 0.15, 45],
  ["the Wi-Fi drops for a second", ({ stations }: Simulation) => stations.map(({ board }) => board.link.leaveReach()), 1_000, 0.4, 7],
])("when %s, boards come back over seconds", (_, lose, awayMs, shareMax, lastMaxS) => {
  const { share, lastS } = returned(lose, awayMs);
  expect(share).toBeLessThan(shareMax);
  expect(lastS).toBeLessThan(lastMaxS);
});
