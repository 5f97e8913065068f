/** An engine runs the firmware on a board's Device. Two exist: Node's V8 (node/engine.ts) and XS (xs/engine.ts). */
import type { Result } from "../firmware/base/result.js";
import type { Counters } from "../firmware/start.js";

export interface EngineMemory {
  /** The one block that the device's machine lives in, bytes. */
  readonly arenaBytes: number;
  /** The most of it that was alive at once, bytes. */
  readonly arenaPeakBytes: number;
  /** What of it is alive now. */
  readonly arenaAliveBytes: number;
  /** 16 on 32 bits, as on the ESP32. */
  readonly slotBytes: number;
}

export interface Engine {
  readonly kind: "node" | "xs";
  /** Starts the firmware, on the board's thread. The board's name in topics, or what is wrong with its app. */
  start(): Result<{ readonly name: string }>;
  /** What the firmware itself counted. */
  counters(): Counters;
  /** Begins the firmware's orderly end, on the board's thread. */
  stop(onStopped: () => void): void;
  /** Undefined where memory is not the board's. */
  memory(): EngineMemory | undefined;
  /** Takes so many bytes of the machine's memory, or gives them back with 0. False where memory is not the board's. */
  occupy(bytes: number): boolean;
  /** Lets go of processes and files. */
  close(): void;
}

/** The engine died as it would on a board: out of memory, of stack or of keys. A board restarts then. */
export class EngineDied extends Error {
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}
