/** This computer's own sensors as a chip on a board's I²C bus: temperature where it has a thermometer, load, free memory. Registers: host-sim/apps/this-computer.ts. */
import { readdirSync, readFileSync } from "node:fs";
import { freemem, loadavg } from "node:os";
import { monitorAddress, noTemperature } from "../apps/this-computer.js";
import { ChipFaults, type I2CChip } from "../world/chips/chip.js";

/** Linux's thermal zones in `zones`, the processor's first, in °C; undefined where none can be read. */
export function thermometer(zones = "/sys/class/thermal"): (() => number) | undefined {
  let names: string[];
  try {
    names = readdirSync(zones).filter((name) => name.startsWith("thermal_zone"));
  } catch {
    return undefined;
  }
  const kind = (name: string): string => readText(`${zones}/${name}/type`);
  names.sort((a, b) => Number(/cpu|pkg/i.test(kind(b))) - Number(/cpu|pkg/i.test(kind(a))));
  const file = names.map((name) => `${zones}/${name}/temp`).find((path) => Number.isFinite(parseInt(readText(path), 10)));
  return file === undefined ? undefined : () => parseInt(readText(file), 10) / 1000;
}

export function computerChip(temperatureC: (() => number) | undefined): I2CChip {
  const faults = new ChipFaults();
  return {
    address: monitorAddress,
    faults,
    write: (_, nowUs) => faults.answers(nowUs),
    read(into, nowUs) {
      if (!faults.answers(nowUs)) return false;
      const registers = new DataView(new ArrayBuffer(8));
      const celsius = temperatureC?.() ?? NaN;
      registers.setInt16(0, Number.isFinite(celsius) ? Math.round(celsius * 100) : noTemperature);
      registers.setUint16(2, Math.min(65535, Math.round(loadavg()[0]! * 100)));
      registers.setUint32(4, Math.round(freemem() / 1048576));
      into.set(new Uint8Array(registers.buffer).subarray(0, into.length));
      faults.corrupt(into, nowUs);
      return true;
    },
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
