/** Hears of each erase of a board's journal as it begins: the thread stands still for so long. */
import type { Station } from "../station.js";

export function onErase({ board }: Station, heard: (atMs: number, ms: number) => void): void {
  const { trouble } = board.flash.get("journal")!;
  const again: Parameters<typeof trouble.next>[0] = (operation, atUs, us) => {
    trouble.next(again);
    if (operation === "erase") heard(atUs / 1000, us / 1000);
  };
  trouble.next(again);
}
