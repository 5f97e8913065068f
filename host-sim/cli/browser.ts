/** Opens a page in the person's browser, where there is a person with a desktop; silently not, elsewhere. */
import { spawn } from "node:child_process";

export function openBrowser(url: string): void {
  const command = opener();
  if (command === undefined || !process.stdout.isTTY || process.env["CI"] !== undefined) return;
  const [program, ...words] = command;
  const child = spawn(program!, [...words, url], { stdio: "ignore", detached: true });
  // The address is on the screen.
  child.on("error", () => {});
  child.unref();
}

function opener(): string[] | undefined {
  if (process.platform === "darwin") return ["open"];
  if (process.platform === "win32") return ["cmd", "/c", "start", ""];
  const desktop = process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"];
  return desktop === undefined || desktop === "" ? undefined : ["xdg-open"];
}
