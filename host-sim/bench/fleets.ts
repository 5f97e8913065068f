/** Many boards in one process: a thousand in virtual time, and five thousand on a real Mosquitto over real sockets. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { root } from "../xs/modules.js";
import type { Benchmark, Row } from "./benchmark.js";

interface Outcome {
  readonly boards: number;
  readonly everConnected: number;
  readonly simulatedMs: number;
  readonly wallMs: number;
  readonly cpuShare: number;
  readonly residentBytes: number;
  readonly missed: number;
  readonly samples: number;
  readonly published: number;
  readonly acknowledged: number;
  readonly connections: number;
}

const oneMessageApp = join(root, "host-sim", "apps", "one-message.ts");

/** A run of the command, in a process of its own: its memory and its time are then those of the run. */
async function run(...words: string[]): Promise<Result<Outcome>> {
  const child = spawn(process.execPath, [join(root, "bin", "mote.js"), "sim", "--json", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) return failure("run", `mote sim ${words.join(" ")} ended with ${code}: ${err.trim()}`);
  return success(JSON.parse(out.trim().split("\n").at(-1)!) as Outcome);
}

const manyBoards = 1000;
const manyS = 33;
const manyRounds = 3;
const fewBoards = 2;
/** All boards have booted by then, and are connected. */
const bootedS = 3;

const cpuS = ({ wallMs, cpuShare }: Outcome): number => (wallMs / 1000) * cpuShare;

/**
 * Memory a board: what many boards take beyond few that do the same work, whose memory is the process's own, its code and
 * its room for garbage. Time: without the part in which the boards boot and the code gets warm.
 */
async function thousand(): Promise<Result<Row[]>> {
  const few = await run("--boards", String(fewBoards), "--speed", "max", "--duration", `${(manyBoards / fewBoards) * manyS}s`);
  if (!few.ok) return few;
  const speeds: number[] = [];
  let many: Result<Outcome>;
  do {
    const booted = await run("--boards", String(manyBoards), "--speed", "max", "--duration", `${bootedS}s`);
    if (!booted.ok) return booted;
    many = await run("--boards", String(manyBoards), "--speed", "max", "--duration", `${manyS}s`);
    if (!many.ok) return many;
    const boardS = (manyBoards * (many.value.simulatedMs - booted.value.simulatedMs)) / 1000;
    speeds.push(boardS / (cpuS(many.value) - cpuS(booted.value)));
  } while (speeds.length < manyRounds);
  const work = many.value.samples / few.value.samples;
  if (!(work > 0.9 && work < 1.1))
    return failure("work", `the runs' work is not equal: ${few.value.samples} and ${many.value.samples} samples`);
  const boardBytes = (many.value.residentBytes - few.value.residentBytes) / (manyBoards - fewBoards);
  return success([
    {
      what: "a thousand boards, virtual time, fastest of three rounds",
      measured: Math.max(...speeds),
      unit: "board-s/s a core",
      limit: { atLeast: 3000 },
    },
    // A board with its journal takes 12 KB more than one without (docs/decisions/fleet-memory.md).
    { what: "resident memory a board", measured: boardBytes / 1000, unit: "KB", limit: { atMost: 80 }, knownMiss: true },
    { what: "samples missed", measured: many.value.missed, limit: { equal: 0 } },
  ]);
}

const socketsBoards = 5000;
const socketsS = 40;

async function sockets(): Promise<Result<Row[]>> {
  const broker = await mosquitto();
  if (!broker.ok) return broker;
  const { port, process: child, folder } = broker.value;
  try {
    const words = ["--app", oneMessageApp, "--boards", String(socketsBoards), "--broker", `mqtt://127.0.0.1:${port}`];
    const ran = await run(...words, "--duration", `${socketsS}s`);
    if (!ran.ok) return ran;
    const { everConnected, cpuShare, missed, published, acknowledged, connections } = ran.value;
    return success([
      { what: "boards on Mosquitto at a message a second", measured: everConnected, limit: { equal: socketsBoards } },
      { what: "messages not acknowledged", measured: published - acknowledged, limit: { equal: 0 } },
      { what: "connections lost", measured: connections - everConnected, limit: { equal: 0 } },
      { what: "samples missed on Mosquitto", measured: missed, limit: { equal: 0 } },
      { what: "our process, of one core", measured: Math.round(cpuShare * 100), unit: "%", limit: { atMost: 60 }, knownMiss: true },
    ]);
  } finally {
    child.kill();
    rmSync(folder, { recursive: true });
  }
}

interface Mosquitto {
  readonly port: number;
  readonly process: ChildProcess;
  readonly folder: string;
}

async function mosquitto(): Promise<Result<Mosquitto>> {
  const folder = mkdtempSync(join(tmpdir(), "mote-mosquitto-"));
  const port = await freePort();
  const config = join(folder, "mosquitto.conf");
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  const child = spawn("mosquitto", ["-c", config], { stdio: "ignore", env: { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin` } });
  const missing = once(child, "error").then(() => true);
  for (let tries = 0; tries < 100; tries++) {
    if (await answers(port)) return success({ port, process: child, folder });
    if ((await Promise.race([missing, setTimeout(50, false)])) === true) break;
  }
  child.kill();
  rmSync(folder, { recursive: true });
  return failure("mosquitto", "Mosquitto does not start: install it (Debian's package mosquitto)");
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

export const fleets: Benchmark = {
  name: "fleets",
  async run() {
    const rows: Row[] = [];
    for (const part of [thousand, sockets]) {
      const measured = await part();
      if (!measured.ok) return measured;
      rows.push(...measured.value);
    }
    return success(rows);
  },
};
