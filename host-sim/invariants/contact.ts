/**
 * Closures of a contact to ground as they happened on a line: each that held for `holdUs` after the one before
 * had opened for as long. Bounces are no closures.
 */
import type { DigitalLine } from "../world/pins.js";

/** Of the firmware's PulseCounter. */
const holdUs = 20_000;

export class Contact {
  readonly #line: DigitalLine;
  readonly #nowUs: () => number;
  #settled = 1;
  #level = 1;
  #movedUs = 0;
  #closures = 0;

  constructor(line: DigitalLine, nowUs: () => number) {
    this.#line = line;
    this.#nowUs = nowUs;
    line.watch(() => this.#moved());
    this.reset();
  }

  /** Counts from here on. */
  reset(): void {
    this.#settled = this.#level = this.#line.level;
    this.#movedUs = this.#nowUs();
    this.#closures = 0;
  }

  /** Those that have held for long enough by now. */
  get closures(): number {
    return this.#closures + (this.#level === 0 && this.#settled === 1 && this.#nowUs() - this.#movedUs >= holdUs ? 1 : 0);
  }

  #moved(): void {
    const nowUs = this.#nowUs();
    if (nowUs - this.#movedUs >= holdUs && this.#level !== this.#settled) {
      this.#settled = this.#level;
      if (this.#settled === 0) this.#closures++;
    }
    this.#level = this.#line.level;
    this.#movedUs = nowUs;
  }
}
