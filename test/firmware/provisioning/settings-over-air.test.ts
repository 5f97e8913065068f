/** Settings as a session sets them: every bound, every wrong body with its code, and then nothing is changed in flash (docs/ble.md, verb 4). */
import { afterEach, describe, expect, test, vi } from "vitest";
import { fieldNamed, schema, schemaVersion, settingNames } from "../../../firmware/config/schema.js";
import { bytesOf, place, type Talk } from "./visitor.js";

const set = 4;
const head = `schema ${schemaVersion}`;

async function talking() {
  const here = place();
  here.visitor.pass(3_000);
  here.visitor.press();
  const talk = await here.visitor.talk();
  return { ...here, talk };
}

afterEach(() => {
  vi.restoreAllMocks();
});

/** Each setting's origin and value, as the board tells them. */
async function values(talk: Talk): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let next: string | undefined = ""; next !== undefined;) {
    const [first = "", ...lines]: string[] = (await talk.ask(2, next)).body.split("\n");
    for (const line of lines) found.set(line.slice(2).split("=")[0]!, line.slice(0, 2) + line.slice(line.indexOf("=") + 1));
    next = first === "end" ? undefined : first.slice(5);
  }
  return found;
}

/** Setting, value, and what must stand in the answer. */
const wrongValues: readonly (readonly [string, string])[] = [
  ["wifi.ssid", "x".repeat(33)],
  ["wifi.ssid", "é".repeat(17)],
  ["wifi.ssid", "a\u0007b"],
  ["wifi.password", "1234567"],
  ["wifi.password", "x".repeat(64)],
  ["broker.host", "mqtt://broker"],
  ["broker.host", "a b"],
  ["broker.host", "h".repeat(129)],
  ["broker.port", "0"],
  ["broker.port", "65536"],
  ["broker.port", "-1"],
  ["broker.port", "1.5"],
  ["broker.port", "1e3"],
  ["broker.port", "0x50"],
  ["broker.port", ""],
  ["broker.port", " 1883"],
  ["broker.port", "١٨٨٣"],
  ["broker.port", "99999999999999999999"],
  ["broker.port", "NaN"],
  ["broker.username", "u".repeat(65)],
  ["broker.password", "p".repeat(65)],
  ["journal.whenFull", "never"],
  ["journal.whenFull", ""],
  ["journal.acknowledge", "Broker"],
  ["journal.blockS", "0"],
  ["journal.blockS", "3601"],
  ["checkpoints.everyS", "59"],
  ["checkpoints.everyS", "86401"],
  ["counters.everyS", "9"],
  ["counters.everyS", "3601"],
  ["device.name", "n".repeat(27)],
  ["device.hostname", "-a"],
  ["device.hostname", "a-"],
  ["device.hostname", "a.b"],
  ["device.hostname", "a".repeat(64)],
  ["device.url", "u".repeat(97)],
  ["calibration.points", "outdoor"],
  ["calibration.points", "outdoor=1:2"],
  ["calibration.points", "outdoor=1:2,1:3"],
  ["calibration.points", "outdoor=1:2,x:3"],
  ["calibration.points", "outdoor=1:2,3:4;outdoor=1:2,3:4"],
  ["calibration.points", "outdoor=0:0,1:1e9"],
  ["calibration.points", "x".repeat(385)],
];

/** Body, status. */
const wrongBodies: readonly (readonly [string, number])[] = [
  ["", 17],
  ["schema", 17],
  ["wifi.ssid=x", 17],
  [" schema 2\nwifi.ssid=x", 17],
  [`schema ${schemaVersion - 1}\nwifi.ssid=x`, 23],
  [`schema ${schemaVersion + 1}\nwifi.ssid=x`, 23],
  ["schema \nwifi.ssid=x", 23],
  [`${head} \nwifi.ssid=x`, 23],
  [`${head}\r\nwifi.ssid=x`, 23],
  [`${head}\n`, 18],
  [`${head}\n=x`, 18],
  [`${head}\nwifi=x`, 18],
  [`${head}\nwifi.sid=x`, 18],
  [`${head}\nWifi.ssid=x`, 18],
  [`${head}\nwifi.ssid.x=x`, 18],
  [`${head}\nwifi.toString=x`, 18],
  [`${head}\n__proto__.polluted=x`, 18],
  [`${head}\nconstructor.name=x`, 18],
  [`${head}\n${"x".repeat(1300)}=x`, 18],
  [`${head}\n${"\u{1f600}".repeat(320)}`, 18],
  [`${head}\nwifi.sid`, 18],
  [`${head}\ndevice.name=a\ndevice.name=b`, 17],
  [`${head}\ndevice.name\ndevice.name`, 17],
  [`${head}\ndevice.name=a\ndevice.name`, 17],
  [`${head}\ndevice.name\ndevice.name=a`, 17],
  [`${head}\ndevice.name=ok\nbroker.port=0\ndevice.url=ok`, 18],
  [`${head}\ndevice.name=ok\nthere.isnone=1`, 18],
];

describe("what is wrong changes nothing in flash, and says so with its code:", () => {
  test("values beyond their bounds, with the setting's name and its rule", async () => {
    const { talk, ...here } = await talking();
    await talk.ask(set, `${head}\ndevice.name=before`);
    const before = bytesOf(here, "config");
    for (const [name, value] of wrongValues) {
      const { status, body } = await talk.ask(set, `${head}\ntrial.forS=99\n${name}=${value}`);
      expect([status, body], `${name}=${value}`).toEqual([18, expect.stringContaining(`${name} must be `)]);
      if (value.length > 5 && fieldNamed(name)!.secret) expect(body).not.toContain(value);
      expect(bytesOf(here, "config"), `${name}=${value}`).toBe(before);
    }
    expect((await talk.ask(5)).body).toBe("none");
    for (const forS of ["29", "3601", "x"]) expect((await talk.ask(set, `${head}\ntrial.forS=${forS}`)).status).toBe(18);
    expect(bytesOf(here, "config")).toBe(before);
  });

  test("bodies that make no sense, names that do not exist or stand there twice, and another schema", async () => {
    const { talk, ...here } = await talking();
    const before = bytesOf(here, "config");
    for (const [body, status] of wrongBodies) {
      const reply = await talk.ask(set, body);
      expect(reply.status, JSON.stringify(body.slice(0, 60))).toBe(status);
      expect(bytesOf(here, "config")).toBe(before);
    }
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect((await talk.ask(5)).body).toBe("none");
  });

  test("what is no UTF-8, in any verb", async () => {
    const { talk, ...here } = await talking();
    const before = bytesOf(here, "config");
    for (let verb = 1; verb <= 16; verb++) {
      for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98]]) {
        const spied = vi.spyOn(TextEncoder.prototype, "encode").mockReturnValueOnce(Uint8Array.from(bytes));
        expect((await talk.ask(verb, "")).status).toBe(17);
        spied.mockRestore();
      }
    }
    expect(bytesOf(here, "config")).toBe(before);
    expect(here.station.counts().boots).toBe(1);
  });

  test("bodies of verbs that want none other, numbers that are none, and verbs that do not exist", async () => {
    const { talk, ...here } = await talking();
    const before = bytesOf(here, "config");
    for (const verb of [2, 3, 10, 16])
      for (const body of ["-1", "1.5", "x", " 1", "1234567890", "1\n2"]) expect((await talk.ask(verb, body)).status).toBe(17);
    for (const verb of [2, 3, 16]) expect(await talk.ask(verb, "999999999")).toEqual({ status: 0, body: "end" });
    expect(await talk.ask(10, "999999999")).toEqual({ status: 0, body: "end" });
    for (const body of ["", "yes", "ON", "on\n"]) expect((await talk.ask(9, body)).status).toBe(17);
    for (const body of ["", "yes", "ERASE", "erase\n"]) expect((await talk.ask(15, body)).status).toBe(17);
    for (const verb of [0, 18, 19, 100, 255]) expect(await talk.ask(verb, "")).toEqual({ status: 16, body: "" });
    for (const verb of [6, 7]) expect((await talk.ask(verb)).status).toBe(20);
    here.visitor.pass(5_000);
    expect(here.station.counts().boots).toBe(1);
    expect(bytesOf(here, "config")).toBe(before);
  });

  test.each([23, 517])("an SSID of 64 KB, which ends the session, at an MTU of %i", async (mtu) => {
    const here = place();
    here.visitor.press();
    const before = bytesOf(here, "config");
    const talk = await here.visitor.talk({ mtu });
    await talk.ask(1);
    await expect(talk.ask(set, `${head}\nwifi.ssid=${"x".repeat(65_536)}`)).rejects.toThrow("refusal 3");
    expect(bytesOf(here, "config")).toBe(before);
    const client = await here.visitor.enter();
    if (!client.ok) throw new Error(client.error.message);
    const long = await here.visitor.awaits(client.value.set(new Map([["wifi.ssid", "x".repeat(65_536)]])));
    expect(long).toMatchObject({ ok: false, error: { kind: "setting" } });
    expect(await here.visitor.awaits(client.value.trial())).toMatchObject({ ok: true, value: { state: "none" } });
    expect(bytesOf(here, "config")).toBe(before);
  });

  test("a flash that takes nothing, which is told", async () => {
    const { talk, ...here } = await talking();
    await talk.ask(set, `${head}\ndevice.url=stays`);
    const before = await values(talk);
    const heal = here.board.flash.get("config")!.trouble.fail("both", 1, here.simulation.random.split("flash"));
    for (const change of ["device.name=x", "wifi.ssid=elsewhere"]) {
      const { status, body } = await talk.ask(set, `${head}\n${change}`);
      expect([status, body]).toEqual([19, expect.stringContaining("flash")]);
    }
    heal();
    expect((await talk.ask(5)).body).toBe("none");
    expect(await values(talk)).toEqual(before);
    expect(before.get("device.url")).toBe("s stays");
    expect(await talk.ask(set, `${head}\ndevice.name=x`)).toEqual({ status: 0, body: "kept" });
  });
});

describe("what is right", () => {
  test("is kept where it cannot cut the board off, the same again is told, and what waits for a restart is named", async () => {
    const { talk } = await talking();
    expect(await talk.ask(set, `${head}\ndevice.name=shed`)).toEqual({ status: 0, body: "kept" });
    expect(await talk.ask(set, `${head}\ndevice.name=shed`)).toEqual({ status: 0, body: "same" });
    expect(await talk.ask(set, head)).toEqual({ status: 0, body: "same" });
    const both = "journal.blockS=30\ndevice.hostname=shed\ncounters.everyS=10";
    const { status, body } = await talk.ask(set, `${head}\n${both}`);
    expect([status, body.split("\n")[0]]).toEqual([0, "kept"]);
    expect(new Set(body.split("\n").slice(1))).toEqual(
      new Set(["restart journal.blockS", "restart device.hostname", "restart counters.everyS"]),
    );
    expect((await values(talk)).get("device.hostname")).toBe("s shed");
    expect(await talk.ask(set, `${head}\ndevice.hostname`)).toEqual({ status: 0, body: "kept\nrestart device.hostname" });
    expect((await values(talk)).get("device.hostname")).toBe("d ");
  });

  test("goes on trial where it could, with the seconds that are left, and so does what comes on top", async () => {
    const { talk } = await talking();
    expect(await talk.ask(set, `${head}\nbroker.host=10.0.0.99\ntrial.forS=77`)).toEqual({ status: 0, body: "trial 77" });
    expect(await talk.ask(set, `${head}\ndevice.name=top`)).toEqual({ status: 0, body: "trial 77" });
    const [state, ...names] = (await talk.ask(5)).body.split("\n");
    expect(state).toBe("trial 77");
    expect(names.sort()).toEqual(["broker.host", "device.name", "trial.forS"]);
    const shown = await values(talk);
    expect([shown.get("broker.host"), shown.get("device.name")]).toEqual(["s 10.0.0.99", "s top"]);
    expect((await talk.ask(7)).body).toBe("undone hand");
    expect((await values(talk)).get("device.name")).toBe("d ");
  });

  test("is taken at each bound of each setting", async () => {
    const { talk } = await talking();
    for (const name of settingNames()) {
      const [group, last] = name.split(".") as ["wifi", "ssid"];
      const field = schema[group][last] as ReturnType<typeof fieldNamed>;
      if (field === undefined) throw new Error(name);
      const bounds =
        field.type === "whole"
          ? [`${field.min}`, `${field.max}`]
          : field.type === "choice"
            ? field.choices
            : field.form === "calibration"
              ? ["outdoor=-1e3:0.5,80:81.25", "a=0:0,1:1;b=0:1,1:0"]
              : field.form === "passphrase"
                ? ["", "12345678", "x".repeat(63), "0123456789abcdef".repeat(4)]
                : ["x", "x".repeat(field.bytesMax)];
      for (const value of bounds) {
        const { status, body } = await talk.ask(set, `${head}\n${name}=${value}`);
        expect([name, value, status], body).toEqual([name, value, 0]);
      }
      if ((await talk.ask(5)).body.startsWith("trial")) await talk.ask(7);
      const left = await talk.ask(set, `${head}\n${name}`);
      expect(left.status).toBe(0);
      if (left.body.startsWith("trial")) await talk.ask(7);
    }
  });
});
