/**
 * A board's pins: what drives an input, and the ECMA-419 classes that the board opens on them.
 *
 * Fault model: an analog input with nothing on it reads 0; a digital input with nothing on it rests
 * high (pull-up), and so does an output whose board has lost its power. Edges that come while the board
 * is busy merge into one `onReadable`, as the SDK's interrupt does.
 */
import type { Analog, AnalogOptions, Digital, DigitalConstructor, DigitalOptions } from "../../firmware/device.js";
import { boundClass } from "./bound-class.js";
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";
import type { Trace } from "./trace.js";

/** What an analog pin is wired to: raw counts of a 12-bit converter at a time, undefined when the converter fails. */
export type AnalogSource = (nowUs: number) => number | undefined;

const resolutionBits = 12;

/** What all inputs of one board's boot share. */
interface Inputs {
  readonly sources: ReadonlyMap<number, AnalogSource>;
  readonly cpu: Cpu;
  readonly trace: Trace;
}

class SimulatedAnalog implements Analog {
  readonly resolution = resolutionBits;
  readonly #of: Inputs;
  readonly #pin: number;

  constructor(of: Inputs, options: AnalogOptions) {
    this.#of = of;
    this.#pin = options.pin;
  }

  read(): number | undefined {
    const { sources, cpu, trace } = this.#of;
    const atUs = cpu.nowUs;
    const source = sources.get(this.#pin);
    const raw = source === undefined ? 0 : source(atUs);
    cpu.charge(costs.analogReadUs);
    trace.record(atUs, "analog", `"pin":${this.#pin},"raw":${raw ?? null}`);
    return raw;
  }

  close(): void {}
}

export function analogClass(sources: ReadonlyMap<number, AnalogSource>, cpu: Cpu, trace: Trace): new (options: AnalogOptions) => Analog {
  const of: Inputs = { sources, cpu, trace };
  return boundClass(SimulatedAnalog, of);
}

/** A digital line: its level, and who wants to know of its edges. */
export class DigitalLine {
  #level: 0 | 1 = 1;
  readonly #watchers = new Set<(rising: boolean) => void>();

  get level(): 0 | 1 {
    return this.#level;
  }

  drive(level: 0 | 1): void {
    if (level === this.#level) return;
    this.#level = level;
    for (const watcher of this.#watchers) watcher(level === 1);
  }

  watch(watcher: (rising: boolean) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}

/** What all pins of one board's boot share. */
interface Pins {
  readonly line: (pin: number) => DigitalLine;
  readonly cpu: Cpu;
  readonly trace: Trace;
}

class SimulatedDigital implements Digital {
  static readonly Input = 0;
  static readonly InputPullUp = 1;
  static readonly InputPullDown = 2;
  static readonly Output = 8;
  static readonly OutputOpenDrain = 9;
  static readonly Rising = 1;
  static readonly Falling = 2;

  readonly #of: Pins;
  readonly #pin: number;
  readonly #line: DigitalLine;
  readonly #release: (() => void) | undefined;
  #closed = false;

  constructor(of: Pins, options: DigitalOptions) {
    const { line, cpu, trace } = of;
    this.#of = of;
    this.#pin = options.pin;
    this.#line = line(options.pin);
    const { onReadable } = options;
    const edge = options.edge ?? 0;
    if (options.initialValue !== undefined) this.#line.drive(options.initialValue);
    if (options.mode >= SimulatedDigital.Output) cpu.onStopped(() => this.#line.drive(1));
    if (onReadable === undefined || edge === 0) return;
    let pending = false;
    const unwatch = this.#line.watch((rising) => {
      if (pending || (edge & (rising ? SimulatedDigital.Rising : SimulatedDigital.Falling)) === 0) return;
      pending = true;
      cpu.post(() => {
        pending = false;
        if (this.#closed) return;
        trace.record(cpu.nowUs, "digital.edge", `"pin":${this.#pin}`);
        onReadable();
      });
    });
    const forget = cpu.onStopped(unwatch);
    this.#release = () => {
      forget();
      unwatch();
    };
  }

  read(): number {
    this.#of.cpu.charge(costs.digitalUs);
    return this.#line.level;
  }

  write(value: 0 | 1): void {
    const atUs = this.#of.cpu.nowUs;
    this.#of.cpu.charge(costs.digitalUs);
    this.#of.trace.record(atUs, "digital.write", `"pin":${this.#pin},"value":${value}`);
    this.#line.drive(value);
  }

  close(): void {
    this.#closed = true;
    this.#release?.();
  }
}

export function digitalClass(line: (pin: number) => DigitalLine, cpu: Cpu, trace: Trace): DigitalConstructor {
  const of: Pins = { line, cpu, trace };
  return boundClass(SimulatedDigital, of) as unknown as DigitalConstructor;
}
