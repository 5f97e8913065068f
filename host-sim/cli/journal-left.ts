/** What is in a board's journal still, read from its flash as it is. */
import { readJournalImage } from "../journal/image.js";
import { sectorBytes } from "../journal/record.js";
import type { SimulatedBoard } from "../world/board.js";

/** Records that nobody has confirmed, as far as the flash tells: all of them after an orderly end. */
export function waitingIn({ flash }: SimulatedBoard): number {
  const partition = flash.get("journal");
  if (partition === undefined) return 0;
  const bytes = new Uint8Array(partition.bytes).fill(0xff);
  for (const [index, sector] of partition.sectors) bytes.set(sector, index * sectorBytes);
  return readJournalImage(bytes).waiting.length;
}
