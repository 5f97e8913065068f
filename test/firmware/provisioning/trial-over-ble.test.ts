/** Settings that could cut a board off, set over BLE at a board at work: what becomes of them, and who is told (docs/ble.md, verbs 4 to 7). */
import { describe, expect, test } from "vitest";
import { AccessPoint } from "../../../host-sim/world/wifi.js";
import { place, type Place, rightOnes, type Talk } from "./visitor.js";

const head = "schema 2";

interface Visit extends Place {
  readonly talk: Talk;
  /** What `mote/<device>/settings` said, in order. */
  readonly told: string[];
  readonly trials: () => string[];
}

/** At work with the simulation's broker, and somebody with a session. */
async function atWork(options: Parameters<typeof place>[0] = {}): Promise<Visit> {
  const here = place(options);
  const told: string[] = [];
  here.simulation.broker.onMessage = ({ topic, payload, retain }, duplicate) => {
    if (topic === `mote/${here.station.device}/settings` && retain && !duplicate) told.push(Buffer.from(payload).toString());
  };
  here.visitor.pass(5_000);
  here.visitor.press();
  const talk = await here.visitor.talk();
  await talk.ask(1);
  return { ...here, talk, told, trials: () => talk.events.filter(({ kind }) => kind === 2).map(({ body }) => body) };
}

const health = async ({ talk }: Visit) => (await talk.ask(11)).body;
const linesOf = (changes: ReadonlyMap<string, string>) => [...changes].map(([name, value]) => `\n${name}=${value}`).join("");

/** Time goes on, and what the board says meanwhile is heard. */
async function passes({ visitor, simulation }: Place, ms: number): Promise<void> {
  await visitor.awaits(
    new Promise<void>((resolve) => void simulation.scheduler.at(simulation.scheduler.nowUs + ms * 1000, resolve)),
    ms + 1,
  );
}

/** The session is used, so that it does not end. */
async function stays(visit: Visit, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 60_000) {
    await passes(visit, Math.min(left, 60_000));
    await visit.talk.ask(1);
  }
}

describe("a change that cuts the board off is undone by itself,", () => {
  test.each([
    ["a broker that is none", "\nbroker.host=nowhere.example"],
    ["a port that nobody listens at", "\nbroker.port=1884"],
    ["a password that the Wi-Fi does not take", "\nwifi.password=not the right one"],
    ["a Wi-Fi that is not there", "\nwifi.ssid=elsewhere"],
    ["no Wi-Fi at all", "\nwifi.ssid="],
    ["both", "\nwifi.ssid=elsewhere\nbroker.host=nowhere.example"],
  ])("as %s, when its time is up; session and broker are told", async (_, changes) => {
    const visit = await atWork();
    const { talk, told, trials, station } = visit;
    const set = await talk.ask(4, `${head}\ntrial.forS=60${changes}`);
    expect(set).toEqual({ status: 0, body: "trial 60" });
    await stays(visit, 30_000);
    expect((await talk.ask(5)).body).toMatch(/^trial (29|30)\n/);
    expect(await health(visit)).toContain("broker down");
    await stays(visit, 60_000);
    expect((await talk.ask(5)).body).toBe("undone time");
    expect(await health(visit)).toMatch(/network up .*\nbroker up/);
    expect(trials().map((body) => body.split("\n")[0])).toEqual(["trial 60", "undone time"]);
    expect(told.at(-1)).toBe('{"state":"undone","reason":"time"}');
    expect(JSON.parse(Buffer.from(visit.simulation.broker.retained.get(`mote/${station.device}/settings`)!.payload).toString())).toEqual({
      state: "undone",
      reason: "time",
    });
    const network = talk.events.filter(({ kind }) => kind === 3).map(({ body }) => body);
    for (const body of network) expect(body).toMatch(/^(up 10\.0\.0\.0|down|waiting|broker (up|down))$/);
    expect(network.includes("down")).toBe(changes.includes("wifi."));
    expect(network).toContain("broker down");
    expect(network.at(-1)).toBe("broker up");
    const published = station.counts().published;
    await passes(visit, 10_000);
    expect(station.counts().published).toBeGreaterThan(published);
    expect(station.counts().boots).toBe(1);
  });
});

describe("a change that works", () => {
  test("is kept by the broker's acknowledgement, and stays through a power cut", async () => {
    const visit = await atWork();
    const { talk, told, trials, simulation, station } = visit;
    simulation.accessPoint.others.push(new AccessPoint("upstairs", "another password"));
    expect((await talk.ask(4, `${head}\nwifi.ssid=upstairs\nwifi.password=another password`)).body).toBe("trial 300");
    await passes(visit, 8_000);
    expect((await talk.ask(5)).body).toBe("kept");
    expect(trials().map((body) => body.split("\n")[0])).toEqual(["trial 300", "kept"]);
    expect(told.at(-1)).toBe('{"state":"kept"}');
    await stays(visit, 400_000);
    expect((await talk.ask(5)).body).toBe("kept");
    station.powerOff();
    simulation.accessPoint.present = false;
    station.powerOn();
    visit.visitor.pass(10_000);
    expect(visit.board.link.up).toBe(true);
  });

  test("is not kept by what the broker of before still acknowledges", async () => {
    const visit = await atWork();
    const { talk, simulation } = visit;
    for (let attempt = 0; attempt < 20; attempt++) {
      await passes(visit, 37 * attempt);
      expect((await talk.ask(4, `${head}\nbroker.host=nowhere.example`)).body).toMatch(/^trial/);
      await passes(visit, 1_500);
      expect((await talk.ask(5)).body).toMatch(/^trial/);
      expect((await talk.ask(7)).body).toBe("undone hand");
      await passes(visit, 12_000);
      expect(await health(visit)).toContain("broker up");
    }
    expect(simulation.broker.counts.connects).toBeGreaterThan(20);
  });

  test("without any broker is kept by a hand, or by the Wi-Fi alone where no broker is set", async () => {
    const visit = await atWork();
    const { talk, simulation, trials } = visit;
    simulation.broker.stop("kept");
    expect((await talk.ask(4, `${head}\nbroker.port=1885`)).body).toBe("trial 300");
    await stays(visit, 100_000);
    expect((await talk.ask(6)).body).toBe("kept");
    await stays(visit, 300_000);
    expect((await talk.ask(5)).body).toBe("kept");
    expect((await talk.ask(6)).status).toBe(20);
    expect((await talk.ask(7)).status).toBe(20);
    expect((await talk.ask(4, `${head}\nbroker.host=`)).body).toBe("trial 300");
    await passes(visit, 5_000);
    expect(trials().at(-1)).toBe("kept");
    simulation.accessPoint.others.push(new AccessPoint("upstairs", ""));
    expect((await talk.ask(4, `${head}\nwifi.ssid=upstairs\nwifi.password=`)).body).toBe("trial 300");
    await passes(visit, 5_000);
    expect((await talk.ask(5)).body).toBe("kept");
  });

  test("is undone by a hand at once, and the broker of before is reached again", async () => {
    const visit = await atWork();
    const { talk, trials, told } = visit;
    await talk.ask(4, `${head}\nbroker.host=nowhere.example`);
    await passes(visit, 2_000);
    expect((await talk.ask(7)).body).toBe("undone hand");
    expect(trials().map((body) => body.split("\n")[0])).toEqual(["trial 300", "undone hand"]);
    await passes(visit, 8_000);
    expect(await health(visit)).toContain("broker up");
    expect(told.at(-1)).toBe('{"state":"undone","reason":"hand"}');
  });
});

describe("through Improv", () => {
  const improv = "00467768-6228-2272-4663-27747826800";
  const wifi = (ssid: string, password: string): Uint8Array => {
    const texts = [ssid, password].flatMap((text) => [Buffer.byteLength(text), ...Buffer.from(text)]);
    const frame = [1, texts.length, ...texts];
    return Uint8Array.from([...frame, frame.reduce((sum, byte) => sum + byte, 0) & 0xff]);
  };

  test("a wrong password ends with error 3 and is undone, the right one provisions and is kept", async () => {
    const here = place({ builtIn: { broker: { host: "broker.mote", port: 1883 } } });
    const { visitor, simulation } = here;
    const heard: string[] = [];
    const central = await visitor.come();
    for (const [digit, name] of [
      [1, "state"],
      [2, "error"],
      [4, "result"],
    ] as const)
      central.subscribe(improv + digit, (value) => heard.push(`${name} ${Buffer.from(value).toString("hex")}`));
    visitor.pass(500);
    central.write(improv + 3, wifi("mote", "not simulated"), true);
    visitor.pass(10_000);
    expect(heard).toEqual(expect.arrayContaining(["state 03", "error 03", "state 02"]));
    expect(heard.indexOf("error 03")).toBeLessThan(heard.indexOf("state 02") + 1);
    expect(here.board.link.up).toBe(false);
    heard.length = 0;
    central.write(improv + 3, wifi(simulation.settings.wifi.ssid, simulation.settings.wifi.password), true);
    visitor.pass(10_000);
    expect(heard.filter((each) => !each.startsWith("error 00"))).toEqual(["state 03", "state 04", "result 010001"]);
    expect(here.board.link.up).toBe(true);
    central.disconnect();
    visitor.pass(1_000);
    const talk = await visitor.talk();
    expect((await talk.ask(5)).body).toBe("kept");
    const { body } = await talk.ask(10);
    expect(body).toContain("settings were undone: join");
    expect(body).not.toContain("simulated");
  });
});

test("a board that lost its broker tells it, when it is back, that its settings were undone after restarts", async () => {
  const visit = await atWork();
  const { talk, station, visitor, told } = visit;
  await talk.ask(4, `${head}\nwifi.ssid=elsewhere`);
  for (let boot = 0; boot < 4; boot++) {
    visitor.pass(2_000);
    station.powerOff();
    station.powerOn();
  }
  visitor.pass(10_000);
  expect(visit.board.link.up).toBe(true);
  expect(told.at(-1)).toBe('{"state":"undone","reason":"restarts"}');
});

test("a change of nothing goes on no trial, nor does one of what is built in", async () => {
  const visit = await atWork();
  const { talk } = visit;
  expect((await talk.ask(4, head + linesOf(rightOnes(visit)))).body).toBe("kept");
  expect((await talk.ask(4, head + linesOf(rightOnes(visit)))).body).toBe("same");
  expect((await talk.ask(5)).body).toBe("none");
  expect(await health(visit)).toContain("broker up");
});
