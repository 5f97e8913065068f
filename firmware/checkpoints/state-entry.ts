/**
 * How a stage's state lies in key-value storage, and how its numbers go in and out: one walk over them, always
 * in the same order, writes, checks or takes them. Nothing is taken before all of an entry was found sound,
 * so a stage has its state whole or not at all.
 *
 * Bytes, little-endian: version (1), what the numbers mean as a hash (u32), the numbers, a CRC-32 over all
 * of these (u32). The version is also that of every stage's walk: who changes one counts it up, and
 * what older firmware kept is begun anew.
 */
import { crc32 } from "../base/crc32.js";
import { invariant } from "../base/invariant.js";
import { limits } from "../limits.js";

const version = 1;
const headBytes = 5;
/** What an entry takes beside its numbers. */
export const frameBytes = headBytes + 4;

type Walk = (state: StateBytes) => void;

const valueMax = limits.valueMax;

/** What a stage's walk meets, see pipeline/site.ts. A class: its methods stay in flash. */
export class StateBytes {
  /** Whether nobody knows how long the pause before this boot was. */
  readonly timeLost: boolean;
  private readonly view: DataView;
  private readonly doing: "write" | "check" | "take";
  private at = headBytes;
  private sound = true;

  private constructor(view: DataView, doing: "write" | "check" | "take", timeLost = false) {
    this.view = view;
    this.doing = doing;
    this.timeLost = timeLost;
  }

  /** The entry of what the walk meets now, `frameBytes` longer than its numbers. */
  static entry(mark: number, bytes: number, walk: Walk): Uint8Array<ArrayBuffer> {
    const entry = new Uint8Array(bytes + frameBytes);
    const view = new DataView(entry.buffer);
    view.setUint8(0, version);
    view.setUint32(1, mark, true);
    new StateBytes(view, "write").walk(walk);
    view.setUint32(headBytes + bytes, crc32(entry, 0, headBytes + bytes), true);
    return entry;
  }

  /** False: the entry is damaged, of another length, version or meaning, or holds what no state can be; nothing was taken from it. */
  static take(stored: ArrayBuffer, mark: number, bytes: number, timeLost: boolean, walk: Walk): boolean {
    if (stored.byteLength !== bytes + frameBytes) return false;
    const view = new DataView(stored);
    const end = headBytes + bytes;
    if (view.getUint8(0) !== version || view.getUint32(1, true) !== mark) return false;
    if (view.getUint32(end, true) !== crc32(new Uint8Array(stored), 0, end)) return false;
    const checked = new StateBytes(view, "check");
    checked.walk(walk);
    if (!checked.sound) return false;
    new StateBytes(view, "take", timeLost).walk(walk);
    return true;
  }

  private walk(walk: Walk): void {
    walk(this);
    invariant(this.at === this.view.byteLength - 4, "a stage's state is as long as it says");
  }

  number(x: number): number {
    const { at } = this;
    this.at = at + 8;
    if (this.doing === "write") this.view.setFloat64(at, x, true);
    return this.doing === "write" ? x : this.read(this.view.getFloat64(at, true), -Infinity, Infinity, x);
  }

  size(x: number): number {
    const { at } = this;
    this.at = at + 8;
    if (this.doing === "write") this.view.setFloat64(at, x, true);
    return this.doing === "write" ? x : this.read(this.view.getFloat64(at, true), 0, Infinity, x);
  }

  sample(x: number): number {
    const { at } = this;
    this.at = at + 8;
    if (this.doing === "write") {
      this.view.setFloat64(at, x, true);
      return x;
    }
    const y = this.view.getFloat64(at, true);
    // What stands for a missing reading in windows.
    if (y === Infinity) return this.doing === "take" ? y : x;
    return this.read(y, -valueMax, valueMax, x);
  }

  single(x: number): number {
    const { at } = this;
    this.at = at + 4;
    if (this.doing === "write") this.view.setFloat32(at, x, true);
    return this.doing === "write" ? x : this.read(this.view.getFloat32(at, true), -Infinity, Infinity, x);
  }

  whole(x: number, most: number): number {
    const { at, view } = this;
    const long = most > 0xffff;
    this.at = at + (most > 0xff ? (long ? 4 : 2) : 1);
    if (this.doing === "write") {
      if (long) view.setUint32(at, x, true);
      else if (most > 0xff) view.setUint16(at, x, true);
      else view.setUint8(at, x);
      return x;
    }
    return this.read(long ? view.getUint32(at, true) : most > 0xff ? view.getUint16(at, true) : view.getUint8(at), 0, most, x);
  }

  truth(x: boolean): boolean {
    return this.whole(x ? 1 : 0, 1) === 1;
  }

  /** Finite and from `least` to `most`, or not sound; `x` stays until all are. */
  private read(y: number, least: number, most: number, x: number): number {
    if (this.doing === "take") return y;
    if (!(y - y === 0 && y >= least && y <= most)) this.sound = false;
    return x;
  }
}
