/** The client of a board: every verb, every failure as a value with a remedy, silence, and a link that breaks. */
import { describe, expect, test } from "vitest";
import { openBoard } from "../../../host-sim/pairing/client.js";
import type { BoardClient, BoardEvent } from "../../../host-sim/pairing/contract.js";
import { BoardRig, connected, quick, RigLink, secret, Storage } from "./rig.js";

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

/** A board that answers each verb with what stands in `answers`. */
async function answering(answers: Record<number, string | ((body: string) => readonly [number, string])>, frame = 182) {
  const all = await connected({ frame });
  all.board.onRequest = ({ id, verb, body }) => {
    const answer = answers[verb];
    const [status, reply] = typeof answer === "function" ? answer(text(body)) : [answer === undefined ? 16 : 0, answer ?? ""];
    all.board.session.reply(id, status, reply);
  };
  return all;
}

const value = async <Value>(asked: Promise<{ ok: true; value: Value } | { ok: false; error: { message: string } }>): Promise<Value> => {
  const result = await asked;
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

describe("a verb", () => {
  test("that lists is asked page by page", async () => {
    const { client, board } = await answering({
      2: (body) => (body === "" ? [0, "next 2\ns name=garden\nb wifi.password"] : [0, "end\nd broker.port=1883\nd broker.host="]),
      10: (body) => (body === "7" ? [0, "next 9\n7 1200 wifi: up\n8 1300 a  b"] : [0, "end"]),
      16: "end\ntemperature\t21.5\tC\t1234\nhumidity\t!bus\t%\t1235",
      3: "end\ndevice.name\ttext\tany\t26\t\tmote\tr\tWhat it is called.\nbroker.port\twhole\t1\t65535\t\t1883\trt\tPort.\njournal.log\tchoice\toff,on\t\t\toff\t\tLog.",
    });
    expect(await value(client.settings())).toEqual([
      { origin: "set", name: "name", value: "garden" },
      { origin: "built-in", name: "wifi.password", value: undefined },
      { origin: "default", name: "broker.port", value: "1883" },
      { origin: "default", name: "broker.host", value: "" },
    ]);
    expect(board.requests.slice(1).map(({ body }) => text(body))).toEqual(["", "2"]);
    expect((await value(client.log(7))).map((line) => line.text)).toEqual(["wifi: up", "a  b"]);
    expect(await value(client.raw())).toEqual([
      { channel: "temperature", value: 21.5, error: undefined, unit: "C", ms: 1234 },
      { channel: "humidity", value: undefined, error: "bus", unit: "%", ms: 1235 },
    ]);
    expect(
      (await value(client.schema())).map(({ name, type, bytesMax, max, choices, restart, trial }) => [
        name,
        type,
        bytesMax,
        max,
        choices,
        restart,
        trial,
      ]),
    ).toEqual([
      ["device.name", "text", 26, 0, [], true, false],
      ["broker.port", "whole", 0, 65535, [], true, true],
      ["journal.log", "choice", 0, 0, ["off", "on"], false, false],
    ]);
  });

  test("that sets names the schema, what changes and what is taken back", async () => {
    const { client, board } = await answering({ 4: "trial 120\nrestart name" });
    expect(await value(client.set(new Map([["wifi.ssid", "Küche = 5"]]), ["name"]))).toEqual({
      state: "trial",
      leftS: 120,
      restart: ["name"],
    });
    expect(text(board.requests.at(-1)!.body)).toBe("schema 7\nwifi.ssid=Küche = 5\nname");
  });

  test("that has one answer gives it", async () => {
    const { client } = await answering({
      5: "undone no broker within 120 s\nwifi.ssid",
      6: "kept",
      7: "none",
      8: "-40 wpa Home\n-71 open Café à deux",
      11: "heap 41200\nreset power-on",
      12: "",
      13: "",
      9: (body) => (body === "on" ? [0, ""] : [17, ""]),
      15: (body) => (body === "erase" ? [0, ""] : [17, ""]),
    });
    expect(await value(client.trial())).toEqual({ state: "undone", leftS: 0, reason: "no broker within 120 s", names: ["wifi.ssid"] });
    expect((await value(client.confirm())).state).toBe("kept");
    expect((await value(client.undo())).state).toBe("none");
    expect(await value(client.scan())).toEqual([
      { ssid: "Home", rssi: -40, security: "wpa" },
      { ssid: "Café à deux", rssi: -71, security: "open" },
    ]);
    expect((await value(client.health())).get("heap")).toBe("41200");
    expect((await value(client.journal())).size).toBe(0);
    for (const asked of [client.identify(), client.live(true), client.factoryReset()]) expect(await value(asked)).toBe(undefined);
  });

  test("waits for the one before it", async () => {
    const { client, board } = await connected();
    const [open] = [board.onRequest];
    const held: (() => void)[] = [];
    board.onRequest = (request) => held.push(() => open(request));
    const all = Promise.all([client.about(), client.health(), client.journal()]);
    for (let count = 0; count < 3; count++) {
      while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      expect(board.requests).toHaveLength(count + 2);
      held.shift()!();
    }
    expect((await all).every(({ ok }) => ok)).toBe(true);
  });
});

test("the largest request and the longest reply pass at every size of frame", async () => {
  for (const frame of [20, 182, 514]) {
    const reply = `kept\n${"restart x\n".repeat(58)}restar`.slice(0, 584);
    const { client, board } = await answering({ 4: reply, 11: `a ${"ü".repeat(294)}` }, frame);
    const room = 1381 - "schema 7\nwifi.ssid=".length;
    expect((await client.set(new Map([["wifi.ssid", "x".repeat(room)]]))).ok).toBe(true);
    expect((await value(client.health())).get("a")).toHaveLength(294);
    expect(board.requests.at(-2)!.body).toHaveLength(1381);
    expect(await client.set(new Map([["wifi.ssid", "x".repeat(room + 1)]]))).toMatchObject({ ok: false, error: { kind: "setting" } });
  }
});

describe("what is refused here never reaches the board:", () => {
  test.each([
    ["a line break in a value", new Map([["wifi.ssid", "a\nbroker.host=evil"]]), []],
    ["a name with “=”", new Map([["a=b", "1"]]), []],
    ["a name with a line break to forget", new Map<string, string>(), ["a\nb"]],
    ["64 KB of SSID", new Map([["wifi.ssid", "x".repeat(65_536)]]), []],
  ])("%s", async (_, changes, forget) => {
    const { client, board } = await connected();
    expect(await client.set(changes, forget)).toMatchObject({ ok: false, error: { kind: "setting" } });
    expect(board.requests).toHaveLength(1);
  });
});

test.each([
  [16, "version"],
  [17, "refused"],
  [18, "setting"],
  [19, "board"],
  [20, "refused"],
  [21, "board"],
  [22, "board"],
  [23, "version"],
  [99, "refused"],
])("status %i of a reply becomes “%s”, and the session goes on", async (status, kind) => {
  const { client } = await answering({ 5: () => [status, "broker.port: 70000 is above 65535"] });
  const trial = await client.trial();
  expect(trial).toMatchObject({ ok: false, error: { kind } });
  if (status === 18) expect(!trial.ok && trial.error.message).toBe("broker.port: 70000 is above 65535");
  expect(await client.health()).toMatchObject({ ok: false, error: { kind: "version" } });
});

test.each([
  [8, "-40 wpa Home\nnonsense"],
  [5, "maybe"],
  [2, "s name=x"],
  [2, "next 0\ns name=x"],
  [3, "end\nname\tnumber\t\t\t\t\t\t"],
  [16, "end\ntemperature\tNaN\tC\t1"],
  [4, "kept\nrestart"],
])("a reply to verb %i of “%s” is said to be of another version", async (verb, body) => {
  const { board, client } = await answering({ [verb]: body });
  const asked: Record<number, () => Promise<unknown>> = {
    8: client.scan,
    5: client.trial,
    2: client.settings,
    3: client.schema,
    16: client.raw,
    4: () => client.set(new Map()),
  };
  expect(await asked[verb]!()).toMatchObject({ ok: false, error: { kind: "version" } });
  expect(board.requests).toHaveLength(2);
});

describe("opening", () => {
  const attempt = async (change: (board: BoardRig, link: RigLink) => void, options = {}) => {
    const board = new BoardRig(options);
    const link = new RigLink(board);
    change(board, link);
    const opened = await openBoard(link, secret, { ...quick, info: 30, welcome: 30 });
    expect(opened.ok).toBe(false);
    expect(link.isClosed).toBe(true);
    return opened.ok ? "" : `${opened.error.kind}: ${opened.error.message}`;
  };

  test.each([
    ["the window is closed", (board: BoardRig) => void (board.isOpen = false), {}, /^closed: .*Press its button/],
    ["the board is locked", () => {}, { storage: locked() }, /^locked: .*Press the board's button/],
    [
      "the window closes just then",
      (board: BoardRig, link: RigLink) => void (link.betweenToBoard = (frame) => ((board.isOpen = false), [frame])),
      {},
      /^closed: /,
    ],
    ["the board has no secret", () => {}, { secret: undefined }, /^board: .*Flash it again/],
    ["it is another board's code", () => {}, { secret: new Uint8Array(15) }, /^secret: .*this board/],
    ["nothing is answered", (_: BoardRig, link: RigLink) => void (link.betweenToBoard = () => []), {}, /^gone: .*[Cc]ome closer/],
    [
      "the info is never read",
      (_: BoardRig, link: RigLink) => void (link.readInfo = () => new Promise(() => {})),
      {},
      /^gone: .*[Cc]ome closer/,
    ],
    ["the info is cut off", (_: BoardRig, link: RigLink) => void (link.readInfo = async () => Uint8Array.of(1, 3)), {}, /^version: /],
    [
      "the board speaks another version",
      (_: BoardRig, link: RigLink) => void (link.readInfo = async () => new Uint8Array(16).with(0, 2)),
      {},
      /^version: /,
    ],
    ["the link is gone", (_: BoardRig, link: RigLink) => void (link.readInfo = () => Promise.reject(new Error("gone"))), {}, /^gone: /],
    [
      "the link breaks at the hello",
      (_: BoardRig, link: RigLink) => void (link.betweenToBoard = () => (link.lose(), [])),
      {},
      /^gone: .*lost/,
    ],
  ])("says what to do when %s", async (_, change, options, message) => {
    expect(await attempt(change, options)).toMatch(message);
  });
});

function locked(): Storage {
  const storage = new Storage();
  storage.kept.set("mote.ble/guesses", Uint8Array.of(20));
  return storage;
}

describe("an open session", () => {
  const watched = (client: BoardClient) => {
    const ends: string[] = [];
    client.onEnded = ({ kind }) => ends.push(kind);
    return ends;
  };

  test("that breaks fails what waits and what comes, and says so once", async () => {
    const { client, board, link } = await connected();
    const ends = watched(client);
    board.onRequest = () => link.lose();
    const [first, second] = await Promise.all([client.scan(), client.health()]);
    expect(first).toMatchObject({ ok: false, error: { kind: "gone" } });
    expect(second).toMatchObject({ ok: false, error: { kind: "gone" } });
    expect(await client.about()).toMatchObject({ ok: false, error: { kind: "gone" } });
    expect(ends).toEqual(["gone"]);
  });

  test("of a board that goes silent is given up", async () => {
    const { client, board, link } = await connected({}, { ...quick, reply: 500 });
    const ends = watched(client);
    board.onRequest = () => {};
    expect(await client.health()).toMatchObject({ ok: false, error: { kind: "gone" } });
    expect(ends).toEqual(["gone"]);
    expect(link.isClosed).toBe(true);
  });

  test("that the board ends says why", async () => {
    const { client, board } = await connected();
    const ended = new Promise<string>((resolve) => (client.onEnded = ({ kind, message }) => resolve(`${kind}: ${message}`)));
    board.clock.advance(120_000);
    expect(await ended).toMatch(/^gone: .*not used for too long/);
  });

  test("that is closed here tells nobody", async () => {
    const { client, link } = await connected();
    const ends = watched(client);
    client.close();
    expect(link.isClosed).toBe(true);
    expect(await client.about()).toMatchObject({ ok: false, error: { kind: "gone" } });
    expect(ends).toEqual([]);
  });

  test("brings events in between, and lets pass those it does not know", async () => {
    const { client, board } = await connected({ frame: 20 });
    const events: BoardEvent[] = [];
    client.onEvent = (event) => events.push(event);
    board.onRequest = ({ id }) => {
      board.session.event(1, "temperature\t21.5\tC\t99");
      board.session.event(77, "from a newer board");
      board.session.event(2, "trial 60\nwifi.ssid");
      board.session.reply(id, 0, "");
      board.session.event(3, "up 10.0.0.7");
    };
    expect((await client.health()).ok).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(events).toEqual([
      { kind: "live", reading: { channel: "temperature", value: 21.5, error: undefined, unit: "C", ms: 99 } },
      { kind: "trial", trial: { state: "trial", leftS: 60, reason: "", names: ["wifi.ssid"] } },
      { kind: "network", text: "up 10.0.0.7" },
    ]);
  });
});
