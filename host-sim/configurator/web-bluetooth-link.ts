/**
 * A board over Web Bluetooth. Found by Mote's service or by Improv's, since an advertisement has room for one at a time. A board
 * that was chosen once can be connected to again without asking anybody.
 */
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { GattLink } from "../pairing/contract.js";
import { fromBoardUuid, infoUuid, moteServiceUuid, toBoardUuid } from "../pairing/service.js";
import type { LinkError, Place } from "./ground.js";

/** Of Improv. */
const improv = "00467768-6228-2272-4663-277478268000";
/** Browsers wait for very long, or for ever. */
const connectMs = 20_000;
/** Of one read or write: a browser does not always tell that the link is lost, and then never ends what was under way. */
const operationMs = 6_000;

export async function bluetoothTrouble(): Promise<LinkError | undefined> {
  if (!globalThis.isSecureContext) return "insecure";
  if (navigator.bluetooth === undefined) return "unsupported";
  // Where it cannot tell, choosing will.
  const available = await navigator.bluetooth.getAvailability?.().catch(() => true);
  return available === false ? "off" : undefined;
}

/** Opens the browser's list of boards: only a click may. */
export async function chooseBoard(): Promise<Result<Place, LinkError>> {
  if (navigator.bluetooth === undefined) return failure("unsupported", "");
  try {
    const device = await navigator.bluetooth.requestDevice({
      filters: [{ services: [moteServiceUuid] }, { services: [improv] }],
      optionalServices: [moteServiceUuid],
    });
    return success({ name: device.name ?? "the board", connect: () => connect(device) });
  } catch (error) {
    return failure(chooserError(error as DOMException), "");
  }
}

function chooserError({ name, message }: DOMException): LinkError {
  if (name === "SecurityError" || name === "NotAllowedError") return "blocked";
  if (/adapter|not available|turned off|off\b/i.test(message)) return "off";
  return /globally disabled|permission policy|policy/i.test(message) ? "blocked" : "dismissed";
}

async function connect(device: BluetoothDevice): Promise<Result<GattLink, LinkError>> {
  const { gatt } = device;
  if (gatt === undefined) return failure("foreign", "");
  try {
    const server = await within(gatt.connect());
    const mote = await within(server.getPrimaryService(moteServiceUuid));
    const [readable, writable, notifying] = [
      await mote.getCharacteristic(infoUuid),
      await mote.getCharacteristic(toBoardUuid),
      await mote.getCharacteristic(fromBoardUuid),
    ];
    const link = new BluetoothLink(device, readable, writable, notifying);
    await within(link.subscribe());
    return success(link);
  } catch (error) {
    const { name } = error as DOMException;
    const foreign = gatt.connected && name === "NotFoundError";
    gatt.disconnect();
    return failure(foreign ? "foreign" : "unreachable", "");
  }
}

class TooLate extends Error {}

function within<Value>(promise: Promise<Value>, ms = connectMs): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new TooLate("too late")), ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

class BluetoothLink implements GattLink {
  onFrame: (frame: Uint8Array) => void = () => {};
  onClosed: () => void = () => {};
  readonly #device: BluetoothDevice;
  readonly #info: BluetoothRemoteGATTCharacteristic;
  readonly #toBoard: BluetoothRemoteGATTCharacteristic;
  readonly #fromBoard: BluetoothRemoteGATTCharacteristic;
  #over = false;
  /** The browser takes one operation of a connection at a time, and fails the others. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    device: BluetoothDevice,
    readable: BluetoothRemoteGATTCharacteristic,
    writable: BluetoothRemoteGATTCharacteristic,
    notifying: BluetoothRemoteGATTCharacteristic,
  ) {
    this.#device = device;
    this.#info = readable;
    this.#toBoard = writable;
    this.#fromBoard = notifying;
    device.addEventListener("gattserverdisconnected", this.#gone);
  }

  get name(): string {
    return this.#device.name ?? "the board";
  }

  async subscribe(): Promise<void> {
    this.#fromBoard.addEventListener("characteristicvaluechanged", this.#heard);
    await this.#fromBoard.startNotifications();
  }

  readInfo(): Promise<Uint8Array> {
    return this.#next(async () => bytesOf(await this.#info.readValue()));
  }

  /** It keeps no hold of `frame`. */
  write(frame: Uint8Array): Promise<void> {
    const bytes = Uint8Array.from(frame);
    return this.#next(() => this.#toBoard.writeValueWithoutResponse(bytes));
  }

  close(): void {
    this.#end();
    this.#device.gatt?.disconnect();
  }

  #next<Value>(run: () => Promise<Value>): Promise<Value> {
    if (this.#over) return Promise.reject(new Error("the link is gone"));
    const done = this.#last.then(() => within(run(), operationMs));
    this.#last = done.catch((error: unknown) => {
      if (error instanceof TooLate) this.#gone();
    });
    return done;
  }

  readonly #heard = (): void => {
    const { value } = this.#fromBoard;
    if (value !== undefined && !this.#over) this.onFrame(bytesOf(value));
  };

  readonly #gone = (): void => {
    if (this.#over) return;
    this.#end();
    this.#device.gatt?.disconnect();
    this.onClosed();
  };

  #end(): void {
    this.#over = true;
    this.#device.removeEventListener("gattserverdisconnected", this.#gone);
    this.#fromBoard.removeEventListener("characteristicvaluechanged", this.#heard);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: DataView): Uint8Array {
  return new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength));
}
