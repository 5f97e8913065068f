/** Faults that strike a board as a whole: its power, its clock, its memory. */
import type { Station } from "../station.js";
import type { ResetReason } from "../../firmware/device.js";
import type { Effects } from "./effect.js";

export const boardEffects: Effects<"power-cut" | "reset" | "clock-back" | "memory"> = {
  /** The cut itself was planned (Injector.schedule): here it has just happened. */
  "power-cut"({ stations }) {
    for (const station of stations) station.holdPower();
    return () => {
      for (const station of stations) station.releasePower();
    };
  },
  reset({ stations, fault }) {
    for (const station of stations) station.reset(fault.parameters["reason"] as ResetReason);
  },
  "clock-back"({ stations, fault }) {
    for (const station of stations) if (station.powered) station.board.jumpClock(-Number(fault.parameters["by"]));
  },
  memory({ stations, fault }) {
    const bytes = Number(fault.parameters["bytes"]);
    const change = (station: Station, by: number): void => void station.occupy(station.occupiedBytes + by);
    for (const station of stations) change(station, bytes);
    return () => {
      for (const station of stations) change(station, -bytes);
    };
  },
};
