/**
 * Runs one module in an XS machine, for benches and for tests of pure code: no device, no world. The
 * module may use the globals of natives.d.ts, gives its result with `report`, and prints with `print`.
 */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { openMachine, type MachineError, type MemoryUse } from "./machine.js";
import { link } from "./modules.js";
import { findProgram, type Program } from "./program.js";

export interface RunOptions {
  /** The module to run, as JavaScript. Imports firmware by name (`firmware/pipeline/compile`) or other `sources`. */
  source: string;
  /** Further modules, by name. */
  sources?: Readonly<Record<string, string>>;
  /** Run in flash beforehand and frozen, like the board's preloads. Default: none. */
  preload?: readonly string[];
  /** Of the board's 32 bits: 64-bit machines get twice as much. Default 64 MiB, half of it at hand at once, so that no collection disturbs a measurement. */
  arenaBytes?: number;
  stackSlots?: number;
  keys?: number;
  bits?: 32 | 64;
  /** A host that another than `npm run build:xs` made; `bits` says nothing then. */
  program?: Program;
}

export interface RunOutcome {
  /** What the module gave to `report`, through JSON. */
  value: unknown;
  printed: string[];
  /** After a collection at the end. */
  memory: MemoryUse;
}

const roomyBytes = 64 * 1024 * 1024;

export type RunError = MachineError | "not-built";

const prelude =
  "globalThis.print = (text) => hostCall(1, String(text)); globalThis.report = (value) => hostCall(2, JSON.stringify(value));";

export function runInXs(options: RunOptions): Result<RunOutcome, RunError> {
  const program = options.program === undefined ? findProgram(options.bits) : success(options.program);
  if (!program.ok) return program;
  const linked = link({
    sources: { ...options.sources, prelude, entry: options.source },
    entries: ["prelude", "entry"],
    preload: options.preload ?? [],
    aliases: { mote: "firmware/mote" },
  });
  if (!linked.ok) return linked;
  const printed: string[] = [];
  let reported: string | undefined;
  const opened = openMachine({
    program: program.value.path,
    flash: linked.value,
    arenaBytes: (options.arenaBytes ?? roomyBytes) * (program.value.bits / 32),
    // Half and half from the start, unless the caller wants to see how little suffices: then nothing is collected.
    ...(options.arenaBytes === undefined ? { initialSlots: roomyBytes / 64, initialChunkBytes: roomyBytes / 4 } : {}),
    ...(options.stackSlots === undefined ? {} : { stackSlots: options.stackSlots }),
    keys: options.keys ?? 256,
    onCall(operation, values) {
      const text = values[0] as string;
      if (operation === 1) printed.push(text);
      else if (operation === 2) reported = text;
      else throw new Error(`a bare module has no host call ${operation}`);
      return undefined;
    },
  });
  if (!opened.ok) return opened;
  const machine = opened.value;
  try {
    const set = machine.run("prelude");
    if (!set.ok) return set;
    const ran = machine.run("entry");
    if (!ran.ok) return failure(ran.error.kind, printed.concat(ran.error.message).join("\n"));
    const memory = machine.memory(true);
    if (!memory.ok) return memory;
    return success({ value: reported === undefined ? undefined : JSON.parse(reported), printed, memory: memory.value });
  } finally {
    machine.close();
  }
}
