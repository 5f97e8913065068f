/** Seeded draws, and what is right, for tests of statistics. */
import { random } from "../../../host-sim/world/random.js";

/** Independent standard normal draws (Box and Muller), the same for the same name. */
export function normals(name: string): () => number {
  const stream = random(1, name);
  return () => Math.sqrt(-2 * Math.log(1 - stream.fraction())) * Math.cos(2 * Math.PI * stream.fraction());
}

export function uniforms(name: string): () => number {
  const stream = random(1, name);
  return () => stream.fraction();
}

export function list<T>(count: number, draw: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => draw(i));
}

/** Of n in ascending order, the one at place ⌈n × q⌉. */
export function exactQuantile(q: number, samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(Math.fround(sorted.length * q))) - 1]!;
}
