/** One WebSocket under `/ble`: what it asks is checked, answered once, and never trusted. What breaks the protocol ends it. */
import type { RawData, WebSocket } from "ws";
import {
  bytesOf,
  defaultIntervalMs,
  defaultMtu,
  hexOf,
  type SocketAnswer,
  type SocketNews,
  type SocketTrouble,
} from "../pairing/socket-protocol.js";
import { boardsOnAir } from "./air-boards.js";
import type { AirLink, AirLinks } from "./air-links.js";
import type { Session } from "./session.js";

/** Questions that wait for their answers. */
const waitingMax = 64;
/** What the client has not read yet. */
const unreadBytesMax = 1_048_576;
/** RFC 6455, 7.4.1: against the rules of the server. */
const againstTheRules = 1008;

type Answered = { ok: true; [name: string]: unknown } | { ok: false; kind: SocketTrouble; message: string };

export class AirSocket {
  readonly #socket: WebSocket;
  readonly #session: Session;
  readonly #links: AirLinks;
  readonly #onEnded: () => void;
  #link: AirLink | undefined;
  #waiting = 0;
  #isOver = false;

  constructor(socket: WebSocket, session: Session, links: AirLinks, onEnded: () => void) {
    this.#socket = socket;
    this.#session = session;
    this.#links = links;
    this.#onEnded = onEnded;
    socket.on("error", () => {});
    socket.on("close", () => this.#ended());
    socket.on("message", (data: RawData, binary: boolean) => this.#asked(binary ? undefined : messageOf(String(data))));
  }

  /** The server goes away. */
  end(): void {
    this.#socket.close(1001, "the simulator ends");
    this.#socket.terminate();
  }

  #asked(message: Record<string, unknown> | undefined): void {
    // What was under way when it ended may still come.
    if (this.#isOver) return;
    const id = message?.["id"];
    if (message === undefined || typeof id !== "number" || !Number.isSafeInteger(id)) return this.#broken("this is no question");
    if (++this.#waiting > waitingMax) return this.#broken(`more than ${waitingMax} questions at once`);
    const answer = (answered: Answered): void => {
      this.#waiting--;
      this.#say({ id, ...answered } as SocketAnswer);
    };
    const wrong = this.#obey(message, answer);
    if (wrong !== undefined) this.#broken(wrong);
  }

  /** What breaks the rules is returned. */
  #obey(message: Record<string, unknown>, answer: (answered: Answered) => void): string | undefined {
    const { ask, board, find, hex } = message;
    switch (ask) {
      case "boards": {
        if (find !== undefined && typeof find !== "string") return "find is no text";
        answer({ ok: true, ...boardsOnAir(this.#session, find) });
        return undefined;
      }
      case "press": {
        if (typeof board !== "string") return "press needs a board";
        const pressed = this.#links.press(board, (lost) =>
          answer(lost === undefined ? { ok: true } : { ok: false, kind: "gone", message: lost }),
        );
        if (!pressed.ok) answer({ ok: false, ...pressed.error });
        return undefined;
      }
      case "connect":
        return this.#connect(message, answer);
      case "info": {
        if (this.#link === undefined) return "there is no link";
        this.#link.info((bytes) => answer(bytes === undefined ? gone : { ok: true, hex: hexOf(bytes) }));
        return undefined;
      }
      case "write": {
        if (this.#link === undefined) return "there is no link";
        const bytes = typeof hex === "string" ? bytesOf(hex) : undefined;
        if (bytes === undefined || bytes.length === 0 || bytes.length > this.#link.maximumWrite) return "this is no frame of this link";
        this.#link.write(bytes, (sent) => answer(sent ? { ok: true } : gone));
        return undefined;
      }
      default:
        return "there is no such question";
    }
  }

  #connect(message: Record<string, unknown>, answer: (answered: Answered) => void): string | undefined {
    const { board, mtu = defaultMtu, intervalMs = defaultIntervalMs } = message;
    if (typeof board !== "string") return "connect needs a board";
    if (!Number.isInteger(mtu) || (mtu as number) < 23 || (mtu as number) > 517) return "mtu must be 23 to 517";
    if (typeof intervalMs !== "number" || !(intervalMs >= 7.5 && intervalMs <= 4000)) return "intervalMs must be 7.5 to 4000";
    if (this.#link !== undefined) return "this socket has its link already";
    // It may be refused before there is a link.
    let refused = false;
    const link = this.#links.connect(
      board,
      { mtu: mtu as number, intervalMs },
      {
        connected: (maximumWrite) => answer({ ok: true, maximumWrite }),
        refused: (kind, what) => {
          refused = true;
          this.#link = undefined;
          answer({ ok: false, kind, message: what });
        },
        frame: (bytes) => this.#say({ frame: hexOf(bytes) }),
        gone: (why) => this.#say({ gone: why }),
      },
    );
    if (!refused) this.#link = link;
    return undefined;
  }

  #say(message: SocketAnswer | SocketNews): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > unreadBytesMax) return this.#broken("nobody reads what is said");
    this.#socket.send(JSON.stringify(message));
  }

  #broken(what: string): void {
    this.#socket.close(againstTheRules, what);
    this.#ended();
  }

  #ended(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#link?.close();
    this.#link = undefined;
    this.#onEnded();
  }
}

const gone: Answered = { ok: false, kind: "gone", message: "the link is lost" };

function messageOf(text: string): Record<string, unknown> | undefined {
  try {
    const message = JSON.parse(text) as unknown;
    return typeof message === "object" && message !== null && !Array.isArray(message) ? (message as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
