import fc from "fast-check";
import mqttPacket, { type Packet } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { type DecodedEvent, TraceDecoder } from "../../../host-sim/world/decoded.js";
import { run } from "../run.js";

function events(decoder: TraceDecoder, ...lines: object[]): DecodedEvent[] {
  return lines.flatMap((line) => {
    const fed = decoder.feed(JSON.stringify(line));
    if (!fed.ok) throw new Error(fed.error.message);
    return fed.value;
  });
}

const texts = (decoder: TraceDecoder, ...lines: object[]): string[] => events(decoder, ...lines).map(({ text }) => text);
const line = (what: string, fields: object = {}, board = "b", us = 1): object => ({ us, board, what, ...fields });
const hex = (packet: Packet): string => mqttPacket.generate(packet).toString("hex");
const out = (bytes: string, board = "b", socket = 1): object => line("tcp.write", { socket, bytes }, board);
const back = (bytes: string, board = "b", socket = 1): object => line("tcp.read", { socket, bytes }, board);

const connect = hex({
  cmd: "connect",
  clientId: "probe",
  clean: true,
  keepalive: 30,
  username: "me",
  password: Buffer.from("secret"),
  will: { topic: "s", payload: Buffer.from("offline"), qos: 1, retain: true },
});
const publish = (payload: string | Buffer, dup = false): string =>
  hex({ cmd: "publish", topic: "mote/x/temperature", payload, qos: 1, messageId: 7, retain: true, dup });

describe("MQTT on a socket", () => {
  test("is shown packet by packet, with what each says", () => {
    const decoder = new TraceDecoder();
    expect(
      texts(
        decoder,
        line("tcp.open", { socket: 1, to: "10.0.0.1:1883" }),
        out(connect),
        back(hex({ cmd: "connack", sessionPresent: true, returnCode: 0 })),
        out(publish('{"value":21.5}')),
        out(publish("", true)),
        back(hex({ cmd: "puback", messageId: 7 })),
        out(hex({ cmd: "subscribe", messageId: 8, subscriptions: [{ topic: "c/#", qos: 1 }] })),
        back(hex({ cmd: "suback", messageId: 8, granted: [1, 128] })),
        out(hex({ cmd: "pingreq" })),
        out(hex({ cmd: "disconnect" })),
        line("tcp.close", { socket: 1 }),
      ),
    ).toEqual([
      "socket 1 opens to 10.0.0.1:1883",
      "CONNECT probe, keep-alive 30 s, a new session, with user name, will s offline",
      "CONNACK accepted, the session is still there",
      'PUBLISH mote/x/temperature {"value":21.5} (QoS 1, id 7, retained)',
      "PUBLISH mote/x/temperature (empty) (QoS 1, id 7, retained, DUP)",
      "PUBACK id 7",
      "SUBSCRIBE id 8 c/# (QoS 1)",
      "SUBACK id 8 QoS 1, refused",
      "PINGREQ",
      "DISCONNECT",
      "socket 1 is closed",
    ]);
  });

  test("comes whole out of any pieces, and several packets out of one", () => {
    const all = connect + publish("a") + publish("b");
    for (const size of [2, 6, 50, all.length]) {
      const pieces = all.match(new RegExp(`.{1,${size}}`, "g"))!;
      const packets = events(new TraceDecoder(), ...pieces.map((piece) => out(piece))).map(({ packet }) => packet?.payload ?? packet?.cmd);
      expect(packets).toEqual(["connect", "a", "b"]);
    }
  });

  test("gives topic, payload and flags as data beside the words; a payload that is no text as hex", () => {
    const [, event] = events(new TraceDecoder(), out(connect), out(publish(Buffer.of(0xff, 1))));
    expect(event).toEqual({
      atUs: 1,
      board: "b",
      kind: "mqtt",
      way: "out",
      text: "PUBLISH mote/x/temperature hex ff 01 (QoS 1, id 7, retained)",
      packet: { cmd: "publish", id: 7, topic: "mote/x/temperature", payload: "ff01", qos: 1, retain: true, dup: false },
    });
  });

  test("a record of a board's history is told by its head; what only begins like one stays hex", () => {
    const block = Buffer.alloc(40, 0xff);
    block.set([0x4d, 0x13, 40, 0, 1, 2, 3, 4, 7, 0, 0, 0, 0x39, 0x30, 0, 0]);
    const gap = Buffer.alloc(64, 0xff);
    gap.set([0x47, 0x11, 64, 0, 1, 2, 3, 4, 0, 0, 0, 0, 5, 0, 0, 0]);
    const told = (payload: Buffer): string => texts(new TraceDecoder(), out(connect), out(publish(payload)))[1]!;
    expect(told(block)).toBe("PUBLISH mote/x/temperature block 12345 of boot 7, 40 bytes (QoS 1, id 7, retained)");
    expect(told(gap)).toContain(" gap 5 of boot 0, 64 bytes ");
    expect(told(block.subarray(0, 39))).toContain(" hex 4d 13 ");
    expect(told(Buffer.of(0x4d, 0x13, 0xff))).toContain(" hex 4d 13 ff ");
    expect(told(Buffer.from("Mote"))).toContain(" Mote ");
  });

  test("of several boards and sockets is kept apart", () => {
    const half = 2 * Math.floor(connect.length / 4);
    const decoder = new TraceDecoder();
    expect(texts(decoder, out(connect.slice(0, half), "a"), out(connect.slice(0, half), "b"), out(connect.slice(0, half), "b", 2))).toEqual(
      [],
    );
    expect(events(decoder, out(connect.slice(half), "b", 2), out(connect.slice(half), "a")).map(({ board }) => board)).toEqual(["b", "a"]);
  });

  test("begins anew with each connection, and with each boot", () => {
    const decoder = new TraceDecoder();
    for (const between of [line("tcp.open", { socket: 1, to: "x" }), line("power", { on: false })]) {
      events(decoder, out(connect), out(publish("a").slice(0, 10)), between);
      expect(texts(decoder, out(connect))[0]).toMatch(/^CONNECT/);
    }
  });

  test("that breaks off into something else is shown as bytes from there", () => {
    const decoder = new TraceDecoder();
    expect(texts(decoder, out(connect), back("ff00"), out("0102"))).toEqual([
      expect.stringMatching(/^CONNECT/),
      expect.stringMatching(/^no MQTT any more: /),
      "socket 1: ff 00",
      "socket 1: 01 02",
    ]);
    expect(texts(new TraceDecoder(), out(Buffer.from("GET / HTTP/1.1").toString("hex")))[0]).toMatch(/^socket 1: 47 45 54/);
  });

  test("never shows a password", () => {
    expect(JSON.stringify(events(new TraceDecoder(), out(connect)))).not.toMatch(/secret|736563726574|\bme\b/);
  });

  test("says why a broker refuses", () => {
    const refused = back(hex({ cmd: "connack", sessionPresent: false, returnCode: 4 }));
    expect(texts(new TraceDecoder(), out(connect), refused)[1]).toBe("CONNACK refused: wrong user name or password");
  });
});

describe("what else a board does", () => {
  test("I²C names the chips that usually sit at an address, and what they measured", () => {
    expect(
      texts(
        new TraceDecoder(),
        line("i2c.write", { address: 0x44, bytes: "2400" }),
        line("i2c.read", { address: 0x44, bytes: "5eb5417d7002" }),
        line("i2c.write", { address: 0x44, bytes: "2400" }),
        line("i2c.read", { address: 0x44, bytes: "5eb5417d7003" }),
        line("i2c.write", { address: 0x76, bytes: "d0" }),
        line("i2c.read", { address: 0x76, bytes: "60" }),
        line("i2c.read", { address: 0x10, bytes: "00" }),
        line("i2c.write", { address: 0x44, acknowledged: false }),
      ),
    ).toEqual([
      "0x44 SHT3x 24 00  measure",
      "0x44 SHT3x 5e b5 41 7d 70 02  19.74 °C, 49.0 %",
      "0x44 SHT3x 24 00  measure",
      "0x44 SHT3x 5e b5 41 7d 70 03  19.74 °C, a damaged word",
      "0x76 BME280 d0  chip id?",
      "0x76 BME280 60  chip id",
      "0x10 00",
      "0x44 SHT3x does not acknowledge",
    ]);
  });

  test("Wi-Fi says whether joining failed or the access point went", () => {
    const wifi = (connection: number): object => line("wifi", { connection });
    expect(texts(new TraceDecoder(), line("wifi.connect", { ssid: "home" }), wifi(200), wifi(400), wifi(500), wifi(200))).toEqual([
      'joins "home"',
      "joining failed",
      "joined, without an address yet",
      "joined, with an address: the network is there",
      "the access point is gone",
    ]);
  });

  test("DNS, pins, flash and power are told in words; what is not known as it stands", () => {
    const told = events(
      new TraceDecoder(),
      line("dns.query", { name: "broker.mote" }),
      line("dns.answer", { address: null }),
      line("analog", { pin: 34, raw: 2431 }),
      line("flash.erase", { partition: "journal", block: 3 }),
      line("key-value.write", { namespace: "mote", key: "t1", bytes: "01ff" }),
      line("key-value.delete", { namespace: "mote", key: "t1" }),
      line("key-value.erase", { page: 5 }),
      line("power", { on: true, reason: "brown-out" }),
      line("moon", { phase: "full", bytes: "00" }),
    ).map(({ kind, text }) => `${kind}: ${text}`);
    expect(told).toEqual([
      "dns: where is broker.mote?",
      "dns: broker.mote: no address",
      "analog: pin 34 reads 2431",
      "flash: journal: block 3 is erased",
      "flash: mote, t1: 01 ff",
      "flash: mote, t1 is deleted",
      "flash: key-value storage: page 5 is erased",
      "power: power on (brown-out)",
      'other: moon phase="full" bytes="00"',
    ]);
  });
});

test("a line of recorded traffic is a PUBLISH of no board", () => {
  const traffic = { ms: 1000.5, topic: "a/b", payload: "21.5", retain: true, qos: 0 };
  expect(events(new TraceDecoder(), traffic)).toMatchObject([
    { atUs: 1_000_500, board: "", kind: "mqtt", text: "PUBLISH a/b 21.5 (QoS 0, retained)", packet: { topic: "a/b", payload: "21.5" } },
  ]);
  expect(texts(new TraceDecoder(), { ms: 1, topic: "a", hex: "ff", retain: false, qos: 1 })).toEqual(["PUBLISH a hex ff (QoS 1)"]);
});

test("foreign text cannot move a terminal's cursor, nor fill its screen", () => {
  const traffic = { ms: 1, topic: "a\u001b[2J", payload: "\u202e\n" + "x".repeat(5000), retain: false, qos: 0 };
  const [text] = texts(new TraceDecoder(), traffic);
  expect(text).toContain("PUBLISH a\\u{1b}[2J \\u{202e}\\nxxx");
  expect(text).toMatch(/x… \(5,002 characters\) \(QoS 0\)$/);
  expect(text!.length).toBeLessThan(400);
});

describe("a line that is no trace's", () => {
  test.each([
    ["timestamp,temperature", "this is no JSON"],
    ["[]", "this is no line of a trace"],
    ["null", "this is no line of a trace"],
    ['{"us":-1,"board":"b","what":"wifi"}', "this is no line of a trace"],
    ['{"us":1,"what":"wifi"}', "this is no line of a trace"],
    ['{"us":1,"board":"b","what":"tcp.read","socket":1,"bytes":"abc"}', '"bytes" must be hex'],
    ['{"ms":1,"topic":"a"}', "this is no line of a trace"],
    ['{"ms":1e300,"topic":"a","payload":""}', "this is no line of a trace"],
  ])("%s is refused", (text, message) => {
    expect(new TraceDecoder().feed(text)).toMatchObject({ ok: false, error: { kind: "trace", message: expect.stringContaining(message) } });
  });

  test("never throws, nor does one of a trace with anything in its fields", () => {
    const whats = ["tcp.open", "tcp.read", "tcp.write", "i2c.read", "i2c.write", "wifi", "dns.answer", "analog", "power", "x"];
    const decoder = new TraceDecoder();
    fc.assert(
      fc.property(
        fc.constantFrom(...whats),
        fc.record({ socket: fc.jsonValue(), address: fc.jsonValue(), connection: fc.jsonValue() }, { requiredKeys: [] }),
        fc.uint8Array(),
        fc.boolean(),
        (what, fields, bytes, legible) => {
          const text = Buffer.from(bytes).toString("hex");
          for (const event of events(decoder, line(what, { ...fields, bytes: legible ? connect + text : text }))) {
            expect(event.text).toMatch(/^\P{C}+$/u);
          }
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });
});

test("every line of a real run is understood, and every message on its wire is seen", () => {
  const decoder = new TraceDecoder();
  const decoded: DecodedEvent[] = [];
  const ran = run({
    onTrace(text) {
      const fed = decoder.feed(text);
      if (!fed.ok) throw new Error(fed.error.message);
      decoded.push(...fed.value);
    },
  });
  ran.until(20_000);
  const payloads = decoded.flatMap(({ packet }) => (packet?.cmd === "publish" ? [packet.payload] : []));
  expect(payloads.length).toBeGreaterThan(50);
  expect(payloads.slice(0, ran.published.length)).toEqual(ran.published.map(({ text }) => text));
  expect(payloads.length - ran.published.length).toBeLessThan(5);
  expect(decoded.filter(({ kind }) => kind === "other")).toEqual([]);
});
