/** The order in which a collector does things, watched from the broker's end: a PUBACK or a watermark that leaves was committed before. */
import { closeSync, mkdtempSync, openSync, rmSync, symlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "libsql";
import type { Packet } from "mqtt-packet";
import { afterAll, describe, expect, test } from "vitest";
import { Collector, type CollectorEvents } from "../../../host-sim/collector/collector.js";
import { openStore, type Store } from "../../../host-sim/collector/store.js";
import { fakeBroker, type FakeBroker } from "./fake-broker.js";
import { block } from "./records.js";

const folder = mkdtempSync(join(tmpdir(), "mote-collector-"));
interface Rig {
  broker: FakeBroker;
  store: Store;
  collector: Collector;
  said: string[];
  /** Blocks in the store when each PUBACK or watermark came, as another program sees them. */
  stored: number[];
  pubacks(): number[];
  watermarks(): number[];
  close(): Promise<void>;
}

const rigs: Rig[] = [];
afterAll(async () => {
  for (const each of rigs) await each.close();
  rmSync(folder, { recursive: true, force: true });
});

let names = 0;

/** Overwrites the first page of the table of blocks. */
function damageBlocks(file: string): void {
  const opened = openStore(file);
  if (!opened.ok) throw new Error(opened.error.message);
  const { sql, close } = opened.value;
  const [page, size] = sql
    .prepare("SELECT rootpage, page_size FROM sqlite_master, pragma_page_size WHERE name = 'blocks'")
    .raw()
    .get([]) as unknown as [number, number];
  close();
  const handle = openSync(file, "r+");
  writeSync(handle, Buffer.alloc(size, 0x5a), 0, size, (page - 1) * size);
  closeSync(handle);
}

async function rig(prepare?: (file: string) => void): Promise<Rig> {
  const file = join(folder, `${names++}.db`);
  prepare?.(file);
  const opened = openStore(file);
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  const reader = new Database(file, { timeout: 2000 });
  const stored: number[] = [];
  const said: string[] = [];
  const broker = await fakeBroker((packet) => {
    if (packet.cmd !== "puback" && packet.cmd !== "publish") return;
    stored.push(Number((reader.prepare("SELECT count(*) FROM blocks").raw().get([]) as unknown as [number])[0]));
  });
  const events: CollectorEvents = {
    onListening: () => said.push("listening"),
    onAway: () => said.push("away"),
    onNote: ({ kind }) => said.push(kind),
    onWaiting: ({ kind }) => said.push("waiting " + kind),
    onStoring: () => said.push("storing"),
    onBroken: ({ kind }) => said.push("broken " + kind),
  };
  const collector = new Collector(store, { host: "127.0.0.1", port: broker.port }, () => Math.floor(performance.now()), events);
  const of = <Value>(pick: (packet: Packet) => Value | undefined): Value[] =>
    broker.packets.map(pick).filter((value): value is Value & {} => value !== undefined);
  const made: Rig = {
    broker,
    store,
    collector,
    said,
    stored,
    pubacks: () => of((packet) => (packet.cmd === "puback" ? packet.messageId : undefined)),
    watermarks: () =>
      of((packet) => (packet.cmd === "publish" ? (JSON.parse(packet.payload.toString()) as { seq: number }).seq : undefined)),
    async close() {
      await collector.close();
      reader.close();
      store.close();
      await broker.close();
    },
  };
  rigs.push(made);
  await until(() => said.includes("listening"));
  return made;
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 8000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error("not within 8 s");
    await sleep(5);
  }
}

const topic = "mote/porch/data";

describe.concurrent("a collector", () => {
  test("comes with a persistent session under the store's own name, and subscribes at QoS 1", async () => {
    const { broker, store } = await rig();
    expect(broker.packets[0]).toMatchObject({ cmd: "connect", clean: false, clientId: store.clientId });
    expect(store.clientId).toMatch(/^mote-collect-[0-9a-f]{16}$/);
    expect(broker.packets[1]).toMatchObject({ cmd: "subscribe", subscriptions: [{ topic: "mote/+/data", qos: 1 }] });
  });

  test("confirms to broker and board what is committed, many messages a transaction, and each once", async () => {
    const { broker, collector, pubacks, stored, watermarks } = await rig();
    for (let seq = 0; seq < 200; seq++) broker.publish(seq + 1, topic, block({ seq, samples: 2 }));
    await until(() => pubacks().length === 200 && watermarks().at(-1) === 199);
    expect([...pubacks()].sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(collector.counts.commits).toBeLessThan(150);
    // The n-th confirmation finds n blocks stored, whatever else was confirmed with it.
    let confirmed = 0;
    for (const [index, packet] of broker.packets.filter(({ cmd }) => cmd === "puback" || cmd === "publish").entries()) {
      if (packet.cmd === "puback") expect(stored[index]).toBeGreaterThanOrEqual(++confirmed);
      else if (packet.cmd === "publish") {
        expect(stored[index]).toBeGreaterThan((JSON.parse(packet.payload.toString()) as { seq: number }).seq);
        expect(packet).toMatchObject({ topic: "mote/porch/ack", qos: 1, retain: true });
        expect(packet.payload.length).toBeLessThanOrEqual(128);
      }
    }
  });

  test("confirms nothing while another program holds the store, says so when that takes long, and goes on when it lets go", async () => {
    const { broker, store, pubacks, watermarks, said } = await rig();
    const holder = new Database(store.file, { timeout: 100 });
    holder.exec("BEGIN IMMEDIATE");
    for (let seq = 0; seq < 5; seq++) broker.publish(seq + 1, topic, block({ seq }));
    await until(() => said.includes("waiting locked"));
    expect(pubacks()).toEqual([]);
    expect(watermarks()).toEqual([]);
    holder.exec("ROLLBACK");
    holder.close();
    await until(() => pubacks().length === 5 && watermarks().at(-1) === 4);
    expect(said).toEqual(["listening", "waiting locked", "storing"]);
  });

  test("stops confirming while the disk is full, says so once, and loses nothing when there is room again", async () => {
    const { broker, store, pubacks, said, watermarks } = await rig();
    broker.publish(1, topic, block({ seq: 0 }));
    await until(() => watermarks().at(-1) === 0);
    const pages = Number((store.sql.prepare("PRAGMA page_count").raw().get([]) as unknown as [number])[0]);
    store.sql.exec(`PRAGMA max_page_count = ${pages}`);
    for (let seq = 1; seq <= 20; seq++) broker.publish(seq + 1, topic, block({ seq, samples: 300, everyMs: 30, channels: 4 }));
    await until(() => said.includes("waiting full"));
    const confirmedWhileFull = pubacks().length;
    expect(confirmedWhileFull).toBeLessThan(21);
    await sleep(500);
    expect(pubacks()).toHaveLength(confirmedWhileFull);
    expect(Math.max(...watermarks())).toBeLessThan(20);
    store.sql.exec("PRAGMA max_page_count = 1000000");
    await until(() => pubacks().length === 21 && watermarks().at(-1) === 20);
    expect(said).toEqual(["listening", "waiting full", "storing"]);
    expect(store.sql.prepare("SELECT count(*), sum(samples) FROM blocks").raw().get([])).toEqual([21, 10 + 20 * 1200]);
  });

  test("confirms what is malformed, so that it does not come for ever, and a message of a lost connection not on the next", async () => {
    const { broker, store, pubacks, said } = await rig();
    broker.publish(1, topic, Buffer.from("rubbish"));
    await until(() => pubacks().length === 1);
    expect(said).toContain("malformed");
    const holder = new Database(store.file, { timeout: 100 });
    holder.exec("BEGIN IMMEDIATE");
    broker.publish(2, topic, block({ seq: 0 }));
    await sleep(100);
    broker.drop();
    await until(() => said.filter((word) => word === "listening").length === 2);
    holder.exec("ROLLBACK");
    holder.close();
    await until(() => Number((store.sql.prepare("SELECT count(*) FROM blocks").raw().get([]) as unknown as [number])[0]) === 1);
    await sleep(50);
    expect(pubacks()).toEqual([1]);
    broker.publish(9, topic, block({ seq: 0 }), true);
    await until(() => pubacks().length === 2);
    expect(pubacks()).toEqual([1, 9]);
  });

  test("tells a board that sends what is here its watermark once more: it does not know it", async () => {
    const { broker, watermarks, pubacks } = await rig();
    broker.publish(1, topic, block({ seq: 0 }));
    await until(() => watermarks().length === 1);
    broker.publish(2, topic, block({ seq: 0 }));
    await until(() => watermarks().length === 2 && pubacks().length === 2);
    expect(watermarks()).toEqual([0, 0]);
  });

  test("tells every board its watermark again when a broker is there again, which may have lost what it had retained", async () => {
    const { broker, watermarks, said } = await rig();
    broker.publish(1, topic, block({ seq: 0 }));
    await until(() => watermarks().length === 1);
    broker.drop();
    await until(() => said.filter((word) => word === "listening").length === 2);
    await until(() => watermarks().length === 2);
    expect(watermarks()).toEqual([0, 0]);
  });

  test("takes in a few MB at most while nothing can be stored: the rest stays with the broker", async () => {
    const { broker, store, collector, pubacks } = await rig();
    const holder = new Database(store.file, { timeout: 100 });
    holder.exec("BEGIN IMMEDIATE");
    const rubbish = Buffer.alloc(60_000, 1);
    for (let id = 1; id <= 200; id++) broker.publish(id, topic, rubbish);
    await until(() => collector.waiting >= 70);
    await sleep(600);
    expect(collector.waiting).toBeLessThan(80);
    holder.exec("ROLLBACK");
    holder.close();
    await until(() => pubacks().length === 200);
    expect(collector.counts.malformed).toBe(200);
  });

  test("ends when the store's file is taken away, and confirms nothing of what nobody could find", async () => {
    const { broker, store, pubacks, said } = await rig();
    broker.publish(1, topic, block({ seq: 0 }));
    await until(() => pubacks().length === 1);
    rmSync(store.file);
    broker.publish(2, topic, block({ seq: 1 }));
    await until(() => said.some((word) => word.startsWith("broken")));
    expect(said).toContain("broken broken");
    expect(pubacks()).toEqual([1]);
  });

  test("is the only one on a store, by whatever name", async () => {
    const { store } = await rig();
    symlinkSync(store.file, store.file + "-alias");
    expect(openStore(store.file + "-alias")).toMatchObject({ ok: false, error: { kind: "store" } });
  });

  test("ends when the store is damaged, and confirms nothing of what it could not keep", async () => {
    const { broker, pubacks, said } = await rig(damageBlocks);
    broker.publish(1, topic, block({ seq: 0 }));
    await until(() => said.some((word) => word.startsWith("broken")));
    expect(said).toContain("broken corrupt");
    expect(pubacks()).toEqual([]);
  });
});
