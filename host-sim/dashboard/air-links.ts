/**
 * The simulated centrals of a run, and who presses buttons in it. What they do is done to the run at its present time and, when
 * somebody goes back on the timeline, again at these very times, by centrals that nobody listens to any more; these let go as soon as
 * somebody connects anew.
 */
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { SocketTrouble } from "../pairing/socket-protocol.js";
import { type Central, type CentralOptions, openCentral } from "./air-central.js";
import type { Run } from "./recipe.js";
import type { Session } from "./session.js";

export const linksMax = 8;
const pressUs = 200_000;

export interface AirHeard {
  /** How many bytes one frame may have. */
  connected(maximumWrite: number): void;
  /** Instead of `connected`. */
  refused(kind: SocketTrouble, message: string): void;
  frame(bytes: Uint8Array): void;
  /** After `connected`; nothing follows. */
  gone(why: string): void;
}

export interface AirLink {
  /** 0 until it is connected. */
  readonly maximumWrite: number;
  /** Undefined: the link is lost. */
  info(done: (bytes: Uint8Array | undefined) => void): void;
  /** False: the link is lost. */
  write(frame: Uint8Array, done: (sent: boolean) => void): void;
  close(): void;
}

export class AirLinks {
  readonly #session: Session;
  readonly #centrals = new WeakMap<Run, Map<number, Central>>();
  readonly #live = new Map<number, Link>();
  /** Whoever waits for a button to be let go. */
  readonly #pressing = new Set<(lost?: string) => void>();
  #made = 0;

  constructor(session: Session) {
    this.#session = session;
    session.onVoid = (why) => {
      for (const link of [...this.#live.values()]) link.lost(why);
      for (const over of [...this.#pressing]) over(why);
    };
  }

  /** Calls `done` when the button is let go; with a reason, in words, when it will never be. */
  press(board: string, done: (lost?: string) => void): Result<undefined, SocketTrouble> {
    const index = this.#found(board);
    if (!index.ok) return index;
    const over = (lost?: string): void => {
      if (this.#pressing.delete(over)) done(lost);
    };
    this.#pressing.add(over);
    let first = true;
    const pressed = this.#session.touch(({ simulation: { stations, scheduler } }) => {
      const { board } = stations[index.value]!;
      const line = board.line(board.model.button);
      const listens = first;
      first = false;
      line.drive(0);
      scheduler.at(scheduler.nowUs + pressUs, () => {
        line.drive(1);
        if (listens) over();
      });
    });
    if (pressed.ok) return success(undefined);
    this.#pressing.delete(over);
    return failure("paused", pressed.error.message);
  }

  connect(board: string, options: Omit<CentralOptions, "name">, heard: AirHeard): AirLink {
    const link = new Link(
      this.#session,
      (run) => this.#of(run).get(id),
      heard,
      () => this.#live.delete(id),
    );
    const id = ++this.#made;
    const found = this.#found(board);
    if (!found.ok) {
      link.refused(found.error.kind, found.error.message);
      return link;
    }
    if (this.#live.size >= linksMax) {
      link.refused("busy", `${linksMax} links are open already: close one`);
      return link;
    }
    this.#live.set(id, link);
    let ghosts: readonly number[] | undefined;
    link.open((run) => {
      const centrals = this.#of(run);
      ghosts ??= [...centrals.keys()].filter((each) => !this.#live.has(each));
      for (const ghost of ghosts) {
        centrals.get(ghost)?.close();
        centrals.delete(ghost);
      }
      const { board } = run.simulation.stations[found.value]!;
      centrals.set(id, openCentral(board, { ...options, name: `central ${id}` }, link.heardIn(run)));
    });
    return link;
  }

  #of(run: Run): Map<number, Central> {
    let centrals = this.#centrals.get(run);
    if (centrals === undefined) this.#centrals.set(run, (centrals = new Map()));
    return centrals;
  }

  /** Its place among the stations, if the run runs. */
  #found(board: string): Result<number, SocketTrouble> {
    const index = this.#session.boards.findIndex(({ station }) => station.name === board);
    if (index < 0) return failure("board", `there is no board ${JSON.stringify(board.slice(0, 40))} in this run`);
    const { state } = this.#session;
    return state === "running" ? success(index) : failure("paused", notRunning[state]);
  }
}

const notRunning = {
  paused: "the run is paused: let it go on, on the dashboard's page",
  replaying: "the run is on its way to another time: wait until it is there",
  failed: "the run has failed: go back on the dashboard's timeline to run it again",
} as const;

class Link implements AirLink {
  maximumWrite = 0;
  readonly #session: Session;
  readonly #centralIn: (run: Run) => Central | undefined;
  readonly #heard: AirHeard;
  readonly #onOver: () => void;
  /** What waits for an answer of the air. */
  readonly #waiting = new Set<() => void>();
  #run: Run | undefined;
  #state: "connecting" | "connected" | "over" = "connecting";

  constructor(session: Session, centralIn: (run: Run) => Central | undefined, heard: AirHeard, onOver: () => void) {
    this.#session = session;
    this.#centralIn = centralIn;
    this.#heard = heard;
    this.#onOver = onOver;
  }

  open(connect: (run: Run) => void): void {
    const done = this.#session.touch((run) => {
      this.#run ??= run;
      connect(run);
    });
    if (!done.ok) this.refused("paused", done.error.message);
  }

  /** What the central in `run` tells: only of the run in which the link was made does anybody hear. */
  heardIn(run: Run): AirHeard {
    const listens = (): boolean => this.#run === run && this.#state !== "over";
    return {
      connected: (maximumWrite) => {
        if (!listens()) return;
        this.#state = "connected";
        this.maximumWrite = maximumWrite;
        this.#heard.connected(maximumWrite);
      },
      refused: (kind, message) => listens() && this.refused(kind, message),
      frame: (bytes) => listens() && this.#heard.frame(bytes),
      gone: (why) => listens() && this.lost(why),
    };
  }

  refused(kind: SocketTrouble, message: string): void {
    if (this.#state === "over") return;
    this.#end();
    this.#heard.refused(kind, message);
  }

  /** Whoever waits is told, and nothing follows. */
  lost(why: string): void {
    if (this.#state === "over") return;
    if (this.#state === "connecting") return this.refused("gone", why);
    this.#end();
    this.#heard.gone(why);
  }

  info(done: (bytes: Uint8Array | undefined) => void): void {
    this.#ask<Uint8Array | undefined>(undefined, (central, answer) => central.info(answer), done);
  }

  write(frame: Uint8Array, done: (sent: boolean) => void): void {
    this.#ask<boolean>(false, (central, answer) => central.write(frame, answer), done);
  }

  close(): void {
    if (this.#state === "over") return;
    this.#end();
    this.#session.touch((run) => this.#centralIn(run)?.close());
  }

  #ask<Answer>(lost: Answer, ask: (central: Central, answer: (answer: Answer) => void) => void, done: (answer: Answer) => void): void {
    if (this.#state !== "connected") return done(lost);
    const abandon = (): void => done(lost);
    this.#waiting.add(abandon);
    // At most once, though the same is done again by who goes back.
    const answered = (answer: Answer): void => {
      if (this.#waiting.delete(abandon)) done(answer);
    };
    const touched = this.#session.touch((run) => {
      const central = this.#centralIn(run);
      const listens = run === this.#run;
      if (central !== undefined) ask(central, (answer) => listens && answered(answer));
    });
    if (!touched.ok) this.lost(touched.error.message);
  }

  #end(): void {
    this.#state = "over";
    this.#onOver();
    for (const abandon of [...this.#waiting]) {
      this.#waiting.delete(abandon);
      abandon();
    }
  }
}
