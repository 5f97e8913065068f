/**
 * One simulated central on a board's radio, as the socket's protocol has it: it connects, subscribes to the board's frames, and
 * does what a browser does with Mote's service.
 */
import { fromBoardUuid, infoUuid, toBoardUuid } from "../pairing/service.js";
import type { SimulatedBoard } from "../world/board.js";
import type { Central as RadioCentral } from "../world/ble-central.js";
import type { AirHeard } from "./air-links.js";

export interface CentralOptions {
  readonly name: string;
  readonly mtu: number;
  readonly intervalMs: number;
}

export interface Central {
  info(done: (bytes: Uint8Array | undefined) => void): void;
  write(frame: Uint8Array, done: (sent: boolean) => void): void;
  close(): void;
}

/** Of a write or notification, beside its value (Bluetooth Core 5.4, vol 3, part F, 3.4.5.3). */
const overheadBytes = 3;
/** How long a board is sought, and one that is taken: who was connected may just be gone. */
const [seekMs, takenMs] = [10_000, 2000];
/** Frames that a computer's radio takes before it lets its caller wait. */
const queuedMost = 8;

export function openCentral(board: SimulatedBoard, options: CentralOptions, heard: AirHeard): Central {
  const { bluetooth } = board;
  if (bluetooth.advertisement === undefined && !bluetooth.connected) {
    refuse(heard, false);
    return { info: (done) => done(undefined), write: (_, done) => done(false), close() {} };
  }
  return new SocketCentral(board, options, heard);
}

function refuse(heard: AirHeard, taken: boolean): void {
  const busy = "somebody else is connected to this board, and it talks to one at a time: perhaps the configurator in a browser";
  if (taken) heard.refused("busy", busy + ". Disconnect there, or press the board's button");
  else heard.refused("closed", "this board cannot be reached: its window is closed, or it has no power. Press its button");
}

class SocketCentral implements Central {
  readonly #radio: RadioCentral;
  /** Callers that wait until fewer frames are queued. */
  readonly #waiting: ((sent: boolean) => void)[] = [];
  #queued = 0;

  constructor({ bluetooth }: SimulatedBoard, options: CentralOptions, heard: AirHeard) {
    const lost = "the connection to the board is lost";
    let subscribed = false;
    const timeoutMs = bluetooth.connected ? takenMs : seekMs;
    this.#radio = bluetooth.connect(
      { ...options, timeoutMs },
      {
        onConnected: (radio) => {
          radio.subscribe(
            fromBoardUuid,
            (bytes) => heard.frame(bytes),
            (outcome) => {
              subscribed = outcome.ok;
              if (outcome.ok) return heard.connected(radio.mtu - overheadBytes);
              heard.refused("gone", outcome.error.message);
              radio.disconnect();
            },
          );
        },
        onUnanswered: () => refuse(heard, bluetooth.connected),
        onDisconnected: (reason) => {
          const why = reason === "board" ? "the board has ended the connection" : lost;
          if (subscribed) heard.gone(why);
          else heard.refused("gone", why);
          for (const told of this.#waiting.splice(0)) told(false);
        },
      },
    );
  }

  info(done: (bytes: Uint8Array | undefined) => void): void {
    this.#radio.read(infoUuid, (outcome) => done(outcome.ok ? outcome.value : undefined));
  }

  write(frame: Uint8Array, done: (sent: boolean) => void): void {
    this.#queued++;
    this.#radio.write(toBoardUuid, frame, false, (outcome) => {
      this.#queued--;
      if (outcome.ok) this.#waiting.shift()?.(true);
    });
    if (!this.#radio.connected) done(false);
    else if (this.#queued < queuedMost) done(true);
    else this.#waiting.push(done);
  }

  close(): void {
    this.#radio.disconnect();
  }
}
