/** `mote collect` against a real Mosquitto: killed at any moment it loses and doubles nothing, and neither does the broker's restart. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "libsql";
import mqtt from "mqtt";
import { afterAll, describe, expect, test } from "vitest";
import { killGroup, mote, startMote, type Running } from "../host-sim/cli/command.js";
import { draw } from "../host-sim/collector/draws.js";
import { Producer } from "../host-sim/collector/producer.js";
import { block } from "../host-sim/collector/records.js";
import { mosquitto, withoutMosquitto } from "../peers/mosquitto.js";

const folder = mkdtempSync(join(tmpdir(), "mote-collect-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function rows(store: string, question: string): unknown[][] {
  const sql = new Database(store, { timeout: 2000 });
  const found = sql.prepare(question).raw().all([]) as unknown[][];
  sql.close();
  return found;
}

async function until(what: string, withinMs: number, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(20);
  }
}

const collect = (url: string, store: string): Running => startMote("collect", "--broker", url, "--store", store, "--json");

async function killed({ child, ended }: Running): Promise<void> {
  killGroup(child.pid!, "SIGKILL");
  await ended;
}

async function interrupted({ child, ended }: Running): Promise<{ code: number | null; err: string }> {
  killGroup(child.pid!, "SIGINT");
  return ended;
}

/** Everything that the board made is in the store, once and unchanged. */
function holdsAllOf(store: string, producer: Producer): void {
  const where = `WHERE d.name = '${producer.device}'`;
  const from = (table: string): string => `FROM ${table} t JOIN installs i ON i.id = t.install JOIN devices d ON d.id = i.device ${where}`;
  const stored = new Map(
    [...rows(store, `SELECT seq, crc ${from("blocks")}`), ...rows(store, `SELECT seq, crc ${from("gaps")}`)].map(([seq, crc]) => [
      seq,
      crc,
    ]),
  );
  const made = [...producer.made].map(([seq, { bytes }]) => [seq, bytes.readUInt32LE(bytes.length - 4)]);
  expect(stored).toEqual(new Map(made as [number, number][]));
  expect(rows(store, `SELECT count(*) FROM samples WHERE device = '${producer.device}'`)).toEqual([[producer.samples]]);
  expect(rows(store, `SELECT count(*) FROM (SELECT DISTINCT channel, boot, ms FROM samples WHERE device = '${producer.device}')`)).toEqual([
    [producer.samples],
  ]);
}

describe
  .skipIf(withoutMosquitto !== undefined)
  .concurrent("beside a real Mosquitto" + (withoutMosquitto ? ` (${withoutMosquitto})` : ""), () => {
    test(
      "killed 20 times at random moments, the broker restarted twice: nothing is lost, nothing doubled",
      { timeout: 60_000 },
      async () => {
        const broker = await mosquitto();
        await broker.start();
        const url = `mqtt://127.0.0.1:${broker.port}`;
        const store = join(folder, "killed.db");
        const random = draw(5);
        let collector = collect(url, store);
        await collector.says(/"event":"listening"/);
        const boards = [
          new Producer(url, "plain", "broker", 1),
          new Producer(url, "patient", "consumer", 2),
          new Producer(url, "second", "consumer", 3),
        ];
        const making = setInterval(() => {
          for (const board of boards) board.make();
        }, 5);
        for (let kills = 0; kills < 20; kills++) {
          await sleep(60 + random() * 420);
          await killed(collector);
          if (kills % 8 === 4) {
            await broker.stop();
            await broker.start();
          }
          collector = collect(url, store);
        }
        clearInterval(making);
        await until("all confirmed", 20_000, () => boards.every(({ confirmed }) => confirmed));
        const total = boards.reduce((sum, { made }) => sum + made.size, 0);
        const stored = "SELECT (SELECT count(*) FROM blocks) + (SELECT count(*) FROM gaps)";
        await until("all stored", 20_000, () => rows(store, stored)[0]![0] === total);
        expect(await interrupted(collector)).toMatchObject({ code: 0, err: "" });
        expect(total).toBeGreaterThan(1000);
        for (const board of boards) holdsAllOf(store, board);
        expect(rows(store, "SELECT * FROM refused")).toEqual([]);
        // What was confirmed never went back, and never ahead of what was stored: the last is the highest.
        for (const { watermarks, highest, mode } of boards) {
          if (mode === "consumer") expect(Math.max(...watermarks)).toBe(highest);
        }
        await Promise.all(boards.map((board) => board.close()));
        await broker.remove();
      },
    );

    test("killed between arrival and commit: neither broker nor board had been told, and all comes again", async () => {
      const broker = await mosquitto();
      await broker.start();
      const url = `mqtt://127.0.0.1:${broker.port}`;
      const store = join(folder, "held.db");
      const first = collect(url, store);
      await first.says(/"event":"listening"/);
      const peer = await mqtt.connectAsync(url);
      const told: string[] = [];
      peer.on("message", (_topic, payload) => told.push(payload.toString()));
      await peer.subscribeAsync("mote/porch/ack", { qos: 1 });

      const holder = new Database(store, { timeout: 5000 });
      holder.exec("BEGIN IMMEDIATE");
      for (let seq = 0; seq < 5; seq++) await peer.publishAsync("mote/porch/data", block({ seq }), { qos: 1 });
      // Said two seconds after the messages came.
      await first.says(/"event":"waiting","at":"[^"]+","kind":"locked"/);
      await killed(first);
      holder.exec("ROLLBACK");
      holder.close();
      expect(told).toEqual([]);
      expect(rows(store, "SELECT count(*) FROM blocks")).toEqual([[0]]);

      const second = collect(url, store);
      await until("the watermark", 8000, () => told.length > 0);
      expect(JSON.parse(told.at(-1)!)).toEqual({ install: 1, boot: 0, seq: 4 });
      expect(rows(store, "SELECT count(*), sum(samples) FROM blocks")).toEqual([[5, 50]]);
      expect(await interrupted(second)).toMatchObject({ code: 0, err: "" });
      await peer.endAsync();
      await broker.remove();
    });

    test("a consumer that comes in the middle of what a board has: it gets all that nobody confirmed", async () => {
      const broker = await mosquitto();
      await broker.start();
      const url = `mqtt://127.0.0.1:${broker.port}`;
      const store = join(folder, "late.db");
      const board = new Producer(url, "early", "consumer", 9);
      for (let records = 0; records < 300; records++) board.make();
      await sleep(150);
      const collector = collect(url, store);
      await until("all confirmed", 10_000, () => board.confirmed);
      holdsAllOf(store, board);
      expect(await interrupted(collector)).toMatchObject({ code: 0, err: "" });
      await board.close();
      await broker.remove();
    });

    test("the firmware itself, on a simulated board that keeps what no consumer has: all of it comes, over a restart", async () => {
      const broker = await mosquitto();
      await broker.start();
      const url = `mqtt://127.0.0.1:${broker.port}`;
      const store = join(folder, "firmware.db");
      const state = join(folder, "board");
      expect(await mote("config", "set", "journal.acknowledge=consumer", "journal.blockS=2", "--state", state)).toMatchObject({ code: 0 });
      const board = (): ReturnType<typeof mote> =>
        mote("sim", "--broker", url, "--state", state, "--speed", "20", "--duration", "30s", "--json");
      expect(await board()).toMatchObject({ code: 0 });
      // Nobody had asked for that yet: it is in the board's flash alone.
      const collector = collect(url, store);
      await collector.says(/"event":"listening"/);
      expect(await board()).toMatchObject({ code: 0 });
      const whole = "SELECT base, next - highest FROM installs";
      await until("all numbers", 8000, () => JSON.stringify(rows(store, whole)) === "[[0,1]]");
      expect(await interrupted(collector)).toMatchObject({ code: 0, err: "" });
      expect(rows(store, "SELECT count(*) FROM boots")).toEqual([[2]]);
      // A second of each boot is not sampled before it ends, or not closed.
      const [[seconds]] = rows(store, "SELECT count(*) FROM samples WHERE channel = 'temperature'") as [[number]];
      expect(seconds).toBeGreaterThan(50);
      expect(rows(store, "SELECT DISTINCT channel FROM samples ORDER BY 1").flat()).toEqual(
        expect.arrayContaining(["humidity", "outdoor", "pressure", "temperature"]),
      );
      await broker.remove();
    });
  });
