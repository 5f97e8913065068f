/**
 * A board over Bluetooth: opens the radio's GATT server when its window opens for the first time, advertises while the window
 * is open, and has one central at a time. The SDK has one server a boot and cannot give it back; all else is let go when the
 * window is closed and nobody is connected.
 */
import type { Bytes, GATTCharacteristic, GATTCharacteristicOptions, GATTConnection, GATTServer } from "../device.js";
import { schemaVersion } from "../config/schema.js";
import { limits } from "../limits.js";
import type { BoardAccess } from "./access.js";
import { Advertising, moteService } from "./advertisement.js";
import { Central } from "./central.js";
import { KeptGuesses } from "./guesses.js";
import { Improv } from "./improv.js";
import { ImprovDesk } from "./improv-desk.js";
import { type ImprovCharacteristic, improvCharacteristics, improvService } from "./improv-frames.js";
import { readSecret } from "./secret.js";
import { Window } from "./window.js";

const infoUuid = "6d6f7465-5c1e-4d0b-9b4f-2a7f3c9e0001";
const toBoardUuid = "6d6f7465-5c1e-4d0b-9b4f-2a7f3c9e0002";
const fromBoardUuid = "6d6f7465-5c1e-4d0b-9b4f-2a7f3c9e0003";
const mtu = 517;
const protocol = 1;

/** A class, since its methods stay in flash. */
export class Bluetooth {
  readonly window: Window;
  private readonly access: BoardAccess;
  private readonly guesses: KeptGuesses;
  private server: GATTServer | undefined;
  private ready = false;
  private advertising: Advertising | undefined;
  private central: Central | undefined;
  private improv: Improv | undefined;
  private desk: ImprovDesk | undefined;

  constructor(access: BoardAccess) {
    this.access = access;
    this.guesses = new KeptGuesses(access.device.keyValue);
    this.window = new Window(access.device, (open) => this.windowChanged(open));
  }

  /** Somebody stands before the board. */
  pressed(): void {
    const { access, window } = this;
    const wasOpen = window.isOpen;
    this.guesses.clear();
    access.note("the button was pressed: Bluetooth is open");
    window.open(limits.windowMs);
    if (this.isBlocked(wasOpen)) access.restart();
  }

  /** Somebody stays connected for nothing. Nothing but a restart ends a connection (docs/decisions/provisioning.md), and the person is to have it. */
  private isBlocked(wasOpen: boolean): boolean {
    const { central } = this;
    if (central === undefined || central.session.open) return false;
    return central.idle || (wasOpen && this.access.device.clock.nowMs() - central.sinceMs >= limits.connectionPatienceMs);
  }

  trialChanged(): void {
    this.central?.requests.trialChanged();
  }

  networkChanged(text: string): void {
    this.central?.requests.networkChanged(text);
    if (this.window.isOpen) this.improv?.opened();
  }

  stop(): void {
    this.window.stop();
    this.advertising?.stop();
    this.central?.end();
  }

  private windowChanged(open: boolean): void {
    if (open) {
      this.desk ??= new ImprovDesk(this.access, () => this.window.isOpen);
      this.improv ??= new Improv(this.desk);
      this.desk.onChanged = () => this.advertising?.renew();
      this.improv.opened();
      if (this.server === undefined) this.open();
      else this.advertise();
      return;
    }
    this.improv?.closed();
    this.advertising?.stop();
    this.rest();
  }

  /** Nobody is connected, and nobody may: what was made for them goes. */
  private rest(): void {
    if (this.window.isOpen || this.central !== undefined) return;
    this.improv = undefined;
    this.desk = undefined;
    this.advertising = undefined;
  }

  private open(): void {
    const improv = improvCharacteristics.map((each) => this.improvCharacteristic(each));
    const board = this;
    try {
      this.server = new this.access.device.GATTServer({
        mtu,
        // LE Secure Connections, for who wants a pairing of the radio's on top.
        security: {},
        services: [
          { uuid: improvService, characteristics: improv },
          { uuid: moteService, characteristics: this.ownCharacteristics() },
        ],
        onReady: () => {
          board.ready = true;
          board.advertise();
        },
        onConnect: (connection) => board.connected(connection),
        onDisconnect: (connection) => board.disconnected(connection),
      });
    } catch (thrown) {
      this.access.note("Bluetooth does not start: " + (thrown instanceof Error ? thrown.message : "no reason given"));
    }
  }

  private advertise(): void {
    const { server, access } = this;
    if (server === undefined || !this.ready || !this.window.isOpen || this.central !== undefined) return;
    this.advertising ??= new Advertising(server, access.device.timers, {
      name: () => access.name(),
      digits: access.device.id.slice(-6),
      improvState: () => this.improv?.currentState ?? 1,
      improvCapabilities: () => this.improv?.capabilities ?? 0,
    });
    this.advertising.start();
  }

  // ---- the central

  private connected(connection: GATTConnection): void {
    // A second one, or one that came as the window closed: it is not heard, and cannot be sent away.
    if (this.central !== undefined || !this.window.isOpen) return;
    this.advertising?.stop();
    const { access, guesses, window } = this;
    const secret = readSecret(access.device.flash);
    this.central = new Central(connection, { access, secret, guesses, isOpen: () => window.isOpen });
  }

  private disconnected(connection: GATTConnection): void {
    if (this.central?.connection === connection) this.ended();
  }

  private ended(): void {
    this.central?.end();
    this.central = undefined;
    this.improv?.disconnected();
    this.desk?.forget();
    this.advertise();
    this.rest();
  }

  // ---- what it reads and writes

  private ownCharacteristics(): GATTCharacteristicOptions[] {
    const { read, write, writeWithOutResponse, notify } = this.access.device.GATTServer.properties;
    const board = this;
    return [
      { uuid: infoUuid, properties: read, onRead: (connection) => board.info(connection) },
      {
        uuid: toBoardUuid,
        properties: write + writeWithOutResponse,
        onWrite: (value, connection) => board.central?.connection === connection && board.central.session.received(new Uint8Array(value)),
      },
      {
        uuid: fromBoardUuid,
        properties: notify,
        onSubscribe(connection) {
          const { central } = board;
          if (central?.connection !== connection) return;
          central.out = this;
        },
        onUnsubscribe(connection) {
          const { central } = board;
          if (central?.connection !== connection) return;
          central.out = undefined;
        },
      },
    ];
  }

  private improvCharacteristic({ uuid, part, read, write, notify }: ImprovCharacteristic): GATTCharacteristicOptions {
    const { properties } = this.access.device.GATTServer;
    const board = this;
    const made: GATTCharacteristicOptions = { uuid, properties: 0 };
    if (read) {
      made.properties += properties.read;
      made.onRead = () => board.improv?.value(part) ?? new Uint8Array(1);
    }
    if (write) {
      made.properties += properties.write + properties.writeWithOutResponse;
      made.onWrite = (value, connection) => board.improvWrite(connection, new Uint8Array(value));
    }
    if (notify && part !== "command" && part !== "capabilities") {
      made.properties += properties.notify;
      made.onSubscribe = function (this: GATTCharacteristic, connection) {
        if (board.central?.connection !== connection) return;
        board.desk?.subscribe(part, connection, this);
      };
      made.onUnsubscribe = (connection) => {
        if (board.central?.connection !== connection) return;
        board.desk?.unsubscribe(part);
      };
    }
    return made;
  }

  private improvWrite(connection: GATTConnection, bytes: Bytes): void {
    if (this.central?.connection !== connection) return;
    this.central.improv = true;
    this.improv?.received(bytes, connection.maximumWrite);
  }

  private info(connection: GATTConnection): Bytes {
    const { access, window, central } = this;
    const bytes = new Uint8Array(16);
    const { left } = this.guesses;
    const hasSecret = central?.secret !== undefined;
    const trial = access.trial.state === "trial";
    bytes[0] = protocol;
    bytes[1] =
      (window.isOpen ? 1 : 0) + (hasSecret ? 2 : 0) + (left <= 0 ? 4 : 0) + (central?.session.open === true ? 8 : 0) + (trial ? 16 : 0);
    bytes[2] = left;
    put16(bytes, 4, window.leftS);
    bytes.set(access.id, 6);
    put16(bytes, 12, schemaVersion);
    put16(bytes, 14, connection.maximumWrite);
    return bytes;
  }
}

function put16(bytes: Bytes, at: number, value: number): void {
  bytes[at] = value & 0xff;
  bytes[at + 1] = value >> 8;
}
