/** A whole board whose Improv service is written to without end: the radio must never be asked for a buffer that it does not have, for then the SDK stands still. */
import { afterEach, expect, test, vi } from "vitest";
import ownApp from "../../../firmware/app.js";
import type { Settings } from "../../../firmware/settings.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Simulation } from "../../../host-sim/simulation.js";
import { Peripheral } from "../../../host-sim/world/ble-peripheral.js";
import { bytes, frame, strictResult, wifi } from "./improv-rig.js";

const uuid = (last: number): string => `00467768-6228-2272-4663-27747826800${last}`;

afterEach(() => void vi.restoreAllMocks());

test.each([7.5, 30, 400, 1_000])(
  "writes without end at a connection interval of %d ms leave the radio its buffers, and the board its life",
  (intervalMs) => {
    const simulation = new Simulation({ seed: 1, broker: "model", traced: false });
    const { scheduler } = simulation;
    const station = simulation.add({
      app: ownApp,
      engine: (device, _, witness) => nodeEngine(device, ownApp, {} as Settings, witness),
    });
    station.powerOn();
    scheduler.runUntil(2e6);
    const notify = vi.spyOn(Peripheral.prototype, "notify");
    const heard: Uint8Array[] = [];
    let subscribed = 0;
    const writes = [bytes(2, 0, 9), frame(6), wifi("net", "short"), frame(3), bytes(), frame(9)];
    let at = 0;
    let gone = false;
    const central = station.board.bluetooth.connect(
      { intervalMs, supervisionMs: 32_000 },
      {
        onConnected: () => {
          for (const part of [1, 2, 4])
            central.subscribe(
              uuid(part),
              (value) => void (part === 4 && heard.push(value)),
              () => subscribed++,
            );
        },
        onDisconnected: () => (gone = true),
      },
    );
    const write = (): void => {
      if (at === 2_000) return;
      central.write(uuid(3), writes[at++ % writes.length]!, false, write);
    };
    while (subscribed < 3 && scheduler.nowUs < 200e6) scheduler.runUntil(scheduler.nowUs + 1e5);
    for (let stream = 0; stream < 8; stream++) write();
    scheduler.runUntil(280e6);
    expect(gone).toBe(false);
    expect(subscribed).toBe(3);
    expect(notify.mock.results.filter(({ type }) => type === "throw")).toEqual([]);
    expect(notify.mock.calls.length).toBeGreaterThan(100);
    expect(station.powered).toBe(true);
    // Each whole, but where a notification cut it.
    for (const value of heard) expect(strictResult(value).texts.length).toBeLessThan(5);
    // Beside it the board has done its work.
    expect(station.counts().samples).toBeGreaterThan(100);
  },
);
