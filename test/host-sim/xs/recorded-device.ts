/**
 * A Device that does nothing but write down what it is told and answer from its arguments, so that a
 * test can see both directions of every call. Its Digital has other numbers than XS's own.
 */
import type { Board } from "../../../firmware/boards/board.js";
import type { Bytes, Device, DigitalOptions, I2COptions, TCPOptions } from "../../../firmware/device.js";

export interface RecordedDevice {
  readonly device: Device;
  readonly log: unknown[][];
  /** What the Device would call by itself, by name. */
  readonly events: Record<string, (...values: never[]) => void>;
  nowMs: number;
}

const text = (bytes: Uint8Array): string => Array.from(bytes).join(" ");

export function recordedDevice(board: Board): RecordedDevice {
  const log: unknown[][] = [];
  const events: Record<string, (...values: never[]) => void> = {};
  const self = { log, events, nowMs: 0 } as { -readonly [Key in keyof RecordedDevice]: RecordedDevice[Key] };
  let timers = 0;

  class I2C {
    constructor(readonly options: I2COptions) {
      log.push(["i2c", options]);
      if (options.address === 0x7f) throw new Error("0x7f is taken");
    }
    read(into: Bytes): number {
      for (let index = 0; index < into.length; index++) into[index] = this.options.address + index;
      return into.length;
    }
    write(bytes: Bytes): void {
      log.push(["i2c write", text(bytes)]);
      if (bytes[0] === 0xff) throw new Error("no acknowledge");
    }
    close(): void {
      log.push(["i2c close"]);
    }
  }

  class Analog {
    readonly resolution = 12;
    constructor(readonly options: { pin: number }) {}
    read(): number | undefined {
      return this.options.pin === 0 ? undefined : this.options.pin * 100;
    }
    close(): void {
      log.push(["analog close"]);
    }
  }

  class Digital {
    static readonly Input = 10;
    static readonly InputPullUp = 11;
    static readonly InputPullDown = 12;
    static readonly Output = 13;
    static readonly OutputOpenDrain = 14;
    static readonly Rising = 64;
    static readonly Falling = 128;
    #level = 0;
    constructor(options: DigitalOptions) {
      const { onReadable, ...rest } = options;
      log.push(["digital", rest, onReadable !== undefined]);
      if (onReadable !== undefined) events["edge " + options.pin] = onReadable;
    }
    read(): number {
      return this.#level;
    }
    write(value: 0 | 1): void {
      this.#level = value;
    }
    close(): void {
      log.push(["digital close"]);
    }
  }

  class TCP {
    constructor(options: TCPOptions) {
      const { onReadable, onWritable, onError, ...rest } = options;
      log.push(["tcp", rest]);
      Object.assign(events, { readable: onReadable, writable: onWritable, error: onError });
      if (rest.port === 1) onError?.();
    }
    read(): ArrayBuffer | undefined {
      return self.nowMs === 0 ? undefined : Uint8Array.of(7, 8, 9).buffer;
    }
    write(bytes: Bytes): number {
      log.push(["tcp write", text(bytes)]);
      return 1000 - bytes.length;
    }
    close(): void {
      log.push(["tcp close"]);
    }
  }

  class WiFi {
    connection = 200;
    readonly address = undefined;
    readonly MAC = "02:00:00:00:00:01";
    readonly RSSI = -61;
    constructor(options: { onChanged?: (property: "connection" | "address") => void }) {
      events["changed"] = (property: "connection" | "address") => {
        this.connection = 500;
        options.onChanged?.(property);
      };
    }
    connect(options: object): void {
      log.push(["wifi connect", options]);
    }
    scan(): void {
      log.push(["wifi scan"]);
    }
    configure(options: object): void {
      log.push(["wifi configure", options]);
    }
    disconnect(): void {
      log.push(["wifi disconnect"]);
    }
    close(): void {
      log.push(["wifi close"]);
    }
  }

  class GATTServer {
    static readonly properties = {
      read: 2,
      writeWithOutResponse: 4,
      write: 8,
      notify: 16,
      readEncrypted: 514,
      writeEncrypted: 4104,
      subscribeEncrypted: 32784,
    };
    startAdvertising(): void {
      log.push(["advertise"]);
    }
    stopAdvertising(): void {
      log.push(["silence"]);
    }
  }

  const bytes = (...values: number[]): Bytes => Uint8Array.from(values);

  self.device = {
    board,
    id: "0200000000ff",
    I2C,
    Analog,
    Digital,
    TCP,
    WiFi,
    GATTServer,
    flash: {
      open(options) {
        log.push(["flash", options]);
        if (options.path !== "journal") throw new Error(`no partition ${options.path}`);
        return {
          read(into, byteOffset) {
            into.fill(byteOffset & 0xff);
            return into.length;
          },
          write: (written, byteOffset) => void log.push(["flash write", text(written), byteOffset]),
          eraseBlock: (...blocks) => void log.push(["flash erase", ...blocks]),
          status: () => ({ size: 8192, blockLength: 4096, blocks: 2 }),
          close: () => void log.push(["flash close"]),
        };
      },
    },
    keyValue: {
      open(options) {
        log.push(["key-value", options]);
        if (options.path !== "mote") throw new Error("ESP_ERR_NVS_NOT_FOUND");
        return {
          read: (key) => (key === "absent" ? undefined : Uint8Array.of(key.length, 0, 255).buffer),
          write(key, written) {
            log.push(["key-value write", key, text(written)]);
            if (key === "full") throw new Error("ESP_ERR_NVS_NOT_ENOUGH_SPACE");
          },
          delete: (key) => void log.push(["key-value delete", key]),
          close: () => void log.push(["key-value close"]),
        };
      },
    },
    resolve(name, onResolved) {
      events["resolved " + name] = onResolved;
    },
    clock: { nowMs: () => self.nowMs },
    timers: {
      set(callback, delayMs) {
        const timer = ++timers;
        log.push(["timer", timer, delayMs]);
        events["timer " + timer] = callback;
        return timer;
      },
      clear: (timer) => void log.push(["timer clear", timer]),
    },
    random: (into) => void into.fill(42),
    crypto: {
      sha256: (message) => bytes(message.length, 32),
      hmacSha256: (key, message) => bytes(key.length, message.length),
      seal: (key, nonce, associated, plaintext) => bytes(key.length, nonce.length, associated.length, plaintext.length),
      open: (key, nonce, associated, sealed) =>
        sealed.length === 0 ? undefined : bytes(key.length, nonce.length, associated.length, sealed.length),
      generateKeyPair: () => ({ privateKey: bytes(1, 2), publicKey: bytes(4, 5, 6) }),
      agree: (privateKey, publicKey) => (publicKey.length === 65 ? bytes(privateKey.length, 65) : undefined),
    },
    power: { resetReason: "brown-out", restart: () => void log.push(["restart"]) },
  };
  return self;
}
