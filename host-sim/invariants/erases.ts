/** Hears of each erase of a board's journal, or of its settings, as it begins: the thread stands still for so long. */
import type { Station } from "../station.js";

export function onErase({ board }: Station, heard: (atMs: number, ms: number, label: "journal" | "config") => void): void {
  for (const label of ["journal", "config"] as const) {
    board.flash.get(label)!.trouble.listen((operation, atUs, us) => void (operation === "erase" && heard(atUs / 1000, us / 1000, label)));
  }
}
