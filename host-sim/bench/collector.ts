/**
 * `mote collect` in a process of its own, beside a real Mosquitto: samples a second from the first publish until the last board has
 * its watermark, so with everything committed and acknowledged.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { MqttClient } from "mqtt";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { blockEncoder } from "../../firmware/telemetry/block-encoder.js";
import { readStore } from "../collector/store.js";
import { type Benchmark, type Row } from "./benchmark.js";

const places = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto", "/opt/homebrew/sbin/mosquitto"];
const boards = 4;
const blocksEach = 300;
const channels = 6;
const samplesAChannel = 60;
const giveUpMs = 60_000;

/** A minute of six channels at 1 Hz, as a board sends it. */
function blockOf(seq: number): Buffer {
  const made = blockEncoder({
    identified: true,
    bytesMax: 4096,
    channels: Array.from({ length: channels }, (_, id) => ({ id, resolution: 0.01, periodMs: 1000, name: Buffer.from(`channel${id}`) })),
  });
  if (!made.ok) throw new Error(made.error.message);
  const encoder = made.value;
  if (seq % 32 === 0) encoder.introduce();
  for (let i = 0; i < samplesAChannel; i++) {
    const second = seq * samplesAChannel + i;
    for (let id = 0; id < channels; id++) {
      encoder.values[id]!(Math.round((20 + 5 * Math.sin(second / 500 + id) + ((second * 7919) % 13) / 100) * 100) / 100, second * 1000);
    }
  }
  return Buffer.from(encoder.finish({ install: 1, boot: 0, seq })!);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function answers(port: number): Promise<boolean> {
  for (let tries = 0; tries < 500; tries++) {
    const up = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (up) return true;
    await sleep(10);
  }
  return false;
}

/** Resolves when all boards have their last watermark; false: not in time. */
async function acknowledged(feeder: MqttClient): Promise<boolean> {
  await feeder.subscribeAsync("mote/+/ack", { qos: 1 });
  const done = new Set<string>();
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), giveUpMs).unref();
    feeder.on("message", (topic, payload) => {
      if ((JSON.parse(payload.toString()) as { seq: number }).seq === blocksEach - 1) done.add(topic);
      if (done.size === boards) resolve(true);
    });
  });
}

async function measured(folder: string, port: number): Promise<Result<{ samplesASecond: number; stored: number; bytes: number }>> {
  const store = join(folder, "bench.db");
  const url = `mqtt://127.0.0.1:${port}`;
  const main = fileURLToPath(new URL("../cli/main.js", import.meta.url));
  const collector = spawn(process.execPath, [main, "collect", "--broker", url, "--store", store, "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise((resolve) => collector.once("exit", resolve));
  await new Promise<void>((resolve) => {
    let said = "";
    collector.stdout.on("data", (text: Buffer) => {
      said = (said + text.toString()).slice(-4096);
      if (said.includes('"listening"')) resolve();
    });
    collector.once("exit", () => resolve());
  });
  const { connectAsync } = await import("mqtt");
  const feeder = await connectAsync(url);
  const blocks = Array.from({ length: blocksEach }, (_, seq) => blockOf(seq));
  const done = acknowledged(feeder);
  await sleep(200);
  const startMs = performance.now();
  for (const payload of blocks)
    for (let board = 0; board < boards; board++) feeder.publish(`mote/bench-${board}/data`, payload, { qos: 1 });
  const inTime = await done;
  const tookMs = performance.now() - startMs;
  await feeder.endAsync();
  collector.kill("SIGTERM");
  await exited;
  if (!inTime) return failure("collector", `not all was acknowledged within ${giveUpMs / 1000} s`);
  const read = readStore(store);
  if (!read.ok) return read;
  const [stored, pages, size] = ["SELECT count(*) FROM points", "PRAGMA page_count", "PRAGMA page_size"].map((question) =>
    Number((read.value.sql.prepare(question).raw().get([]) as unknown as [number])[0]),
  ) as [number, number, number];
  read.value.close();
  return success({ samplesASecond: stored / (tookMs / 1000), stored, bytes: (pages * size) / stored });
}

export const collector: Benchmark = {
  name: "collector",
  async run() {
    const program = places.find((place) => existsSync(place));
    if (program === undefined) return failure("collector", "no mosquitto found: apt install mosquitto");
    const folder = mkdtempSync(join(tmpdir(), "mote-bench-"));
    let broker: ChildProcess | undefined;
    try {
      const port = await freePort();
      const lines = [`listener ${port} 127.0.0.1`, "allow_anonymous true", "max_queued_messages 0", "log_dest none"];
      writeFileSync(join(folder, "mosquitto.conf"), lines.join("\n") + "\n");
      broker = spawn(program, ["-c", join(folder, "mosquitto.conf")], { stdio: "ignore" });
      if (!(await answers(port))) return failure("collector", "mosquitto does not answer");
      const result = await measured(folder, port);
      if (!result.ok) return result;
      const { samplesASecond, stored, bytes } = result.value;
      const rows: Row[] = [
        {
          what: `samples a second through Mosquitto into SQLite, ${boards} boards, committed and acknowledged`,
          measured: Math.round(samplesASecond),
          limit: { atLeast: 20_000 },
        },
        {
          what: "samples stored of those sent",
          measured: stored / (boards * blocksEach * channels * samplesAChannel),
          limit: { equal: 1 },
        },
        { what: "size of the store, a sample", measured: bytes, unit: "B" },
      ];
      return success(rows);
    } finally {
      broker?.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
