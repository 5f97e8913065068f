/**
 * The firmware on XS, in a process and an arena of its own, linked as manifest.json says. The world
 * stays here: it calls and is called as by any firmware, and knows nothing of XS. What goes wrong in
 * there later than `start` is thrown at whoever caused it, on the board's thread.
 */
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { Device } from "../../firmware/device.js";
import type { ReadingError } from "../../firmware/sensing/driver.js";
import type { Settings } from "../../firmware/settings.js";
import type { Counters } from "../../firmware/start.js";
import { type Engine, EngineDied, type EngineMemory } from "../engine.js";
import { delay, trace } from "../ecma419/ambient.js";
import type { Witness } from "../world/witness.js";
import { deviceCalls } from "./device-calls.js";
import { openMachine, type Machine, type MachineError } from "./machine.js";
import { readManifest } from "./manifest.js";
import { link, root } from "./modules.js";
import { control, operation } from "./operations.js";
import { findProgram } from "./program.js";
import type { Value } from "./protocol.js";

export interface XsEngineOptions {
  device: Device;
  settings: Settings;
  /** Hears of every sample by its sensor and error; the sample itself stays in XS. */
  witness: Witness;
  /** An app as one module that imports only "mote", in place of firmware/app. */
  app: string | undefined;
  /** Of the board's 32 bits: 64-bit machines get twice as much. */
  arenaBytes: number;
  bits?: 32 | 64;
}

/** Calls into the machine between two looks at how much of it is alive. */
const callsALook = 16;

export function xsEngine(options: XsEngineOptions): Engine {
  const { device, settings, witness } = options;
  let machine: Machine | undefined;
  let seen: EngineMemory | undefined;
  let calls = 0;
  let depth = 0;
  let onStopped: (() => void) | undefined;

  function running(): Machine {
    if (machine === undefined) throw new Error("the firmware has not started on XS");
    return machine;
  }

  /** Collects garbage and sees what is left. */
  function look(): void {
    const memory = running().memory(true);
    if (!memory.ok) throw thrownAs(memory.error.kind, `XS: ${memory.error.message}`);
    const { arenaBytes, slotBytes, fixedBytes, slotsInUseBytes, chunksInUseBytes } = memory.value;
    const aliveBytes = fixedBytes + slotsInUseBytes + chunksInUseBytes;
    seen = { arenaBytes, slotBytes, arenaPeakBytes: Math.max(aliveBytes, seen?.arenaPeakBytes ?? 0), arenaAliveBytes: aliveBytes };
  }

  function dispatch(index: number, once: boolean, ...values: Value[]): Value {
    depth++;
    const called = running().dispatch(index, once, ...values);
    depth--;
    if (!called.ok) throw thrownAs(called.error.kind, `XS: ${called.error.message}`);
    // Inside of another call the machine would not answer.
    if (depth === 0 && ++calls % callsALook === 0) look();
    return called.value;
  }

  function open(): Result<Machine, MachineError | "not-built" | "manifest"> {
    const program = findProgram(options.bits);
    if (!program.ok) return program;
    const manifest = readManifest(root);
    if (!manifest.ok) return manifest;
    const { preload, stackSlots, initialSlots, initialChunkBytes, keys } = manifest.value;
    const linked = link({
      entries: ["host-sim/xs/main"],
      // The SDK's own modules are preloaded too: these stand for them.
      preload: [...preload, "host-sim/xs/device", "host-sim/world/witness", "host-sim/world/bound-class"],
      aliases: { mote: "firmware/mote", "host-sim/ecma419/board": "host-sim/xs/own-board" },
      ...(options.app === undefined ? {} : { sources: { "firmware/app": options.app } }),
    });
    if (!linked.ok) return linked;
    const wide = program.value.bits / 32;
    const opened = openMachine({
      program: program.value.path,
      flash: linked.value,
      arenaBytes: options.arenaBytes * wide,
      ...(stackSlots === undefined ? {} : { stackSlots }),
      ...(initialSlots === undefined ? {} : { initialSlots }),
      ...(initialChunkBytes === undefined ? {} : { initialChunkBytes: initialChunkBytes * wide }),
      ...(keys === undefined ? {} : { keys }),
      nowMs: () => device.clock.nowMs(),
      ...deviceCalls(device, dispatch, {
        [operation.witness]: (sensor: string, error: ReadingError | undefined) => witness(sensor, undefined, error),
        [operation.stopped]: () => onStopped?.(),
        [operation.delay]: delay,
        [operation.trace]: trace,
      }),
    });
    if (!opened.ok) return refused(opened.error);
    const ran = opened.value.run("host-sim/xs/main");
    if (ran.ok) return opened;
    opened.value.close();
    return refused(ran.error);
  }

  return {
    kind: "xs",
    start() {
      const opened = open();
      if (!opened.ok) return opened;
      machine = opened.value;
      depth++;
      const called = machine.dispatch(control.start, false, JSON.stringify(settings));
      depth--;
      if (!called.ok) return failure(called.error.kind, remedied(called.error.kind, `XS: ${called.error.message}`));
      const answer = JSON.parse(called.value as string) as { name?: string; error?: { kind: string; message: string } };
      if (answer.name === undefined) return failure(answer.error!.kind, answer.error!.message);
      look();
      return success({ name: answer.name });
    },
    counters: () => JSON.parse(dispatch(control.counters, false) as string) as Counters,
    stop(stopped) {
      onStopped = stopped;
      dispatch(control.stop, false);
    },
    memory() {
      if (machine !== undefined) look();
      return seen;
    },
    occupy(bytes) {
      dispatch(control.occupy, false, bytes);
      return true;
    },
    close() {
      machine?.close();
      machine = undefined;
    },
  };
}

function refused({ kind, message }: { kind: MachineError; message: string }): Result<never, MachineError> {
  return failure(kind, kind === "arena" ? remedied(kind, `XS: ${message}`) : message);
}

function remedied(kind: string, message: string): string {
  if (kind !== "arena") return message;
  return `${message}: fewer channels or shorter windows (mote explain), or --arena BYTES to see how much it would take`;
}

/** What a board would not survive, apart from what its JavaScript threw. */
function thrownAs(kind: string, message: string): Error {
  return kind === "arena" || kind === "stack" || kind === "keys" ? new EngineDied(kind, remedied(kind, message)) : new Error(message);
}
