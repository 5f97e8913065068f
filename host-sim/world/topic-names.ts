/**
 * The topics that one board publishes to, found again by their bytes: a topic is the same string each
 * time, decoded once. For the few that a board has; beyond those, each is decoded anew.
 */

const namesMost = 32;

export class TopicNames {
  readonly #names: string[] = [];

  /** The UTF-8 of `bytes` from `from` up to `end`. */
  of(bytes: Uint8Array, from: number, end: number): string {
    for (const name of this.#names) if (equal(name, bytes, from, end)) return name;
    const name = asBuffer(bytes).toString("utf8", from, end);
    if (this.#names.length < namesMost && equal(name, bytes, from, end)) this.#names.push(name);
    return name;
  }
}

/** Of letters of one byte each. Topics of a board differ in their ends. */
function equal(name: string, bytes: Uint8Array, from: number, end: number): boolean {
  if (name.length !== end - from) return false;
  for (let index = name.length - 1; index >= 0; index--) if (name.charCodeAt(index) !== bytes[from + index]) return false;
  return true;
}

/** A view, where it is not one already. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
