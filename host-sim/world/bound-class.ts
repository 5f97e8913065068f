/** Classes that stand in for others: one whose first argument is settled, and what a driver's class says of itself around a driver. */
import type { DriverClass } from "../../firmware/sensing/driver.js";

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

/** What a driver's class says of itself, said by the class that is put around it too. */
export function withStatics(wrapper: DriverClass, Inner: DriverClass): DriverClass {
  const { on, quantities } = Inner;
  if (Inner.bursts !== undefined) wrapper.bursts = (options) => Inner.bursts!(options);
  // Only what there is: each property takes memory for each sensor.
  return Object.assign(wrapper, on === undefined ? {} : { on }, quantities === undefined ? {} : { quantities });
}
