/** Writes the samples of blocks into the store, many rows a statement: each statement costs more than its rows. */
import type { BlockSeries } from "../blocks/block.js";
import { missingCode } from "./schema.js";
import type { Sql } from "./store.js";

const rowsEach = 32;
const columns = 6;

export class Points {
  readonly #many: ReturnType<Sql["prepare"]>;
  readonly #one: ReturnType<Sql["prepare"]>;
  readonly #pause: ReturnType<Sql["prepare"]>;
  #row: (number | null)[] = [];

  constructor(sql: Sql) {
    const row = `(${Array.from({ length: columns }, () => "?").join(", ")})`;
    const command = "INSERT INTO points (channel, ms, seq, n, number, missing) VALUES ";
    this.#many = sql.prepare(command + Array.from({ length: rowsEach }, () => row).join(", "));
    this.#one = sql.prepare(command + row);
    this.#pause = sql.prepare("INSERT INTO pauses (channel, from_ms, seq, n, to_ms, lost) VALUES (?, ?, ?, ?, ?, ?)");
  }

  /** Each sample of a block gets the number 0, and those whose time is not after all before it, one that tells them apart. */
  add(channel: number, seq: number, { runs }: BlockSeries): void {
    let latestMs = -1;
    let index = 0;
    for (const run of runs) {
      if (run.kind === "gap") {
        this.#pause.run([channel, run.fromMs, seq, index++, run.toMs, run.lost]);
        continue;
      }
      const missing = run.kind === "missing" ? missingCode(run.reason) : null;
      const { timesMs } = run;
      for (let i = 0; i < timesMs.length; i++) {
        const ms = timesMs[i]!;
        index++;
        this.#row.push(channel, ms, seq, ms > latestMs ? 0 : index, run.kind === "values" ? run.numbers[i]! : null, missing);
        if (ms > latestMs) latestMs = ms;
        if (this.#row.length === rowsEach * columns) this.#write(this.#many);
      }
    }
  }

  /** What is left goes into the store: at the end of a transaction. */
  end(): void {
    const rows = this.#row;
    for (let at = 0; at < rows.length; at += columns) this.#one.run(rows.slice(at, at + columns));
    this.drop();
  }

  /** After a transaction that failed. */
  drop(): void {
    this.#row = [];
  }

  #write(statement: ReturnType<Sql["prepare"]>): void {
    const rows = this.#row;
    this.#row = [];
    statement.run(rows);
  }
}
