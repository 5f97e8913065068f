/** What a block's arrival says of when its boot began: one that comes later only says less, so the order does not matter for the best. */
import type { Block } from "../blocks/block.js";
import type { Boot } from "./ledger.js";

/** Blocks of one boot that are this far apart, and came as far apart to within a quarter, were heard live. */
const apartMs = 500;

/** Times of the first and the last sample, ms since boot; undefined where there is none. */
export function spanOf(block: Block): { firstMs: number | undefined; lastMs: number | undefined } {
  let firstMs: number | undefined;
  let lastMs: number | undefined;
  for (const { runs } of block.channels) {
    for (const run of runs) {
      if (run.kind === "gap") continue;
      for (const ms of run.timesMs) {
        if (firstMs === undefined || ms < firstMs) firstMs = ms;
        if (lastMs === undefined || ms > lastMs) lastMs = ms;
      }
    }
  }
  return { firstMs, lastMs };
}

/** The boot began when a sample came, less what its clock said then, or earlier: the least of these is nearest. */
export function heard(boot: Boot, firstMs: number, lastMs: number, atMs: number, again: boolean): void {
  const offsetMs = Math.round(atMs - lastMs);
  if (boot.firstMs === null || firstMs < boot.firstMs) boot.firstMs = firstMs;
  if (lastMs > boot.lastMs) boot.lastMs = lastMs;
  if (boot.offsetMs === null || offsetMs < boot.offsetMs) {
    boot.offsetMs = offsetMs;
    boot.offsetAtMs = lastMs;
  }
  if (again) return;
  if (boot.beforeLastMs !== null && boot.beforeOffsetMs !== null && lastMs - boot.beforeLastMs >= apartMs) {
    const offMs = Math.abs(offsetMs - boot.beforeOffsetMs);
    if (offMs * 4 <= lastMs - boot.beforeLastMs && (boot.nearMs === null || offMs < boot.nearMs)) boot.nearMs = offMs;
  }
  if (boot.beforeLastMs !== null && Math.abs(lastMs - boot.beforeLastMs) < apartMs) return;
  boot.beforeOffsetMs = offsetMs;
  boot.beforeLastMs = lastMs;
}
