/** Asks the person at the terminal for a line, shown as it is typed or not; or takes it from stdin, where that is no terminal. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { failure, success, type Result } from "../../firmware/base/result.js";

/** More than any code or password has. */
const lineMax = 1024;

export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Undefined for no line (Ctrl-D); a failure when the person wants no more of it (Ctrl-C). The question goes to stderr: stdout is for what comes of it. */
export function askLine(question: string, hidden: boolean): Promise<Result<string | undefined, "interrupted">> {
  return new Promise((resolve) => {
    process.stderr.write(question);
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input: process.stdin, output: hidden ? silent : process.stderr, terminal: true });
    let answer: string | undefined;
    lines.on("line", (line) => {
      answer = line;
      lines.close();
    });
    let interrupted = false;
    lines.on("SIGINT", () => {
      interrupted = true;
      lines.close();
    });
    lines.on("close", () => {
      if (hidden || answer === undefined) process.stderr.write("\n");
      process.stdin.pause();
      resolve(interrupted ? failure("interrupted", "") : success(answer));
    });
  });
}

/** The first line of stdin, without its end; undefined when there is none. */
export async function lineOfStdin(): Promise<string | undefined> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    text += chunk as string;
    if (text.includes("\n") || text.length > lineMax) break;
  }
  const [line = ""] = text.slice(0, lineMax).split(/\r?\n/);
  return text === "" ? undefined : line;
}
