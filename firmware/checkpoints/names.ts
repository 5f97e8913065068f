/** Two hashes of 32 bits of a name: what is kept lies under one of them, and holds the other. Names that share both have a chance of 1 in 10^19. */

/** FNV-1a of 32 bits (Fowler, Noll and Vo), over UTF-16 code units. */
export function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** A polynomial in 31, which no property of the other hash follows. */
export function markOf(name: string): number {
  let mark = name.length;
  for (let at = 0; at < name.length; at += 1) mark = Math.imul(mark, 31) + name.charCodeAt(at);
  return mark >>> 0;
}

/** Eight hex digits. */
export function hex(hash: number): string {
  return (hash + 0x1_0000_0000).toString(16).slice(1);
}
