/**
 * A person with a phone before a simulated board: the client of host-sim/pairing over a simulated central, in virtual time.
 * What the phone does takes none of it: the world stands still while WebCrypto is at work, so that equal runs are equal.
 */
import type { Result } from "../../firmware/base/result.js";
import { openBoard } from "../pairing/client.js";
import type { BoardClient, GattLink, PairingError } from "../pairing/contract.js";
import { type Patience, type Reply, Session } from "../pairing/session.js";
import { readInfo } from "../pairing/texts.js";
import type { Simulation } from "../simulation.js";
import type { Station } from "../station.js";
import type { Central, CentralOptions } from "../world/ble-central.js";

const base = "6d6f7465-5c1e-4d0b-9b4f-2a7f3c9e000";
export const [infoUuid, toBoard, fromBoard] = [1, 2, 3].map((digit) => base + digit) as [string, string, string];

/** Real timers never speak for a simulated board. */
const patience = { info: 3_600_000, welcome: 3_600_000, reply: 3_600_000, scan: 3_600_000 } satisfies Patience;

export class Visitor {
  readonly simulation: Simulation;
  readonly station: Station;

  constructor(simulation: Simulation, station: Station) {
    this.simulation = simulation;
    this.station = station;
    watchWork();
  }

  get nowMs(): number {
    return this.simulation.scheduler.nowUs / 1000;
  }

  pass(ms: number): void {
    const { scheduler } = this.simulation;
    scheduler.runUntil(scheduler.nowUs + ms * 1000);
  }

  /** Until `holds`, at most so long; says whether it came to that. */
  passUntil(holds: () => boolean, withinMs: number): boolean {
    const endMs = this.nowMs + withinMs;
    while (!holds() && this.nowMs < endMs) this.pass(10);
    return holds();
  }

  press(forMs = 200): void {
    const { board } = this.station;
    const line = board.line(board.model.button);
    line.drive(0);
    this.pass(forMs);
    line.drive(1);
    this.pass(100);
  }

  /** The world goes on until it is answered: at most so long, of its own time. */
  async awaits<Value>(asked: Promise<Value>, withinMs = 60_000): Promise<Value> {
    let answer: { value: Value } | { thrown: unknown } | undefined;
    asked.then(
      (value) => (answer = { value }),
      (thrown: unknown) => (answer = { thrown }),
    );
    const { scheduler } = this.simulation;
    const endUs = scheduler.nowUs + withinMs * 1000;
    for (;;) {
      await workDone();
      if (answer !== undefined || scheduler.nowUs >= endUs) break;
      scheduler.runUntil(Math.min(endUs, scheduler.nextUs()));
    }
    if (answer === undefined) throw new Error(`nothing was answered within ${withinMs} ms of the world's time`);
    if ("thrown" in answer) throw answer.thrown;
    return answer.value;
  }

  /** Connected and subscribed. Rejects when nobody advertises. */
  connect(options: CentralOptions = {}): Promise<SimulatedLink> {
    const { bluetooth } = this.station.board;
    return this.awaits(
      new Promise<SimulatedLink>((resolve, reject) => {
        let link: SimulatedLink | undefined;
        bluetooth.connect(
          { name: "phone", ...options },
          {
            onConnected(central) {
              const made = new SimulatedLink(central);
              link = made;
              central.subscribe(
                fromBoard,
                (value) => made.onFrame(value),
                (done) => (done.ok ? resolve(made) : reject(new Error(done.error.message))),
              );
            },
            onUnanswered: () => reject(new Error("nobody advertises")),
            onDisconnected: () => link?.lost(),
          },
        );
      }),
    );
  }

  /** Connected, and nothing more. Rejects when nobody advertises. */
  come(options: CentralOptions = {}, onGone: (reason: string) => void = () => undefined): Promise<Central> {
    const { bluetooth } = this.station.board;
    return this.awaits(
      new Promise<Central>((resolve, reject) => {
        bluetooth.connect(
          { name: "phone", ...options },
          { onConnected: resolve, onUnanswered: () => reject(new Error("nobody advertises")), onDisconnected: onGone },
        );
      }),
    );
  }

  async enter(secret: Uint8Array = this.station.board.secret!, options: CentralOptions = {}): Promise<Result<BoardClient, PairingError>> {
    const link = await this.connect(options);
    return this.awaits(openBoard(link, secret, patience));
  }

  /** A session whose replies are told as they are. */
  async talk(options: CentralOptions = {}, secret: Uint8Array = this.station.board.secret!): Promise<Talk> {
    const link = await this.connect(options);
    const info = readInfo(await this.awaits(link.readInfo()))!;
    const session = await this.awaits(Session.open(link, info, secret, patience.welcome));
    if (!session.ok) throw new Error(session.error.message);
    return new Talk(this, session.value, link);
  }
}

/** Of its Wi-Fi and broker, those that work. */
export function rightSettings({ settings: { wifi, broker } }: Simulation): Map<string, string> {
  return new Map([
    ["wifi.ssid", wifi.ssid],
    ["wifi.password", wifi.password],
    ["broker.host", broker.host],
  ]);
}

/** Verbs by number, and all that the board has said. */
export class Talk {
  readonly visitor: Visitor;
  readonly session: Session;
  readonly link: SimulatedLink;
  /** Bodies of replies and events. */
  readonly said: string[] = [];
  readonly events: { readonly kind: number; readonly body: string }[] = [];
  /** Why the session has ended. */
  ended: string | undefined;

  constructor(visitor: Visitor, session: Session, link: SimulatedLink) {
    this.visitor = visitor;
    this.session = session;
    this.link = link;
    session.onEvent = (kind, body) => {
      this.said.push(body);
      this.events.push({ kind, body });
    };
    session.onEnded = ({ kind }) => (this.ended = kind);
  }

  async ask(verb: number, body = ""): Promise<Reply> {
    const reply = await this.visitor.awaits(this.session.request(verb, body, patience.reply));
    if (!reply.ok) throw new Error(reply.error.message);
    this.said.push(reply.value.body);
    return reply.value;
  }
}

export class SimulatedLink implements GattLink {
  readonly name = "Mote";
  onFrame: (frame: Uint8Array) => void = () => {};
  onClosed: () => void = () => {};
  readonly central: Central;
  isLost = false;
  private readonly waiting = new Set<(error: Error) => void>();

  constructor(central: Central) {
    this.central = central;
  }

  readInfo(): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.waiting.add(reject);
      this.central.read(infoUuid, (done) => {
        this.waiting.delete(reject);
        if (done.ok) resolve(done.value);
        else reject(new Error(done.error.message));
      });
    });
  }

  write(frame: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.add(reject);
      this.central.write(toBoard, frame, false, (done) => {
        this.waiting.delete(reject);
        if (done.ok) resolve();
        else reject(new Error(done.error.message));
      });
    });
  }

  close(): void {
    this.central.disconnect();
  }

  lost(): void {
    this.isLost = true;
    for (const reject of this.waiting) reject(new Error("the connection is lost"));
    this.waiting.clear();
    this.onClosed();
  }
}

/** What WebCrypto has been asked and has not answered; undefined while nobody counts. */
const work: { pending: number | undefined } = { pending: undefined };

/** Counts from now on. */
function watchWork(): void {
  if (work.pending !== undefined) return;
  work.pending = 0;
  const subtle = crypto.subtle as unknown as Record<string, unknown>;
  const own = Object.getPrototypeOf(subtle) as Record<string, (...given: unknown[]) => Promise<unknown>>;
  for (const name of ["generateKey", "importKey", "exportKey", "deriveBits", "encrypt", "decrypt", "sign", "digest"]) {
    Object.defineProperty(subtle, name, {
      configurable: true,
      value: (...given: unknown[]) => {
        work.pending!++;
        return own[name]!.apply(subtle, given).finally(() => work.pending!--);
      },
    });
  }
}

/** Nothing is being computed, and what was waiting for it has gone on. */
async function workDone(): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (work.pending !== 0);
}
