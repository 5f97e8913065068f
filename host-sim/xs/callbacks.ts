/** The machine's table of functions that Node can call: what crosses is a function's place in it. */

/** Gives `callback` a place that Node can call; −1 without one. */
export function keep(callback: ((...values: never[]) => unknown) | undefined): number {
  if (callback === undefined) return -1;
  const callbacks = hostCallbacks();
  let index = 0;
  while (index < callbacks.length && callbacks[index] !== undefined) index++;
  callbacks[index] = callback;
  return index;
}

/** Once for each place: it may be another's next. */
export function drop(index: number): void {
  if (index >= 0) hostCallbacks()[index] = undefined;
}
