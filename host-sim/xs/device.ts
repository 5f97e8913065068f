/**
 * The Device inside XS: every call goes to Node, which asks the world's Device. It stands for the SDK's
 * own modules, so it is preloaded and takes no RAM but a handle an instance. Functions that the world
 * calls back stand in the machine's table of callbacks; what crosses is their place in it.
 */
import { type Board, boards } from "../../firmware/boards/board.js";
import type {
  Analog,
  AnalogOptions,
  Bytes,
  Crypto,
  Device,
  Digital,
  DigitalOptions,
  Flash,
  FlashStatus,
  I2C,
  I2COptions,
  KeyValueStore,
  ResetReason,
  TCP,
  TCPOptions,
} from "../../firmware/device.js";
import { drop, keep } from "./callbacks.js";
import { XsGATTServer } from "./gatt.js";
import { operation } from "./operations.js";
import { XsWiFi } from "./wifi.js";

class XsI2C implements I2C {
  declare private readonly handle: number;

  constructor(options: I2COptions) {
    const { data, clock, hz, address, port, timeout } = options;
    this.handle = hostCall(operation.i2cOpen, data, clock, hz, address, port, timeout) as number;
  }

  read(into: Bytes): number {
    return hostFill(operation.i2cRead, into, this.handle) as number;
  }

  write(bytes: Bytes): void {
    hostCall(operation.i2cWrite, this.handle, bytes);
  }

  close(): void {
    hostCall(operation.i2cClose, this.handle);
  }
}

class XsAnalog implements Analog {
  declare private readonly handle: number;

  constructor(options: AnalogOptions) {
    this.handle = hostCall(operation.analogOpen, options.pin) as number;
  }

  get resolution(): number {
    return hostCall(operation.analogResolution, this.handle) as number;
  }

  read(): number | undefined {
    return hostCall(operation.analogRead, this.handle) as number | undefined;
  }

  close(): void {
    hostCall(operation.analogClose, this.handle);
  }
}

class XsDigital implements Digital {
  static readonly Input = 0;
  static readonly InputPullUp = 1;
  static readonly InputPullDown = 2;
  static readonly Output = 3;
  static readonly OutputOpenDrain = 4;
  static readonly Rising = 1;
  static readonly Falling = 2;
  declare private readonly handle: number;
  declare private readonly readable: number;

  constructor(options: DigitalOptions) {
    this.readable = keep(options.onReadable);
    const { pin, mode, edge, initialValue } = options;
    this.handle = hostCall(operation.digitalOpen, pin, mode, edge, initialValue, this.readable) as number;
  }

  read(): number {
    return hostCall(operation.digitalRead, this.handle) as number;
  }

  write(value: 0 | 1): void {
    hostCall(operation.digitalWrite, this.handle, value);
  }

  close(): void {
    if (hostCall(operation.digitalClose, this.handle) === true) drop(this.readable);
  }
}

class XsTCP implements TCP {
  declare private readonly handle: number;
  declare private readonly readable: number;
  declare private readonly writable: number;
  declare private readonly error: number;

  constructor(options: TCPOptions) {
    const { address, port, nodelay, onReadable, onWritable, onError } = options;
    this.readable = keep(onReadable);
    this.writable = keep(onWritable);
    this.error = keep(onError);
    this.handle = hostCall(operation.tcpOpen, address, port, nodelay, this.readable, this.writable, this.error) as number;
  }

  read(): ArrayBuffer | undefined {
    return hostCall(operation.tcpRead, this.handle) as ArrayBuffer | undefined;
  }

  write(bytes: Bytes): number {
    return hostCall(operation.tcpWrite, this.handle, bytes) as number;
  }

  close(): void {
    if (hostCall(operation.tcpClose, this.handle) !== true) return;
    drop(this.readable);
    drop(this.writable);
    drop(this.error);
  }
}

class XsFlash implements Flash {
  declare private readonly handle: number;

  constructor(path: string, mode: "r" | "r+" | undefined) {
    this.handle = hostCall(operation.flashOpen, path, mode) as number;
  }

  read(into: Bytes, byteOffset: number): number {
    return hostFill(operation.flashRead, into, this.handle, byteOffset) as number;
  }

  write(bytes: Bytes, byteOffset: number): void {
    hostCall(operation.flashWrite, this.handle, bytes, byteOffset);
  }

  eraseBlock(start: number, end?: number): void {
    hostCall(operation.flashErase, this.handle, start, end);
  }

  status(): FlashStatus {
    const field = (index: number): number => hostCall(operation.flashStatus, this.handle, index) as number;
    return { size: field(0), blockLength: field(1), blocks: field(2) };
  }

  close(): void {
    hostCall(operation.flashClose, this.handle);
  }
}

class XsKeyValueStore implements KeyValueStore {
  declare private readonly handle: number;

  constructor(path: string, mode: "r" | "r+" | undefined) {
    this.handle = hostCall(operation.keyValueOpen, path, mode) as number;
  }

  read(key: string): ArrayBuffer | undefined {
    return hostCall(operation.keyValueRead, this.handle, key) as ArrayBuffer | undefined;
  }

  write(key: string, bytes: Bytes): void {
    hostCall(operation.keyValueWrite, this.handle, key, bytes);
  }

  delete(key: string): void {
    hostCall(operation.keyValueDelete, this.handle, key);
  }

  close(): void {
    hostCall(operation.keyValueClose, this.handle);
  }
}

/** A call whose answer is bytes of its own, or nothing. */
function bytesOf(answer: unknown): Bytes {
  return new Uint8Array(answer as ArrayBuffer);
}

const crypto: Crypto = {
  sha256: (bytes) => bytesOf(hostCall(operation.sha256, bytes)),
  hmacSha256: (key, bytes) => bytesOf(hostCall(operation.hmacSha256, key, bytes)),
  seal: (key, nonce, associated, plaintext) => bytesOf(hostCall(operation.seal, key, nonce, associated, plaintext)),
  open(key, nonce, associated, sealed) {
    const opened = hostCall(operation.open, key, nonce, associated, sealed);
    return opened === undefined ? undefined : bytesOf(opened);
  },
  generateKeyPair() {
    const privateKey = bytesOf(hostCall(operation.generateKeyPair));
    return { privateKey, publicKey: bytesOf(hostCall(operation.publicKey)) };
  },
  agree(privateKey, publicKey) {
    const shared = hostCall(operation.agree, privateKey, publicKey);
    return shared === undefined ? undefined : bytesOf(shared);
  },
};

export const device: Device = {
  /** A board of the table is named, so that the table in flash serves; any other comes as JSON. */
  get board(): Board {
    const named = hostCall(operation.board) as string;
    return named[0] === "{" ? (JSON.parse(named) as Board) : boards[named as keyof typeof boards];
  },
  get id(): string {
    return hostCall(operation.id) as string;
  },
  I2C: XsI2C,
  Analog: XsAnalog,
  Digital: XsDigital,
  TCP: XsTCP,
  WiFi: XsWiFi,
  GATTServer: XsGATTServer,
  flash: { open: (options) => new XsFlash(options.path, options.mode) },
  keyValue: { open: (options) => new XsKeyValueStore(options.path, options.mode) },
  resolve(name, onResolved) {
    hostCall(operation.resolve, name, keep(onResolved));
  },
  clock: { nowMs: hostNowMs },
  timers: {
    set: (callback, delayMs) => hostCall(operation.timerSet, keep(callback), delayMs),
    clear(timer) {
      if (timer !== undefined) drop(hostCall(operation.timerClear, timer) as number);
    },
  },
  random(into) {
    hostFill(operation.random, into);
  },
  crypto,
  power: {
    get resetReason(): ResetReason {
      return hostCall(operation.resetReason) as ResetReason;
    },
    restart() {
      hostCall(operation.restart);
    },
  },
};
