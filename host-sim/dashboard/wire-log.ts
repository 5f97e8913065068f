/**
 * What passed a board's wire lately, bounded, as bytes; made legible only for who looks. A reader that
 * begins in the middle of a connection is told nothing of the packets before.
 */
import { MqttConversation } from "../world/decoded-mqtt.js";
import type { Wire, WireTap } from "../world/wire.js";
import type { WireRow } from "../web/protocol.js";

interface Piece {
  readonly number: number;
  readonly connection: number;
  /** The first of its connection. */
  readonly first: boolean;
  readonly atUs: number;
  readonly way: "out" | "in";
  readonly bytes: Uint8Array;
}

/** CONNECT as brief as it may be: what a conversation must begin with. */
const connect = Uint8Array.of(0x10, 12, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 30, 0, 0);

export class WireLog {
  readonly #piecesMax: number;
  readonly #pieces: Piece[] = [];
  #total = 0;
  #connections = 0;

  constructor(piecesMax: number) {
    this.#piecesMax = piecesMax;
  }

  /** Listens beside whoever does already. */
  attach(wire: Wire, nowUs: () => number): void {
    const inner = wire.tap;
    wire.tap = () => {
      const other = inner();
      const own = this.#tap(nowUs);
      return {
        out(bytes, room) {
          other?.out(bytes, room);
          own.out(bytes, room);
        },
        in(bytes) {
          other?.in(bytes);
          own.in(bytes);
        },
        closed: () => other?.closed?.(),
      };
    };
  }

  reader(): WireReader {
    return new WireReader(() => this.#pieces);
  }

  #tap(nowUs: () => number): WireTap {
    const connection = ++this.#connections;
    let first = true;
    const take = (way: "out" | "in", bytes: Uint8Array): void => {
      this.#pieces[this.#total % this.#piecesMax] = { number: this.#total, connection, first, atUs: nowUs(), way, bytes: bytes.slice() };
      this.#total++;
      first = false;
    };
    return { out: (bytes) => take("out", bytes), in: (bytes) => take("in", bytes) };
  }
}

export class WireReader {
  readonly #pieces: () => readonly Piece[];
  readonly #conversations = new Map<number, MqttConversation>();
  #next = 0;

  constructor(pieces: () => readonly Piece[]) {
    this.#pieces = pieces;
  }

  /** What passed since the last time, as far as it is kept. */
  rows(): WireRow[] {
    const rows: WireRow[] = [];
    const news = this.#pieces()
      .filter(({ number }) => number >= this.#next)
      .sort((a, b) => a.number - b.number);
    if (news.length === 0) return rows;
    // Where pieces were missed, packets may be in halves.
    if (news[0]!.number > this.#next) this.#conversations.clear();
    for (const { number, connection, first, atUs, way, bytes } of news) {
      this.#next = number + 1;
      for (const { text } of this.#conversation(connection, first).feed(way, bytes)) {
        const [what = "", ...rest] = text.startsWith("socket ") ? ["…", text] : text.split(" ");
        rows.push({ atMs: atUs / 1000, way, what, text: rest.join(" ") });
      }
    }
    return rows;
  }

  #conversation(connection: number, first: boolean): MqttConversation {
    let conversation = this.#conversations.get(connection);
    if (conversation === undefined) {
      conversation = new MqttConversation(connection);
      if (!first) conversation.feed("out", connect);
      // One connection follows the other: of those before nothing comes any more.
      this.#conversations.clear();
      this.#conversations.set(connection, conversation);
    }
    return conversation;
  }
}
