/** `mote record` against a real Mosquitto: what it saves is what a simulation replays. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mqtt, { type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { counts, killGroup, mote, startMote, type Running } from "../host-sim/cli/command.js";
import { answersConnect, badBroker } from "../peers/bad-broker.js";
import { freePort, mosquitto, withoutMosquitto, type Mosquitto } from "../peers/mosquitto.js";

const folder = mkdtempSync(join(tmpdir(), "mote-record-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
const lines = (name: string): string[] => readFileSync(path(name), "utf8").trimEnd().split("\n");

/** Ends it as a person does. */
async function interrupted(running: Running): ReturnType<typeof mote> {
  killGroup(running.child.pid!, "SIGINT");
  return running.ended;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 8000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within 8 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe
  .skipIf(withoutMosquitto !== undefined)
  .concurrent("beside a real Mosquitto" + (withoutMosquitto ? ` (${withoutMosquitto})` : ""), () => {
    let broker: Mosquitto;
    let peer: MqttClient;
    let url = "";
    beforeAll(async () => {
      broker = await mosquitto();
      await broker.start();
      url = `mqtt://127.0.0.1:${broker.port}`;
      peer = await mqtt.connectAsync(url, { reconnectPeriod: 50 });
      peer.on("error", () => undefined);
    });
    afterAll(async () => {
      await peer.endAsync(true);
      await broker.remove();
    });

    test("what a board publishes becomes a recording, and a simulation that replays it measures what was recorded", async () => {
      const recorder = startMote(
        "record",
        "--broker",
        url,
        "--topic",
        "mote/+/temperature",
        "--topic",
        "mote/+/pressure",
        "--out",
        path("a.csv"),
      );
      await recorder.says(/^Stop {4}Ctrl-C$/m);
      // Its temperature climbs 0.5 °C a second of its own time: no two readings are alike.
      const climb = ["timestamp,temperature", ...Array.from({ length: 41 }, (_, second) => `${second},${10 + second / 2}`)];
      const source = path("climb.csv");

      writeFileSync(source, climb.join("\n"));
      const board = await mote("sim", "--broker", url, "--source", source, "--speed", "10", "--duration", "20s", "--json");
      expect(board.code).toBe(0);
      await until("rows", () => existsSync(path("a.csv")) && lines("a.csv").length > 30);
      const recorded = await interrupted(recorder);
      expect(recorded).toMatchObject({ code: 0, err: "" });
      expect(recorded.out).toContain("Note    pressure is converted to Pa from hPa");
      expect(recorded.out).toMatch(/^Recorded {2}\d+ messages in .*, \d+ rows of temperature, pressure/m);

      const [header, ...rows] = lines("a.csv");
      expect(header).toBe("timestamp,temperature,pressure");
      const temperatures = rows.map((row) => Number(row.split(",")[1]));
      expect(temperatures.at(-1)! - temperatures[0]!).toBeGreaterThan(6);
      for (const row of rows) expect(Number(row.split(",")[2])).toBeGreaterThan(90_000);

      // A second of the recording is ten of the board's: its samples meet every fifth value.
      const trace = path("replayed.jsonl");
      const replayed = await mote("sim", "--speed", "max", "--source", path("a.csv"), "--trace", trace, "--json");
      expect(replayed).toMatchObject({ code: 0, err: "" });
      const shown = await mote("replay", trace, "--only", "mqtt", "--json");
      const published = shown.out
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as { packet: { topic?: string; payload: string } }).packet)
        .filter(({ topic }) => topic?.endsWith("/temperature"))
        .map(({ payload }) => (JSON.parse(payload) as { value: number }).value);
      // The median of five follows two samples behind; the sensor's resolution is below 0.01 °C.
      expect(published.length).toBeGreaterThanOrEqual(2);
      for (const value of published) expect(Math.min(...temperatures.map((each) => Math.abs(each - value)))).toBeLessThan(0.3);
      expect(published).toEqual([...published].sort((a, b) => a - b));
    });

    test("traffic of any kind goes into a trace that mote replay shows, retained messages marked", async () => {
      await peer.publishAsync("house/lamp", "on", { retain: true, qos: 1 });
      const recorder = startMote("record", "--broker", url, "--topic", "house/#", "--out", path("house.jsonl"), "--json");
      await recorder.says(/^Stop/m);
      await peer.publishAsync("house/bytes", Buffer.of(0xff, 0), { qos: 1 });
      await until("hex", () => existsSync(path("house.jsonl")) && readFileSync(path("house.jsonl"), "utf8").includes('"hex":"ff00"'));
      const ended = await interrupted(recorder);
      expect(ended.code).toBe(0);
      expect(counts(ended)).toMatchObject({ messages: lines("house.jsonl").length, retained: 1 });
      const replayed = await mote("replay", path("house.jsonl"));
      expect(replayed.out).toMatch(/mqtt {6}PUBLISH house\/lamp on \(QoS 1, retained\)\n/);
      expect(replayed.out).toMatch(/PUBLISH house\/bytes hex ff 00 \(QoS 1\)\n/);
    });

    test("a broker that leaves and comes back is subscribed to again, and both are said", async () => {
      const restless = await mosquitto();
      await restless.start();
      const restlessUrl = `mqtt://127.0.0.1:${restless.port}`;
      const recorder = startMote("record", "--broker", restlessUrl, "--column", "temperature=room/state", "--out", path("room.csv"));
      await recorder.says(/^Stop/m);
      const publish = async (value: string): Promise<void> => {
        const client = await mqtt.connectAsync(restlessUrl);
        // A row stands in the file when the next one has come.
        for (let times = 0; times < 2; times++) {
          await client.publishAsync("room/state", value, { qos: 1 });
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        await until(value, () => existsSync(path("room.csv")) && readFileSync(path("room.csv"), "utf8").includes(`,${value}`));
        await client.endAsync();
      };
      await publish("20.25");
      await restless.stop();
      await recorder.says(/^The connection to .* is lost: .* The recording goes on when it is back\.$/m);
      await restless.start();
      await recorder.says(/^Connected again after .*: what came in between is missing\.$/m);
      await publish("30.5");
      expect(await interrupted(recorder)).toMatchObject({ code: 0, err: "" });
      const values = lines("room.csv")
        .slice(1)
        .map((row) => row.split(",")[1]);
      expect([...new Set(values)]).toEqual(["20.25", "30.5"]);
      await restless.remove();
    });

    test("without a file the trace goes to stdout, and what people want to know to stderr", async () => {
      const recorder = startMote("record", "--broker", url, "--topic", "loose/#");
      await recorder.says(/^Stop/m);
      await peer.publishAsync("loose/end", "now", { qos: 1 });
      await recorder.says(/"topic":"loose\/end"/);
      const ended = await interrupted(recorder);
      expect(ended).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^\{"ms":\d+,"topic":"loose\/end","payload":"now","retain":false,"qos":1\}\n$/),
      });
      expect(ended.err).toMatch(/^Record {2}mqtt.*[^]*\nRecorded {2}1 message in /);
    });

    test("nothing that comes, and nothing but what was retained, are failures that say so and leave no file", async () => {
      await peer.publishAsync("still/temperature", "20", { retain: true, qos: 1 });
      const record = (...words: string[]): ReturnType<typeof mote> =>
        mote("record", "--broker", url, "--duration", "300ms", "--out", path("none.csv"), ...words);
      const none = await record("--topic", "nowhere/#");
      expect(none).toMatchObject({ code: 1, err: "mote: nothing came on nowhere/#: look with --topic '#' what there is\n" });
      const old = await record("--topic", "still/temperature");
      expect(old).toMatchObject({ code: 1, err: expect.stringContaining("all that came on still/temperature were retained messages") });
      expect(existsSync(path("none.csv"))).toBe(false);
    });
  });

test("a recording that is there already is not written over, and a folder that is not there is named", async () => {
  writeFileSync(path("old.csv"), "precious");
  expect(await mote("record", "--out", path("old.csv"))).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^mote: --out .*old\.csv: it is there already, .*\n$/),
  });
  expect(readFileSync(path("old.csv"), "utf8")).toBe("precious");
  expect(await mote("record", "--out", path("no/x.csv"))).toMatchObject({
    code: 2,
    err: expect.stringContaining("there is no such folder"),
  });
});

describe.concurrent("a broker that cannot be had is said in one line, without the password, and leaves no file", () => {
  async function refused(port: number, why: string, ...words: string[]): Promise<void> {
    const file = path(`refused-${port}.csv`);
    const ended = await mote("record", "--broker", `mqtt://me:secret@127.0.0.1:${port}`, "--out", file, "--json", ...words);
    expect(ended).toEqual({ code: 1, signal: null, out: "", err: `mote: no recording from mqtt://127.0.0.1:${port}: ${why}\n` });
    expect(existsSync(file)).toBe(false);
  }

  test("where nobody listens", async () => refused(await freePort(), "no program answers there"));

  test.each<[string, number[], string]>([
    ["that refuses the user", [0x20, 2, 0, 4], "it refuses: wrong user name or password"],
    ["that speaks something else", [...Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")], "what answers there does not speak MQTT 3.1.1"],
  ])("%s", async (_, answer, why) => {
    const broker = await badBroker();
    broker.behave = answersConnect(...answer);
    await refused(broker.port, why);
    await broker.close();
  });

  test("that refuses the subscription", async () => {
    const broker = await badBroker();
    broker.behave = (socket) => {
      socket.once("data", () => {
        socket.write(Uint8Array.of(0x20, 2, 0, 0));
        socket.once("data", (bytes) => socket.write(Uint8Array.of(0x90, 4, bytes[2]!, bytes[3]!, 1, 0x80)));
      });
    };
    await refused(broker.port, "it refuses the subscription to b/#", "--topic", "a/#", "--topic", "b/#");
    await broker.close();
  });
});
