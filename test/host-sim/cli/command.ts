/** The built `mote` command in a process of its own: what it says, how it ends, and its end in any case. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly out: string;
  readonly ended: Promise<Ended>;
  /** Waits until stdout or stderr holds `form`. */
  says(form: RegExp): Promise<RegExpExecArray>;
}

/** What tests started and must not leave behind. */
const living = new Set<ChildProcessByStdio<null, Readable, Readable>>();
process.once("exit", () => {
  for (const child of living) killGroup(child.pid!, "SIGKILL");
});

/** To all of a group, as a terminal does. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

export function running(program: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(program, words, { cwd: root, stdio: ["ignore", "pipe", "pipe"], detached: true, env: { ...process.env, ...env } });
  living.add(child);
  let out = "";
  let err = "";
  let look: () => void = () => {};
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    look();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    look();
  });
  const ended = once(child, "close").then(([code, signal]): Ended => {
    living.delete(child);
    look();
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, out, err };
  });
  return {
    child,
    ended,
    get out() {
      return out;
    },
    says: (form) =>
      new Promise((resolve, reject) => {
        look = () => {
          const match = form.exec(out) ?? form.exec(err);
          if (match !== null) resolve(match);
          else if (child.exitCode !== null) reject(new Error(`it ended with ${child.exitCode} and never said ${form}:\n${out}${err}`));
        };
        look();
      }),
  };
}

/** As `npm test` has built it. */
export function startMote(...words: string[]): Running {
  return running(process.execPath, [root + "build/host-sim/cli/main.js", ...words]);
}

export function mote(...words: string[]): Promise<Ended> {
  return startMote(...words).ended;
}

/** The last line of stdout, which with --json is the counts. */
export function counts(ended: Ended): Record<string, unknown> {
  return JSON.parse(ended.out.trimEnd().split("\n").pop()!) as Record<string, unknown>;
}
