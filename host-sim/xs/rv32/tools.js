/**
 * The compiler and the emulator for the ESP32-C3's instruction set, which nobody is made to install: where
 * they are missing, what needs them is left out.
 */
import { spawnSync } from "node:child_process";

export const gcc = "riscv64-unknown-elf-gcc";

/** The C3's instructions, without floating point, and the smallest C library there is for them. */
export const target = ["--specs=picolibc.specs", "-march=rv32imc", "-mabi=ilp32"];

const emulator = "qemu-system-riscv32";

function works(command, words) {
  return spawnSync(command, words, { input: "", stdio: ["pipe", "ignore", "ignore"] }).status === 0;
}

/** Undefined when all of them are there, else what to install, by Debian's names. */
export function missingTools() {
  const missing = [];
  if (!works(emulator, ["--version"])) missing.push("qemu-system-misc");
  if (!works(gcc, ["--version"])) missing.push("gcc-riscv64-unknown-elf", "picolibc-riscv64-unknown-elf");
  else if (!works(gcc, [...target, "-E", "-x", "c", "-"])) missing.push("picolibc-riscv64-unknown-elf");
  return missing.length === 0 ? undefined : `apt install ${missing.join(" ")}`;
}

/** Enough for any benchmark, and the end of one that hangs, in seconds of processor time. */
const cpuMaxS = 100;

/**
 * A script that is to Node what the host for a computer is: it runs the kernel that lies beside it, and
 * inherits the descriptors. `shift=0` lets the emulator count each instruction exactly.
 */
export function startScript(kernel) {
  const words = [
    emulator,
    "-M virt -cpu rv32,a=off,f=off,d=off -m 160 -bios none",
    "-nographic -monitor none -serial none -semihosting-config enable=on,target=native -icount shift=0",
    `-kernel "$(dirname "$0")/${kernel}"`,
  ];
  return `#!/bin/sh\nulimit -t ${cpuMaxS}\nexec ${words.join(" ")}\n`;
}
