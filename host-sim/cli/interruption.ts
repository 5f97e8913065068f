/**
 * The wish to end, from outside: Ctrl-C, SIGTERM, a closed terminal, or a reader of our output that went
 * away. The first asks for an orderly end, the second for an end at once. Until `release`, no signal ends the process.
 */

/** One Ctrl-C may come twice, from the terminal and once more from npm, which passes it on: within this time it is the same, ms. */
const sameMs = 400;
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export class Interruption {
  #requests = 0;
  #lastMs = -Infinity;
  readonly #waiting: { readonly requests: number; readonly wake: () => void }[] = [];
  readonly #onSignal = (): void => {
    const nowMs = performance.now();
    if (nowMs - this.#lastMs < sameMs) return;
    this.#lastMs = nowMs;
    this.#request();
  };
  readonly #onBrokenPipe = (error: NodeJS.ErrnoException): void => {
    if (error.code !== "EPIPE") throw error;
    if (this.#requests === 0) this.#request();
  };

  constructor() {
    for (const signal of signals) process.on(signal, this.#onSignal);
    process.stdout.on("error", this.#onBrokenPipe);
  }

  get requested(): boolean {
    return this.#requests > 0;
  }

  get urgent(): boolean {
    return this.#requests > 1;
  }

  /** Calls `wake` at the first wish (or at once, if there was one). */
  onRequested(wake: () => void): void {
    this.#on(1, wake);
  }

  onUrgent(wake: () => void): void {
    this.#on(2, wake);
  }

  /** Signals do again what they always do; a broken pipe stays unheard. */
  release(): void {
    for (const signal of signals) process.off(signal, this.#onSignal);
    this.#waiting.length = 0;
  }

  #on(requests: number, wake: () => void): void {
    if (this.#requests >= requests) wake();
    else this.#waiting.push({ requests, wake });
  }

  #request(): void {
    this.#requests++;
    for (const { requests, wake } of this.#waiting.splice(0)) {
      if (requests <= this.#requests) wake();
      else this.#waiting.push({ requests, wake });
    }
  }
}
