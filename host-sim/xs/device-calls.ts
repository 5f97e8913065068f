/**
 * Answers an XS machine's calls with a Device of Node's: opens instances under handles, and turns what
 * the Device calls back into calls of the machine. A machine that is gone makes those throw.
 */
import { boards } from "../../firmware/boards/board.js";
import { invariant } from "../../firmware/base/invariant.js";
import type {
  Analog,
  Bytes,
  Device,
  Digital,
  DigitalOptions,
  Flash,
  I2C,
  KeyValueStore,
  TCP,
  TCPOptions,
  Timer,
  WiFi,
} from "../../firmware/device.js";
import { gattCalls } from "./gatt-calls.js";
import { digitalModes, flashFields, operation } from "./operations.js";
import type { Value } from "./protocol.js";

/** Calls the function at `index` of the machine; `once` frees its place first. */
export type Dispatch = (index: number, once: boolean, ...values: Value[]) => Value | void;

export type Call = (...values: never[]) => Value | void;

export interface DeviceCalls {
  onCall(operation: number, values: Value[]): Value;
  onFill(operation: number, into: Bytes, values: Value[]): Value;
}

/** `others` answers the calls that are not the Device's, by number. */
export function deviceCalls(device: Device, dispatch: Dispatch, others: Readonly<Record<number, Call>> = {}): DeviceCalls {
  const opened = new Map<number, unknown>();
  const timers = new Map<number, { index: number; timer: Timer }>();
  let last = 0;
  let publicKey: Bytes | undefined;

  /** Opens an instance; while it is open, `alive()`. The Device may call back before its constructor returns. */
  function open(make: (alive: () => boolean) => unknown): number {
    const handle = ++last;
    opened.set(handle, undefined);
    try {
      opened.set(
        handle,
        make(() => opened.has(handle)),
      );
    } catch (error) {
      opened.delete(handle);
      throw error;
    }
    return handle;
  }

  function get<Instance>(handle: number): Instance {
    if (!opened.has(handle)) throw new Error("closed");
    return opened.get(handle) as Instance;
  }

  /** True the first time. */
  function close(handle: number): boolean {
    if (!opened.has(handle)) return false;
    const instance = get<{ close(): void }>(handle);
    opened.delete(handle);
    instance.close();
    return true;
  }

  function back(index: number, alive: () => boolean): (...values: Value[]) => void {
    return (...values) => {
      if (alive()) dispatch(index, false, ...values);
    };
  }

  const calls: Record<number, Call> = {
    [operation.i2cOpen]: (data: number, clock: number, hz: number, address: number, port?: number, timeout?: number) =>
      open(() => new device.I2C({ data, clock, hz, address, ...defined({ port, timeout }) })),
    [operation.i2cWrite]: (handle: number, bytes: Bytes) => get<I2C>(handle).write(bytes),
    [operation.i2cClose]: close,

    [operation.analogOpen]: (pin: number) => open(() => new device.Analog({ pin })),
    [operation.analogRead]: (handle: number) => get<Analog>(handle).read(),
    [operation.analogResolution]: (handle: number) => get<Analog>(handle).resolution,
    [operation.analogClose]: close,

    [operation.digitalOpen]: (pin: number, mode: number, edge: number | undefined, initialValue: 0 | 1 | undefined, readable: number) =>
      open((alive) => {
        const { Digital: Pin } = device;
        const edges = edge === undefined ? undefined : (edge & 1 ? Pin.Rising : 0) + (edge & 2 ? Pin.Falling : 0);
        const options: DigitalOptions = { pin, mode: Pin[digitalModes[mode]!], ...defined({ edge: edges, initialValue }) };
        if (readable >= 0) options.onReadable = back(readable, alive);
        return new Pin(options);
      }),
    [operation.digitalRead]: (handle: number) => get<Digital>(handle).read(),
    [operation.digitalWrite]: (handle: number, value: 0 | 1) => get<Digital>(handle).write(value),
    [operation.digitalClose]: close,

    [operation.tcpOpen]: (address: string, port: number, nodelay: boolean | undefined, readable: number, writable: number, error: number) =>
      open((alive) => {
        const options: TCPOptions = { address, port, ...defined({ nodelay }) };
        if (readable >= 0) options.onReadable = back(readable, alive);
        if (writable >= 0) options.onWritable = back(writable, alive);
        if (error >= 0) options.onError = back(error, alive);
        return new device.TCP(options);
      }),
    [operation.tcpRead](handle: number) {
      const read = get<TCP>(handle).read();
      return read === undefined ? undefined : new Uint8Array(read);
    },
    [operation.tcpWrite]: (handle: number, bytes: Bytes) => get<TCP>(handle).write(bytes),
    [operation.tcpClose]: close,

    [operation.wifiOpen]: (changed: number) =>
      open((alive) => new device.WiFi(changed < 0 ? {} : { onChanged: (property) => back(changed, alive)(property) })),
    [operation.wifiConnect]: (handle: number, SSID: string, password?: string) =>
      get<WiFi>(handle).connect({ SSID, ...defined({ password }) }),
    [operation.wifiScan]: (handle: number, found: number, complete: number) =>
      get<WiFi>(handle).scan({
        onFound: ({ SSID, RSSI, security }) => void dispatch(found, false, SSID, RSSI, security),
        onComplete: () => void dispatch(complete, true),
      }),
    [operation.wifiConfigure]: (handle: number, hostname: string) => get<WiFi>(handle).configure({ hostname }),
    [operation.wifiDisconnect]: (handle: number) => get<WiFi>(handle).disconnect(),
    [operation.wifiClose]: close,
    [operation.wifiConnection]: (handle: number) => get<WiFi>(handle).connection,
    [operation.wifiAddress]: (handle: number) => get<WiFi>(handle).address,
    [operation.wifiMac]: (handle: number) => get<WiFi>(handle).MAC,
    [operation.wifiRssi]: (handle: number) => get<WiFi>(handle).RSSI,

    [operation.flashOpen]: (path: string, mode?: "r" | "r+") => open(() => device.flash.open({ path, ...defined({ mode }) })),
    [operation.flashWrite]: (handle: number, bytes: Bytes, byteOffset: number) => get<Flash>(handle).write(bytes, byteOffset),
    [operation.flashErase]: (handle: number, start: number, end?: number) =>
      end === undefined ? get<Flash>(handle).eraseBlock(start) : get<Flash>(handle).eraseBlock(start, end),
    [operation.flashStatus]: (handle: number, field: number) => get<Flash>(handle).status()[flashFields[field]!],
    [operation.flashClose]: close,

    [operation.keyValueOpen]: (path: string, mode?: "r" | "r+") => open(() => device.keyValue.open({ path, ...defined({ mode }) })),
    [operation.keyValueRead](handle: number, key: string) {
      const read = get<KeyValueStore>(handle).read(key);
      return read === undefined ? undefined : new Uint8Array(read);
    },
    [operation.keyValueWrite]: (handle: number, key: string, bytes: Bytes) => get<KeyValueStore>(handle).write(key, bytes),
    [operation.keyValueDelete]: (handle: number, key: string) => get<KeyValueStore>(handle).delete(key),
    [operation.keyValueClose]: close,

    [operation.resolve]: (name: string, index: number) => device.resolve(name, (address) => dispatch(index, true, address)),

    [operation.timerSet](index: number, delayMs: number) {
      const handle = ++last;
      const set = { index, timer: undefined as Timer };
      timers.set(handle, set);
      set.timer = device.timers.set(() => {
        timers.delete(handle);
        dispatch(index, true);
      }, delayMs);
      return handle;
    },
    [operation.timerClear](handle: number) {
      const set = timers.get(handle);
      if (set === undefined) return -1;
      timers.delete(handle);
      device.timers.clear(set.timer);
      return set.index;
    },

    [operation.sha256]: (bytes: Bytes) => device.crypto.sha256(bytes),
    [operation.hmacSha256]: (key: Bytes, bytes: Bytes) => device.crypto.hmacSha256(key, bytes),
    [operation.seal]: (key: Bytes, nonce: Bytes, associated: Bytes, plaintext: Bytes) =>
      device.crypto.seal(key, nonce, associated, plaintext),
    [operation.open]: (key: Bytes, nonce: Bytes, associated: Bytes, sealed: Bytes) => device.crypto.open(key, nonce, associated, sealed),
    [operation.generateKeyPair]() {
      const pair = device.crypto.generateKeyPair();
      publicKey = pair.publicKey;
      return pair.privateKey;
    },
    [operation.publicKey]() {
      invariant(publicKey !== undefined, "a key pair was generated");
      return publicKey;
    },
    [operation.agree]: (privateKey: Bytes, theirs: Bytes) => device.crypto.agree(privateKey, theirs),

    [operation.board]() {
      const text = JSON.stringify(device.board);
      const known = Object.entries(boards).find(([, each]) => JSON.stringify(each) === text);
      return known === undefined ? text : known[0];
    },
    [operation.id]: () => device.id,
    [operation.resetReason]: () => device.power.resetReason,
    [operation.restart]: () => device.power.restart(),
    ...gattCalls(device, dispatch),
    ...others,
  };

  const fills: Record<number, (into: Bytes, ...values: never[]) => Value | void> = {
    [operation.i2cRead]: (into, handle: number) => get<I2C>(handle).read(into),
    [operation.flashRead]: (into, handle: number, byteOffset: number) => get<Flash>(handle).read(into, byteOffset),
    [operation.random]: (into) => device.random(into),
  };

  return {
    onCall(number, values) {
      const call = calls[number];
      invariant(call !== undefined, `host call ${number} exists`);
      return call(...(values as never[])) as Value;
    },
    onFill(number, into, values) {
      const fill = fills[number];
      invariant(fill !== undefined, `host fill ${number} exists`);
      return fill(into, ...(values as never[])) as Value;
    },
  };
}

/** Only the properties that have a value: an option left out is not the same as one that is undefined. */
function defined<Options extends object>(options: Options): { [Key in keyof Options]?: Exclude<Options[Key], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
