/** Faults of a board's Bluetooth (world/ble.ts): felt by whoever is connected to it, or seeks it. */
import type { Effects } from "./effect.js";

type BluetoothFault = "ble-loss" | "ble-away";

export const bluetoothEffects: Effects<BluetoothFault> = {
  "ble-loss": ({ stations }) => {
    for (const { board } of stations) board.bluetooth.lose();
  },
  "ble-away": ({ stations }) => {
    const heals = stations.map(({ board }) => board.bluetooth.leaveReach());
    return () => {
      for (const heal of heals) heal();
    };
  },
};
