/**
 * What the ECMA-419 modules of apps stand on, seen from Node: the board that runs just now, which is the
 * one whose thread handles an event (all is synchronous, so there is at most one, and none between
 * events), and where the developer reads what boards trace.
 */
import type { Device } from "../../firmware/device.js";
import { Cpu } from "../world/cpu.js";
import type { RunningBoard } from "./board.js";

/** By thread: a board has a new one each time its power comes. */
const boards = new WeakMap<Cpu, RunningBoard>();

/** `device` is what the thread that runs just now gives to its app's own modules. */
export function aboard(device: Device): void {
  if (Cpu.running !== undefined) boards.set(Cpu.running, { device, delay });
}

export function runningBoard(): RunningBoard | undefined {
  return Cpu.running === undefined ? undefined : boards.get(Cpu.running);
}

/** `Timer.delay`: keeps the running board's thread busy, so that all else on it comes later. */
export function delay(ms: number): void {
  Cpu.running?.charge(ms * 1000);
}

let begun = "";
let show: (line: string) => void = () => {};

/** Whole lines go to `listener`, of all boards of this process. */
export function showTraces(listener: (line: string) => void): void {
  show = listener;
}

/** Takes a line in parts, as `trace` does. */
export function trace(text: string): void {
  const lines = (begun + text).split("\n");
  begun = lines.pop()!;
  for (const line of lines) show(line);
}
