/** Says in one line what went wrong, and gives back the exit code that goes with it. */
export function complain(what: string, exitCode: number): number {
  console.error(`mote: ${what}`);
  return exitCode;
}
