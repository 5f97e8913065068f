/** An Improv service on a ground that writes down what it is asked for, with its own clock; and what a client makes and reads, written apart. */
import type { Bytes, Timer } from "../../../firmware/device.js";
import type { FoundPoint, ImprovGround } from "../../../firmware/provisioning/contract.js";
import { Improv } from "../../../firmware/provisioning/improv.js";

/** The text's example: SSID "MyWirelessAP", password "mysecurepassword". */
export const vector = "011e0c4d79576972656c6573734150106d7973656375726570617373776f7264c0";

export const bytes = (...values: number[]): Bytes => new Uint8Array(values);
export const hex = (of: Uint8Array): string => Buffer.from(of).toString("hex");
export const unhex = (text: string): Bytes => new Uint8Array(Buffer.from(text, "hex"));

/** Lengths and checksum as the text says. */
export function frame(command: number, data: Uint8Array = bytes()): Bytes {
  const head = [command, data.length, ...data];
  return bytes(...head, head.reduce((sum, byte) => sum + byte, 0) % 256);
}

const text = (of: string): number[] => [...Buffer.from(of)];
const counted = (of: string): number[] => [Buffer.byteLength(of), ...text(of)];

export const wifi = (ssid: string, password: string): Bytes => frame(1, bytes(...counted(ssid), ...counted(password)));
export const named = (command: number, name: string): Bytes => frame(command, bytes(...text(name)));
export const counting = (command: number, name: string): Bytes => frame(command, bytes(...counted(name)));

/** A result as a strict client reads it: throws unless every length and the checksum fit. */
export function strictResult(of: Uint8Array): { command: number; texts: string[] } {
  if (of.length < 3 || of[1] !== of.length - 3) throw new Error(`lengths of ${hex(of)}`);
  if (of.subarray(0, -1).reduce((sum, byte) => sum + byte, 0) % 256 !== of[of.length - 1]) throw new Error(`checksum of ${hex(of)}`);
  const texts: string[] = [];
  let at = 2;
  while (at < of.length - 1) {
    const length = of[at]!;
    if (at + 1 + length > of.length - 1) throw new Error(`texts of ${hex(of)}`);
    texts.push(new TextDecoder("utf-8", { fatal: true }).decode(of.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  return { command: of[0]!, texts };
}

interface Waiting {
  readonly atMs: number;
  readonly callback: () => void;
}

export class ImprovRig {
  /** All that the ground was asked for or told, in order; notifications as `state 2`, `error 0`, `result 4 one|two`. */
  readonly log: string[] = [];
  nowMs = 0;
  isOpen = true;
  joined = false;
  takesSettings = true;
  takesNames = true;
  canIdentify = true;
  url = "http://board/";
  hostname = "mote-1";
  name = "Greenhouse";
  info: readonly string[] = ["Mote", "1.0", "esp32", "Greenhouse"];
  /** Answers to come, in order. */
  readonly joins: ((joined: boolean) => void)[] = [];
  readonly scans: ((found: readonly FoundPoint[] | undefined) => void)[] = [];
  readonly service: Improv;
  readonly timers = new Set<Waiting>();
  /** Notifications that the radio surely has buffers for: one more with each write, and four with 4.1 s without any. */
  buffers = 12;
  buffersLeast = 12;
  #quietSinceMs = 0;
  /** Timers at once, at most. */
  timersMost = 0;

  constructor(change: Partial<Pick<ImprovRig, "isOpen" | "joined" | "canIdentify">> = {}) {
    Object.assign(this, change);
    this.service = new Improv(this.#ground());
  }

  #ground(): ImprovGround {
    const { log } = this;
    const named = (what: "name" | "hostname") => (given: string) => {
      log.push(`${what} ${given}`);
      if (this.takesNames) this[what] = given;
      return this.takesNames;
    };
    return {
      timers: {
        set: (callback, delayMs) => {
          const timer = { atMs: this.nowMs + delayMs, callback };
          this.timers.add(timer);
          this.timersMost = Math.max(this.timersMost, this.timers.size);
          return timer;
        },
        clear: (timer: Timer) => void this.timers.delete(timer as Waiting),
      },
      isOpen: () => this.isOpen,
      isJoined: () => this.joined,
      info: () => this.info,
      canIdentify: () => this.canIdentify,
      identify: () => void log.push("identify"),
      scan: (onDone) => {
        log.push("scan");
        this.scans.push(onDone);
      },
      join: (ssid, password, onDone) => {
        log.push(`join ${ssid} ${password}`);
        if (this.takesSettings) this.joins.push(onDone);
        return this.takesSettings;
      },
      url: () => this.url,
      hostname: () => this.hostname,
      setHostname: named("hostname"),
      name: () => this.name,
      setName: named("name"),
      notify: (which, value) => {
        this.#rest();
        this.buffers--;
        this.buffersLeast = Math.min(this.buffersLeast, this.buffers);
        if (which !== "result") log.push(`${which} ${value.join()}`);
        else {
          const { command, texts } = strictResult(value);
          log.push(`result ${command} ${texts.join("|")}`);
        }
      },
      onState: () => void log.push("advertise"),
    };
  }

  /** What is logged while `step` runs. */
  during(step: () => void): string[] {
    const before = this.log.length;
    step();
    return this.log.slice(before);
  }

  /** Writes, in parts where there are several. */
  write(...writes: Bytes[]): string[] {
    return this.during(() => {
      for (const each of writes) this.receive(each);
    });
  }

  receive(write: Bytes, room?: number): void {
    this.#rest();
    this.buffers = Math.min(12, this.buffers + 1);
    this.#quietSinceMs = this.nowMs;
    this.service.received(write, room);
  }

  #rest(): void {
    for (; this.nowMs - this.#quietSinceMs >= 4_100; this.#quietSinceMs += 4_100) this.buffers = Math.min(12, this.buffers + 4);
  }

  /** Its central is gone, and with it what waited for it. */
  disconnect(): void {
    this.service.disconnected();
    this.buffers = 12;
  }

  pass(forMs: number): string[] {
    return this.during(() => {
      const endMs = this.nowMs + forMs;
      const due = () => [...this.timers].filter(({ atMs }) => atMs <= endMs).sort((one, other) => one.atMs - other.atMs)[0];
      for (let timer = due(); timer !== undefined; timer = due()) {
        this.timers.delete(timer);
        this.nowMs = timer.atMs;
        timer.callback();
      }
      this.nowMs = endMs;
    });
  }

  close(): void {
    this.isOpen = false;
    this.service.closed();
  }

  get state(): number {
    return this.service.value("state")[0]!;
  }

  get error(): number {
    return this.service.value("error")[0]!;
  }
}
