/**
 * A board's end of one connection: answers a central's requests through the firmware's callbacks, and is the connection
 * object that those get. As in the SDK, each access waits until the thread has handled it, in order, and a notification
 * has gone when the radio's task has taken it.
 *
 * Two of the SDK's traps are here too, as errors on the board's thread: `close` while the central is subscribed, and more
 * notifications than the radio's task has buffers for. A board would crash in the first, and stand still in the second.
 */
import type { GATTCharacteristic, GATTConnection } from "../../firmware/device.js";
import { type Characteristic, encrypted, properties, valueMaxBytes } from "./ble-attributes.js";
import type { BleLink, BoardLinkEnd, EndReason } from "./ble-link.js";
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";
import type { Trace } from "./trace.js";

/** Error codes of ATT (Bluetooth Core 5.4, vol 3, part F, 3.4.1.1). */
export const attError = {
  readNotPermitted: 0x02,
  writeNotPermitted: 0x03,
  insufficientAuthentication: 0x05,
  invalidOffset: 0x07,
  invalidLength: 0x0d,
} as const;

export const mtuAtFirst = 23;
/** Bytes of a notification or write beside its value. */
const overheadBytes = 3;
/** Accesses that wait for the thread before the radio takes no more: its receive buffers (CONFIG_BT_NIMBLE_TRANSPORT_ACL_FROM_LL_COUNT). */
const accessesMost = 24;
/** Notifications that wait: the host's small buffers (CONFIG_BT_NIMBLE_MSYS_1_BLOCK_COUNT) and about as many of the controller's. */
const notificationsMost = 24;
/** BLE_HS_ENOTCONN. */
const notConnected = 7;

/** What the peripheral's server does for it. */
export interface PeripheralOwner {
  readonly cpu: Cpu;
  readonly trace: Trace;
  find(characteristic: GATTCharacteristic): Characteristic | undefined;
  readonly characteristics: readonly Characteristic[];
  /** On the thread, once for each. */
  connected(peripheral: Peripheral): void;
  disconnected(peripheral: Peripheral, link: BleLink): void;
  /** The firmware has closed it, and that has come through. */
  closed(link: BleLink): void;
}

/** Bytes, or an ATT error code. */
export type Answer = (outcome: Uint8Array | number) => void;

interface Notification {
  readonly characteristic: Characteristic;
  readonly bytes: Uint8Array;
  readonly onSent: ((error?: unknown) => void) | undefined;
}

export class Peripheral implements GATTConnection, BoardLinkEnd {
  readonly #owner: PeripheralOwner;
  readonly #link: BleLink;
  readonly #notified: (characteristic: Characteristic, bytes: Uint8Array) => void;
  readonly #queue: Notification[] = [];
  mtu = mtuAtFirst;
  encrypted = false;
  /** The firmware may use it. */
  #usable = true;
  #linked = true;
  #accesses = 0;

  /** `notified`: what the central does with a notification that has reached it. */
  constructor(owner: PeripheralOwner, link: BleLink, notified: (characteristic: Characteristic, bytes: Uint8Array) => void) {
    this.#owner = owner;
    this.#link = link;
    this.#notified = notified;
    owner.cpu.post(() => {
      owner.cpu.charge(costs.bleEventUs);
      if (this.#linked) owner.connected(this);
    });
  }

  // ---- as the firmware has it

  get maximumWrite(): number {
    this.#use();
    return this.mtu - overheadBytes;
  }

  notify(of: GATTCharacteristic, value: Uint8Array, onSent?: (error?: unknown) => void): void {
    this.#use();
    const { cpu } = this.#owner;
    cpu.charge(costs.bleCallUs + value.length * costs.bleByteUs);
    const characteristic = this.#owner.find(of);
    if (characteristic === undefined) throw new TypeError("notify takes what `this` is in a characteristic's callbacks");
    if (!characteristic.subscribed) throw new Error("disabled");
    if (this.#queue.length + this.#link.waiting >= notificationsMost) {
      throw new Error(`${notificationsMost} notifications wait already: on a board the radio has no buffer left, and the SDK stands still`);
    }
    // What is longer is cut without a word.
    const bytes = Uint8Array.from(value.subarray(0, this.mtu - overheadBytes));
    this.#queue.push({ characteristic, bytes, onSent });
    if (this.#queue.length === 1) cpu.post(() => this.#sendNext());
  }

  close(): void {
    this.#use();
    const { cpu, trace, characteristics } = this.#owner;
    cpu.charge(costs.bleCallUs);
    trace.record(cpu.nowUs, "ble.close", "");
    this.#usable = false;
    this.#linked = false;
    if (characteristics.some(({ subscribed }) => subscribed)) {
      cpu.post(() => {
        throw new Error("a connection was closed while its central was subscribed: a board crashes there, in the SDK's deliverSubscribe");
      });
    }
    this.#forgetSubscriptions();
    this.#link.endBy("board", cpu.nowUs, () => this.#owner.closed(this.#link));
  }

  // ---- as the radio has it

  get full(): boolean {
    return this.#accesses >= accessesMost;
  }

  read(of: Characteristic, offset: number, answer: Answer): void {
    if (!of.has(properties.read)) return this.#refuse(attError.readNotPermitted, answer);
    if (of.has(encrypted.read) && !this.encrypted) return this.#refuse(attError.insufficientAuthentication, answer);
    if (of.value !== undefined) return this.#part(of.value, offset, this.#link.nowUs, answer);
    this.#access(() => {
      const { cpu, trace } = this.#owner;
      const value = of.options.onRead!.call(of.self, this);
      if (!ArrayBuffer.isView(value) && !((value as unknown) instanceof ArrayBuffer)) throw new TypeError("onRead returns no bytes");
      const bytes = Uint8Array.from(ArrayBuffer.isView(value) ? value : new Uint8Array(value as ArrayBuffer));
      cpu.charge(bytes.length * costs.bleByteUs);
      trace.bytes(cpu.nowUs, "ble.read", `"uuid":"${of.uuid}","offset":${offset}`, bytes);
      this.#part(bytes, offset, cpu.nowUs, answer);
    });
  }

  /** `bytes` is the whole of it. Without `answer` nothing is said, whatever becomes of it. */
  write(of: Characteristic, bytes: Uint8Array, answer: Answer | undefined): void {
    const { cpu, trace } = this.#owner;
    const needed = answer === undefined ? properties.writeWithOutResponse : properties.write;
    if (!of.has(needed)) return this.#refuse(attError.writeNotPermitted, answer);
    if (of.has(encrypted.write) && !this.encrypted) return this.#refuse(attError.insufficientAuthentication, answer);
    if (bytes.length > valueMaxBytes) return this.#refuse(attError.invalidLength, answer);
    this.#access(() => {
      cpu.charge(bytes.length * costs.bleByteUs);
      trace.bytes(cpu.nowUs, "ble.write", `"uuid":"${of.uuid}"`, bytes);
      of.options.onWrite!.call(of.self, bytes.slice().buffer as ArrayBuffer, this);
      if (answer !== undefined && this.#linked) this.#link.toCentral(1, cpu.nowUs, () => answer(new Uint8Array(0)));
    });
  }

  subscribe(of: Characteristic, on: boolean, answer: Answer): void {
    if (!of.has(properties.notify)) return this.#refuse(attError.writeNotPermitted, answer);
    if (of.has(encrypted.subscribe) && !this.encrypted) return this.#refuse(attError.insufficientAuthentication, answer);
    this.#link.toCentral(1, this.#link.nowUs, () => answer(new Uint8Array(0)));
    // A descriptor that is written as it was before is no news.
    if (of.subscribed === on) return;
    this.#access(() => this.#tellSubscribed(of, on));
  }

  ended(reason: EndReason): void {
    const { cpu, trace, characteristics } = this.#owner;
    trace.record(this.#link.nowUs, "ble.disconnect", `"by":"${reason}"`);
    this.#linked = false;
    cpu.post(() => {
      for (const characteristic of characteristics) if (characteristic.subscribed) this.#tellSubscribed(characteristic, false);
      cpu.charge(costs.bleEventUs);
      this.#owner.disconnected(this, this.#link);
      this.#usable = false;
    });
  }

  #use(): void {
    if (!this.#usable) throw new Error("the connection is gone");
  }

  #refuse(code: number, answer: Answer | undefined): void {
    if (answer !== undefined) this.#link.toCentral(5, this.#link.nowUs, () => answer(code));
  }

  #part(bytes: Uint8Array, offset: number, readyUs: number, answer: Answer): void {
    if (!this.#linked) return;
    if (offset > bytes.length) return this.#refuse(attError.invalidOffset, answer);
    const part = bytes.slice(offset, offset + this.mtu - 1);
    this.#link.toCentral(1 + part.length, readyUs, () => answer(part));
  }

  #access(handle: () => void): void {
    const { cpu } = this.#owner;
    this.#accesses++;
    cpu.post(() => {
      this.#accesses--;
      cpu.charge(costs.bleEventUs);
      if (this.#usable) handle();
    });
  }

  #tellSubscribed(of: Characteristic, on: boolean): void {
    const { cpu, trace } = this.#owner;
    of.subscribed = on;
    cpu.charge(costs.bleEventUs);
    trace.record(cpu.nowUs, "ble.subscribe", `"uuid":"${of.uuid}","on":${on}`);
    const heard = on ? of.options.onSubscribe : of.options.onUnsubscribe;
    heard?.call(of.self, this);
  }

  #forgetSubscriptions(): void {
    for (const characteristic of this.#owner.characteristics) characteristic.subscribed = false;
  }

  /** One at a time. */
  #sendNext(): void {
    const next = this.#queue[0];
    if (next === undefined) return;
    const { cpu, trace } = this.#owner;
    const { characteristic, bytes, onSent } = next;
    cpu.charge(costs.bleCallUs);
    const linked = this.#linked;
    if (linked) {
      trace.bytes(cpu.nowUs, "ble.notify", `"uuid":"${characteristic.uuid}"`, bytes);
      this.#link.toCentral(overheadBytes + bytes.length, cpu.nowUs, () => this.#notified(characteristic, bytes));
    }
    cpu.post(() => {
      onSent?.(linked ? 0 : notConnected);
      this.#queue.shift();
      this.#sendNext();
    });
  }
}
