/**
 * The C compiler, and whether it can build for 32 bits, which is what an ESP32 has. `CC` chooses
 * another than gcc, cc or clang.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const noCompiler =
  "no C compiler: install gcc (Debian: apt install gcc libc6-dev), and for 32 bits, as on ESP32, gcc-12-multilib beside it";

export const no32Bits =
  "this compiler builds for 64 bits only: slots take 32 bytes instead of the board's 16, so memory limits are doubled " +
  "(Debian: apt install gcc-12-multilib)";

/** SSE2 keeps sums as V8 and ESP32 have them; x87 would differ in the last digit. Debian's gcc-12-multilib lacks the path of asm/. */
const flags32 = [
  ["-m32", "-msse2", "-mfpmath=sse"],
  ["-m32", "-msse2", "-mfpmath=sse", "-idirafter", "/usr/include/x86_64-linux-gnu"],
];

const trial = `#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
int main(int count, char** words) { printf("%d", (int)sizeof(void*)); return (int)floor(count + 0.5) - 1 + (words == 0); }
`;

function works(command, flags, pointerBytes) {
  const folder = mkdtempSync(join(tmpdir(), "mote-cc-"));
  try {
    const source = join(folder, "trial.c");
    const program = join(folder, "trial");
    writeFileSync(source, trial);
    if (spawnSync(command, [...flags, source, "-lm", "-lpthread", "-o", program], { stdio: "ignore" }).status !== 0) return false;
    const ran = spawnSync(program, { encoding: "utf8" });
    return ran.status === 0 && ran.stdout === String(pointerBytes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `{ command, version, bits, flags }`, or undefined when there is no compiler, or none for the `bits` asked for. */
export function findCompiler(bits) {
  const commands = process.env.CC ? [process.env.CC] : ["gcc", "cc", "clang"];
  const found = commands
    .map((command) => ({ command, version: spawnSync(command, ["--version"], { encoding: "utf8" }) }))
    .filter(({ version }) => version.status === 0)
    .map(({ command, version }) => ({ command, version: version.stdout.split("\n")[0] }));
  if (bits !== 64) {
    for (const compiler of found) {
      const flags = flags32.find((each) => works(compiler.command, each, 4));
      if (flags !== undefined) return { ...compiler, bits: 32, flags };
    }
  }
  if (bits !== 32) {
    for (const compiler of found) if (works(compiler.command, [], 8)) return { ...compiler, bits: 64, flags: [] };
  }
  return undefined;
}
