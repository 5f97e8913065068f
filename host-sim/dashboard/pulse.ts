/**
 * Lets a run's virtual time pass: not at all, by the wall clock, or as fast as this computer can. It
 * works in short turns, so that browsers are served in between, and where it cannot keep up, virtual time
 * falls behind and nothing is missed.
 */

export interface Pulsed {
  nowUs(): number;
  /** When something is due next. */
  nextUs(): number;
  runUntil(us: number): void;
  onFailed(error: unknown): void;
}

export interface Drive {
  /** 0: no time passes. */
  readonly speed: number | "max";
  readonly untilUs?: number;
  /** Called once, when `untilUs` was reached. */
  onThere?(): void;
}

/** How long one turn may take, real ms. */
const turnMs = 20;
const napMs = 50;
/** So far behind the wall clock, nobody catches up: time goes on from here, real ms. */
const hopelessMs = 250;
const measureMs = 500;

export class Pulse {
  readonly #pulsed: Pulsed;
  #drive: Drive = { speed: 0 };
  #anchorMs = 0;
  #anchorUs = 0;
  #stepUs = 100_000;
  #timer: NodeJS.Timeout | undefined;
  #next: NodeJS.Immediate | undefined;
  #measuredMs = 0;
  #measuredUs = 0;
  #ratio = 0;

  constructor(pulsed: Pulsed) {
    this.#pulsed = pulsed;
  }

  /** Virtual seconds a real one, over the last half second or so. */
  get ratio(): number {
    return this.#drive.speed === 0 ? 0 : this.#ratio;
  }

  drive(drive: Drive): void {
    this.stop();
    this.#drive = drive;
    this.#anchor();
    this.#measuredMs = this.#anchorMs;
    this.#measuredUs = this.#anchorUs;
    this.#ratio = typeof drive.speed === "number" ? drive.speed : 0;
    if (drive.speed !== 0) this.#next = setImmediate(() => this.#turn());
  }

  /** To now, or as far as a turn comes: for who acts at this very time. And looks again at what is due next, for who has acted. */
  catchUp(): void {
    if (this.#drive.speed === 0) return;
    clearTimeout(this.#timer);
    clearImmediate(this.#next);
    this.#turn();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#next);
    this.#drive = { speed: 0 };
  }

  #anchor(): void {
    this.#anchorMs = performance.now();
    this.#anchorUs = this.#pulsed.nowUs();
  }

  #turn(): void {
    const drive = this.#drive;
    const { speed, untilUs = Infinity } = drive;
    const startMs = performance.now();
    const dueUs = Math.min(untilUs, speed === "max" ? Infinity : this.#anchorUs + (startMs - this.#anchorMs) * 1000 * speed);
    try {
      for (let tookMs = 0; tookMs < turnMs && this.#pulsed.nowUs() < dueUs && this.#drive === drive; tookMs = performance.now() - startMs) {
        const beganMs = performance.now();
        this.#pulsed.runUntil(Math.floor(Math.min(dueUs, this.#pulsed.nowUs() + this.#stepUs)));
        const stepMs = performance.now() - beganMs;
        if (stepMs > turnMs / 2) this.#stepUs = Math.max(1000, this.#stepUs / 2);
        else if (stepMs < turnMs / 8) this.#stepUs = Math.min(60e6, this.#stepUs * 2);
        // Less than a microsecond is left.
        if (dueUs - this.#pulsed.nowUs() < 1) break;
      }
    } catch (error) {
      this.stop();
      this.#pulsed.onFailed(error);
      return;
    }
    // Somebody has given another order meanwhile.
    if (this.#drive !== drive) return;
    this.#measure();
    const nowUs = this.#pulsed.nowUs();
    if (nowUs >= untilUs) {
      this.stop();
      drive.onThere?.();
      return;
    }
    if (speed === "max") this.#next = setImmediate(() => this.#turn());
    else this.#sleep(speed, dueUs - nowUs);
  }

  #sleep(speed: number, behindUs: number): void {
    if (behindUs >= 1) {
      if (behindUs / 1000 / speed > hopelessMs) this.#anchor();
      this.#next = setImmediate(() => this.#turn());
      return;
    }
    const aheadMs = (this.#pulsed.nextUs() - this.#pulsed.nowUs()) / 1000 / speed;
    this.#timer = setTimeout(() => this.#turn(), Math.min(napMs, Math.max(1, aheadMs)));
  }

  #measure(): void {
    const nowMs = performance.now();
    const tookMs = nowMs - this.#measuredMs;
    if (tookMs < measureMs) return;
    const nowUs = this.#pulsed.nowUs();
    this.#ratio = (nowUs - this.#measuredUs) / 1000 / tookMs;
    this.#measuredMs = nowMs;
    this.#measuredUs = nowUs;
  }
}
