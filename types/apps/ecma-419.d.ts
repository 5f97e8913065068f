// What an app and its drivers may use beside "mote": the modules and globals of the Moddable SDK that the simulator has
// (host-sim/ecma419), in the SDK's shapes. Only apps are checked against it.

declare module "timer" {
  export default class Timer {
    private constructor();
    static set(callback: (timer: Timer) => void, delayMs?: number, repeatMs?: number): Timer;
    static repeat(callback: (timer: Timer) => void, everyMs: number): Timer;
    /** Without times, the timer rests until it is scheduled again. */
    static schedule(timer: Timer, delayMs?: number, repeatMs?: number): void;
    static clear(timer?: Timer | null): void;
    /** Blocks the board's one thread. */
    static delay(ms: number): void;
    private brand: boolean;
  }
}

declare module "time" {
  export default class Time {
    /** Milliseconds, signed 32 bits: it wraps. */
    static get ticks(): number;
    static delta(start: number, end?: number): number;
  }
}

declare module "crc" {
  export class CRC8 {
    constructor(polynomial: number, initial?: number, reflectInput?: boolean, reflectOutput?: boolean, xorOutput?: number);
    checksum(...buffers: (ArrayBuffer | ArrayBufferView)[]): number;
    reset(): this;
    close(): void;
  }
  export class CRC16 extends CRC8 {}
  export default CRC8;
}

declare module "embedded:io/i2c" {
  type ByteBuffer = ArrayBuffer | ArrayBufferView;
  export default class I2C {
    constructor(options: { data: number; clock: number; hz?: number; address: number; port?: number; timeout?: number });
    read(byteLength: number, stop?: boolean): ArrayBuffer;
    read(into: ByteBuffer, stop?: boolean): number;
    write(buffer: ByteBuffer, stop?: boolean): void;
    writeRead(buffer: ByteBuffer, byteLength: number, stop?: boolean): ArrayBuffer;
    writeRead(buffer: ByteBuffer, into: ByteBuffer, stop?: boolean): number;
    close(): void;
    format: string;
  }
}

declare module "embedded:io/smbus" {
  import type I2C from "embedded:io/i2c";
  export default class SMBus extends I2C {
    readUint8(register: number): number;
    readUint16(register: number, bigEndian?: boolean): number;
    readBuffer(register: number, into: ArrayBuffer | ArrayBufferView): number;
    writeUint8(register: number, byte: number): void;
    writeUint16(register: number, word: number, bigEndian?: boolean): void;
    writeBuffer(register: number, buffer: ArrayBuffer | ArrayBufferView): void;
    sendByte(command: number): void;
    receiveByte(): number;
    readQuick(): void;
    writeQuick(): void;
  }
}

declare module "embedded:io/analog" {
  export default class Analog {
    constructor(options: { pin: number });
    read(): number | undefined;
    readonly resolution: number;
    readonly format: string;
    close(): void;
  }
}

declare module "embedded:io/digital" {
  export default class Digital {
    constructor(options: { pin: number; mode: number; edge?: number; onReadable?: () => void; initialValue?: number });
    read(): number;
    write(value: number | boolean): void;
    readonly format: string;
    close(): void;
    static readonly Input: number;
    static readonly InputPullUp: number;
    static readonly InputPullDown: number;
    static readonly Output: number;
    static readonly OutputOpenDrain: number;
    static readonly Rising: number;
    static readonly Falling: number;
  }
}

declare module "embedded:provider/builtin" {
  import type Analog from "embedded:io/analog";
  import type Digital from "embedded:io/digital";
  import type I2C from "embedded:io/i2c";
  import type SMBus from "embedded:io/smbus";
  export interface Provider {
    readonly io: {
      readonly Analog: typeof Analog;
      readonly Digital: typeof Digital;
      readonly I2C: typeof I2C;
      readonly SMBus: typeof SMBus;
    };
    readonly I2C: { readonly default: { io: typeof I2C; data: number; clock: number; port: number } };
    readonly Analog: { readonly default: { io: typeof Analog; pin: number } };
    readonly Digital: { readonly default: { io: typeof Digital; pin: number } };
    readonly pin: { readonly button: number; readonly led?: number };
  }
  const device: Provider;
  export default device;
  global {
    /** The same. */
    const device: Provider;
  }
}

declare const System: {
  restart(): void;
  resolve(name: string, callback: (name: string, address: string | undefined) => void): void;
};

/** Shown to the developer, line by line. */
declare function trace(...messages: unknown[]): void;
