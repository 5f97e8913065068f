/**
 * What a GATT server has for centrals: its services and characteristics, as they were handed to its constructor. Refuses
 * what the SDK refuses there: properties without their callbacks, and callbacks without their properties.
 */
import type { GATTCharacteristic, GATTCharacteristicOptions, GATTServerOptions } from "../../firmware/device.js";
import { fullUuid } from "./ble-uuid.js";

/** Bits of a characteristic's properties (Bluetooth Core 5.4, vol 3, part G, 3.3.1.1), and above them the SDK's for encryption. */
const [read, writeWithOutResponse, write, notify] = [1 << 1, 1 << 2, 1 << 3, 1 << 4];
export const encrypted = { read: 1 << 9, write: 1 << 12, subscribe: 1 << 15 } as const;
export const properties = Object.freeze({
  read,
  write,
  writeWithOutResponse,
  notify,
  readEncrypted: encrypted.read | read,
  writeEncrypted: encrypted.write | write,
  subscribeEncrypted: encrypted.subscribe | notify,
});

/** Bytes of a value (Bluetooth Core 5.4, vol 3, part F, 3.2.9). */
export const valueMaxBytes = 512;

export class Characteristic {
  readonly uuid: string;
  readonly properties: number;
  readonly options: GATTCharacteristicOptions;
  readonly value: Uint8Array | undefined;
  /** What `this` is in its callbacks. */
  readonly self: GATTCharacteristic = {};
  subscribed = false;

  constructor(options: GATTCharacteristicOptions) {
    this.uuid = fullUuid(options.uuid);
    this.options = options;
    this.properties = options.properties;
    if (!this.properties) throw new Error("properties missing");
    if (options.value !== undefined) {
      if (options.value.length > valueMaxBytes) throw new RangeError("value too big");
      this.value = options.value.slice();
      return;
    }
    const { onRead, onWrite, onUnsubscribe } = options;
    if ((onRead !== undefined) !== this.has(read)) throw new Error("inconsistent read");
    if ((onWrite !== undefined) !== this.has(write | writeWithOutResponse)) throw new Error("inconsistent write");
    if ((onUnsubscribe !== undefined) !== this.has(notify)) throw new Error("inconsistent onSubscribe");
  }

  /** At least one of them. */
  has(some: number): boolean {
    return (this.properties & some) !== 0;
  }
}

export interface Service {
  readonly uuid: string;
  readonly characteristics: readonly Characteristic[];
}

export function servicesOf(options: GATTServerOptions): Service[] {
  return options.services.map(({ uuid, characteristics }) => {
    if (characteristics.length === 0) throw new RangeError("invalid characteristics");
    return { uuid: fullUuid(uuid), characteristics: characteristics.map((each) => new Characteristic(each)) };
  });
}
