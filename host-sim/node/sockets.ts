/** A board's network on this computer's: real sockets and the system's resolver, their events brought in by the pacer. */
import { lookup } from "node:dns";
import type { Device } from "../../firmware/device.js";
import type { Cpu } from "../world/cpu.js";
import type { Pacer } from "./pacer.js";
import { tcpClass } from "./tcp.js";

/** `pacer` is asked for when something arrives: the board exists before its time runs. `onUnknown` hears of names without an address. */
export function realNetwork(cpu: Cpu, pacer: () => Pacer, onUnknown: (name: string) => void): Pick<Device, "TCP" | "resolve"> {
  const schedule = (callback: () => void): void => pacer().post(cpu, callback);
  return {
    TCP: tcpClass(schedule),
    resolve(name, onResolved) {
      lookup(name, { family: 4 }, (error, address) =>
        schedule(() => {
          if (error !== null) onUnknown(name);
          onResolved(error === null ? address : undefined);
        }),
      );
    },
  };
}
