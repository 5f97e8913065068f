/** Where `npm run build:xs` leaves the host, and whether it is still of its sources. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { root } from "./modules.js";

export interface Program {
  readonly path: string;
  /** 32 as on ESP32; 64 where the compiler has no 32-bit libraries: slots and so all limits are twice as large. */
  readonly bits: 32 | 64;
}

/** The 32-bit host where there is one, or the one of `bits`. Failure: `not-built`. */
export function findProgram(bits?: 32 | 64): Result<Program, "not-built"> {
  const file = join(root, ".cache", "xs", bits === undefined ? "built.json" : `built-${bits}.json`);
  const remedy = `npm run build:xs${bits === undefined ? "" : ` -- --bits ${bits}`}`;
  if (!existsSync(file)) return failure("not-built", `the XS engine is not built: run \`${remedy}\``);
  const built = JSON.parse(readFileSync(file, "utf8")) as { program: string; bits: 32 | 64; own: string };
  const path = join(root, built.program);
  if (!existsSync(path) || built.own !== sum()) return failure("not-built", `the XS engine was built of other sources: run \`${remedy}\``);
  return success({ path, bits: built.bits });
}

/** As toolchain/build.js has it. */
function sum(): string {
  const folder = join(root, "host-sim", "xs", "c");
  const hash = createHash("sha256");
  for (const file of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, file))).update("\0");
  return hash.digest("hex").slice(0, 16);
}
