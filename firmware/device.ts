/**
 * The port: everything a board gives the firmware, and all that the firmware may touch.
 *
 * The I/O classes are ECMA-419's (2nd edition), in the shapes the Moddable SDK 8.2 really has on
 * ESP32, so that on the board this is the SDK itself and nothing stands between. What the standard
 * lacks (clock, timers, random bytes, crypto, power, reset reason) is added with the least that serves.
 * All of it runs on one JavaScript thread: a call that blocks holds up everything else, so each says
 * for how long. Figures are for an ESP32 at 240 MHz and are what the simulator charges
 * (host-sim/world/costs.ts).
 */
import type { Board } from "./boards/board.js";

/** Bytes that a call only reads or only fills; it keeps no reference to them. */
export type Bytes = Uint8Array<ArrayBuffer>;

// ---- ECMA-419 clause 10: IO classes ---------------------------------------------------------

export interface I2COptions {
  /** GPIO numbers. */
  data: number;
  clock: number;
  /** Bus clock in Hz, 1…1,000,000. */
  hz: number;
  /** 7-bit address, 0…127. One instance an address: opening it twice throws. */
  address: number;
  port?: number;
  /** How long a transfer may be held up by a stuck bus, ms. The SDK's default is 400. */
  timeout?: number;
}

/**
 * ECMA-419 10.6. Each transfer **blocks** for (9 bits × (1 + bytes) + 2) ÷ hz, or for `timeout` when
 * the bus is stuck. Throws when the chip does not acknowledge or the bus is stuck; the SDK tells the
 * two apart by nothing but time.
 */
export interface I2C {
  /** Fills all of `into`; returns its length. Throws (see above), and `into` is then undefined. */
  read(into: Bytes): number;
  write(bytes: Bytes): void;
  close(): void;
}

export interface AnalogOptions {
  pin: number;
}

/** ECMA-419 10.3. */
export interface Analog {
  /**
   * Raw counts, 0 … 2^resolution − 1, **linear in volts up to the board's `analogFullScaleMv`** (the
   * SDK scales calibrated millivolts back to counts). Blocks 40 µs. Undefined when the converter fails.
   */
  read(): number | undefined;
  /** Bits. */
  readonly resolution: number;
  close(): void;
}

export interface DigitalOptions {
  pin: number;
  /** One of the class's constants, e.g. `Digital.InputPullUp`. */
  mode: number;
  /** `Digital.Rising`, `Digital.Falling` or their sum: which edges call `onReadable`. */
  edge?: number;
  /** Called after an edge, not in the interrupt: edges closer together than the firmware is busy merge into one call. */
  onReadable?: () => void;
  initialValue?: 0 | 1;
}

/** ECMA-419 10.4. Reads and writes block for about 1 µs. */
export interface Digital {
  read(): number;
  write(value: 0 | 1): void;
  close(): void;
}

export interface DigitalConstructor {
  new (options: DigitalOptions): Digital;
  readonly Input: number;
  readonly InputPullUp: number;
  readonly InputPullDown: number;
  readonly Output: number;
  readonly OutputOpenDrain: number;
  readonly Rising: number;
  readonly Falling: number;
}

export interface TCPOptions {
  /** A dotted IPv4 address: names go through `resolve` first. */
  address: string;
  port: number;
  nodelay?: boolean;
  /** `bytes` can be read now. */
  onReadable?: (bytes: number) => void;
  /** The connection is up, or room was freed: `bytes` can be written now. */
  onWritable?: (bytes: number) => void;
  /** Refused, reset, timed out, or closed by the peer. Nothing is called after it. */
  onError?: () => void;
}

/** ECMA-419 10.12, buffer format. Nothing is called back before the constructor has returned. Nothing blocks; copying costs about 1 µs per 100 bytes. */
export interface TCP {
  /** All that has arrived, or undefined when nothing has. */
  read(): ArrayBuffer | undefined;
  /** Returns how many bytes can still be written. Throws when `bytes` is longer than that, or before the first `onWritable`. */
  write(bytes: Bytes): number;
  /** After it, nothing is called. Bytes already written are still sent. */
  close(): void;
}

// ---- ECMA-419 clause 12 (storage) and network interfaces, as the SDK has them ----------------

export interface FlashStatus {
  /** Bytes in all, bytes a block (the erase unit), and the number of blocks. */
  size: number;
  blockLength: number;
  blocks: number;
}

/** A data partition. Reads block 0.1 µs a byte, writes 2.5 µs a byte, an erase 45 ms typical and 400 ms at worst a block. */
export interface Flash {
  read(into: Bytes, byteOffset: number): number;
  /** Begins at a multiple of 4 bytes and is one long. Clears bits only: the block must have been erased, and reads as `ff` then. */
  write(bytes: Bytes, byteOffset: number): void;
  /** Erases blocks `start` … `end` − 1 (one block without `end`). */
  eraseBlock(start: number, end?: number): void;
  status(): FlashStatus;
  close(): void;
}

/** Not a class in the SDK but a frozen object with `open`. */
export interface FlashStorage {
  /** `path` is a partition's label. Throws when there is none of that name. */
  open(options: { path: string; mode?: "r" | "r+" }): Flash;
}

/**
 * A namespace of ECMA-419's key-value storage (2nd edition, clause 12), in the buffer format. On ESP32 it is
 * NVS, a log in the partition `nvs` (ESP-IDF Programming Guide, "Non-Volatile Storage Library"), in which the
 * radio keeps its own things too: a key has 1 to 15 ASCII characters, a value at most 3,968 bytes (one page).
 * It survives power cuts: a write that one ends leaves the old value or the new one.
 *
 * The SDK's typings show a `read` into a buffer of the caller's, which its code ignores on ESP32.
 */
export interface KeyValueStore {
  /** The value as bytes of its own; undefined when there is none. Blocks 50 µs. Throws when the value was written in another format. */
  read(key: string): ArrayBuffer | undefined;
  /**
   * Written, and safe, when it returns. **Blocks** 0.3 ms for each entry of 32 bytes, of the new value and of the
   * one it takes the place of: 1.8 ms for a small value. Each time a page of 126 entries is full, an erase comes on
   * top (45 ms typical, 400 ms at worst). Throws when there is no room, when the key is too long, or when the flash fails.
   */
  write(key: string, bytes: Bytes): void;
  /** A key that is not there is ignored. */
  delete(key: string): void;
  close(): void;
}

/** Not a class in the SDK but a frozen object with `open`. */
export interface KeyValueStorage {
  /** `path` names a namespace, at most 15 characters; opened for writing it comes into being, for reading (`r`) it throws when nobody has. */
  open(options: { path: string; mode?: "r" | "r+"; format?: "buffer" }): KeyValueStore;
}

/** An access point that a scan has found. `security` is in the SDK's words: `none`, `wep`, `wpa2_psk`, … */
export interface FoundAccessPoint {
  SSID: string;
  /** dBm. */
  RSSI: number;
  security: string;
}

/** `embedded:network/interface/wifi`, `connection`: 200 idle, 300 connecting, 400 joined without an address, 500 up. */
export interface WiFi {
  /** Throws when a connect is under way. The outcome comes through `onChanged`: 500, or back to 200. */
  connect(options: { SSID: string; password?: string }): void;
  disconnect(): void;
  /**
   * Calls `onFound` for each access point, all channels, within some 2 s, then `onComplete` (never where the instance is
   * closed before). One scan at a time, over all instances: throws while one is under way, or where the radio refuses (it does while it connects).
   */
  scan(options: { onFound: (point: FoundAccessPoint) => void; onComplete: () => void }): void;
  /** What DHCP servers are told. Counts from the next `connect` on. */
  configure(options: { hostname: string }): void;
  close(): void;
  readonly connection: number;
  readonly address: string | undefined;
  readonly MAC: string | undefined;
  /** dBm. */
  readonly RSSI: number | undefined;
}

export interface WiFiConstructor {
  new (options: { onChanged?: (property: "connection" | "address") => void }): WiFi;
}

// ---- ECMA-419, Bluetooth LE peripheral (`embedded:io/bluetoothle/peripheral`), as the SDK has it on ESP32 ----

/**
 * What a central can reach. In the callbacks `this` is the SDK's object for the characteristic, which alone `notify` takes.
 * A property without its callback, or a callback without its property, throws at construction.
 */
export interface GATTCharacteristicOptions {
  uuid: string;
  /** A sum of `GATTServer.properties`. */
  properties: number;
  /** What a read answers, always the same; then there are no callbacks. At most 512 bytes. */
  value?: Bytes;
  /** The whole value; a central with a small MTU reads it in parts, each of which calls this again. */
  onRead?: (this: GATTCharacteristic, connection: GATTConnection) => Bytes;
  /** `value` is one write, put together where a central wrote a long one: 0 … 512 bytes. A write with response is answered when this returns. */
  onWrite?: (this: GATTCharacteristic, value: ArrayBuffer, connection: GATTConnection) => void;
  onSubscribe?: (this: GATTCharacteristic, connection: GATTConnection) => void;
  onUnsubscribe?: (this: GATTCharacteristic, connection: GATTConnection) => void;
}

/** Opaque: made by the SDK. */
export interface GATTCharacteristic {
  readonly opaque?: never;
}

export interface GATTConnection {
  /**
   * Queued, sent in order; `onSent` tells when the radio's host has taken it (undefined or 0), which does not mean that it was
   * sent, or that it cannot go any more (anything else). Throws where the central has not subscribed, or is gone. At most
   * `maximumWrite` bytes. NimBLE has some two dozen buffers: with more under way the SDK's thread hangs for good.
   */
  notify(characteristic: GATTCharacteristic, value: Bytes, onSent?: (error?: unknown) => void): void;
  /**
   * Ends it: `onDisconnect` is not called, and the instance throws from now on. **Only for a central that has not subscribed to
   * anything**: with a subscription the SDK 8.2 uses freed memory, and the board crashes (docs/decisions/provisioning.md).
   */
  close(): void;
  /** Bytes that fit into a write or a notification: the MTU less 3, 20 before it was negotiated. */
  readonly maximumWrite: number;
}

export interface GATTServerOptions {
  /** The largest MTU to agree to, 23 … 517. */
  mtu?: number;
  services: { uuid: string; characteristics: GATTCharacteristicOptions[] }[];
  /** With it, LE Secure Connections. */
  security?: { bond?: boolean; immediate?: boolean };
  /** Nothing may be advertised before. */
  onReady?: (this: GATTServer) => void;
  onConnect?: (this: GATTServer, connection: GATTConnection) => void;
  onDisconnect?: (this: GATTServer, connection: GATTConnection) => void;
}

/** 31 bytes in all, 2 of them for each field. A number is an AD type (Bluetooth Assigned Numbers 2.3). */
export interface Advertisement {
  name?: string;
  services?: string[];
  flags?: number;
  [type: number]: Bytes;
}

/**
 * **One for each boot**: a second one throws, also after `close`, which in the SDK 8.2 frees what the radio's task still uses:
 * it is never called. So a server lives from the first time that it is needed to the restart.
 * One central at a time (CONFIG_BT_NIMBLE_MAX_CONNECTIONS); while it is connected, nothing is advertised.
 */
export interface GATTServer {
  /** `scan` is the advertisement, `response` what a scanning central gets on top. Throws beyond 31 bytes. Called again, it replaces both. */
  startAdvertising(scan: Advertisement, response?: Advertisement): void;
  stopAdvertising(): void;
}

export interface GATTServerConstructor {
  new (options: GATTServerOptions): GATTServer;
  readonly properties: {
    readonly read: number;
    readonly write: number;
    readonly writeWithOutResponse: number;
    readonly notify: number;
    readonly readEncrypted: number;
    readonly writeEncrypted: number;
    readonly subscribeEncrypted: number;
  };
}

// ---- What the standard lacks -----------------------------------------------------------------

export interface Clock {
  /** Milliseconds since boot, a whole number that never wraps nor runs backwards. */
  nowMs(): number;
}

export type Timer = unknown;

export interface Timers {
  /** Calls back once, `delayMs` (0 … 2^31 − 1) from now or later, never before it. */
  set(callback: () => void, delayMs: number): Timer;
  /** A timer that has fired or was cleared is ignored. */
  clear(timer: Timer): void;
}

/** P-256 keys: a private scalar of 32 bytes, a public point of 65 (0x04, x, y: SEC 1, 2.3.3). */
export interface KeyPair {
  privateKey: Bytes;
  publicKey: Bytes;
}

/** Synchronous: every call blocks. SHA-256 and HMAC 10 µs + 0.1 µs a byte, AES-GCM 30 µs + 0.15 µs a byte, P-256 about 120 ms an operation. */
export interface Crypto {
  sha256(bytes: Bytes): Bytes;
  /** RFC 2104 with SHA-256. */
  hmacSha256(key: Bytes, bytes: Bytes): Bytes;
  /** AES-GCM (NIST SP 800-38D), key 16 or 32 bytes, nonce 12: ciphertext, then a tag of 16 bytes. */
  seal(key: Bytes, nonce: Bytes, associated: Bytes, plaintext: Bytes): Bytes;
  /** Undefined when the tag does not fit. */
  open(key: Bytes, nonce: Bytes, associated: Bytes, sealed: Bytes): Bytes | undefined;
  generateKeyPair(): KeyPair;
  /** ECDH on P-256: the shared x coordinate, 32 bytes. Undefined when `publicKey` is not a point on the curve. */
  agree(privateKey: Bytes, publicKey: Bytes): Bytes | undefined;
}

export type ResetReason = "power-on" | "software" | "panic" | "watchdog" | "brown-out" | "deep-sleep" | "unknown";

export interface Power {
  /** Restarts the board; does not return on a board. */
  restart(): void;
  readonly resetReason: ResetReason;
}

export interface Device {
  readonly board: Board;
  /** Twelve lower-case hex digits, from the radio's address: what tells boards apart. */
  readonly id: string;
  readonly I2C: new (options: I2COptions) => I2C;
  readonly Analog: new (options: AnalogOptions) => Analog;
  readonly Digital: DigitalConstructor;
  readonly TCP: new (options: TCPOptions) => TCP;
  readonly WiFi: WiFiConstructor;
  readonly GATTServer: GATTServerConstructor;
  readonly flash: FlashStorage;
  readonly keyValue: KeyValueStorage;
  /** Looks a name up by DNS; calls back once, undefined when it has no address or nobody answered. Does not block. */
  resolve(name: string, onResolved: (address: string | undefined) => void): void;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Fills `into` with bytes fit for keys. */
  random(into: Bytes): void;
  readonly crypto: Crypto;
  readonly power: Power;
}
