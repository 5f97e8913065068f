/**
 * A board in the world: its thread, its wires and its memory, and the `Device` that they make up. The
 * firmware gets the Device and cannot tell it from a real one; everybody else reaches the rest.
 */
import type { Board } from "../../firmware/boards/board.js";
import { unwrapTicks } from "../../firmware/base/ticks.js";
import type { Crypto, Device, ResetReason, TCP, TCPOptions, Timers } from "../../firmware/device.js";
import { chargedCrypto } from "./crypto.js";
import { costs } from "./costs.js";
import { Cpu } from "./cpu.js";
import { FlashPartition, flashStorage } from "./flash.js";
import { I2CBus, i2cClass } from "./i2c.js";
import { type Lan, Link, resolver } from "./lan.js";
import { type AnalogSource, analogClass, DigitalLine, digitalClass } from "./pins.js";
import type { Random } from "./random.js";
import type { Scheduler } from "./scheduler.js";
import { tcpClass } from "./tcp.js";
import { type TraceSink, trace } from "./trace.js";
import { type AccessPoint, wifiClass } from "./wifi.js";
import { Wire, wiredTcpClass } from "./wire.js";

const journalBytes = 512 * 1024;

export interface World {
  readonly scheduler: Scheduler;
  readonly lan: Lan;
  readonly accessPoint: AccessPoint;
  readonly random: Random;
  readonly traceSink: TraceSink;
  /** Ciphers and keys from random bytes; the world itself has none. */
  readonly crypto: (fill: (into: Uint8Array) => void) => Crypto;
}

export interface SimulatedBoardOptions {
  readonly board: Board;
  /** Which of the world's boards: makes its id and address. 0 … 65535. */
  readonly index: number;
  /** The 32-bit millisecond counter's reading at boot. */
  readonly ticksAtBoot?: number;
  readonly resetReason?: ResetReason;
  /** A network of another kind in place of the virtual one: real sockets. */
  readonly network?: (cpu: Cpu) => { TCP: new (options: TCPOptions) => TCP; resolve: Device["resolve"] };
}

export class SimulatedBoard {
  readonly cpu: Cpu;
  readonly device: Device;
  readonly link = new Link();
  /** The board's default I²C bus. */
  readonly i2c = new I2CBus();
  readonly analog = new Map<number, AnalogSource>();
  readonly wire = new Wire();
  readonly flash = new Map<string, FlashPartition>([["journal", new FlashPartition(journalBytes)]]);
  readonly #lines = new Map<number, DigitalLine>();

  constructor(world: World, options: SimulatedBoardOptions) {
    const { scheduler, lan } = world;
    const cpu = new Cpu(scheduler);
    this.cpu = cpu;
    const id = "02" + (options.index + 0x6d6f7465).toString(16).padStart(10, "0");
    const draws = world.random.split("board " + options.index);
    const fill = (into: Uint8Array): void => {
      for (let index = 0; index < into.length; index++) into[index] = draws.next() & 0xff;
    };
    const record = trace(id, world.traceSink);
    const ticksAtBoot = options.ticksAtBoot ?? 0;
    const network = options.network?.(cpu) ?? {
      TCP: tcpClass(lan, this.link, scheduler, cpu),
      resolve: resolver(lan, this.link, scheduler, cpu, record),
    };
    const radio = {
      mac: id.replace(/..(?!$)/g, "$&:"),
      address: `10.0.${options.index >> 8}.${options.index & 255}`,
      onAddress: (up: boolean) => {
        this.link.up = up;
      },
    };
    this.device = {
      board: options.board,
      id,
      I2C: i2cClass(new Map([[options.board.i2c.data, this.i2c]]), cpu, record),
      Analog: analogClass(this.analog, cpu, record),
      Digital: digitalClass((pin) => this.line(pin), cpu, record),
      TCP: wiredTcpClass(network.TCP, this.wire, cpu, record),
      resolve: network.resolve,
      WiFi: wifiClass(world.accessPoint, radio, scheduler, cpu, record),
      flash: flashStorage(this.flash, cpu, record),
      clock: { nowMs: unwrapTicks(() => (ticksAtBoot + Math.floor(cpu.nowUs / 1000)) | 0) },
      timers: timers(scheduler, cpu),
      random: (into) => {
        cpu.charge(costs.randomUs);
        fill(into);
      },
      crypto: chargedCrypto(world.crypto(fill), cpu),
      power: {
        resetReason: options.resetReason ?? "power-on",
        restart: () => {
          record.record(cpu.nowUs, "restart", "");
          cpu.charge(costs.restartUs);
          this.onRestart();
        },
      },
    };
  }

  /** What happens when the firmware restarts its board; by default the power stays off. */
  onRestart: () => void = () => this.cpu.stop();

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

function timers(scheduler: Scheduler, cpu: Cpu): Timers {
  return {
    set(callback, delayMs) {
      cpu.charge(costs.timerUs);
      const timer = {
        cleared: false,
        event: scheduler.at(cpu.nowUs + Math.ceil(delayMs * 1000), () => {
          cpu.post(() => {
            if (!timer.cleared) callback();
          });
        }),
      };
      return timer;
    },
    clear(timer) {
      if (timer === undefined) return;
      const set = timer as { cleared: boolean; event: { atUs: number; cancelled: boolean } };
      set.cleared = true;
      scheduler.cancel(set.event);
    },
  };
}
