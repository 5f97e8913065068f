// The modules of the Moddable SDK 8.2 that Mote uses, in the shape of their source on ESP32: just what is used.
// The SDK's own typings, which mcconfig puts in their place, describe the same.

declare module "embedded:io/analog" {
  class Analog {
    constructor(options: { pin: number });
    read(): number | undefined;
    readonly resolution: number;
    close(): void;
  }
  export default Analog;
}

declare module "embedded:io/bluetoothle/peripheral" {
  /** What is used of it is in firmware/device.ts. */
  export class GATTServer {
    constructor(options: object);
  }
}

declare module "embedded:io/digital" {
  class Digital {
    constructor(options: { pin: number; mode: number; edge?: number; onReadable?: () => void; initialValue?: 0 | 1 });
    read(): number;
    write(value: 0 | 1): void;
    close(): void;
    static readonly Input: number;
    static readonly InputPullUp: number;
    static readonly InputPullDown: number;
    static readonly Output: number;
    static readonly OutputOpenDrain: number;
    static readonly Rising: number;
    static readonly Falling: number;
  }
  export default Digital;
}

declare module "embedded:io/i2c" {
  class I2C {
    constructor(options: { data: number; clock: number; hz: number; address: number; port?: number; timeout?: number });
    read(byteLength: number): ArrayBuffer;
    read(into: Uint8Array<ArrayBuffer>): number;
    write(bytes: Uint8Array<ArrayBuffer>): void;
    close(): void;
  }
  export default I2C;
}

declare module "embedded:io/socket/tcp" {
  class TCP {
    constructor(options: {
      address: string;
      port: number;
      nodelay?: boolean;
      onReadable?: (bytes: number) => void;
      onWritable?: (bytes: number) => void;
      onError?: () => void;
    });
    read(): ArrayBuffer | undefined;
    write(bytes: Uint8Array<ArrayBuffer>): number;
    close(): void;
  }
  export default TCP;
}

declare module "embedded:network/interface/wifi" {
  class WiFi {
    constructor(options: { onChanged?: (property: "connection" | "address") => void });
    connect(options: { SSID: string; password?: string }): void;
    disconnect(): void;
    close(): void;
    readonly connection: number;
    readonly address: string | undefined;
    /** `aa:bb:cc:dd:ee:ff`. */
    readonly MAC: string | undefined;
    readonly RSSI: number | undefined;
  }
  export default WiFi;
}

declare module "embedded:storage/flash" {
  interface FlashPartition {
    read(into: Uint8Array<ArrayBuffer>, byteOffset: number): number;
    write(bytes: Uint8Array<ArrayBuffer>, byteOffset: number): void;
    eraseBlock(start: number, end?: number): void;
    status(): { size: number; blockLength: number; blocks: number };
    close(): void;
  }
  const storage: { open(options: { path: string; mode?: "r" | "r+" }): FlashPartition };
  export default storage;
}

declare module "embedded:storage/key-value" {
  interface KeyValueStore {
    read(key: string): ArrayBuffer | undefined;
    write(key: string, bytes: Uint8Array<ArrayBuffer>): void;
    delete(key: string): void;
    close(): void;
  }
  const storage: { open(options: { path: string; mode?: "r" | "r+"; format?: "buffer" }): KeyValueStore };
  export default storage;
}

declare module "mc/config" {
  /** The manifest's `config`, and what was given to mcconfig as `key=value`. */
  const config: Readonly<Record<string, unknown>>;
  export default config;
}

declare module "time" {
  const Time: {
    /** Milliseconds since boot as a signed 32-bit number that wraps. */
    readonly ticks: number;
  };
  export default Time;
}

declare module "timer" {
  class Timer {
    private constructor();
    static set(callback: (timer: Timer) => void, delayMs: number): Timer;
    /** A timer that has fired or was cleared is ignored. */
    static clear(timer: Timer | undefined): void;
    private brand: boolean;
  }
  export default Timer;
}

declare module "crypt" {
  export class Digest {
    constructor(type: "SHA256");
    write(bytes: ArrayBuffer): void;
    close(): ArrayBuffer;
  }
}

/** The SDK's `system` module, preloaded, sets it. */
declare const System: {
  /** Does not block; `address` is undefined when nobody answered. */
  resolve(name: string, callback: (name: string, address: string | undefined) => void): void;
  restart(): void;
};

/** To the debugger's console; nothing in a release build. */
declare function trace(...messages: string[]): void;

/** XS: big-endian, unsigned. */
interface BigIntConstructor {
  fromArrayBuffer(buffer: ArrayBuffer): bigint;
}
