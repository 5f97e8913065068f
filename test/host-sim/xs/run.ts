/** What a piece of JavaScript reports on XS, and the same on Node. */
import { runInXs, type RunError, type RunOptions } from "../../../host-sim/xs/run.js";

export function valueOnXs(source: string, options: Omit<RunOptions, "source"> = {}): unknown {
  const ran = runInXs({ source, ...options });
  if (!ran.ok) throw new Error(`${ran.error.kind}: ${ran.error.message}`);
  return ran.value.value;
}

export function errorOnXs(source: string, options: Omit<RunOptions, "source"> = {}): { kind: RunError; message: string } {
  const ran = runInXs({ source, ...options });
  if (ran.ok) throw new Error(`no error, but ${JSON.stringify(ran.value.value)}`);
  return ran.error as { kind: RunError; message: string };
}

export function valueOnNode(source: string): unknown {
  let reported: unknown;
  // oxlint-disable-next-line typescript/no-implied-eval -- the same text for both engines
  new Function("report", source)((value: unknown) => {
    reported = value;
  });
  return JSON.parse(JSON.stringify(reported));
}
