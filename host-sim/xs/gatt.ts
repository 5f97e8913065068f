/**
 * The Device's GATT server inside XS. Of what it is made of, only the callbacks stay in the machine's memory, as with the
 * SDK's; all that happens comes through one place in the table of callbacks.
 */
import type { Advertisement, Bytes, GATTCharacteristic, GATTConnection, GATTServer, GATTServerOptions } from "../../firmware/device.js";
import { drop, keep } from "./callbacks.js";
import { gattEvents, operation } from "./operations.js";

/** What the firmware has as a GATTCharacteristic. */
class XsCharacteristic {
  declare readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

class XsConnection implements GATTConnection {
  declare readonly handle: number;

  constructor(handle: number) {
    this.handle = handle;
  }

  get maximumWrite(): number {
    return hostCall(operation.gattMaximumWrite, this.handle) as number;
  }

  notify(characteristic: GATTCharacteristic, value: Bytes, onSent?: (error?: unknown) => void): void {
    const sent = keep(onSent);
    try {
      hostCall(operation.gattNotify, this.handle, (characteristic as XsCharacteristic).index, value, sent);
    } catch (error) {
      drop(sent);
      throw error;
    }
  }

  close(): void {
    hostCall(operation.gattClose, this.handle);
  }
}

type Callback = (this: unknown, ...values: unknown[]) => Bytes | void;

/** Callbacks of a characteristic: so many in a row. */
const callbacksEach = 4;

export class XsGATTServer implements GATTServer {
  static readonly properties = {
    read: 2,
    writeWithOutResponse: 4,
    write: 8,
    notify: 16,
    readEncrypted: 512 | 2,
    writeEncrypted: 4096 | 8,
    subscribeEncrypted: 32768 | 16,
  } as const;
  declare private readonly onReady: Callback | undefined;
  declare private readonly onConnect: Callback | undefined;
  declare private readonly onDisconnect: Callback | undefined;
  /** Of each characteristic: onRead, onWrite, onSubscribe, onUnsubscribe. */
  declare private readonly callbacks: (Callback | undefined)[];
  declare private readonly characteristics: XsCharacteristic[];
  private connection: XsConnection | undefined;

  constructor(options: GATTServerOptions) {
    const { mtu, security, services } = options;
    this.onReady = options.onReady as Callback | undefined;
    this.onConnect = options.onConnect as Callback | undefined;
    this.onDisconnect = options.onDisconnect as Callback | undefined;
    this.callbacks = [];
    this.characteristics = [];
    hostCall(operation.gattBegin, mtu, security !== undefined, security?.bond, security?.immediate);
    for (const service of services) {
      hostCall(operation.gattService, service.uuid);
      for (const each of service.characteristics) {
        const { onRead, onWrite, onSubscribe, onUnsubscribe } = each;
        const has = [onRead, onWrite, onSubscribe, onUnsubscribe].map((callback) => callback !== undefined);
        hostCall(operation.gattCharacteristic, each.uuid, each.properties, each.value, ...has);
        this.callbacks.push(onRead as Callback, onWrite as Callback, onSubscribe as Callback, onUnsubscribe as Callback);
        this.characteristics.push(new XsCharacteristic(this.characteristics.length));
      }
    }
    const heard = keep((event: number, connection: number, index: number, value: ArrayBuffer) =>
      this.heard(event, connection, index, value),
    );
    try {
      hostCall(operation.gattOpen, heard);
    } catch (error) {
      drop(heard);
      throw error;
    }
  }

  startAdvertising(scan: Advertisement, response?: Advertisement): void {
    const fields = flat(scan);
    hostCall(operation.gattAdvertise, fields.length, response !== undefined, ...fields, ...flat(response ?? {}));
  }

  stopAdvertising(): void {
    hostCall(operation.gattSilence);
  }

  private heard(event: number, handle: number, index: number, value: ArrayBuffer): Bytes | void {
    if (event === gattEvents.ready) return this.onReady?.();
    if (event === gattEvents.connect) this.connection = new XsConnection(handle);
    const { connection } = this;
    if (event === gattEvents.connect) return this.onConnect?.(connection);
    if (event === gattEvents.disconnect) {
      this.connection = undefined;
      return this.onDisconnect?.(connection);
    }
    const callback = this.callbacks[index * callbacksEach + event]!;
    const self = this.characteristics[index]!;
    return event === gattEvents.write ? callback.call(self, value, connection) : callback.call(self, connection);
  }
}

/** Its properties and their values, in their order. */
function flat(advertisement: Advertisement): unknown[] {
  const fields: unknown[] = [];
  for (const property in advertisement) {
    const value: unknown = (advertisement as Record<string, unknown>)[property];
    fields.push(property, property === "services" ? (value as string[]).join() : value);
  }
  return fields;
}
