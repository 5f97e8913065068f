/** The root for XS on a computer, as firmware/main.ts is for ESP32: it runs in the arena, and waits for Node to say start. */
import app from "../../firmware/app.js";
import { start, type Runtime } from "../../firmware/start.js";
import type { Settings } from "../../firmware/settings.js";
import { witnessed } from "../world/witness.js";
import { device } from "./device.js";
import { control, operation } from "./operations.js";

let runtime: Runtime | undefined;

const controls = hostCallbacks();

/** JSON of `{ name }` or of a failure. */
controls[control.start] = (settings: string): string => {
  const watched = witnessed(app, (sensor, _, error) => {
    hostCall(operation.witness, sensor, error);
  });
  const started = start(device, watched, JSON.parse(settings) as Settings);
  if (!started.ok) return JSON.stringify({ error: started.error });
  runtime = started.value;
  return JSON.stringify({ name: runtime.name });
};

controls[control.stop] = (): void => {
  runtime?.stop(() => {
    hostCall(operation.stopped);
  });
};

const occupied: ArrayBuffer[] = [];

/** Somebody else takes memory: a fault. */
controls[control.occupy] = (bytes: number): void => {
  occupied.length = 0;
  if (bytes > 0) occupied.push(new ArrayBuffer(bytes));
};

controls[control.counters] = (): string => JSON.stringify(runtime?.counters());
