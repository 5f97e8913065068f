/** Says in one line what went wrong (nothing for nothing), and gives back the exit code that goes with it. */
export function complain(what: string, exitCode: number): number {
  if (what !== "") console.error(`mote: ${what}`);
  return exitCode;
}
