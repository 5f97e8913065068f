/**
 * A simulated board over the dashboard's WebSocket (socket-protocol.ts), for a browser and for Node: who lists boards, presses a
 * button, or connects, has a socket of its own for it. A link ends with its socket, however that ends.
 */
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { GattLink } from "./contract.js";
import {
  type BoardsAnswer,
  bytesOf,
  hexOf,
  type SocketAnswer,
  type SocketAsk,
  type SocketNews,
  type SocketTrouble,
} from "./socket-protocol.js";

/** What a browser's WebSocket and that of `ws` have in common. */
export interface PlainSocket {
  send(text: string): void;
  close(): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
}

export interface Air {
  /** Such as `ws://127.0.0.1:8080/ble`. */
  readonly url: string;
  makeSocket(url: string): PlainSocket;
}

/** The page of the simulator that has this air, as a person knows it. */
export function pageUrl(airUrl: string): string {
  return airUrl.replace(/^ws/, "http").replace(/ble$/, "");
}

/** `server`: nobody answers under the address. Else as the server says. */
export type AirTrouble = SocketTrouble | "server";

export interface LinkOptions {
  /** 23 … 517 bytes; default 185. */
  readonly mtu?: number;
  /** The connection interval, 7.5 … 4000 ms; default 30. */
  readonly intervalMs?: number;
}

/** How long the server may take for what needs no radio, and to be reached, ms. */
const answerMs = 10_000;

/** The boards of the run; `find`: those whose name contains it. */
export async function listBoards(air: Air, find?: string): Promise<Result<BoardsAnswer, AirTrouble>> {
  const answer = await once(air, find === undefined ? { ask: "boards" } : { ask: "boards", find });
  if (!answer.ok) return answer;
  const { boards = [], of = boards.length, state = "running" } = answer.value;
  return success({ boards, of, state });
}

/** Presses the board's button for 200 ms of its time. */
export async function pressButton(air: Air, board: string): Promise<Result<undefined, AirTrouble>> {
  const answer = await once(air, { ask: "press", board });
  return answer.ok ? success(undefined) : answer;
}

/** Connects to the board, as its central, and subscribes to its frames. */
export async function connect(air: Air, board: string, options: LinkOptions = {}): Promise<Result<GattLink, AirTrouble>> {
  const opened = await Asking.open(air);
  if (!opened.ok) return opened;
  // Before it is answered: news may follow the answer at once.
  const link = new SocketLink(board, opened.value);
  const answer = await opened.value.ask({ ask: "connect", board, ...options });
  if (answer.ok) return success(link);
  link.close();
  return answer;
}

async function once(air: Air, ask: SocketAsk): Promise<Result<Answered, AirTrouble>> {
  const opened = await Asking.open(air);
  if (!opened.ok) return opened;
  const answer = await opened.value.ask(ask);
  opened.value.close();
  return answer;
}

type Answered = Extract<SocketAnswer, { ok: true }>;

/** A socket whose questions are answered in any order. */
class Asking {
  onNews: (news: SocketNews) => void = () => {};
  /** The socket ended, and not by `close`. */
  onLost: () => void = () => {};
  readonly #socket: PlainSocket;
  readonly #waiting = new Map<number, (answer: Result<Answered, AirTrouble>) => void>();
  #asked = 0;
  #closed = false;

  private constructor(socket: PlainSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#heard(String(data));
    socket.onerror = () => {};
    socket.onclose = () => {
      const byUs = this.#closed;
      this.#closed = true;
      for (const answered of this.#waiting.values()) answered(failure("gone", "the link is lost: the simulator has ended it"));
      this.#waiting.clear();
      if (!byUs) this.onLost();
    };
  }

  static open(air: Air): Promise<Result<Asking, AirTrouble>> {
    return new Promise((resolve) => {
      const nobody = failure("server", `nobody answers under ${pageUrl(air.url)}: is a simulator running there? npm start begins one`);
      let socket: PlainSocket;
      try {
        socket = air.makeSocket(air.url);
      } catch {
        resolve(nobody);
        return;
      }
      const timer = setTimeout(() => socket.close(), answerMs);
      socket.onerror = () => {};
      socket.onclose = () => {
        clearTimeout(timer);
        resolve(nobody);
      };
      socket.onopen = () => {
        clearTimeout(timer);
        resolve(success(new Asking(socket)));
      };
    });
  }

  ask(ask: SocketAsk): Promise<Result<Answered, AirTrouble>> {
    return new Promise((resolve) => {
      if (this.#closed) return resolve(failure("gone", "the link is lost"));
      const id = ++this.#asked;
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ ...ask, id }));
    });
  }

  close(): void {
    this.#closed = true;
    this.#socket.close();
  }

  #heard(text: string): void {
    let message: SocketAnswer | SocketNews;
    try {
      message = JSON.parse(text) as SocketAnswer | SocketNews;
    } catch {
      return;
    }
    if (typeof message !== "object" || message === null) return;
    if (!("id" in message)) return this.onNews(message);
    const answered = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    answered?.(message.ok ? success(message) : failure(message.kind, message.message));
  }
}

class SocketLink implements GattLink {
  readonly name: string;
  onFrame: (frame: Uint8Array) => void = () => {};
  onClosed: () => void = () => {};
  readonly #asking: Asking;
  #over = false;

  constructor(name: string, asking: Asking) {
    this.name = name;
    this.#asking = asking;
    asking.onLost = () => this.#lost();
    asking.onNews = (news) => {
      if ("gone" in news) this.#lost();
      else this.onFrame(bytesOf(news.frame)!);
    };
  }

  async readInfo(): Promise<Uint8Array> {
    const answer = await this.#asking.ask({ ask: "info" });
    if (!answer.ok) throw new Error(answer.error.message);
    return bytesOf(answer.value.hex!)!;
  }

  async write(frame: Uint8Array): Promise<void> {
    const answer = await this.#asking.ask({ ask: "write", hex: hexOf(frame) });
    if (!answer.ok) throw new Error(answer.error.message);
  }

  close(): void {
    this.#over = true;
    this.#asking.close();
  }

  #lost(): void {
    if (this.#over) return;
    this.#over = true;
    this.#asking.close();
    this.onClosed();
  }
}
