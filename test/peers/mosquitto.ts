/** A real Mosquitto for tests, on a free loopback port, with its store in a temporary folder; restartable, and always killed. */
import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const places = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto", "/opt/homebrew/sbin/mosquitto"];
const program = places.find((place) => existsSync(place));

/** Why tests that need Mosquitto are left out; undefined where it is there, and in CI, where its absence is a failure. */
export const withoutMosquitto: string | undefined =
  program !== undefined || process.env["CI"] === "true"
    ? undefined
    : "no mosquitto here: install Debian's package mosquitto to run this test";

export interface Mosquitto {
  readonly port: number;
  start(): Promise<void>;
  /** SIGTERM, as a system shuts it down: it saves its store. */
  stop(): Promise<void>;
  /** Kills it and removes its folder. */
  remove(): Promise<void>;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (up: boolean) => {
      socket.destroy();
      resolve(up);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

export async function mosquitto(): Promise<Mosquitto> {
  if (program === undefined) throw new Error("mosquitto is missing: install Debian's package mosquitto");
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "mote-mosquitto-"));
  const config = join(folder, "mosquitto.conf");
  const settings = {
    listener: port + " 127.0.0.1",
    allow_anonymous: true,
    persistence: true,
    persistence_location: folder + "/",
    max_queued_messages: 0,
    log_dest: "none",
    // Started by root it becomes another user, who could not write its store.
    user: process.getuid?.() === 0 ? "root" : undefined,
  };
  chmodSync(folder, 0o700);
  writeFileSync(
    config,
    Object.entries(settings)
      .map(([key, value]) => (value === undefined ? "" : key + " " + value + "\n"))
      .join(""),
  );
  let running: { process: ChildProcess; exited: Promise<void> } | undefined;
  const killAtExit = () => running?.process.kill("SIGKILL");
  process.once("exit", killAtExit);

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = running;
    running = undefined;
    if (ending === undefined) return;
    ending.process.kill(signal);
    await ending.exited;
  }

  return {
    port,
    async start() {
      const child = spawn(program, ["-c", config], { stdio: ["ignore", "ignore", "pipe"] });
      let complaint = "";
      let exited = false;
      child.stderr.on("data", (text) => (complaint += text));
      running = {
        process: child,
        exited: new Promise((resolve) =>
          child.once("exit", () => {
            exited = true;
            resolve();
          }),
        ),
      };
      for (let tries = 0; tries < 500; tries++) {
        if (await answers(port)) return;
        if (exited) throw new Error("mosquitto ended: " + complaint);
        await sleep(10);
      }
      throw new Error("mosquitto does not answer on port " + port);
    },
    stop: () => end("SIGTERM"),
    async remove() {
      await end("SIGKILL");
      process.removeListener("exit", killAtExit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
