/** What a session may ask for, verb by verb, through the client that people use (docs/ble.md, "Messages"). */
import { describe, expect, test } from "vitest";
import { schema, settingNames } from "../../../firmware/config/schema.js";
import { boards } from "../../../firmware/boards/board.js";
import type { Result } from "../../../firmware/base/result.js";
import type { BoardClient, BoardEvent } from "../../../host-sim/pairing/contract.js";
import { AccessPoint } from "../../../host-sim/world/wifi.js";
import { type Place, place, type PlaceOptions } from "./visitor.js";

/** A board that is at work in its network, and somebody with an open session. */
async function visited(options: PlaceOptions = {}, central: { mtu?: number } = {}) {
  const here = place(options);
  const { visitor, station } = here;
  visitor.pass(5_000);
  visitor.press();
  const entered = await visitor.enter(station.board.secret!, central);
  if (!entered.ok) throw new Error(entered.error.message);
  const client = entered.value;
  async function ask<Value>(asked: (client: BoardClient) => Promise<Result<Value, string>>): Promise<Value> {
    const answer = await visitor.awaits(asked(client));
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value;
  }
  return { ...here, client, ask };
}

describe("a session is told", () => {
  test("what board this is", async () => {
    const { ask, station, visitor, simulation } = await visited();
    const about = await ask((client) => client.about());
    expect([...about.keys()]).toEqual(["name", "app", "board", "id", "firmware", "schema", "uptimeMs", "reset", "windowS"]);
    expect(about.get("name")).toBe(station.device);
    expect(about.get("app")).toBe("mote");
    expect(about.get("board")).toBe("ESP32-DevKitC");
    expect(about.get("id")).toBe(station.board.id);
    expect(about.get("reset")).toBe("power-on");
    expect(Math.abs(Number(about.get("uptimeMs")) - visitor.nowMs)).toBeLessThan(500);
    expect(Number(about.get("windowS"))).toBeGreaterThan(290);
    expect(simulation.stations).toHaveLength(1);
  });

  test.each([23, 517])("its settings with where they come from, and its schema, page by page at an MTU of %i", async (mtu) => {
    const { ask, simulation } = await visited({}, { mtu });
    await ask((client) => client.set(new Map([["device.name", "Küche"]])));
    const settings = await ask((client) => client.settings());
    const { wifi, broker } = simulation.settings;
    const unset = ["broker.password"];
    expect(settings.map(({ name }) => name)).toEqual(settingNames().filter((name) => !unset.includes(name)));
    const of = (name: string) => settings.find((each) => each.name === name);
    expect(of("wifi.ssid")).toEqual({ origin: "built-in", name: "wifi.ssid", value: wifi.ssid });
    expect(of("wifi.password")).toEqual({ origin: "built-in", name: "wifi.password", value: undefined });
    expect(of("broker.host")?.value).toBe(broker.host);
    expect(of("broker.username")).toEqual({ origin: "default", name: "broker.username", value: "" });
    expect(of("device.name")).toEqual({ origin: "set", name: "device.name", value: "Küche" });
    const fields = await ask((client) => client.schema());
    expect(fields.map(({ name }) => name)).toEqual(settingNames());
    for (const field of fields) {
      const [group, name] = field.name.split(".") as ["wifi", "ssid"];
      const asked = schema[group][name] as unknown as Record<string, unknown>;
      expect(asked).toMatchObject({
        about: field.about,
        secret: field.secret,
        restart: field.restart,
        trial: field.trial,
        type: field.type,
      });
      expect(String(asked["default"])).toBe(field.default);
      if (field.type === "whole") expect(asked).toMatchObject({ min: field.min, max: field.max, unit: field.unit });
      if (field.type === "text") expect(asked).toMatchObject({ form: field.form, bytesMax: field.bytesMax });
      if (field.type === "choice") expect(asked["choices"]).toEqual(field.choices);
    }
  });

  test("what networks there are: the strongest first, each once, as many as a reply holds", async () => {
    const { ask, simulation } = await visited();
    const { others } = simulation.accessPoint;
    others.push(new AccessPoint("twice", "12345678", { rssi: -80 }), new AccessPoint("twice", "12345678", { rssi: -40 }));
    others.push(new AccessPoint("two\nlines", "", { rssi: -30 }), new AccessPoint("old", "12345", { rssi: -50, security: "wep" }));
    const few = await ask((client) => client.scan());
    expect(few.map(({ ssid }) => ssid)).toEqual(["twice", "old", "mote", "Familie Öztürk", "guests", "DIRECT-4B-printer"]);
    expect(few[1]).toEqual({ ssid: "old", rssi: -50, security: "wep" });
    expect(few.map(({ security }) => security)).toEqual(["wpa", "wep", "wpa", "wpa", "open", "wpa"]);
    for (let count = 0; count < 20; count++)
      others.push(new AccessPoint(`a name of thirty-two bytes ${count}`.padEnd(32, "x"), "", { rssi: -20 }));
    const many = await ask((client) => client.scan());
    expect(many.length).toBeGreaterThan(10);
    expect(many.length).toBeLessThanOrEqual(16);
    expect(many.every(({ rssi }) => rssi === -20)).toBe(true);
  });

  test("that nothing can be heard", async () => {
    const { ask, simulation } = await visited({ builtIn: {} });
    simulation.accessPoint.others.length = 0;
    simulation.accessPoint.present = false;
    expect(await ask((client) => client.scan())).toEqual([]);
  });

  test("its health and its journal in numbers", async () => {
    const { ask, visitor } = await visited();
    const health = await ask((client) => client.health());
    expect(health.get("network")).toMatch(/^up 10\.0\./);
    expect(health.get("broker")).toBe("up");
    expect(Number(health.get("rssi"))).toBe(-61);
    for (const name of ["samples", "published", "acknowledged", "connects"]) expect(Number(health.get(name))).toBeGreaterThan(0);
    for (const name of ["late", "missed", "readErrors", "networkFailures"]) expect(Number(health.get(name))).toBeGreaterThanOrEqual(0);
    visitor.pass(61_000);
    const journal = await ask((client) => client.journal());
    expect([...journal.keys()]).toEqual(["recorded", "blocks", "dropped", "damaged", "flashFailures", "waiting", "strangeAcks"]);
    expect(Number(journal.get("recorded"))).toBeGreaterThan(100);
    expect(Number(journal.get("blocks"))).toBeGreaterThan(0);
    expect(Number(journal.get("dropped"))).toBe(0);
  });

  test("its log by numbers that go on, of which the oldest are gone", async () => {
    const { ask, simulation, visitor } = await visited();
    const first = await ask((client) => client.log(0));
    expect(first.map(({ number }) => number)).toEqual(first.map((_, index) => index));
    expect(first[0]).toMatchObject({ number: 0, text: "started: power-on" });
    expect(first.map(({ text }) => text)).toContain("broker up");
    const next = first.length;
    expect(await ask((client) => client.log(next))).toEqual([]);
    const start = simulation.broker.stop("kept");
    visitor.pass(1_000);
    start();
    visitor.pass(30_000);
    const later = await ask((client) => client.log(next));
    expect(later.map(({ number, text }) => [number, text])).toEqual([
      [next, "broker down"],
      [next + 1, "broker up"],
    ]);
    for (let count = 0; count < 20; count++) {
      simulation.broker.stop("kept")();
      visitor.pass(6_000);
      await ask((client) => client.about());
    }
    const kept = await ask((client) => client.log(0));
    expect(kept).toHaveLength(24);
    expect(kept[0]!.number).toBeGreaterThan(next);
    expect(kept.map(({ number }) => number - kept[0]!.number)).toEqual(kept.map((_, index) => index));
    for (const [index, { ms }] of kept.entries()) expect(ms).toBeGreaterThanOrEqual(kept[Math.max(0, index - 1)]!.ms);
  });
});

describe("readings", () => {
  const liveOf = (events: readonly BoardEvent[]) => events.flatMap((each) => (each.kind === "live" ? [each.reading] : []));

  test("come by themselves as long as they are wanted, each newest value of each channel once", async () => {
    const { ask, client, visitor } = await visited();
    const events: BoardEvent[] = [];
    client.onEvent = (event) => events.push(event);
    visitor.pass(3_000);
    expect(events).toEqual([]);
    await ask(() => client.live(true));
    await visitor.awaits(new Promise<void>((resolve) => void visitor.simulation.scheduler.at(1e3 * (visitor.nowMs + 10_000), resolve)));
    const readings = liveOf(events);
    const names = ["temperature", "humidity", "pressure", "outdoor", "probe", "rain"];
    expect(new Set(readings.map(({ channel }) => channel))).toEqual(new Set(names));
    const outdoor = readings.filter(({ channel }) => channel === "outdoor");
    expect(outdoor.length).toBeGreaterThanOrEqual(9);
    expect(outdoor.length).toBeLessThanOrEqual(12);
    expect(new Set(outdoor.map(({ ms }) => ms)).size).toBe(outdoor.length);
    expect(outdoor.every(({ unit, value }) => unit === "°C" && value! > -40 && value! < 60)).toBe(true);
    await ask(() => client.live(false));
    events.length = 0;
    await visitor.awaits(new Promise<void>((resolve) => void visitor.simulation.scheduler.at(1e3 * (visitor.nowMs + 5_000), resolve)));
    expect(events).toEqual([]);
  });

  test("are told before calibration on request, and two points change what is measured at once and after a restart", async () => {
    const here = await visited();
    const { client, visitor, station } = here;
    await here.ask(() => client.raw());
    visitor.pass(2_500);
    const rawOf = async (asked: BoardClient) => (await here.ask(() => asked.raw())).find(({ channel }) => channel === "outdoor")!;
    const raw = await rawOf(client);
    expect(raw).toMatchObject({ unit: "°C", error: undefined });
    const set = await here.ask(() => client.set(new Map([["calibration.points", "outdoor=0:50,10:70"]])));
    expect(set).toMatchObject({ state: "kept", restart: [] });
    const newest = async (asked: BoardClient) => {
      const events: BoardEvent[] = [];
      asked.onEvent = (event) => events.push(event);
      await here.ask(() => asked.live(true));
      await visitor.awaits(new Promise<void>((resolve) => void visitor.simulation.scheduler.at(1e3 * (visitor.nowMs + 2_500), resolve)));
      const before = await rawOf(asked);
      await here.ask(() => asked.live(false));
      return {
        tuned: liveOf(events)
          .filter(({ channel }) => channel === "outdoor")
          .at(-1)!.value!,
        before: before.value!,
      };
    };
    const now = await newest(client);
    expect(now.tuned).toBeCloseTo(2 * now.before + 50, 0);
    expect(now.before).toBeCloseTo(raw.value!, 0);
    await here.ask(() => client.restart());
    visitor.pass(8_000);
    expect(station.powered).toBe(true);
    const again = await visitor.enter();
    if (!again.ok) throw new Error(again.error.message);
    // Before anybody asks for what was read: calibration does not wait for that.
    const events: BoardEvent[] = [];
    again.value.onEvent = (event) => events.push(event);
    await here.ask(() => again.value.live(true));
    visitor.pass(1_500);
    await here.ask(() => again.value.live(false));
    expect(liveOf(events).find(({ channel }) => channel === "outdoor")!.value).toBeCloseTo(now.tuned, 0);
    await here.ask(() => again.value.raw());
    visitor.pass(2_500);
    const later = await newest(again.value);
    expect(later.tuned).toBeCloseTo(2 * later.before + 50, 0);
    await here.ask(() => again.value.set(new Map(), ["calibration.points"]));
    visitor.pass(2_000);
    const plain = await newest(again.value);
    expect(plain.tuned).toBeCloseTo(plain.before, 1);
  });
});

describe("a board", () => {
  /** Of its LED, each change. */
  function watched({ board, visitor }: Place) {
    const changes: number[] = [];
    board.line(board.model.led!).watch(() => changes.push(visitor.nowMs));
    return changes;
  }

  test("blinks for five seconds when it is asked which one it is, and longer when it is asked again", async () => {
    const writes: number[] = [];
    const here = await visited({
      onTrace: (line) => {
        if (line.includes('"digital.write"')) writes.push(Number(/\d+/.exec(line)![0]) / 1000);
      },
    });
    const changes = watched(here);
    await here.ask((client) => client.identify());
    const fromMs = here.visitor.nowMs;
    here.visitor.pass(20_000);
    expect(changes.length).toBeGreaterThan(35);
    expect(changes.at(-1)! - fromMs).toBeGreaterThan(4_500);
    expect(changes.at(-1)! - fromMs).toBeLessThan(5_200);
    expect(writes.length).toBeGreaterThan(35);
    expect(writes.at(-1)! - fromMs).toBeLessThan(5_200);
    expect(here.board.line(here.board.model.led!).level).toBe(0);
    changes.length = 0;
    await here.ask((client) => client.identify());
    here.visitor.pass(3_000);
    await here.ask((client) => client.identify());
    const againMs = here.visitor.nowMs;
    here.visitor.pass(20_000);
    expect(changes.at(-1)! - againMs).toBeGreaterThan(4_500);
  });

  test("without an LED says so", async () => {
    const { client, visitor } = await visited({ board: boards.esp32c3 });
    expect(await visitor.awaits(client.identify())).toMatchObject({ ok: false, error: { kind: "board" } });
  });

  test("tells its broker before it restarts, and is there again for who asked for it", async () => {
    const { ask, client, visitor, station, simulation } = await visited();
    const heard: string[] = [];
    simulation.broker.onMessage = ({ topic, payload }) => {
      if (topic.endsWith("/status")) heard.push(`${Buffer.from(payload).toString()} in boot ${station.counts().boots}`);
    };
    await ask(() => client.restart());
    visitor.pass(8_000);
    expect(heard).toEqual(["offline in boot 1", "online in boot 2"]);
    const again = await visitor.enter();
    expect(again).toMatchObject({ ok: true });
    const about = await ask(() => (again as { value: BoardClient }).value.about());
    expect(about.get("reset")).toBe("software");
  });
});
