/** Faults of Bluetooth on a running station: whoever is connected loses it, whoever seeks it does not find it. */
import { expect, test } from "vitest";
import { Injector } from "../../../host-sim/faults/injector.js";
import { run } from "../run.js";
import { fault, plainApp } from "./struck.js";

/** A station whose board has a GATT server beside its firmware. */
function station() {
  const made = run({ app: plainApp });
  const { station: one, simulation } = made;
  const { bluetooth, cpu, device } = one.board;
  simulation.scheduler.runUntil(1_000_000);
  cpu.post(() => {
    const server = new device.GATTServer({ services: [], onReady: () => server.startAdvertising({ flags: 6 }) });
  });
  return { simulation, bluetooth, injector: new Injector(simulation, {}) };
}

test("ble-loss ends the connection once, at both ends, and heals by itself", () => {
  const { simulation, bluetooth, injector } = station();
  const reasons: string[] = [];
  bluetooth.connect({ timeoutMs: 60_000, supervisionMs: 1000 }, { onDisconnected: (reason) => reasons.push(reason) });
  injector.schedule(fault("ble-loss", 20_000, 20_000));
  simulation.scheduler.runUntil(19_900_000);
  expect([bluetooth.connected, reasons]).toEqual([true, []]);
  simulation.scheduler.runUntil(21_100_000);
  expect([bluetooth.connected, reasons]).toEqual([false, ["supervision"]]);
});

test("ble-away keeps the board from being heard for as long as it lasts", () => {
  const { simulation, bluetooth, injector } = station();
  injector.schedule(fault("ble-away", 10_000, 40_000));
  simulation.scheduler.runUntil(9_000_000);
  expect(bluetooth.advertisement).toBeDefined();
  simulation.scheduler.runUntil(30_000_000);
  expect(bluetooth.advertisement).toBeUndefined();
  simulation.scheduler.runUntil(41_000_000);
  expect(bluetooth.advertisement).toBeDefined();
});
