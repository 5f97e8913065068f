/** The firmware on V8, in this process. */
import { invariant } from "../../firmware/base/invariant.js";
import { success } from "../../firmware/base/result.js";
import type { App } from "../../firmware/declaration.js";
import type { Device } from "../../firmware/device.js";
import type { Settings } from "../../firmware/settings.js";
import { type Runtime, start } from "../../firmware/start.js";
import { aboard } from "../ecma419/ambient.js";
import type { Engine } from "../engine.js";
import { type Witness, witnessed } from "../world/witness.js";

export function nodeEngine(device: Device, app: App, settings: Settings, witness: Witness): Engine {
  let runtime: Runtime | undefined;

  function running(): Runtime {
    invariant(runtime !== undefined, "the firmware has started");
    return runtime;
  }

  return {
    kind: "node",
    start() {
      aboard(device);
      const started = start(device, witnessed(app, witness), settings);
      if (!started.ok) return started;
      runtime = started.value;
      return success({ name: runtime.name });
    },
    counters: () => running().counters(),
    stop: (onStopped) => running().stop(onStopped),
    memory: () => undefined,
    occupy: () => false,
    close() {},
  };
}
