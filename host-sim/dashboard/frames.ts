/**
 * Makes the frames of one browser: what is new since its last one, bounded however long ago that was. A browser
 * that skips frames misses nothing that is still kept.
 */
import type { Frame, BoardFrame, Cell, Hello, History, Points } from "../web/protocol.js";
import { appInfo } from "./app-info.js";
import type { BoardRecord } from "./board-record.js";
import { faultInfos } from "./fault-order.js";
import type { Session } from "./session.js";
import type { WireReader } from "./wire-log.js";

/** What a browser looks at: one board, or a channel of all of them. */
export type Looked = { readonly board: string } | { readonly channel: string };

/** New points of one series that go out in one frame; of more, every so manieth. */
const pointsMax = 500;
const cellPoints = 48;
const wireRowsMax = 120;
/** How often counts are looked at, real ms: cheap on node, a conversation with another process on xs. */
const countEveryMs = { node: 100, xs: 500 } as const;
const countCellsEveryMs = 1000;

export function helloOf(session: Session, more: Pick<Hello, "runs" | "canReplay" | "broker">): Hello {
  const apps = [...new Set(session.boards.map(({ station }) => station.app))];
  return {
    kind: "hello",
    run: session.name,
    ...more,
    seed: session.seed,
    engine: session.engine,
    apps: apps.map(appInfo),
    boards: session.boards.map(({ station }) => ({
      name: station.name,
      device: station.device ?? station.name,
      app: apps.indexOf(station.app),
      model: station.board.model.name,
      notes: station.notes,
    })),
    faults: faultInfos(session.engine, (kind) => session.suffers(kind)),
  };
}

export class Frames {
  readonly #session: Session;
  readonly #looked: Looked;
  #generation = -1;
  #marksVersion = -1;
  #raw: number[] = [];
  #out: number[] = [];
  #wire: WireReader | undefined;
  #spans = "";
  #thinned = false;
  #counted: Pick<BoardFrame, "way" | "health"> | undefined;
  #history = "";
  #countedAtMs = -Infinity;
  #conditions: number[] = [];

  constructor(session: Session, looked: Looked) {
    this.#session = session;
    this.#looked = looked;
  }

  next(): Frame {
    const session = this.#session;
    const { generation, nowMs, furthestMs, state, speed, ratio, progress, failure } = session;
    const anew = generation !== this.#generation;
    if (anew) {
      this.#generation = generation;
      this.#forget();
    }
    const newMarks = session.marksVersion !== this.#marksVersion;
    this.#marksVersion = session.marksVersion;
    const looked = this.#looked;
    const board = "board" in looked ? session.boards.find(({ station }) => station.name === looked.board) : undefined;
    return {
      kind: "frame",
      generation,
      nowMs: Math.round(nowMs),
      furthestMs: Math.round(furthestMs),
      state,
      speed,
      ratio: Number(ratio.toPrecision(3)),
      ...(progress === undefined ? {} : { progress }),
      ...(failure === undefined ? {} : { failure }),
      ...(newMarks ? { marks: session.marks() } : {}),
      ...(board === undefined ? {} : { board: this.#board(board, anew) }),
      ...("channel" in looked ? { cells: this.#cells(looked.channel), ...(anew ? { resetCells: true } : {}) } : {}),
    };
  }

  #forget(): void {
    this.#marksVersion = -1;
    this.#raw = [];
    this.#out = [];
    this.#wire = undefined;
    this.#spans = "";
    this.#thinned = false;
    this.#counted = undefined;
    this.#history = "";
    this.#conditions = [];
  }

  #board(board: BoardRecord, anew: boolean): BoardFrame {
    const most = Math.max(0, ...board.channels.map(({ raw }, index) => raw.total - (this.#raw[index] ?? 0)));
    const thin = most > pointsMax && !anew;
    // What was left out in a hurry is sent as soon as there is leisure.
    const reset = anew || (this.#thinned && !thin);
    this.#thinned = thin;
    this.#wire ??= board.wire.reader();
    const spans = board.spans;
    const spansState = `${spans.length} ${spans.at(-1)?.[0]}`;
    const newSpans = spansState !== this.#spans;
    this.#spans = spansState;
    const nowMs = performance.now();
    let history: History | undefined;
    if (this.#counted === undefined || nowMs - this.#countedAtMs >= countEveryMs[this.#session.engine]) {
      history = this.#newHistory(board);
      this.#counted = { way: board.way(), health: board.health() };
      this.#countedAtMs = nowMs;
    }
    return {
      reset,
      device: board.station.device ?? board.station.name,
      points: this.#points(board, reset),
      ...this.#counted,
      wire: this.#wire.rows().slice(-wireRowsMax),
      ...(newSpans ? { spans } : {}),
      ...(history === undefined ? {} : { history }),
    };
  }

  /** Undefined: it is as it was. */
  #newHistory(board: BoardRecord): History | undefined {
    const history = board.history();
    const text = JSON.stringify(history);
    if (text === this.#history) return undefined;
    this.#history = text;
    return history;
  }

  #points(board: BoardRecord, reset: boolean): Points[] {
    const found: Points[] = [];
    for (const [index, { raw, out, error, summary }] of board.channels.entries()) {
      const fromRaw = reset ? 0 : (this.#raw[index] ?? 0);
      const fromOut = reset ? 0 : (this.#out[index] ?? 0);
      if (fromRaw === raw.total && fromOut === out.total) continue;
      const strideOf = (news: number): number => (reset ? 1 : Math.ceil(news / pointsMax));
      const newRaw = raw.since(fromRaw, strideOf(raw.total - fromRaw));
      const newOut = out.since(fromOut, strideOf(out.total - fromOut));
      this.#raw[index] = raw.total;
      this.#out[index] = out.total;
      found.push({
        channel: index,
        rawMs: newRaw.times,
        raw: newRaw.values,
        outMs: newOut.times,
        out: newOut.values,
        ...(error === undefined ? {} : { error }),
        ...(summary === undefined ? {} : { summary }),
      });
    }
    return found;
  }

  /** Only of boards of which there is something new. */
  #cells(channel: string): Cell[] {
    const { boards } = this.#session;
    const cells: Cell[] = [];
    const nowMs = performance.now();
    const counting = nowMs - this.#countedAtMs >= countCellsEveryMs;
    if (counting) this.#countedAtMs = nowMs;
    for (let index = 0; index < boards.length; index++) {
      const board = boards[index]!;
      if (counting) board.count();
      const condition = board.conditionIndex;
      const out = (board.channels.find(({ name }) => name === channel) ?? board.channels[0])?.out;
      const total = out?.total ?? 0;
      const from = Math.max(this.#out[index] ?? 0, total - cellPoints);
      if (condition === this.#conditions[index] && from === total) continue;
      this.#conditions[index] = condition;
      this.#out[index] = total;
      cells.push([index, condition, out === undefined ? [] : out.since(from).values]);
    }
    return cells;
  }
}
