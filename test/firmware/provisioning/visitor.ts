/**
 * A person with a phone before a simulated board: the client of host-sim/pairing over a simulated central, in virtual time.
 * WebCrypto answers in its own time, so the world takes small steps while something is awaited.
 */
import { openBoard } from "../../../host-sim/pairing/client.js";
import type { BoardClient, GattLink, PairingError } from "../../../host-sim/pairing/contract.js";
import type { Result } from "../../../firmware/base/result.js";
import type { Simulation } from "../../../host-sim/simulation.js";
import type { Station } from "../../../host-sim/station.js";
import type { Central } from "../../../host-sim/world/ble-central.js";

const base = "6d6f7465-5c1e-4d0b-9b4f-2a7f3c9e000";
const [infoUuid, toBoard, fromBoard] = [1, 2, 3].map((digit) => base + digit) as [string, string, string];

export interface VisitorOptions {
  readonly mtu?: number;
  readonly intervalMs?: number;
}

export class Visitor {
  readonly simulation: Simulation;
  readonly station: Station;

  constructor(simulation: Simulation, station: Station) {
    this.simulation = simulation;
    this.station = station;
  }

  get nowMs(): number {
    return this.simulation.scheduler.nowUs / 1000;
  }

  pass(ms: number): void {
    const { scheduler } = this.simulation;
    scheduler.runUntil(scheduler.nowUs + ms * 1000);
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
    const endMs = this.nowMs + withinMs;
    while (answer === undefined && this.nowMs < endMs) {
      // What the client does takes no time in the world.
      for (let turn = 0; turn < 6 && answer === undefined; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (answer === undefined) this.pass(1);
    }
    if (answer === undefined) throw new Error(`nothing was answered within ${withinMs} ms of the world's time`);
    if ("thrown" in answer) throw answer.thrown;
    return answer.value;
  }

  connect(options: VisitorOptions = {}): Promise<GattLink> {
    const { bluetooth } = this.station.board;
    return this.awaits(
      new Promise<GattLink>((resolve, reject) => {
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

  async enter(secret: Uint8Array = this.station.board.secret!, options: VisitorOptions = {}): Promise<Result<BoardClient, PairingError>> {
    const link = await this.connect(options);
    return this.awaits(openBoard(link, secret));
  }
}

export class SimulatedLink implements GattLink {
  readonly name = "Mote";
  onFrame: (frame: Uint8Array) => void = () => {};
  onClosed: () => void = () => {};
  readonly central: Central;
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
    for (const reject of this.waiting) reject(new Error("the connection is lost"));
    this.waiting.clear();
    this.onClosed();
  }
}
