/**
 * A person with a phone, in virtual time: goes to a board, presses its button, connects, and gets an errand done. Where the
 * connection is lost, the board is away or does not answer, the person begins anew, until there is no more time. A model of a
 * client, independent of the firmware's code and of the client's in host-sim/pairing.
 *
 * Fault model: the world's. The person neither mistypes nor forgets.
 */
import type { Crypto } from "../../firmware/device.js";
import type { SimulatedBoard } from "../world/board.js";
import type { Central } from "../world/ble-central.js";
import type { Random } from "../world/random.js";
import type { Scheduler } from "../world/scheduler.js";
import { Conversation } from "./conversation.js";

/** What is to be done, in this order. */
export interface Errand {
  /** By name, as `broker.host`. Nothing: nothing is set. */
  readonly set: Readonly<Record<string, string | number>>;
  /** Whether what is on trial is then confirmed or undone by hand; else it is left to the board. */
  readonly byHand: "confirm" | "undo" | "nothing";
  readonly restart: boolean;
}

export interface VisitorEvents {
  /** A request is on its way. */
  onAsked(verb: VerbName): void;
  onAnswered(verb: VerbName, status: number, body: string): void;
  /** The errand is done, or `undefined` says why it was given up. */
  onLeft(done: boolean, why: string): void;
}

export interface VisitorParts {
  readonly scheduler: Scheduler;
  readonly board: SimulatedBoard;
  readonly crypto: Crypto;
  readonly draws: Random;
  /** When there is no more time, ms. */
  readonly untilMs: number;
  readonly name?: string;
}

const verbs = { about: 1, set: 4, confirm: 6, undo: 7, restart: 14 } as const;
export type VerbName = keyof typeof verbs;

/** Of replies (docs/ble.md). */
const done = 0;
const flashFails = 19;
const nothingOnTrial = 20;
const pressMs = 200;
/** After a press, until the phone is out; and between two attempts. */
const handMs = 300;
const pauseMs = 4_000;
/** A person reads before tapping on. */
const thinkLeastMs = 50;
const thinkMostMs = 3_000;

/** The person sets out now. */
export function visit(parts: VisitorParts, errand: Errand, events: Partial<VisitorEvents> = {}): void {
  new Visitor(parts, errand, events).go();
}

interface Step {
  readonly verb: VerbName;
  readonly body: () => string;
}

class Visitor {
  readonly #parts: VisitorParts;
  readonly #events: Partial<VisitorEvents>;
  readonly #steps: Step[];
  readonly #mtu: number;
  #schema = "";
  #attempt = 0;
  #left = false;

  constructor(parts: VisitorParts, errand: Errand, events: Partial<VisitorEvents>) {
    this.#parts = parts;
    this.#events = events;
    // As iOS, as Android, and as the least that there is.
    this.#mtu = [185, 185, 517, 23][parts.draws.next() % 4]!;
    this.#steps = stepsOf(errand, () => this.#schema);
  }

  go(): void {
    const { scheduler, board, untilMs } = this.#parts;
    if (scheduler.nowUs >= untilMs * 1000) return this.#leave(false, "there was no more time");
    const attempt = ++this.#attempt;
    const line = board.line(board.model.button);
    line.drive(0);
    this.#after(pressMs, attempt, () => {
      line.drive(1);
      this.#after(handMs, attempt, () => this.#connect(attempt));
    });
  }

  #connect(attempt: number): void {
    const { board, name = "visitor" } = this.#parts;
    let talk: Conversation | undefined;
    const central: Central = board.bluetooth.connect(
      { name, mtu: this.#mtu },
      {
        onConnected: () => {
          const conversation = new Conversation(
            { ...this.#parts, central, secret: board.secret ?? new Uint8Array(15) },
            { onOpen: () => this.#next(conversation, central, attempt), onEnded: () => this.#again(central, attempt) },
          );
          talk = conversation;
        },
        onUnanswered: () => this.#again(central, attempt),
        onDisconnected: () => (talk === undefined ? this.#again(central, attempt) : talk.end("the connection is lost")),
      },
    );
  }

  /** The first step that is not done yet. */
  #next(talk: Conversation, central: Central, attempt: number): void {
    const step = this.#steps[0];
    if (step === undefined) {
      this.#leave(true, "");
      return central.disconnect();
    }
    const { verb } = step;
    this.#events.onAsked?.(verb);
    talk.ask(verbs[verb], step.body(), (status, body) => {
      if (attempt !== this.#attempt) return;
      this.#events.onAnswered?.(verb, status, body);
      if (status === done || status === nothingOnTrial) {
        this.#steps.shift();
        if (verb === "about") this.#schema = /^schema (\d+)$/m.exec(body)?.[1] ?? "";
      } else if (status !== flashFails) {
        this.#leave(false, `${verb}: ${status} ${body}`);
        return central.disconnect();
      }
      this.#after(verb === "about" ? 0 : this.#thinkMs(), attempt, () => this.#next(talk, central, attempt));
    });
  }

  #again(central: Central, attempt: number): void {
    if (this.#left || attempt !== this.#attempt) return;
    this.#attempt++;
    // A central that stays connected would keep everybody out.
    central.disconnect();
    this.#after(pauseMs, this.#attempt, () => this.go());
  }

  #leave(isDone: boolean, why: string): void {
    if (this.#left) return;
    this.#left = true;
    this.#attempt++;
    this.#events.onLeft?.(isDone, why);
  }

  #thinkMs(): number {
    return thinkLeastMs + this.#parts.draws.fraction() * (thinkMostMs - thinkLeastMs);
  }

  /** Unless something else has happened to this attempt by then. */
  #after(ms: number, attempt: number, then: () => void): void {
    const { scheduler } = this.#parts;
    scheduler.at(scheduler.nowUs + Math.round(ms * 1000), () => {
      if (attempt === this.#attempt) then();
    });
  }
}

function stepsOf({ set, byHand, restart }: Errand, schema: () => string): Step[] {
  const steps: Step[] = [];
  const names = Object.keys(set);
  // What version its settings have stands in "about".
  if (names.length > 0) steps.push({ verb: "about", body: () => "" });
  const lines = names.map((name) => `\n${name}=${set[name]}`).join("");
  if (names.length > 0) steps.push({ verb: "set", body: () => `schema ${schema()}${lines}` });
  if (byHand !== "nothing") steps.push({ verb: byHand, body: () => "" });
  if (restart) steps.push({ verb: "restart", body: () => "" });
  return steps;
}
