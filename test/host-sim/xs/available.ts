/** Whether this computer has the XS engine. In CI its absence fails tests instead of leaving them out. */
import { findProgram } from "../../../host-sim/xs/program.js";

const program = findProgram();

export const withoutXs = !program.ok && process.env["CI"] !== "true";

/** A test's name with the reason why it is left out, if it is. */
export function onXs(name: string): string {
  return withoutXs && !program.ok ? `${name} (left out: ${program.error.message})` : name;
}
