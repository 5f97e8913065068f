/**
 * Tells a central what has changed in the Improv service, and never more than the radio has buffers for. The radio says only
 * of its own buffers when they are free; what can be relied on: a write that has come has let something go, and so has each
 * connection event, which are 4 s apart at most. Promises that at most 12 notifications are on their way, and that each
 * characteristic's newest value is told in the end.
 */
import type { Bytes, Timer } from "../device.js";
import type { ImprovGround } from "./contract.js";

/** On their way at once. Mote's own session may have 8 more (docs/ble.md), of 24 that there is room for. */
const most = 12;
const restMs = 4_100;
const freedByRest = 4;

/** Bits of what has changed. */
const error = 1;
const state = 2;
const result = 4;

export interface ImprovValues {
  value(part: "state" | "error" | "result"): Bytes;
}

/** A class, since its methods stay in flash. */
export class Notices {
  private readonly ground: ImprovGround;
  private readonly values: ImprovValues;
  private spare = most;
  private untold = 0;
  /** Runs while nothing is written. */
  private timer: Timer;

  constructor(ground: ImprovGround, values: ImprovValues) {
    this.ground = ground;
    this.values = values;
  }

  changed(part: "state" | "error" | "result"): void {
    this.untold |= part === "error" ? error : part === "state" ? state : result;
    this.tell();
  }

  /** Before a write is looked at. */
  written(): void {
    if (this.spare < most) this.spare++;
    if (this.timer !== undefined) this.rest();
  }

  /** What there is room for. */
  tell(): void {
    if ((this.untold & error) !== 0) this.notify("error", error);
    if ((this.untold & state) !== 0) this.notify("state", state);
    if ((this.untold & result) !== 0) this.notify("result", result);
  }

  /** The central is gone, and with it all that was on its way. */
  forget(): void {
    this.ground.timers.clear(this.timer);
    this.timer = undefined;
    this.spare = most;
    this.untold = 0;
  }

  private rest(): void {
    const { timers } = this.ground;
    timers.clear(this.timer);
    this.timer = timers.set(() => this.rested(), restMs);
  }

  private rested(): void {
    this.timer = undefined;
    this.spare = this.spare + freedByRest < most ? this.spare + freedByRest : most;
    this.tell();
    if (this.spare < most) this.rest();
  }

  private notify(which: "state" | "error" | "result", part: number): void {
    if (this.spare === 0) return;
    this.spare--;
    if (this.timer === undefined) this.rest();
    this.untold &= ~part;
    this.ground.notify(which, this.values.value(which));
  }
}
