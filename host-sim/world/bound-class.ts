/**
 * A class whose first argument is settled: what a board hands out as its I/O classes. A subclass would do
 * the same, but each has shapes of its own, some kilobytes for each board.
 */
export function boundClass<Of, Options, Instance>(
  Class: new (of: Of, options: Options) => Instance,
  of: Of,
): new (options: Options) => Instance {
  const bound = Class.bind(null, of) as new (options: Options) => Instance;
  // Static members, and what a subclass of it asks for.
  Object.setPrototypeOf(bound, Class);
  return bound;
}
