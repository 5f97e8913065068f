/**
 * A board in the world: its wires and its flash, which outlast the power, and from one power-on to the
 * next its thread and the `Device` that they make up. The firmware gets the Device and cannot tell it
 * from a real one; everybody else reaches the rest.
 *
 * Fault model: the power may go at any instant and come back; what stood in RAM is lost, the network
 * learns nothing of it. The millisecond counter may jump.
 */
import { invariant } from "../../firmware/base/invariant.js";
import type { Board } from "../../firmware/boards/board.js";
import { unwrapTicks } from "../../firmware/base/ticks.js";
import type { Crypto, Device, ResetReason, TCP, TCPOptions, Timers } from "../../firmware/device.js";
import { Bluetooth } from "./ble.js";
import { gattServerClass } from "./ble-server.js";
import { chargedCrypto } from "./crypto.js";
import { costs } from "./costs.js";
import { Cpu, type Task } from "./cpu.js";
import { flashStorage } from "./flash.js";
import { FlashPartition, sectorBytes } from "./flash-memory.js";
import { I2CBus, i2cClass } from "./i2c.js";
import { keyValueStorage } from "./key-value.js";
import { KeyValueMemory } from "./key-value-memory.js";
import type { Lan } from "./lan.js";
import { Link } from "./link.js";
import { type AnalogSource, analogClass, DigitalLine, digitalClass } from "./pins.js";
import type { Random } from "./random.js";
import { resolver } from "./resolver.js";
import { Event, type Scheduler } from "./scheduler.js";
import { readSecret, writeSecret } from "./secret.js";
import { tcpClass } from "./tcp.js";
import { type Trace, type TraceSink, trace } from "./trace.js";
import { type AccessPoint, wifiClass } from "./wifi.js";
import { Wire, wiredTcpClass } from "./wire.js";

/** Its flash partitions by their labels, as partitions.csv has them. */
export const flashBytes: Readonly<Record<string, number>> = { journal: 512 * 1024, config: 2 * sectorBytes, secret: sectorBytes };

export interface World {
  readonly scheduler: Scheduler;
  readonly lan: Lan;
  readonly accessPoint: AccessPoint;
  readonly random: Random;
  /** Undefined: no trace is kept. */
  readonly traceSink: TraceSink | undefined;
  /** Ciphers and keys from random bytes; the world itself has none. */
  readonly crypto: (fill: (into: Uint8Array) => void) => Crypto;
}

export interface SimulatedBoardOptions {
  readonly board: Board;
  /** Which of the world's boards: makes its id and address. 0 … 65535. */
  readonly index: number;
  /** What its draws are split by; its index where it has none. */
  readonly name?: string;
  /** The 32-bit millisecond counter's reading at the first boot. */
  readonly ticksAtBoot?: number;
  /** Of its flash partition `journal`: whole sectors. Default: as `flashBytes` has it. */
  readonly journalBytes?: number;
  /** A network of another kind in place of the virtual one: real sockets. */
  readonly network?: (cpu: Cpu) => { TCP: new (options: TCPOptions) => TCP; resolve: Device["resolve"] };
}

interface Powered {
  readonly cpu: Cpu;
  readonly device: Device;
}

export class SimulatedBoard {
  readonly id: string;
  readonly link: Link;
  /** The board's default I²C bus. */
  readonly i2c = new I2CBus();
  readonly analog = new Map<number, AnalogSource>();
  readonly wire = new Wire();
  readonly flash = new Map<string, FlashPartition>();
  readonly keyValue = new KeyValueMemory();
  readonly #lines = new Map<number, DigitalLine>();
  #bluetooth: Bluetooth | undefined;
  readonly #world: World;
  readonly #options: SimulatedBoardOptions;
  readonly #trace: Trace;
  readonly #fill: (into: Uint8Array) => void;
  #powered: Powered | undefined;
  /** How far the millisecond counter has been put off. */
  #ticksOffset: number;

  /** Its power is off. */
  constructor(world: World, options: SimulatedBoardOptions) {
    this.#world = world;
    this.#options = options;
    this.id = "02" + (options.index + 0x6d6f7465).toString(16).padStart(10, "0");
    const draws = world.random.split("board " + (options.name ?? options.index));
    this.link = new Link(world.lan, draws.split("link"));
    for (const label in flashBytes) {
      const bytes = (label === "journal" ? options.journalBytes : undefined) ?? flashBytes[label]!;
      this.flash.set(label, new FlashPartition(bytes, { draws: draws.split("flash " + label) }));
    }
    writeSecret(this.flash.get("secret")!, draws.split("secret"));
    this.#fill = (into) => {
      for (let index = 0; index < into.length; index++) into[index] = draws.next() & 0xff;
    };
    this.#trace = trace(this.id, world.traceSink);
    this.#ticksOffset = options.ticksAtBoot ?? 0;
  }

  /** What kind of board it is. */
  get model(): Board {
    return this.#options.board;
  }

  /** What its pairing code says; undefined where its partition holds none. */
  get secret(): Uint8Array | undefined {
    return readSecret(this.flash.get("secret")!);
  }

  /** Its radio as centrals around it have it. */
  get bluetooth(): Bluetooth {
    return (this.#bluetooth ??= new Bluetooth(this.#world.scheduler));
  }

  /** The thread of this boot. */
  get cpu(): Cpu {
    invariant(this.#powered !== undefined, "the board has power");
    return this.#powered.cpu;
  }

  /** The Device of this boot. */
  get device(): Device {
    invariant(this.#powered !== undefined, "the board has power");
    return this.#powered.device;
  }

  /** Starts with a thread and a Device of its own. Not while it has power. */
  powerOn(reason: ResetReason): void {
    invariant(this.#powered === undefined, "the power was off");
    const { nowUs } = this.#world.scheduler;
    this.#ticksOffset -= Math.floor(nowUs / 1000);
    // A board takes its time to boot: its chips have long been awake when the firmware starts.
    if (reason === "power-on") this.i2c.powerOn(nowUs - costs.restartUs);
    this.#powered = this.#boot(reason);
  }

  /** RAM is lost, and whatever was under way. */
  powerOff(): void {
    this.#trace.record(this.#world.scheduler.nowUs, "power", '"on":false');
    this.cpu.stop();
    this.#powered = undefined;
    // The counter begins again with the next boot.
    this.#ticksOffset = 0;
  }

  /** The millisecond counter jumps: forward, or back where `byMs` is below 0. */
  jumpClock(byMs: number): void {
    this.#ticksOffset += byMs;
    this.#trace.record(this.#world.scheduler.nowUs, "clock", `"jumpMs":${byMs}`);
  }

  #boot(resetReason: ResetReason): Powered {
    const { scheduler, lan, accessPoint } = this.#world;
    const options = this.#options;
    const cpu = new Cpu(scheduler);
    const record = this.#trace;
    const fill = this.#fill;
    record.record(scheduler.nowUs, "power", `"on":true,"reason":"${resetReason}"`);
    const network = options.network?.(cpu) ?? {
      TCP: tcpClass(lan, this.link, scheduler, cpu),
      resolve: resolver(lan, this.link, scheduler, cpu, record),
    };
    const radio = {
      mac: this.id.replace(/..(?!$)/g, "$&:"),
      address: `10.0.${options.index >> 8}.${options.index & 255}`,
      link: this.link,
    };
    const { crypto } = this.#world;
    const device: Device = {
      board: options.board,
      id: this.id,
      I2C: i2cClass(new Map([[options.board.i2c.data, this.i2c]]), cpu, record),
      Analog: analogClass(this.analog, cpu, record),
      Digital: digitalClass((pin) => this.line(pin), cpu, record),
      TCP: wiredTcpClass(network.TCP, this.wire, cpu, record),
      resolve: network.resolve,
      WiFi: wifiClass(accessPoint, radio, scheduler, cpu, record),
      GATTServer: gattServerClass({ air: () => this.bluetooth, scheduler, cpu, trace: record }),
      flash: flashStorage(this.flash, cpu, record),
      keyValue: keyValueStorage(this.keyValue, cpu, record),
      clock: { nowMs: unwrapTicks(() => (this.#ticksOffset + Math.floor(cpu.nowUs / 1000)) | 0) },
      timers: timers(scheduler, cpu),
      random: (into) => {
        cpu.charge(costs.randomUs);
        fill(into);
      },
      // No getter: V8 would make a table of this object, for each board.
      crypto: chargedCrypto(() => crypto(fill), cpu),
      power: {
        resetReason,
        restart: () => {
          cpu.charge(0);
          record.record(cpu.nowUs, "restart", "");
          cpu.charge(costs.restartUs);
          this.onRestart();
        },
      },
    };
    return { cpu, device };
  }

  /** What happens when the firmware restarts its board; by default the power stays off. */
  onRestart: () => void = () => this.powerOff();

  /** The wire on a digital pin. */
  line(pin: number): DigitalLine {
    let line = this.#lines.get(pin);
    if (line === undefined) {
      line = new DigitalLine();
      this.#lines.set(pin, line);
    }
    return line;
  }
}

/** One of the firmware's timers: what happens when it is due, and what the thread then handles. */
class BoardTimer extends Event implements Task {
  readonly #cpu: Cpu;
  #callback: (() => void) | undefined;

  constructor(cpu: Cpu, callback: () => void) {
    super();
    this.#cpu = cpu;
    this.#callback = callback;
  }

  happen(): void {
    this.#cpu.post(this);
  }

  run(): void {
    const callback = this.#callback;
    this.#callback = undefined;
    callback?.();
  }

  override dropped(): void {
    this.#callback = undefined;
  }
}

function timers(scheduler: Scheduler, cpu: Cpu): Timers {
  return {
    set(callback, delayMs) {
      cpu.charge(costs.timerUs);
      const timer = new BoardTimer(cpu, callback);
      scheduler.enter(cpu.nowUs + Math.ceil(delayMs * 1000), timer);
      return timer;
    },
    clear(timer) {
      if (timer !== undefined) scheduler.cancel(timer as BoardTimer);
    },
  };
}
