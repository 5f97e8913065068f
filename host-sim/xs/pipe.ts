/**
 * A child process and two FIFOs to it, read and written synchronously, so that a process and the code
 * that starts it share one event loop. Its death, however it comes about, is the end of the input,
 * never a wait: only the child holds the writing end of what is read here.
 */
import { execFileSync, spawn } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failure, success, type Result } from "../../firmware/base/result.js";

export interface Pipe {
  readonly processId: number;
  /** Sends all of it, or returns false: the process is gone. */
  send(bytes: Uint8Array): boolean;
  /** The next frame without its length, valid until the next call. Undefined: the process is gone. */
  receive(): Buffer | undefined;
  /** What the process wrote on stderr so far. */
  errorText(): string;
  /** Ends the process if it has not ended, and gives back all descriptors and files. */
  close(): void;
}

/** Opens both ends of a FIFO, blocking descriptors, without waiting for anybody. */
function openBoth(path: string): { reading: number; writing: number } {
  const first = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writing = openSync(path, constants.O_WRONLY);
  const reading = openSync(path, constants.O_RDONLY);
  closeSync(first);
  return { reading, writing };
}

/** Starts `program`; it finds its input at descriptor 3 and its output at 4. Failure: `process`. */
export function openPipe(program: string): Result<Pipe, "process"> {
  const folder = mkdtempSync(join(tmpdir(), "mote-xs-"));
  let toChild: { reading: number; writing: number };
  let fromChild: { reading: number; writing: number };
  let errors: number;
  const errorPath = join(folder, "errors");
  try {
    execFileSync("mkfifo", [join(folder, "to"), join(folder, "from")]);
    toChild = openBoth(join(folder, "to"));
    fromChild = openBoth(join(folder, "from"));
    errors = openSync(errorPath, "a+");
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    return failure("process", `no pipe to an XS process: ${String(error)}`);
  }
  // A process group of its own: Ctrl-C is for the command, which then ends the firmware in order. End of file ends the process.
  const child = spawn(program, [], { detached: true, stdio: ["ignore", "ignore", errors, toChild.reading, fromChild.writing] });
  child.on("error", () => {});
  child.unref();
  closeSync(toChild.reading);
  closeSync(fromChild.writing);
  const input = fromChild.reading;
  const output = toChild.writing;
  const processId = child.pid;
  if (processId === undefined) {
    for (const descriptor of [input, output, errors]) closeSync(descriptor);
    rmSync(folder, { recursive: true, force: true });
    return failure("process", `${program} cannot be run`);
  }

  let buffer = Buffer.allocUnsafe(64 * 1024);
  let used = 0;
  let count = 0;
  let open = true;

  /** Makes `wanted` bytes lie from `used` on; false at the end of the input. */
  function fill(wanted: number): boolean {
    while (count - used < wanted) {
      if (used > 0) {
        buffer.copyWithin(0, used, count);
        count -= used;
        used = 0;
      }
      if (wanted > buffer.length) {
        const larger = Buffer.allocUnsafe(wanted * 2);
        buffer.copy(larger, 0, 0, count);
        buffer = larger;
      }
      const got = readSync(input, buffer, count, buffer.length - count, null);
      if (got === 0) return false;
      count += got;
    }
    return true;
  }

  return success({
    processId,
    send(bytes) {
      if (!open) return false;
      try {
        for (let sent = 0; sent < bytes.length;) sent += writeSync(output, bytes, sent);
        return true;
      } catch {
        return false;
      }
    },
    receive() {
      if (!open || !fill(4)) return undefined;
      const length = buffer.readUInt32LE(used);
      if (!fill(4 + length)) return undefined;
      const frame = buffer.subarray(used + 4, used + 4 + length);
      used += 4 + length;
      return frame;
    },
    errorText: () => (open ? readFileSync(errorPath, "utf8").trim() : ""),
    close() {
      if (!open) return;
      open = false;
      for (const descriptor of [input, output, errors]) closeSync(descriptor);
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  });
}
