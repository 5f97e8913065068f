/** `mote collect`, `mote export` and `mote gaps` as a person meets them: what they say, in good days and bad, and how they end. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import mqtt from "mqtt";
import { afterAll, describe, expect, test } from "vitest";
import { openStore } from "../../host-sim/collector/store.js";
import { killGroup, mote, startMote, type Running } from "../host-sim/cli/command.js";
import { block, gap } from "../host-sim/collector/records.js";
import { freePort, mosquitto, withoutMosquitto } from "../peers/mosquitto.js";

const folder = mkdtempSync(join(tmpdir(), "mote-collect-command-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);

async function interrupted({ child, ended }: Running): ReturnType<typeof mote> {
  killGroup(child.pid!, "SIGINT");
  return ended;
}

describe
  .skipIf(withoutMosquitto !== undefined)
  .concurrent("beside a real Mosquitto" + (withoutMosquitto ? ` (${withoutMosquitto})` : ""), () => {
    test("a day's work: what comes is kept, told and exported, and Ctrl-C ends in order", { timeout: 30_000 }, async () => {
      const broker = await mosquitto();
      const url = `mqtt://127.0.0.1:${broker.port}`;
      const store = path("house.db");
      const collector = startMote("collect", "--broker", url, "--store", store);
      await collector.says(/^No connection to mqtt:\S+: no program answers there\. Trying again\.$/m);
      expect(collector.out.split("\n").slice(0, 4)).toEqual([
        `Collect  ${url}, mote/+/data`,
        `Into     ${store} (a new store)`,
        `Look     mote export --store ${store} --csv, mote gaps --store ${store}`,
        "Stop     Ctrl-C",
      ]);
      await broker.start();
      await collector.says(/^Connected to mqtt/m);
      const second = await mote("collect", "--broker", url, "--store", store);
      expect(second).toMatchObject({
        code: 1,
        out: "",
        err: `mote: ${store}: another mote collect is at work on it: end that, or name another with --store\n`,
      });

      const peer = await mqtt.connectAsync(url);
      const told = new Promise<string>((resolve) =>
        peer.on("message", (_topic, payload) => payload.toString().endsWith('":4}') && resolve(payload.toString())),
      );
      await peer.subscribeAsync("mote/porch/ack", { qos: 1 });
      const payloads = [
        block({ seq: 0, missingAt: [4] }),
        Buffer.from("rubbish"),
        Buffer.from("more rubbish"),
        block({ seq: 1 }),
        block({ seq: 1, first: 30 }),
        gap({ seq: 2, reason: 3, count: 2, samples: 20, from: [0, 20_000], to: [0, 39_000] }),
        block({ seq: 4 }),
        block({ seq: 6 }),
      ];
      for (const payload of payloads) await peer.publishAsync("mote/porch/data", payload, { qos: 1 });
      expect(JSON.parse(await told)).toEqual({ install: 1, boot: 0, seq: 4 });
      await collector.says(/^Kept out {2}a conflict of porch: install 00000001 boot 0 number 1 came again/m);

      // While it runs.
      const exported = await mote("export", "--store", store);
      expect(exported).toMatchObject({ code: 0, err: "" });
      const lines = exported.out.trimEnd().split("\n");
      expect(lines[0]).toBe("time,device,channel,value,unit,missing,ms,boot,seq,uncertaintyMs");
      expect(lines).toHaveLength(1 + 40);
      expect(lines[1]).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z,porch,channel-a,20\.00,°C,,0,0,0,\d*$/);
      expect(lines[5]).toMatch(/Z,porch,channel-a,,°C,bus,4000,0,0,\d*$/);
      const objects = (await mote("export", "--store", store, "--json", "--device", "porch")).out.trimEnd().split("\n");
      expect(objects).toHaveLength(40);
      expect(JSON.parse(objects[4]!)).toMatchObject({ device: "porch", value: null, missing: "bus" });
      const missing = await mote("gaps", "--store", store);
      expect(missing.out).toMatch(/^porch {2}install 00000001: 40 samples in 4 blocks, numbers 0 to 6\n/);
      expect(missing.out).toMatch(/\n {2}lost {13}20.* – .* {2}20 samples in 2 blocks: the journal was full: thinned out\n/);
      expect(missing.out).toMatch(/\n {2}not arrived yet {2}20.* – .* {2}1 record, number 5\n/);
      expect(JSON.parse((await mote("gaps", "--store", store, "--json")).out)).toMatchObject({
        device: "porch",
        next: 5,
        holes: [{ first: 5, last: 5 }],
      });

      const ended = await interrupted(collector);
      expect(ended).toMatchObject({ code: 0, err: "" });
      expect(ended.out).toMatch(/^Stored {3}40 samples in 4 blocks in .*; 1 gap, 2 malformed, 1 conflict; 1 device in all$/m);
      expect(ended.out.match(/Kept out {2}a malformed payload/g)).toHaveLength(1);

      const again = startMote("collect", "--broker", url, "--store", store, "--json");
      await again.says(/"event":"listening","at":"[^"]+","broker":"[^"]+","resumed":true/);
      await interrupted(again);
      expect(again.out).toMatch(/^\{"event":"begun"/);
      expect(JSON.parse(again.out.trimEnd().split("\n").at(-1)!)).toMatchObject({ event: "ended", samples: 0, devices: 1 });
      await peer.endAsync();
      await broker.remove();
    });
  });

describe.concurrent("a store that cannot be", () => {
  const refused = async (store: string, form: RegExp, ...words: string[]): Promise<void> => {
    const ended = await mote(...(words.length > 0 ? words : ["collect", "--broker", "mqtt://127.0.0.1:1"]), "--store", store);
    expect(ended).toMatchObject({ code: 1, out: "" });
    expect(ended.err).toMatch(form);
    expect(ended.err.trimEnd().split("\n")).toHaveLength(1);
  };

  test("no SQLite file, another program's, another version's: each is said with the remedy, and nothing is touched", async () => {
    writeFileSync(path("text.db"), "This is a diary. ".repeat(300));
    await refused(path("text.db"), /text\.db: this is no SQLite file: name another with --store$/m);
    expect(readFileSync(path("text.db"), "utf8")).toMatch(/^This is a diary/);
    const foreign = new Database(path("foreign.db"));
    foreign.exec("CREATE TABLE diary (day, text)");
    foreign.close();
    await refused(path("foreign.db"), /foreign\.db: it holds another program's data: name another file/);
    const newer = openStore(path("newer.db"));
    if (!newer.ok) throw new Error(newer.error.message);
    newer.value.sql.exec("PRAGMA user_version = 7");
    newer.value.close();
    await refused(path("newer.db"), /made by a newer Mote \(store version 7, and this one knows 1\)/);
    await refused(path("newer.db"), /made by a newer Mote/, "export");
  });

  test("no folder, a folder, nothing that may be written", async () => {
    await refused(join(folder, "no", "x.db"), /there is no such folder: make it/);
    await refused(folder, /it is a folder: name a file in it/);
    if (process.platform === "linux") await refused("/sys/mote.db", /it may not be written by you/);
  });

  test("damaged: collect, export and gaps say so", async () => {
    const made = openStore(path("damaged.db"));
    if (!made.ok) throw new Error(made.error.message);
    made.value.close();
    const bytes = readFileSync(path("damaged.db"));
    writeFileSync(path("damaged.db"), bytes.fill(0x5a, 4096));
    await refused(path("damaged.db"), /its contents are damaged: move it away and begin a new one/);
    await refused(path("damaged.db"), /its contents are damaged/, "export");
    await refused(path("damaged.db"), /its contents are damaged/, "gaps");
  });

  test("held by another program: waited for, and then told", async () => {
    const holder = new Database(path("held.db"));
    holder.exec("CREATE TABLE t (x)");
    holder.exec("BEGIN EXCLUSIVE");
    await refused(path("held.db"), /another program writes to it and does not let go/);
    holder.close();
  });

  test("missing, to export and gaps; and names that it does not have", async () => {
    await refused(path("none.db"), /there is no such file: mote collect makes one/, "export");
    await refused(path("none.db"), /there is no such file/, "gaps");
    const made = openStore(path("empty.db"));
    if (!made.ok) throw new Error(made.error.message);
    made.value.close();
    await refused(path("empty.db"), /no device "x"; there are none yet/, "gaps", "--device", "x");
  });
});

test.concurrent("wrong words end with 2 and one line", async () => {
  for (const words of [
    ["collect", "--broker", "http://x"],
    ["collect", "--duration", "soon"],
    ["export", "--from", "soon"],
    ["export", "--csv", "--json"],
    ["gaps", "--store"],
  ]) {
    const { code, err } = await mote(...words);
    expect({ words, code, lines: err.trimEnd().split("\n").length }).toEqual({ words, code: 2, lines: 1 });
  }
  for (const command of ["collect", "export", "gaps"]) expect((await mote(command, "--help")).out).toMatch(new RegExp(`^mote ${command}`));
});

test.concurrent("a broker that is not there keeps nobody from ending", async () => {
  const port = await freePort();
  const collector = startMote("collect", "--broker", `mqtt://127.0.0.1:${port}`, "--store", path("lonely.db"), "--duration", "1s");
  expect(await collector.ended).toMatchObject({ code: 0, err: "" });
});
