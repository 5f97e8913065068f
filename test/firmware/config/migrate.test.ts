/** Settings of every older version are understood: documents and bytes as they were then. */
import { describe, expect, test } from "vitest";
import { migrate, seedOfBuild } from "../../../firmware/config/migrate.js";
import { openConfig, setConfig } from "../../../firmware/config/open.js";
import { schemaVersion } from "../../../firmware/config/schema.js";
import { bytesIn, flashOf, memory, put } from "./flash-rig.js";

/** Do not change them: boards have them. */
const documents: { version: number; document: unknown; now: unknown }[] = [
  {
    version: 1,
    document: {
      moteSSID: "home",
      motePassword: "long enough",
      moteBrokerHost: "10.0.0.2",
      moteBrokerPort: "1884",
      moteBrokerUsername: "me",
      moteBrokerPassword: "p@ss",
    },
    now: { wifi: { ssid: "home", password: "long enough" }, broker: { host: "10.0.0.2", port: 1884, username: "me", password: "p@ss" } },
  },
  { version: 1, document: { moteSSID: "open", moteBrokerHost: "b" }, now: { wifi: { ssid: "open" }, broker: { host: "b" } } },
  { version: 1, document: { moteBoard: "esp32c3", ssid: "the SDK's", moteSSID: "", motePassword: "" }, now: {} },
  {
    version: 2,
    document: {
      wifi: { ssid: "home", password: "long enough" },
      broker: { host: "10.0.0.2", port: 1884, username: "me", password: "p@ss" },
      journal: { whenFull: "thin-out", acknowledge: "consumer", blockS: 10 },
      checkpoints: { everyS: 60 },
      counters: { everyS: 10 },
    },
    now: {
      wifi: { ssid: "home", password: "long enough" },
      broker: { host: "10.0.0.2", port: 1884, username: "me", password: "p@ss" },
      journal: { whenFull: "thin-out", acknowledge: "consumer", blockS: 10 },
      checkpoints: { everyS: 60 },
      counters: { everyS: 10 },
    },
  },
];

/** Slots as they were written, by format and version. Do not change them. */
const slots: { version: number; hex: string; now: unknown }[] = [
  {
    version: 2,
    // {"broker":{"port":1884}}
    hex: "4d5443310100020001000000 1800ffff df71295e ffffffffffffffff a80e1100 7b2262726f6b6572223a7b22706f7274 223a313838347d7dffffffffffffffff",
    now: { broker: { port: 1884 } },
  },
];

test("there is a document and a way from every older version", () => {
  for (let version = 1; version <= schemaVersion; version++) expect(documents.some((each) => each.version === version)).toBe(true);
});

describe("a document", () => {
  test.each(documents)("of version $version is understood: %#", ({ version, document, now }) => {
    const seed = migrate(document, version);
    const { stored, problems } = (() => {
      const flash = memory();
      const rig = flashOf(flash);
      setConfig(rig, seed as never);
      return openConfig(flashOf(flash), {});
    })();
    expect(stored).toEqual(now);
    expect(problems).toBe(0);
  });
});

describe("a slot", () => {
  test.each(slots)("of version $version is read as it was written", ({ hex, now }) => {
    const flash = memory();
    put(flash, 0, Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex")));
    expect(openConfig(flashOf(flash), {})).toMatchObject({ stored: now, problems: 0 });
  });

  test("is written as it always was", () => {
    const flash = memory();
    setConfig(flashOf(flash), { broker: { port: 1884 } });
    expect(Buffer.from(bytesIn(flash, 0).subarray(0, 64)).toString("hex")).toBe(slots[0]!.hex.replaceAll(" ", ""));
  });
});

describe("the settings of build time", () => {
  test("come the same way, and what is wrong in them is told by the name of now", () => {
    const seed = seedOfBuild({ moteSSID: "home", moteBrokerHost: "10.0.0.2", moteBrokerPort: "0x1" });
    const { config, problem } = openConfig(flashOf(memory()), seed);
    expect(config).toMatchObject({ wifi: { ssid: "home", password: "" }, broker: { host: "10.0.0.2", port: 1883, username: "" } });
    expect(problem?.message).toBe('built in: broker.port must be a whole number from 1 to 65535, not "0x1"; this is a text');
  });

  test("may all be missing", () => {
    expect(openConfig(flashOf(memory()), seedOfBuild({ moteBoard: "esp32" }))).toMatchObject({
      problems: 0,
      config: { wifi: { ssid: "" } },
    });
  });

  test.each([null, 5, "x", [], [1]])("that are no object at all (%j) throw nothing", (document) => {
    expect(() => openConfig(flashOf(memory()), migrate(document, 1) as never)).not.toThrow();
  });
});
