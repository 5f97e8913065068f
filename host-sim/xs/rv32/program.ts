/** The XS host on an emulated ESP32-C3, built on the spot where it is missing or stale: a `Program` like the computer's own, for `runInXs`. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { failure, success, type Result } from "../../../firmware/base/result.js";
import { root } from "../modules.js";
import type { Program } from "../program.js";

const buildMaxMs = 300_000;

/** Half a minute when it must be built, else a moment. Failure: `tools` when they are not installed (the message says which), `build`. */
export function rv32Program(): Result<Program, "tools" | "build"> {
  const built = spawnSync(process.execPath, [join(root, "scripts", "build-xs-rv32.js")], { encoding: "utf8", timeout: buildMaxMs });
  if (built.status === 0) return success({ path: join(root, ".cache", "xs", "mote-xs-rv32"), bits: 32 });
  const said = (built.stderr || built.error?.message || `its build ended with ${built.status ?? built.signal}`).trim();
  return failure(built.status === 3 ? "tools" : "build", said);
}
