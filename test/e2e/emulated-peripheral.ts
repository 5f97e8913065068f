/**
 * A simulated board in a real Chromium's Web Bluetooth: what a page does over GATT goes through Chromium's emulation
 * (CDP BluetoothEmulation) to a simulated central, and what the board answers and notifies comes back to the page.
 *
 * Neither CDP nor WebDriver can inject a notification. So a script in the page wraps `startNotifications`, and a
 * notification is a `readValue` which is answered with its bytes: the browser then fires a real
 * `characteristicvaluechanged`. Reads of the page's own are kept apart from these. No MTU is emulated: it is the
 * simulated central's.
 */
import { existsSync } from "node:fs";
import type { Browser, CDPSession, Page } from "playwright-core";
import type { Bytes } from "../../firmware/device.js";
import { bindingName, bluetoothScript, notifyName } from "./emulated-peripheral-page.js";

export interface GattCharacteristic {
  readonly uuid: string;
  readonly read: boolean;
  readonly write: boolean;
  readonly writeWithoutResponse: boolean;
  readonly notify: boolean;
}

export interface GattService {
  readonly uuid: string;
  readonly characteristics: readonly GattCharacteristic[];
}

export interface PeripheralEvents {
  onNotified(uuid: string, bytes: Bytes): void;
  /** By the board, or since it is out of reach. */
  onDisconnected(): void;
}

/** One connection to a simulated board. */
export interface Connected {
  /** Undefined: an ATT error. */
  read(uuid: string): Promise<Bytes | undefined>;
  /** False: an ATT error, or nobody took it. */
  write(uuid: string, bytes: Bytes, withResponse: boolean): Promise<boolean>;
  subscribe(uuid: string): Promise<boolean>;
  unsubscribe(uuid: string): Promise<boolean>;
  disconnect(): void;
}

/** What a simulated board is seen through. */
export interface Peripheral {
  readonly name: string;
  readonly services: readonly GattService[];
  /** Undefined: out of reach. */
  connect(events: PeripheralEvents): Promise<Connected | undefined>;
}

const chromiums = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const flags =
  "--no-sandbox --enable-blink-features=WebBluetooth --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
const address = "02:00:00:00:00:01";
/** The descriptor without which a browser does not subscribe. */
const clientConfiguration = "00002902-0000-1000-8000-00805f9b34fb";
/** How long answers that are under way may take when a connection ends. */
const settleMs = 1000;
const quietEnoughMs = 60;
/** HCI 0x3e: connection failed to be established. ATT 0x0e: unlikely error. */
const hciFailed = 0x3e;
const attFailed = 0x0e;

/** Headless Chromium with Web Bluetooth. One emulation at a time: it counts for the whole browser. Throws without Chromium. */
export async function launchBluetooth(): Promise<Browser> {
  const executablePath = chromiums.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error("no Chromium found: apt install chromium");
  const { chromium } = await import("playwright-core");
  return chromium.launch({ executablePath, args: flags.split(" ") });
}

type Adapter = "absent" | "powered-off" | "powered-on";
type GattOperation = "connection" | "discovery";
type Operation = "read" | "write" | "subscribe-to-notifications" | "unsubscribe-from-notifications";

interface CharacteristicOperation {
  readonly characteristicId: string;
  readonly type: Operation;
  readonly data?: string;
  readonly writeType?: string;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

class Ending {
  come: () => void = () => {};
  readonly promise = new Promise<undefined>((resolve) => (this.come = () => resolve(undefined)));
}

export class EmulatedPeripheral {
  /** What the person does with the browser's list of devices. */
  prompt: "select" | "cancel" = "select";
  /** All that went over GATT, for who looks why something failed. */
  readonly operations: string[] = [];
  /** Called with each, as soon as it has come. */
  onOperation: (what: string) => void = () => {};
  readonly #page: Page;
  readonly #peripheral: Peripheral;
  readonly #browserSession: CDPSession;
  readonly #pageSession: CDPSession;
  readonly #answered = new Set<string>();
  /** UUIDs by Chromium's ids. */
  readonly #operating = new Set<Promise<void>>();
  readonly #uuids = new Map<string, string>();
  /** Of each characteristic, notifications that the page has not read yet. */
  readonly #waiting = new Map<string, Bytes[]>();
  /** Of each characteristic, with what its next read is answered. */
  readonly #next = new Map<string, Bytes>();
  #connected: Connected | undefined;
  /** Settles what nobody will answer any more, with the connection. */
  #end = new Ending();
  /** Chromium is being told that the connection is over. */
  #going: Promise<void> | undefined;
  /** Counts connections: what belongs to an older one is over. */
  #connection = 0;
  #closed = false;

  constructor(page: Page, peripheral: Peripheral, browserSession: CDPSession, pageSession: CDPSession) {
    this.#page = page;
    this.#peripheral = peripheral;
    this.#browserSession = browserSession;
    this.#pageSession = pageSession;
    browserSession.on("BluetoothEmulation.gattOperationReceived", ({ type }) => void this.#gatt(type));
    browserSession.on("BluetoothEmulation.characteristicOperationReceived", (operation) => {
      const done = this.#operate(operation).finally(() => this.#operating.delete(done));
      this.#operating.add(done);
    });
    pageSession.on("DeviceAccess.deviceRequestPrompted", ({ id, devices }) => void this.#prompted(id, devices));
  }

  /** Puts the adapter and the board into the browser; once more after the page was loaded again, which drops them. */
  async again(): Promise<void> {
    this.#letGo();
    await this.#send("disable").catch(() => {});
    await this.#send("enable", { state: "powered-on", leSupported: true });
    await this.#show();
    await this.#pageSession.send("DeviceAccess.enable");
  }

  /** The board in the browser's list. */
  async #show(): Promise<void> {
    this.#uuids.clear();
    const { name, services } = this.#peripheral;
    const knownServiceUuids = services.map(({ uuid }) => uuid);
    await this.#send("simulatePreconnectedPeripheral", { address, name, manufacturerData: [], knownServiceUuids });
    for (const service of services) {
      const { serviceId } = (await this.#send("addService", { address, serviceUuid: service.uuid })) as { serviceId: string };
      for (const { uuid, read, write, writeWithoutResponse, notify } of service.characteristics) {
        // A notification is a read.
        const properties = { read: read || notify, write, writeWithoutResponse, notify };
        const added = await this.#send("addCharacteristic", { serviceId, characteristicUuid: uuid, properties });
        const { characteristicId } = added as { characteristicId: string };
        this.#uuids.set(characteristicId, uuid.toLowerCase());
        if (notify) await this.#send("addDescriptor", { characteristicId, descriptorUuid: clientConfiguration });
      }
    }
  }

  /** Bluetooth of the machine that the browser runs on. */
  async setAdapter(state: Adapter): Promise<void> {
    await this.#send("setSimulatedCentralState", { state });
  }

  /** Chromium can crash when its emulation ends while it waits for an answer. */
  async close(): Promise<void> {
    this.#letGo();
    await this.#quiet();
    this.#closed = true;
    await this.#send("simulateGATTDisconnection", { address }).catch(() => {});
    await this.#send("disable").catch(() => {});
    await this.#browserSession.detach().catch(() => {});
  }

  /** What the script in the page says; it waits until that is seen to. */
  async said(what: string): Promise<void> {
    const [kind, uuid = ""] = what.split(" ");
    if (kind === "disconnect") return this.#left();
    const notification = kind === "notification" ? this.#waiting.get(uuid)?.shift() : undefined;
    if (notification === undefined) this.#next.delete(uuid);
    else this.#next.set(uuid, notification);
  }

  #letGo(): void {
    if (this.#connected !== undefined) this.#note("disconnect");
    this.#connection++;
    this.#end.come();
    this.#end = new Ending();
    this.#connected?.disconnect();
    this.#connected = undefined;
    this.#waiting.clear();
    this.#next.clear();
  }

  /** By the page. To Chromium's emulation the connection is still there. */
  async #left(): Promise<void> {
    this.#letGo();
    await this.#gone();
  }

  /** Once, though both ends may say so: a second one would end the connection that comes after. */
  #gone(): Promise<void> {
    this.#going ??= this.#tellGone().finally(() => (this.#going = undefined));
    return this.#going;
  }

  async #tellGone(): Promise<void> {
    // An operation that nobody has answered keeps Chromium from telling the page.
    await this.#quiet();
    await this.#reply("simulateGATTDisconnection", { address });
    // The browser's list has lost it too.
    if (!this.#closed) await this.#show();
  }

  /** Until operations have been answered for a while. */
  async #quiet(): Promise<void> {
    for (let quietMs = 0, waitedMs = 0; quietMs < quietEnoughMs && waitedMs < settleMs; waitedMs += 10) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      quietMs = this.#operating.size === 0 ? quietMs + 10 : 0;
    }
  }

  #note(what: string): void {
    this.operations.push(what);
    this.onOperation(what);
  }

  #send(method: string, parameters: object = {}): Promise<unknown> {
    // What a method takes and gives stands beside each call.
    const send = this.#browserSession.send as (method: string, parameters: object) => Promise<unknown>;
    return send.call(this.#browserSession, `BluetoothEmulation.${method}`, parameters);
  }

  /** An answer that comes too late, since the page or the connection has gone, is nobody's. */
  async #reply(method: string, parameters: object): Promise<void> {
    if (this.#closed) return;
    await this.#send(method, parameters).catch((error: unknown) => this.#note(`not taken: ${String(error)}`));
  }

  /** Prompts arrive twice, and a second choice can crash Chromium. */
  async #prompted(id: string, devices: readonly { readonly id: string }[]): Promise<void> {
    const [device] = devices;
    if (this.#answered.has(id) || (this.prompt === "select" && device === undefined)) return;
    this.#answered.add(id);
    if (this.prompt === "cancel") await this.#pageSession.send("DeviceAccess.cancelPrompt", { id });
    else await this.#pageSession.send("DeviceAccess.selectPrompt", { id, deviceId: device!.id });
  }

  async #gatt(type: GattOperation): Promise<void> {
    if (type === "connection") {
      await this.#going;
      await this.#connect();
    }
    const code = this.#connected === undefined ? hciFailed : 0;
    this.#note(`${type}${code === 0 ? "" : " failed"}`);
    await this.#reply("simulateGATTOperationResponse", { address, type, code });
  }

  async #connect(): Promise<void> {
    this.#letGo();
    const connection = this.#connection;
    const connected = await this.#peripheral.connect({
      onNotified: (uuid, bytes) => {
        if (connection === this.#connection) void this.#notified(uuid.toLowerCase(), bytes);
      },
      onDisconnected: () => {
        if (connection === this.#connection) void this.#lost();
      },
    });
    if (connection === this.#connection) this.#connected = connected;
    else connected?.disconnect();
  }

  async #lost(): Promise<void> {
    this.#note("connection lost");
    this.#connected = undefined;
    this.#letGo();
    await this.#gone();
  }

  async #notified(uuid: string, bytes: Bytes): Promise<void> {
    this.#note(`notification ${uuid} ${hex(bytes)}`);
    const waiting = this.#waiting.get(uuid);
    if (waiting === undefined) this.#waiting.set(uuid, [bytes]);
    else waiting.push(bytes);
    await this.#page.evaluate(`void globalThis.${notifyName}?.(${JSON.stringify(uuid)})`).catch(() => {});
  }

  async #operate({ characteristicId, type, data = "", writeType }: CharacteristicOperation): Promise<void> {
    const uuid = this.#uuids.get(characteristicId);
    const connected = this.#connected;
    const end = this.#end.promise;
    const answer = (code: number, bytes?: Bytes): Promise<void> => {
      const more = bytes === undefined ? {} : { data: Buffer.from(bytes).toString("base64") };
      return this.#reply("simulateCharacteristicOperationResponse", { characteristicId, type, code, ...more });
    };
    if (uuid === undefined || connected === undefined) return answer(attFailed);
    if (type === "read") {
      const notification = this.#next.get(uuid);
      this.#next.delete(uuid);
      const bytes = notification ?? (await Promise.race([connected.read(uuid), end]));
      if (notification === undefined) this.#note(`read ${uuid} ${bytes === undefined ? "failed" : hex(bytes)}`);
      return bytes === undefined ? answer(attFailed) : answer(0, bytes);
    }
    if (type === "write") {
      const bytes: Bytes = new Uint8Array(Buffer.from(data, "base64"));
      const withResponse = writeType !== "write-without-response";
      this.#note(`write${withResponse ? "" : " without response"} ${uuid} ${hex(bytes)}`);
      return answer((await Promise.race([connected.write(uuid, bytes, withResponse), end])) === true ? 0 : attFailed);
    }
    this.#note(`${type} ${uuid}`);
    const done = type === "subscribe-to-notifications" ? connected.subscribe(uuid) : connected.unsubscribe(uuid);
    return answer((await Promise.race([done, end])) === true ? 0 : attFailed);
  }
}

/** Before the page is loaded: it adds a script to it. */
export async function emulate(browser: Browser, page: Page, peripheral: Peripheral): Promise<EmulatedPeripheral> {
  const browserSession = await browser.newBrowserCDPSession();
  const pageSession = await page.context().newCDPSession(page);
  const emulated = new EmulatedPeripheral(page, peripheral, browserSession, pageSession);
  await page.exposeFunction(bindingName, (what: string) => emulated.said(what));
  await page.addInitScript(bluetoothScript);
  await emulated.again();
  return emulated;
}
