/**
 * The power goes, or the central, in the middle of a change of settings: at each 50 ms, at each write. Then the board is always
 * at its old Wi-Fi and broker with all its old settings, or at the new ones with all the new ones.
 */
import { describe, expect, test } from "vitest";
import { AccessPoint } from "../../../host-sim/world/wifi.js";
import { bytesOf, place, type Place, type Talk } from "./visitor.js";

const rssi = { old: -61, new: -47 };
const changes = {
  "wifi.ssid": "upstairs",
  "wifi.password": "another password",
  "broker.host": "other.mote",
  "device.name": "after",
  "device.url": "http://homeassistant.local:8123/with/a/path",
  "trial.forS": "30",
};
const body =
  "schema 2" +
  Object.entries(changes)
    .map(([name, value]) => `\n${name}=${value}`)
    .join("");

async function atWork(): Promise<Place & { talk: Talk }> {
  const here = place({ journalBytes: 65_536 });
  const { simulation, visitor } = here;
  simulation.accessPoint.others.push(new AccessPoint("upstairs", "another password", { rssi: rssi.new }));
  simulation.lan.names.set("other.mote", simulation.lan.names.get("broker.mote")!);
  visitor.pass(4_000);
  visitor.press();
  const talk = await visitor.talk();
  await talk.ask(1);
  return { ...here, talk };
}

/** With which settings the board is where. */
async function whereabouts({ visitor }: Place): Promise<"old" | "new"> {
  visitor.press();
  visitor.pass(500);
  const talk = await visitor.talk();
  const health = (await talk.ask(11)).body;
  expect(health).toContain("broker up");
  const settings = [await talk.ask(2), await talk.ask(2, "9")].map((reply) => reply.body).join("\n");
  const isNew = Object.entries(changes)
    .filter(([name]) => name !== "wifi.password")
    .map(([name, value]) => settings.includes(`s ${name}=${value}`));
  const where = health.includes(`rssi ${rssi.new}\n`) ? "new" : "old";
  expect(new Set(isNew)).toEqual(new Set([where === "new"]));
  expect((await talk.ask(5)).body).not.toMatch(/^trial/);
  return where;
}

/** The power goes so long after the change was sent, and comes back; or the board restarts. */
async function cut(afterMs: number, { brokerIsThere = true, restarts = false } = {}): Promise<"old" | "new"> {
  const here = await atWork();
  const { visitor, station, simulation, talk } = here;
  if (!brokerIsThere) simulation.lan.names.delete("other.mote");
  const fromUs = simulation.scheduler.nowUs;
  if (restarts) simulation.scheduler.at(fromUs + afterMs * 1000, () => station.reset("panic"));
  else {
    station.cutPowerAt(fromUs + afterMs * 1000);
    simulation.scheduler.at(fromUs + afterMs * 1000 + 700_000, () => station.powerOn());
  }
  await talk.ask(4, body).catch(() => undefined);
  visitor.pass(Math.max(0, fromUs / 1000 + afterMs + 700 - visitor.nowMs) + (brokerIsThere ? 12_000 : 40_000));
  expect(station.counts().boots).toBe(2);
  return whereabouts(here);
}

describe("the power goes", () => {
  test("at any 50 ms of a change that works", async () => {
    const ends: string[] = [];
    for (let ms = 0; ms <= 2_500; ms += 50) ends.push(await cut(ms));
    // The first are too early for it, the last too late; in between it goes on after the restart.
    expect(new Set(ends.slice(0, 3))).toEqual(new Set(["old"]));
    expect(new Set(ends.slice(10))).toEqual(new Set(["new"]));
    expect(ends.join(" ")).toMatch(/^(old )+(new ?)+$/);
  }, 60_000);

  test("at any 50 ms of a change that does not work, or around the moment in which it is undone", async () => {
    for (let ms = 0; ms <= 1_000; ms += 50) expect(await cut(ms, { brokerIsThere: false })).toBe("old");
    for (let ms = 29_800; ms <= 31_200; ms += 50) expect(await cut(ms, { brokerIsThere: false })).toBe("old");
  }, 60_000);

  test("not, but the board restarts at any 150 ms of it", async () => {
    const ends: string[] = [];
    for (let ms = 0; ms <= 2_500; ms += 150) ends.push(await cut(ms, { restarts: true }));
    expect(ends.join(" ")).toMatch(/^(old )+(new ?)+$/);
    expect(ends.at(-1)).toBe("new");
  }, 60_000);

  test("again and again while it is tried", async () => {
    const here = await atWork();
    const { visitor, station, simulation, talk } = here;
    simulation.lan.names.delete("other.mote");
    await talk.ask(4, body);
    for (let times = 0; times < 4; times++) {
      visitor.pass(200 + 900 * times);
      station.powerOff();
      station.powerOn();
    }
    visitor.pass(10_000);
    expect(await whereabouts(here)).toBe("old");
  });
});

describe("the central is lost", () => {
  test("at each write of a change: nothing is changed, and the next one gets in", async () => {
    const frames: number[] = [];
    const whole = await atWork();
    const talk = await again(whole, 23);
    const { write } = talk.link;
    talk.link.write = (frame) => {
      frames.push(frame[0]!);
      return write.call(talk.link, frame);
    };
    await talk.ask(4, body);
    const last = frames.findIndex((header) => (header & 0xc0) === 0x40) + 1;
    expect(last).toBeGreaterThan(8);
    const here = await atWork();
    const before = bytesOf(here, "config");
    for (let n = 1; n <= last; n++) {
      const now = await again(here, 23);
      now.link.central.loseAfterWrites(n);
      await expect(now.ask(4, body)).rejects.toThrow("lost");
      expect(bytesOf(here, "config")).toBe(before);
      here.visitor.pass(1_000);
    }
    expect(await whereabouts(here)).toBe("old");
  });

  test("right after it: the change goes on, and is told to whoever comes next", async () => {
    const here = await atWork();
    await here.talk.ask(4, body);
    here.talk.link.close();
    here.visitor.pass(5_000);
    const talk = await here.visitor.talk();
    expect((await talk.ask(5)).body).toBe("kept");
  });

  /** Another session of the same person. */
  async function again({ visitor, board }: Place & { talk: Talk }, mtu: number): Promise<Talk> {
    const { bluetooth } = board;
    if (bluetooth.connected) {
      bluetooth.lose();
      visitor.pass(6_000);
    }
    visitor.press();
    const talk = await visitor.talk({ mtu });
    await talk.ask(1);
    return talk;
  }
});

test("a second central finds nobody while one is connected, and disturbs nothing", async () => {
  const here = await atWork();
  const { visitor, talk } = here;
  let met = false;
  const second = here.board.bluetooth.connect({ name: "second", timeoutMs: 600_000 }, { onConnected: () => (met = true) });
  expect((await talk.ask(4, body)).body).toBe("trial 30");
  visitor.pass(5_000);
  expect((await talk.ask(5)).body).toBe("kept");
  expect([met, second.connected]).toEqual([false, false]);
  talk.link.close();
  visitor.pass(3_000);
  expect(met).toBe(true);
  expect((await readInfo(visitor, second))[1]! & 8).toBe(0);
});

function readInfo(visitor: Place["visitor"], central: ReturnType<Place["board"]["bluetooth"]["connect"]>): Promise<Uint8Array> {
  const uuid = "6d6f7465-5c1e-4d0b-9b4f-2a7f3c9e0001";
  return visitor.awaits(
    new Promise((resolve, reject) => central.read(uuid, (done) => (done.ok ? resolve(done.value) : reject(new Error(done.error.message))))),
  );
}
