/**
 * One central, from its connection to its end: Mote's session, what it has subscribed to, and whether it is still worth the
 * only connection that there is.
 */
import type { Bytes, GATTCharacteristic, GATTConnection, Timer } from "../device.js";
import { limits } from "../limits.js";
import type { BoardAccess } from "./access.js";
import type { Guesses, Request, Session, SessionGround } from "./contract.js";
import { openSession } from "./session.js";
import { Requests } from "./requests.js";

export interface CentralGround {
  readonly access: BoardAccess;
  readonly secret: Bytes | undefined;
  readonly guesses: Guesses;
  isOpen(): boolean;
}

/** A class, since its methods stay in flash. */
export class Central implements SessionGround {
  readonly crypto;
  readonly timers;
  readonly id: Bytes;
  readonly secret: Bytes | undefined;
  readonly guesses: Guesses;
  readonly connection: GATTConnection;
  /** Of Mote's replies; undefined while nobody has subscribed. */
  out: GATTCharacteristic | undefined;
  /** It has used the Improv service. */
  improv = false;
  /** It has had its time, and has no session. */
  idle = false;
  /** When it connected, ms. */
  readonly sinceMs: number;
  readonly session: Session;
  readonly requests: Requests;
  private readonly ground: CentralGround;
  private timer: Timer;
  private quiet: Timer;

  constructor(connection: GATTConnection, ground: CentralGround) {
    const { access, secret, guesses } = ground;
    this.connection = connection;
    this.ground = ground;
    this.crypto = access.device.crypto;
    this.timers = access.device.timers;
    this.sinceMs = access.device.clock.nowMs();
    this.id = access.id;
    this.secret = secret;
    this.guesses = guesses;
    this.session = openSession(this);
    this.requests = new Requests(access, this.session);
    this.wait();
  }

  /** It is gone, or is to be. */
  end(): void {
    this.out = undefined;
    this.session.close();
    this.requests.stop();
    // The end of a session sets a timer anew.
    this.timers.clear(this.timer);
    this.timers.clear(this.quiet);
  }

  // ---- what its session asks for

  isOpen(): boolean {
    return this.ground.isOpen();
  }

  maximumFrame(): number {
    const { maximumWrite } = this.connection;
    return maximumWrite < limits.frameBytesMax ? maximumWrite : limits.frameBytesMax;
  }

  send(frame: Bytes, onSent: (sent: boolean) => void): void {
    const { out, connection, timers } = this;
    try {
      if (out !== undefined) return connection.notify(out, frame, (error) => onSent(error === undefined || error === 0 || error === null));
    } catch {
      // It is gone: that is told as any other loss.
    }
    timers.set(() => onSent(false), 0);
  }

  whenQuiet(forMs: number, then: () => void): void {
    this.waitQuiet(forMs, then, this.ground.access.device.clock.nowMs() + limits.quietPatienceMs);
  }

  onRequest(request: Request): void {
    this.requests.answer(request);
  }

  onEnded(why: number): void {
    this.requests.stop();
    if (why !== 0) this.ground.access.note("a session ended: refusal " + why + " of docs/ble.md");
    this.wait();
  }

  private waitQuiet(forMs: number, then: () => void, latestMs: number): void {
    const { access } = this.ground;
    const nowMs = access.device.clock.nowMs();
    const dueMs = access.nextSampleMs();
    if (dueMs - nowMs >= forMs || nowMs >= latestMs) return then();
    // Behind that sample, and what is done with it.
    const delayMs = dueMs > nowMs ? dueMs - nowMs + limits.careAfterMs : limits.careAfterMs;
    this.quiet = this.timers.set(() => this.waitQuiet(forMs, then, latestMs), delayMs);
  }

  /** Who has no session in time may be sent away: see Bluetooth. */
  private wait(): void {
    this.timers.clear(this.timer);
    this.idle = false;
    this.timer = this.timers.set(() => {
      if (this.session.open) this.wait();
      else this.idle = true;
    }, limits.connectionIdleMs);
  }
}
