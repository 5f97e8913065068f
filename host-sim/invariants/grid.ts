/**
 * Samples lie on an absolute grid: start + phase + k × period of the board's own clock (firmware/sensing/sampler.ts),
 * begun no earlier and, whatever the network does, no later than a bound.
 *
 * The bound: before its turn a sample waits for one event of each sensor on the I²C bus at the most, and such
 * an event ends with the first transfer that a held bus lets time out (`limits.i2cTimeoutMs`, and a millisecond
 * for what was transferred before); all else that may wait for the thread (other sensors, timers, the socket)
 * takes less than five milliseconds together (world/costs.ts). A sample that is due while the one before it is
 * still being measured waits for that as well. And one that is due while
 * a sector of the journal is erased waits for that one erase: those are seldom, since they are begun where there is time.
 * So it does for what somebody asks for who is at the door: settings that are written, a session that is opened.
 */
import { limits } from "../../firmware/limits.js";
import type { Fault } from "../faults/catalogue.js";
import type { Account } from "./account.js";
import { onErase } from "./erases.js";
import type { Scene, Watcher } from "./watcher.js";

const othersMs = 5;
/** A start reads settings and what a spoiled sector of the journal holds, a few ms more than anything later takes. */
const startMs = 5;
/** A sector read whole, at 10 MB/s (world/costs.ts): a flash that refuses writes can spoil each. */
const sectorReadMs = 0.41;
const erasesMost = 16;

/** None of them knows of the others. */
type Cause = "journal" | "config" | "door";

export class Grid implements Watcher {
  readonly boundMs: number;
  readonly #scene: Scene;
  readonly #account: Account;
  /** When each sensor's last sample was over, by the board's clock. */
  readonly #endedMs = new Map<string, number>();
  #startedMs = 0;
  /** Its flash has refused something, or has worn out. */
  #fails = false;
  /** Erases, and what else is as seldom: when each began, in the world's time, how long it lasted, ms, and for what. */
  readonly #erases: { readonly atMs: number; readonly ms: number; readonly cause: Cause }[] = [];

  constructor(scene: Scene, account: Account) {
    this.#scene = scene;
    this.#account = account;
    const onBus = Object.values(scene.app.sensors).filter(({ on }) => on === "i2c").length;
    this.boundMs = onBus * (limits.i2cTimeoutMs + 1) + othersMs;
    onErase(scene.station, (atMs, ms, label) => this.#waited({ atMs, ms, cause: label }));
  }

  /** Seldom as an erase is: while somebody is at the door. */
  heldUp(atMs: number, ms: number): void {
    this.#waited({ atMs, ms, cause: "door" });
  }

  started(ownMs: number): void {
    this.#endedMs.clear();
    this.#startedMs = ownMs;
  }

  faultBegun({ kind }: Fault): void {
    if (kind === "flash-fail" || kind === "flash-worn") this.#fails = true;
  }

  /** After the account, which then knows the grid point. */
  began(sensor: string, ownMs: number): void {
    const track = this.#account.track(sensor);
    const { gridMs, firstMs, declaration } = track;
    // Its timer was set before the clock jumped.
    if (this.#account.heldUntilMs * 1000 > track.endedEventUs) return;
    if (ownMs < gridMs) {
      this.#say(`${sensor} was sampled at ${ownMs} ms of the board's clock, before its grid point at ${gridMs} ms`);
      return;
    }
    // Points that passed meanwhile count from the first of them.
    const dueMs = Math.max(this.#endedMs.get(sensor) ?? this.#startedMs, track.dueMs);
    const lateMs = ownMs - dueMs;
    const boundMs = this.boundMs + (this.#endedMs.has(sensor) ? 0 : startMs + this.#spoiledMs());
    if (lateMs <= boundMs) return;
    const eraseMs = this.#eraseSince(this.#scene.nowMs - lateMs - 1);
    if (eraseMs > 0) this.#scene.reach("erase-waited");
    if (lateMs <= boundMs + eraseMs) return;
    this.#say(
      `${sensor}, due at ${dueMs} ms of the board's clock (${firstMs} ms + k × ${declaration.everyMs} ms), was begun ${lateMs} ms late; ${+boundMs.toFixed(1)} ms are the bound`,
    );
  }

  sampled(sensor: string): void {
    // The sampler reads this clock at once as well, so that reading it here changes nothing.
    this.#endedMs.set(sensor, this.#scene.station.board.device.clock.nowMs());
  }

  #spoiledMs(): number {
    return this.#fails ? (this.#scene.station.board.flash.get("journal")!.bytes / 4096) * sectorReadMs : 0;
  }

  #waited(erase: { readonly atMs: number; readonly ms: number; readonly cause: Cause }): void {
    this.#erases.push(erase);
    if (this.#erases.length > erasesMost) this.#erases.shift();
  }

  /** Of each cause the longest that went on behind that time, together, ms; all of them, where the flash refuses and another sector is tried. */
  #eraseSince(sinceMs: number): number {
    const longestMs = { journal: 0, config: 0, door: 0 };
    let allMs = 0;
    for (const { atMs, ms, cause } of this.#erases) {
      if (atMs + ms < sinceMs) continue;
      if (ms > longestMs[cause]) longestMs[cause] = ms;
      allMs += ms;
    }
    return this.#fails ? allMs : longestMs.journal + longestMs.config + longestMs.door;
  }

  #say(what: string): void {
    this.#scene.report("grid", what);
  }
}
