/**
 * One XS machine in a process of its own: linked from named modules, then a fixed arena for all it does.
 * Calls go both ways and synchronously. An error that the JavaScript inside throws is a value here
 * (`exception`); so is every way of dying: `arena`, `stack` or `keys` full, `link`, `process`.
 */
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { Linked } from "./modules.js";
import { openPipe } from "./pipe.js";
import { FrameReader, FrameWriter, type Value } from "./protocol.js";

export type MachineError = "arena" | "stack" | "keys" | "link" | "process" | "exception";

export interface MachineOptions {
  /** The host that `npm run build:xs` made. */
  program: string;
  flash: Linked;
  /** Bytes for everything that the machine makes, stack and tables included. */
  arenaBytes: number;
  /** Slots of stack. The esp32 platform's default is 384. */
  stackSlots?: number;
  /** Property names that modules outside of flash may add at run time. */
  keys?: number;
  /** Slots and bytes of chunks that the heap begins with; it grows from there. The manifest's figures by default. */
  initialSlots?: number;
  initialChunkBytes?: number;
  /** Answers `hostCall(operation, …)`. What it throws is thrown in XS. */
  onCall(operation: number, values: Value[]): Value;
  /** Answers `hostFill(operation, into, …)`: fills all of `into`. */
  onFill?(operation: number, into: Uint8Array<ArrayBuffer>, values: Value[]): Value;
  /** The board's clock, ms; XS has it from the last frame. */
  nowMs?(): number;
}

/** Bytes, of the arena alone. */
export interface MemoryUse {
  arenaBytes: number;
  /** Bytes a slot: 16 on 32 bits, as on ESP32. */
  slotBytes: number;
  /** Stack, key, name and alias tables: taken once, at the start. */
  fixedBytes: number;
  /** Slots and chunks in use, garbage that has not been collected included. */
  slotsInUseBytes: number;
  chunksInUseBytes: number;
  collections: number;
  /** Ever taken from the arena, whether in use or free now. */
  reservedBytes: number;
}

export interface Machine {
  readonly processId: number;
  /** Bytes in use by an empty machine: fixed, slots and chunks. */
  readonly emptyBytes: number;
  /** Imports `entry`, running it and what it imports. */
  run(entry: string): Result<Value, MachineError>;
  /** Calls the function at `index` of the machine's callbacks. With `once`, its place is free again before it runs. */
  dispatch(index: number, once: boolean, ...values: Value[]): Result<Value, MachineError>;
  memory(collect: boolean): Result<MemoryUse, MachineError>;
  close(): void;
}

const deaths = new Map<number, MachineError>([
  [3, "link"],
  [11, "arena"],
  [12, "stack"],
  [13, "keys"],
]);

export function openMachine(options: MachineOptions): Result<Machine, MachineError> {
  const opened = openPipe(options.program);
  if (!opened.ok) return opened;
  const pipe = opened.value;
  const writer = new FrameWriter();
  const nowMs = options.nowMs ?? (() => 0);
  let dead: Result<never, MachineError> | undefined;

  function died(kind: MachineError, message: string): Result<never, MachineError> {
    dead ??= failure(kind, message);
    return dead;
  }

  function begin(type: string): FrameWriter {
    return writer.frame(type, nowMs());
  }

  function serve(reader: FrameReader, fills: boolean): void {
    const operation = reader.value() as number;
    const values = reader.values();
    try {
      if (fills) {
        const into = new Uint8Array(values.pop() as number);
        const answer = options.onFill?.(operation, into, values);
        begin("F").bytes(into).value(answer);
      } else {
        const answer = options.onCall(operation, values);
        begin("R").value(answer);
      }
    } catch (error) {
      begin("T").text(error instanceof Error ? error.message : String(error));
    }
  }

  /** Sends the frame that was begun and serves XS until its answer is there. */
  function exchange(): Result<FrameReader, MachineError> {
    for (;;) {
      if (dead !== undefined) return dead;
      // A process that cannot be written to may have said why before it died: read on.
      pipe.send(writer.finish());
      const frame = pipe.receive();
      if (frame === undefined) {
        const said = pipe.errorText();
        return died("process", "the XS process is gone" + (said === "" ? "" : `: ${said}`));
      }
      const reader = new FrameReader(frame);
      const type = String.fromCharCode(reader.u8());
      if (type === "c" || type === "f") serve(reader, type === "f");
      else if (type === "e") return failure("exception", reader.text());
      else if (type === "x") {
        const status = reader.u32();
        return died(deaths.get(status) ?? "process", reader.text());
      } else return success(reader);
    }
  }

  function ask(): Result<Value, MachineError> {
    const answer = exchange();
    return answer.ok ? success(answer.value.value()) : answer;
  }

  begin("O")
    .u32(options.arenaBytes)
    .u32(options.stackSlots ?? 384)
    .u32(options.keys ?? 32)
    .u32(options.initialSlots ?? 512)
    .u32(options.initialChunkBytes ?? 1536);
  pipe.send(writer.finish());
  for (const [from, to] of options.flash.aliases) {
    begin("A").text(from).text(to);
    pipe.send(writer.finish());
  }
  for (const [name, source] of options.flash.modules) {
    begin("M").text(name).text(source);
    pipe.send(writer.finish());
  }
  for (const name of options.flash.preload) {
    begin("P").text(name);
    pipe.send(writer.finish());
  }
  begin("Y");
  const made = ask();
  if (!made.ok) {
    pipe.close();
    return made;
  }

  return success({
    processId: pipe.processId,
    emptyBytes: made.value as number,
    run(entry) {
      begin("G").text(entry);
      return ask();
    },
    dispatch(index, once, ...values) {
      begin("D")
        .u32(index)
        .u8(once ? 1 : 0);
      for (const value of values) writer.value(value);
      return ask();
    },
    memory(collect) {
      begin("Y").u8(collect ? 1 : 0);
      const answer = exchange();
      if (!answer.ok) return answer;
      const reader = answer.value;
      return success({
        arenaBytes: reader.f64(),
        slotBytes: reader.f64(),
        fixedBytes: reader.f64(),
        slotsInUseBytes: reader.f64(),
        chunksInUseBytes: reader.f64(),
        collections: reader.f64(),
        reservedBytes: reader.f64(),
      });
    },
    close: () => pipe.close(),
  });
}
