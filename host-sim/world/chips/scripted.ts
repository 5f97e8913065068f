/**
 * A chip that a user describes: registers behind a pointer, or two functions for what is read and
 * written. It feels the board's environment through what its functions are given.
 *
 * Fault model: that of every chip (chip.ts). Frozen, its functions are told the time and the environment
 * of the moment at which it froze.
 * Not modelled: what a chip needs time for, unless its functions look at `nowMs`.
 */
import type { Environment } from "../environment.js";
import { ChipFaults, type I2CChip } from "./chip.js";

/** The environment at an instant: °C, %, Pa and the like, and ms since the world began. */
export type Moment = { readonly nowMs: number } & { readonly [Name in keyof Environment]: number };

export type Register = number | readonly number[] | ((at: Moment) => number | readonly number[]);

export interface ChipScript {
  /** 7 bits, 8 … 119. */
  readonly address: number;
  /**
   * What lies at each pointer: a byte, several, or a function that gives them when it is read, whole
   * numbers of 0 … 255. A read goes on at the next pointer where one ends; where nothing lies it reads 0.
   * What is written replaces bytes; a function's stay its own.
   */
  readonly registers?: Readonly<Record<number, Register>>;
  /** Bytes of the pointer that a write begins with, high byte first; default 1. */
  readonly pointerBytes?: 1 | 2;
  /** In place of registers. Its bytes, at most `length` and filled up with 0; undefined: not acknowledged. */
  read?(length: number, at: Moment): readonly number[] | Uint8Array | undefined;
  /** `false`: not acknowledged. */
  write?(bytes: Uint8Array, at: Moment): boolean | void;
}

export class ScriptedChip implements I2CChip {
  readonly address: number;
  readonly faults = new ChipFaults();
  readonly #script: ChipScript;
  readonly #registers = new Map<number, number[] | ((at: Moment) => number | readonly number[])>();
  readonly #moment: Moment;
  #pointer = 0;
  #atUs = 0;
  #complain: (mistake: string) => void;

  /** What a script's functions throw or give amiss is not acknowledged on the bus; `complain` hears of it the first time. */
  constructor(script: ChipScript, environment: Environment, complain: (mistake: string) => void) {
    this.address = script.address;
    this.#script = script;
    this.#complain = complain;
    for (const [pointer, held] of Object.entries(script.registers ?? {})) {
      this.#registers.set(Number(pointer), typeof held === "function" ? held : typeof held === "number" ? [held] : [...held]);
    }
    this.#moment = moment(environment, () => this.#atUs);
  }

  write(bytes: Uint8Array, nowUs: number): boolean {
    if (!this.#begin(nowUs)) return false;
    if (this.#script.registers === undefined) {
      return this.#tried(() => this.#script.write?.(Uint8Array.from(bytes), this.#moment) !== false);
    }
    this.#store(bytes);
    return true;
  }

  read(into: Uint8Array, nowUs: number): boolean {
    if (!this.#begin(nowUs)) return false;
    const bytes = new Uint8Array(into.length);
    const given = this.#tried(() => (this.#script.registers === undefined ? this.#ask(bytes) : this.#load(bytes)));
    if (!given) return false;
    into.set(bytes);
    this.faults.corrupt(into, nowUs);
    return true;
  }

  #begin(nowUs: number): boolean {
    if (!this.faults.answers(nowUs)) return false;
    if (!this.faults.frozen) this.#atUs = nowUs;
    return true;
  }

  #store(bytes: Uint8Array): void {
    const pointerBytes = this.#script.pointerBytes ?? 1;
    if (bytes.length < pointerBytes) return;
    this.#pointer = pointerBytes === 1 ? bytes[0]! : bytes[0]! * 256 + bytes[1]!;
    let pointer = this.#pointer;
    let place = 0;
    for (let index = pointerBytes; index < bytes.length; index++) {
      const held = this.#registers.get(pointer);
      if (held === undefined) this.#registers.set(pointer, [bytes[index]!]);
      else if (typeof held !== "function") held[place] = bytes[index]!;
      place++;
      if (!Array.isArray(held) || place >= held.length) {
        pointer++;
        place = 0;
      }
    }
  }

  #load(into: Uint8Array): boolean {
    let index = 0;
    for (let pointer = this.#pointer; index < into.length; pointer++) {
      const held = this.#registers.get(pointer) ?? 0;
      const given = typeof held === "function" ? held(this.#moment) : held;
      if (typeof given !== "object") into[index++] = byte(given);
      else for (let place = 0; place < given.length && index < into.length; place++) into[index++] = byte(given[place]);
    }
    return true;
  }

  #ask(into: Uint8Array): boolean {
    const given = this.#script.read?.(into.length, this.#moment);
    if (given === undefined) return false;
    for (let index = 0; index < into.length && index < given.length; index++) into[index] = byte(given[index]);
    return true;
  }

  #tried(action: () => boolean): boolean {
    try {
      return action();
    } catch (error) {
      this.#complain(error instanceof Error ? error.message : String(error));
      this.#complain = () => {};
      return false;
    }
  }
}

function byte(value: unknown): number {
  if (!within(value, 0, 255)) throw new Error(`it gives ${said(value)} where a byte belongs, 0 … 255`);
  return value as number;
}

/** Each quantity is asked for only when the script looks at it. */
function moment(environment: Environment, atUs: () => number): Moment {
  const at = {
    get nowMs() {
      return Math.floor(atUs() / 1000);
    },
  };
  for (const name of Object.keys(environment) as (keyof Environment)[]) {
    Object.defineProperty(at, name, { get: () => environment[name](atUs()), enumerable: true });
  }
  return at as Moment;
}

/** What is wrong with a script, in words; undefined: nothing. `place` is what it is called by. */
export function scriptError(script: unknown, place: string): string | undefined {
  if (typeof script !== "object" || script === null) return `${place} must be a chip: { address, registers } or { address, read, write }`;
  const { address, registers, pointerBytes, read, write, ...others } = script as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `${place} has "${unknown}": a chip has address, registers, pointerBytes, read and write`;
  if (!within(address, 8, 119))
    return `${place}: address must be the chip's, a whole number from 8 to 119 (0x08 … 0x77), not ${said(address)}`;
  if (registers === undefined) {
    if (read === undefined && write === undefined) return `${place} needs registers, or the functions read and write`;
    for (const [name, value] of Object.entries({ read, write })) {
      if (value !== undefined && typeof value !== "function") return `${place}: ${name} must be a function, not ${said(value)}`;
    }
    return pointerBytes === undefined ? undefined : `${place}: pointerBytes goes with registers`;
  }
  if (read !== undefined || write !== undefined)
    return `${place} has registers and functions of its own for reading and writing: one of the two`;
  if (pointerBytes !== undefined && pointerBytes !== 1 && pointerBytes !== 2) return `${place}: pointerBytes must be 1 or 2`;
  if (typeof registers !== "object" || registers === null) return `${place}: registers must be an object of bytes by pointer`;
  const most = pointerBytes === 2 ? 0xffff : 0xff;
  for (const [pointer, held] of Object.entries(registers)) {
    if (!within(Number(pointer), 0, most)) return `${place}: "${pointer}" is no register: pointers are whole numbers from 0 to ${most}`;
    if (typeof held === "function") continue;
    const bytes: unknown[] = Array.isArray(held) ? held : [held];
    if (bytes.length === 0) return `${place}: register ${pointer} is empty`;
    for (const byte of bytes) if (!within(byte, 0, 255)) return `${place}: register ${pointer} must hold bytes, 0 … 255, not ${said(byte)}`;
  }
  return undefined;
}

function within(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function said(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
