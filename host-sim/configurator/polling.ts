/** Asks again and again while something is seen: a while after each answer, so that a slow link is never asked twice at once. */
export class Polling {
  readonly #ask: (isWanted: () => boolean) => Promise<void>;
  readonly #pauseMs: number;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `ask` looks at `isWanted` when its answer is there: by then nobody may look any more. */
  constructor(pauseMs: number, ask: (isWanted: () => boolean) => Promise<void>) {
    this.#pauseMs = pauseMs;
    this.#ask = ask;
  }

  /** At once, and from then on. */
  start(): void {
    this.stop();
    const turn = this.#turn;
    const again = async (): Promise<void> => {
      await this.#ask(() => turn === this.#turn);
      if (turn === this.#turn) this.#timer = setTimeout(() => void again(), this.#pauseMs);
    };
    void again();
  }

  stop(): void {
    this.#turn++;
    clearTimeout(this.#timer);
  }
}
