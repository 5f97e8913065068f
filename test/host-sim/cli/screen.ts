/**
 * A terminal of a given size, as far as the view uses one: letters, line feeds, and the three sequences for
 * going up and clearing. It scrolls, and breaks what is too long; a new width rebreaks what stands there.
 */
export class Screen {
  isTTY = true;
  columns: number;
  rows: number;
  #cells: string[][] = [[]];
  /** Row and column of the cursor; rows count from the first ever written. */
  #row = 0;
  #column = 0;
  readonly #onResize = new Set<() => void>();
  /** Rows that go up beyond the top of the screen cannot be reached any more. */
  #top = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  /** As the view's stream. */
  get stream(): NodeJS.WriteStream {
    return this as unknown as NodeJS.WriteStream;
  }

  on(event: string, listener: () => void): this {
    if (event === "resize") this.#onResize.add(listener);
    return this;
  }

  off(_event: string, listener: () => void): this {
    this.#onResize.delete(listener);
    return this;
  }

  get listeners(): number {
    return this.#onResize.size;
  }

  resize(columns: number): void {
    const old = this.#cells;
    this.#cells = [];
    let row = 0;
    for (const [index, cells] of old.entries()) {
      if (index === this.#row) row = this.#cells.length;
      do this.#cells.push(cells.splice(0, columns));
      while (cells.length > 0);
    }
    this.#row = row;
    this.columns = columns;
    this.#scroll();
    for (const listener of this.#onResize) listener();
  }

  write(text: string): boolean {
    // oxlint-disable-next-line no-control-regex -- a terminal is spoken to in them
    for (const [piece, up, letter] of text.matchAll(/\x1b\[(\d+)A|\x1b\[0J|\x1b\[2K|([^\x1b])/gu)) {
      if (up !== undefined) this.#row = Math.max(this.#top, this.#row - Number(up));
      else if (piece === "\x1b[0J") {
        this.#cells.length = this.#row + 1;
        this.#cells[this.#row]!.length = Math.min(this.#cells[this.#row]!.length, this.#column);
      } else if (piece === "\x1b[2K") this.#cells[this.#row] = [];
      else if (letter === "\r") this.#column = 0;
      else if (letter === "\n") this.#next();
      else {
        if (this.#column >= this.columns) this.#next();
        const cells = this.#cells[this.#row]!;
        while (cells.length < this.#column) cells.push(" ");
        cells[this.#column++] = letter!;
      }
    }
    return true;
  }

  /** All that was ever written and still stands. */
  get lines(): string[] {
    return this.#cells.map((cells) => cells.join("").trimEnd()).filter((line, index, all) => line !== "" || index < all.length - 1);
  }

  #next(): void {
    this.#row++;
    this.#column = 0;
    this.#cells[this.#row] ??= [];
    this.#scroll();
  }

  #scroll(): void {
    this.#top = Math.max(this.#top, this.#row - this.rows + 1);
  }
}
