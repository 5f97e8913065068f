/** A checksum over every bit of results of base/math, free of the engine's own functions, so that it can be run on XS as on Node. */
import { cos, exp, ln, pow, sin } from "../../../firmware/base/math.js";

/** What Node gives for `mathChecksum(20_000)`: 100,000 results in all. Any engine must give the same. */
export const checksumOf20000 = "e7a68bd1";

/** Eight hex digits over `rounds` inputs to each of ln, exp, pow, sin and cos. */
export function mathChecksum(rounds: number): string {
  const view = new DataView(new ArrayBuffer(8));
  let seed = 1;
  let sum = 0x811c9dc5;
  function draw(): number {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 4294967296;
  }
  function add(value: number): void {
    view.setFloat64(0, value);
    sum = Math.imul(sum ^ view.getUint32(0), 0x01000193);
    sum = Math.imul(sum ^ (sum >>> 15) ^ view.getUint32(4), 0x01000193);
  }
  for (let i = 0; i < rounds; i += 1) {
    const size = draw() * 16 - 8;
    const wide = exp(size * 10);
    add(ln(wide * draw()));
    add(exp(size * 80 * draw()));
    add(pow(draw() * 4, size));
    add(sin(size * (i % 1000)));
    add(cos(size * (i % 1000)));
  }
  return (sum >>> 0).toString(16).padStart(8, "0");
}
