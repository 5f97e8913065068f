/** What a document of settings may hold, and what is said about one that holds something else. */
import { describe, expect, test } from "vitest";
import { readDocument, textOf } from "../../../firmware/config/document.js";
import { openConfig, setConfig, unconfigured } from "../../../firmware/config/open.js";
import { defaults, documentBytesMax, fieldNamed, schema, settingNames } from "../../../firmware/config/schema.js";
import type { PartialConfig } from "../../../firmware/settings.js";
import { bytesIn, flashOf, memory } from "./flash-rig.js";

/** What is said about `document`; and that nothing was changed. */
function said(document: unknown, forget: readonly string[] = []): string {
  const flash = memory();
  const rig = flashOf(flash);
  const set = setConfig(rig, document as PartialConfig, forget);
  expect(rig.operations).toEqual([]);
  expect(flash.sectors.size).toBe(0);
  return set.ok ? "nothing" : set.error.message;
}

const json = (text: string): unknown => JSON.parse(text);
const all = settingNames().join(", ");

describe("a document with a mistake changes nothing, and is told", () => {
  test.each<[string, unknown, string]>([
    ["a number", 5, 'settings must be an object such as {"broker": {"port": 1883}}, not a number'],
    ["a list", [], 'settings must be an object such as {"broker": {"port": 1883}}, not a list'],
    ["null", null, 'settings must be an object such as {"broker": {"port": 1883}}, not null'],
    ["a text where a group belongs", { wifi: "hidden" }, 'wifi must be an object such as {"ssid": …}, not a text'],
    ["a group that is null", { broker: null }, 'broker must be an object such as {"host": …}, not null'],
    ["a mistyped group", { brokr: {} }, 'there is no group of settings "brokr": did you mean broker?'],
    [
      "an unknown group",
      { colours: {} },
      'there is no group of settings "colours"; there are wifi, broker, journal, checkpoints, counters',
    ],
    ["a mistyped name", { broker: { prot: 1 } }, 'there is no setting "broker.prot": did you mean broker.port?'],
    ["an unknown name", { wifi: { antenna: 1 } }, `there is no setting "wifi.antenna"; there are ${all}`],
    ["a text for a number", { broker: { port: "1883" } }, 'broker.port must be a whole number from 1 to 65535, not "1883"; this is a text'],
    ["a number below its bound", { broker: { port: 0 } }, "broker.port must be a whole number from 1 to 65535, not 0"],
    ["a number above its bound", { journal: { blockS: 3601 } }, "journal.blockS must be a whole number from 1 to 3600 s, not 3601"],
    ["a fraction", { counters: { everyS: 60.5 } }, "counters.everyS must be a whole number from 10 to 3600 s, not 60.5"],
    ["a number without end", { counters: { everyS: Infinity } }, "counters.everyS must be a whole number from 10 to 3600 s, not null"],
    ["a number that is none", { checkpoints: { everyS: NaN } }, "checkpoints.everyS must be a whole number from 60 to 86400 s, not null"],
    ["a list for a number", { broker: { port: [1883] } }, "broker.port must be a whole number from 1 to 65535, not a list"],
    ["true for a text", { wifi: { ssid: true } }, "wifi.ssid must be a text of at most 32 bytes, not true"],
    ["null for a text", { wifi: { ssid: null } }, "wifi.ssid must be a text of at most 32 bytes, not null"],
    ["an object for a text", { wifi: { ssid: { a: 1 } } }, "wifi.ssid must be a text of at most 32 bytes, not an object"],
    [
      "a text that is long in UTF-8",
      { wifi: { ssid: "ü".repeat(17) } },
      'wifi.ssid must be a text of at most 32 bytes, not "üüüüüüüüüüüüüüüüü"; this one has 34 bytes',
    ],
    [
      "64 KB for a name",
      { wifi: { ssid: "a".repeat(65_536) } },
      `wifi.ssid must be a text of at most 32 bytes, not "${"a".repeat(59)}; this one has 65536 characters`,
    ],
    ["half a character", { wifi: { ssid: "\ud800" } }, 'not "\\ud800"; it has half a character in it'],
    ["a line feed", { broker: { username: "a\nb" } }, "it has a control character in it"],
    [
      "a URL for a host",
      { broker: { host: "mqtt://a:1883" } },
      'broker.host must be a name or a dotted address, without a port, of at most 128 bytes, not "mqtt://a:1883"; only letters, digits, dots and hyphens belong into it',
    ],
    ["a blank in a host", { broker: { host: "a b" } }, 'not "a b"'],
    [
      "a choice that there is not",
      { journal: { whenFull: "stop" } },
      'journal.whenFull must be drop-oldest, drop-newest or thin-out, not "stop"',
    ],
    ["a choice of another kind", { journal: { acknowledge: 1 } }, "journal.acknowledge must be broker or consumer, not 1"],
    ["__proto__ for a group", json('{"__proto__":{"ssid":"a"}}'), 'there is no group of settings "__proto__"'],
    ["constructor for a group", { constructor: {} }, 'there is no group of settings "constructor"'],
    ["__proto__ for a name", json('{"wifi":{"__proto__":"a"}}'), 'there is no setting "wifi.__proto__"'],
    ["toString for a name", { wifi: { toString: "a" } }, 'there is no setting "wifi.toString"'],
    ["a dot in a name", { wifi: { "ssid.x": "a" } }, 'there is no setting "wifi.ssid.x"'],
    ["a name as a group", { "wifi.ssid": "a" }, 'there is no group of settings "wifi.ssid"'],
    ["a mistake beside what is right", { wifi: { ssid: "right" }, broker: { port: 0 } }, "broker.port must be"],
  ])("%s", (_, document, message) => {
    expect(said(document)).toContain(message);
    expect(said(document)).not.toContain("\n");
  });

  test("lists in lists, a hundred thousand deep, in the place of a value or of a group", () => {
    let deep: unknown = [];
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(said({ broker: { port: deep } })).toContain("not a list");
    expect(said({ broker: deep })).toContain("not a list");
    expect(said(deep)).toContain("not a list");
  });

  test("a name to forget that there is not", () => {
    expect(said({}, ["wifi.sid"])).toBe('there is no setting "wifi.sid": did you mean wifi.ssid?');
    expect(said({}, ["wifi"])).toContain('there is no setting "wifi"');
  });
});

describe("a secret", () => {
  const secret = "hunter2";

  test.each<[unknown, string]>([
    [{ wifi: { password: secret } }, "wifi.password must be empty, 8 to 63 bytes or 64 hex digits; this one has 7 bytes"],
    [{ wifi: { password: secret.repeat(10) } }, "this one has 70 bytes"],
    [{ wifi: { password: secret.repeat(1000) } }, "this one has 7000 characters"],
    [{ wifi: { password: 12345678 } }, "wifi.password must be empty, 8 to 63 bytes or 64 hex digits, not a number"],
    [{ wifi: { password: [secret] } }, "not a list"],
    [{ broker: { password: secret.repeat(10) } }, "broker.password must be a text of at most 64 bytes; this one has 70 bytes"],
    [{ broker: { password: secret + "\n" } }, "it has a control character in it"],
    [{ wifi: secret }, "not a text"],
  ])("is never part of what is said: %#", (document, message) => {
    expect(said(document)).toContain(message);
    expect(said(document)).not.toContain(secret);
    expect(said(document)).not.toContain("12345678");
  });
});

describe("values at their bounds", () => {
  test.each<[string, unknown[]]>([
    ["wifi.ssid", ["", "a", "ü".repeat(16), "🙂".repeat(8)]],
    ["wifi.password", ["", "8 bytes!", "a".repeat(63), "0aF".repeat(21) + "9"]],
    ["broker.host", ["", "10.0.0.2", "broker_1.lan-2", "a".repeat(128)]],
    ["broker.port", [1, 65535]],
    ["broker.username", ["", "a b", "ü".repeat(32)]],
    ["broker.password", ["", "x", "x".repeat(64)]],
    ["journal.whenFull", ["drop-oldest", "drop-newest", "thin-out"]],
    ["journal.acknowledge", ["broker", "consumer"]],
    ["journal.blockS", [1, 3600]],
    ["checkpoints.everyS", [60, 86_400]],
    ["counters.everyS", [10, 3600]],
  ])("of %s are taken, kept and found again", (name, values) => {
    const [group = "", last = ""] = name.split(".");
    for (const value of values) {
      const flash = memory();
      const changes = { [group]: { [last]: value } } as PartialConfig;
      expect(setConfig(flashOf(flash), changes)).toMatchObject({ ok: true });
      expect(openConfig(flashOf(flash), {})).toMatchObject({ stored: changes, config: changes, problems: 0 });
    }
  });

  test.each([
    ["wifi.ssid", "a".repeat(33)],
    ["wifi.password", "7 bytes"],
    ["wifi.password", "x".repeat(64)],
    ["wifi.password", "x" + "0".repeat(63)],
    ["wifi.password", "0".repeat(65)],
    ["broker.host", "a".repeat(129)],
    ["broker.username", "ü".repeat(33)],
  ])("of %s: one more is refused", (name, value) => {
    const [group = "", last = ""] = name.split(".");
    expect(said({ [group]: { [last]: value } })).toContain(name + " must be");
  });

  test("of all settings at once fit a slot", () => {
    const longest: Record<string, Record<string, unknown>> = {};
    for (const name of settingNames()) {
      const [group = "", last = ""] = name.split(".");
      const field = fieldNamed(name)!;
      const value =
        field.type === "whole"
          ? field.max
          : field.type === "choice"
            ? "thin-out"
            : field.form === "host" || field.form === "hostname"
              ? "a".repeat(field.bytesMax)
              : field.form === "calibration"
                ? `${"c".repeat(field.bytesMax - 8)}=1:1,2:2`
                : '"'.repeat(field.bytesMax);
      (longest[group] ??= {})[last] = name === "journal.acknowledge" ? "consumer" : value;
    }
    // Two bytes of UTF-8 are six of ASCII JSON, and a quotation mark two: characters of two bytes are the longest.
    for (const name of ["wifi.ssid", "broker.username", "broker.password", "wifi.password"]) {
      const [group = "", last = ""] = name.split(".");
      const field = fieldNamed(name)!;
      longest[group]![last] = "ü".repeat(Math.floor((field as { bytesMax: number }).bytesMax / 2));
    }
    const flash = memory();
    expect(setConfig(flashOf(flash), longest as PartialConfig)).toMatchObject({ ok: true });
    expect(textOf(longest as PartialConfig).length).toBeLessThan(documentBytesMax);
    expect(openConfig(flashOf(flash), {}).stored).toEqual(longest);
  });
});

describe("the settings in force", () => {
  test("are the defaults, over them the seed, over them what was set", () => {
    const flash = memory();
    setConfig(flashOf(flash), { broker: { port: 1884 }, journal: { blockS: 10 } });
    const seed: PartialConfig = { wifi: { ssid: "attic" }, broker: { host: "broker.mote", port: 1 } };
    const { config, stored, problem } = openConfig(flashOf(flash), seed);
    const { journal, ...rest } = defaults();
    expect(config).toEqual({
      ...rest,
      wifi: { ssid: "attic", password: "" },
      broker: { host: "broker.mote", port: 1884, username: "", password: "" },
      journal: { ...journal, blockS: 10 },
    });
    expect(stored).toEqual({ broker: { port: 1884 }, journal: { blockS: 10 } });
    expect(problem).toBeUndefined();
  });

  test("are made anew each time: writing into them changes no table", () => {
    openConfig(flashOf(memory()), {}).config.broker.port = 9;
    expect(openConfig(flashOf(memory()), {}).config.broker.port).toBe(1883);
    expect(Object.isFrozen(schema.broker.port)).toBe(true);
  });

  test("leave out what the seed has wrong, tell the first of it, and count all", () => {
    const seed = { wifi: { ssid: "attic", password: "short" }, broker: { port: 0 }, x: 1 } as PartialConfig;
    const { config, problem, problems } = openConfig(flashOf(memory()), seed);
    expect(config.wifi).toEqual({ ssid: "attic", password: "" });
    expect(config.broker.port).toBe(1883);
    expect(problem?.message).toBe("built in: wifi.password must be empty, 8 to 63 bytes or 64 hex digits; this one has 5 bytes");
    expect(problems).toBe(3);
  });

  test("without a network or a broker say what is missing and how to give it", () => {
    expect(unconfigured(defaults())).toMatch(/^wifi\.ssid and broker\.host are not set: .*npm run flash -- --wifi-ssid/);
    const half = defaults();
    half.wifi.ssid = "attic";
    expect(unconfigured(half)).toMatch(/^broker\.host is not set/);
    half.broker.host = "broker.mote";
    expect(unconfigured(half)).toBeUndefined();
  });
});

describe("setting", () => {
  test("adds to what was set, takes back what is to be forgotten, and writes once", () => {
    const flash = memory();
    setConfig(flashOf(flash), { wifi: { ssid: "a" }, broker: { port: 1884 } });
    const rig = flashOf(flash);
    const set = setConfig(rig, { wifi: { password: "8 bytes!" } }, ["broker.port"]);
    expect(set).toEqual({
      ok: true,
      value: {
        stored: { wifi: { ssid: "a", password: "8 bytes!" } },
        written: true,
        onTrial: false,
        changed: ["wifi.password", "broker.port"],
      },
    });
    expect(rig.operations).toEqual(["erase 1", "write 4128 48", "write 4096 32"]);
  });

  test("what is set already, and forgetting what is not, writes nothing", () => {
    const flash = memory();
    expect(setConfig(flashOf(flash), {}, ["wifi.ssid"])).toMatchObject({ ok: true, value: { written: false } });
    setConfig(flashOf(flash), { broker: { port: 1884 } });
    const rig = flashOf(flash);
    expect(setConfig(rig, { broker: { port: 1884 } }, ["wifi.ssid"])).toMatchObject({ ok: true, value: { written: false } });
    expect(rig.operations).toEqual([]);
  });

  test("and forgetting all leaves nothing set", () => {
    const flash = memory();
    setConfig(flashOf(flash), { broker: { port: 1884 } });
    expect(setConfig(flashOf(flash), {}, settingNames())).toMatchObject({ ok: true, value: { stored: {}, written: true } });
    expect(openConfig(flashOf(flash), {})).toMatchObject({ stored: {}, problems: 0 });
  });

  test("takes turns between the two sectors", () => {
    const flash = memory();
    for (let port = 1; port <= 100; port++) setConfig(flashOf(flash), { broker: { port } });
    expect([...flash.erases]).toEqual([
      [0, 50],
      [1, 50],
    ]);
    expect(bytesIn(flash, 1)[8]).toBe(100);
  });
});

test("a document in ASCII reads back as it was, whatever it holds", () => {
  const values = { wifi: { ssid: 'ü "\\ 温🙂\u007f' } };
  const text = textOf(values);
  expect(text).toMatch(/^[\x20-\x7e]*$/);
  expect(JSON.parse(text)).toEqual(values);
});

test("whatever is read has nothing of its source but values from the table", () => {
  const inherited = Object.create({ wifi: { ssid: "inherited" } }) as object;
  const seen: string[] = [];
  expect(readDocument(inherited, (message) => seen.push(message))).toEqual({});
  expect(readDocument(json('{"wifi":{"ssid":"a","__proto__":{"password":"x"}}}'), (message) => seen.push(message))).toEqual({
    wifi: { ssid: "a" },
  });
  expect(seen).toHaveLength(1);
  expect(Object.prototype).not.toHaveProperty("ssid");
});
