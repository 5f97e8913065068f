/** A broken invariant is a defect of the program: it throws, and the root restarts the board. */
export function invariant(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error("broken invariant: " + what);
}
