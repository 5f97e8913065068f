/** Hears of each erase of a board's journal as it begins: the thread stands still for so long. */
import type { Station } from "../station.js";

export function onErase({ board }: Station, heard: (atMs: number, ms: number) => void): void {
  board.flash.get("journal")!.trouble.listen((operation, atUs, us) => void (operation === "erase" && heard(atUs / 1000, us / 1000)));
}
