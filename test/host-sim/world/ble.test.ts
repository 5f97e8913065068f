import { describe, expect, test } from "vitest";
import { gattRig, uuids } from "./ble-rig.js";

const { value, sink, source, fixed, secret } = uuids;

test("a central connects, reads, writes, subscribes and hears notifications", () => {
  const rig = gattRig();
  const central = rig.connect();
  expect(rig.heard).toEqual(["ready", "connected"]);
  expect(rig.connection!.maximumWrite).toBe(182);
  expect(rig.answer<Uint8Array>((done) => central.read(value, done))).toEqual({ ok: true, value: Uint8Array.of(1, 2, 3) });
  expect(rig.answer<Uint8Array>((done) => central.read("2A29", done))).toEqual({ ok: true, value: Uint8Array.of(77, 111) });
  expect(rig.answer((done) => central.write(sink, Uint8Array.of(9), true, done)).ok).toBe(true);
  expect(rig.answer((done) => central.write(sink, Uint8Array.of(8), false, done)).ok).toBe(true);
  expect(rig.writes).toEqual([Uint8Array.of(9), Uint8Array.of(8)]);
  const notified: Uint8Array[] = [];
  rig.answer((done) => central.subscribe(source, (bytes) => notified.push(bytes), done));
  const sent: unknown[] = [];
  rig.on(() => rig.connection!.notify(rig.source!, Uint8Array.of(5, 6), (error) => sent.push(error)));
  rig.pass(100);
  expect([notified, sent]).toEqual([[Uint8Array.of(5, 6)], [0]]);
  central.disconnect();
  rig.pass(100);
  expect(rig.heard).toEqual(["ready", "connected", "subscribed", "unsubscribed", "disconnected"]);
  expect(rig.board.bluetooth.advertisement).toBeDefined();
  expect(() => rig.connection!.maximumWrite).toThrow("the connection is gone");
  expect(() => rig.connection!.notify(rig.source!, Uint8Array.of(1))).toThrow("the connection is gone");
});

for (const mtu of [23, 185, 517]) {
  test(`with an MTU of ${mtu} values of any length up to 512 bytes arrive whole both ways`, () => {
    const rig = gattRig({ mtu: 517 });
    const central = rig.connect({ mtu });
    expect([rig.connection!.maximumWrite, central.mtu]).toEqual([mtu - 3, mtu]);
    for (const length of [0, 1, mtu - 4, mtu - 3, mtu - 2, mtu - 1, mtu, 2 * (mtu - 1), 511, 512].filter((each) => each <= 512)) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 255);
      expect(rig.answer((done) => central.write(sink, bytes, true, done)).ok).toBe(true);
      expect(rig.writes.pop()).toEqual(bytes);
      rig.value = bytes;
      expect(rig.answer<Uint8Array>((done) => central.read(value, done))).toEqual({ ok: true, value: bytes });
    }
    expect(rig.answer((done) => central.write(sink, new Uint8Array(513), true, done))).toMatchObject({ error: { kind: "refused" } });
    expect(rig.answer((done) => central.write(sink, new Uint8Array(mtu - 2), false, done))).toMatchObject({ error: { kind: "long" } });
    expect(rig.writes).toEqual([]);
  });
}

test("a long read calls onRead for each part", () => {
  let reads = 0;
  const { read } = gattRig().board.device.GATTServer.properties;
  const characteristic = { uuid: value, properties: read, onRead: () => new Uint8Array(50).fill(++reads) };
  const rig = gattRig({ services: [{ uuid: uuids.service, characteristics: [characteristic] }] });
  const central = rig.connect({ mtu: 23 });
  const got = rig.answer<Uint8Array>((done) => central.read(value, done));
  expect([reads, got.ok && got.value[0], got.ok && got.value[22], got.ok && got.value[49]]).toEqual([3, 1, 2, 3]);
});

test("the smaller MTU of the two counts, and the SDK's own where the firmware says none", () => {
  for (const [server, central, agreed] of [
    [100, 517, 100],
    [517, 100, 100],
    [undefined, 517, 256],
    [9, 517, 23],
    [9999, 9999, 517],
  ] as const) {
    const rig = gattRig(server === undefined ? {} : { mtu: server });
    expect(rig.connect({ mtu: central }).mtu).toBe(agreed);
  }
});

test("writes and notifications keep their order, whether with or without response", () => {
  const rig = gattRig();
  const central = rig.connect();
  const notified: number[] = [];
  rig.answer((done) => central.subscribe(source, ([first]) => notified.push(first!), done));
  rig.onWrite = (bytes, connection) => connection.notify(rig.source!, Uint8Array.of(bytes[0]!));
  const done: number[] = [];
  for (let n = 0; n < 20; n++) central.write(sink, Uint8Array.of(n), false, () => done.push(n));
  rig.pass(1000);
  const all = Array.from({ length: 20 }, (_, n) => n);
  expect([rig.writes.map(([first]) => first), notified, done]).toEqual([all, all, all]);
});

test("four packets go each way at a connection event, and a request with its answer takes two", () => {
  const rig = gattRig({ mtu: 517 });
  const central = rig.connect({ intervalMs: 50, mtu: 517 });
  const startUs = rig.scheduler.nowUs;
  const done: number[] = [];
  const at = (): void => void done.push(Math.floor((rig.scheduler.nowUs - startUs) / 50_000));
  for (let n = 0; n < 9; n++) central.write(sink, new Uint8Array(20), false, at);
  rig.pass(1000);
  const [first] = done;
  expect(done.map((event) => event - first!)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2]);
  // 512 bytes are three packets of the radio.
  const longUs = rig.scheduler.nowUs;
  const long: number[] = [];
  for (let n = 0; n < 4; n++)
    central.write(sink, new Uint8Array(500), false, () => long.push(Math.floor((rig.scheduler.nowUs - longUs) / 50_000)));
  rig.pass(1000);
  expect(long.map((event) => event - long[0]!)).toEqual([0, 1, 2, 2]);
  const askedUs = rig.scheduler.nowUs;
  const answered: number[] = [];
  for (let n = 0; n < 4; n++) central.read(fixed, () => answered.push(Math.round((rig.scheduler.nowUs - askedUs) / 50_000)));
  rig.pass(1000);
  expect(answered.slice(1).map((event, index) => event - answered[index]!)).toEqual([2, 2, 2]);
});

test("while the thread is busy the radio takes no more than it has buffers for, and nothing is lost", () => {
  const rig = gattRig();
  const central = rig.connect();
  rig.board.cpu.post(() => rig.board.cpu.charge(3_000_000));
  let gone = 0;
  for (let n = 0; n < 60; n++) central.write(sink, Uint8Array.of(n), false, () => gone++);
  rig.pass(2000);
  expect([gone, rig.writes.length]).toEqual([24, 0]);
  rig.pass(3000);
  expect(rig.writes.map(([first]) => first)).toEqual(Array.from({ length: 60 }, (_, n) => n));
});

test("what a characteristic does not have, or the board, is refused", () => {
  const rig = gattRig();
  const central = rig.connect();
  expect(rig.answer((done) => central.read(sink, done))).toMatchObject({ error: { kind: "refused" } });
  expect(rig.answer((done) => central.write(value, Uint8Array.of(1), true, done))).toMatchObject({ error: { kind: "refused" } });
  expect(rig.answer((done) => central.subscribe(sink, () => undefined, done))).toMatchObject({ error: { kind: "refused" } });
  expect(rig.answer((done) => central.read("1234", done))).toMatchObject({ error: { kind: "absent" } });
  central.disconnect();
  expect(rig.answer((done) => central.read(value, done))).toMatchObject({ error: { kind: "gone" } });
  expect(rig.writes).toEqual([]);
});

describe("notifications", () => {
  test("are refused before a subscription and after it, and cut to what fits", () => {
    const rig = gattRig();
    const central = rig.connect({ mtu: 23 });
    const notified: Uint8Array[] = [];
    rig.answer((done) => central.subscribe(source, (bytes) => notified.push(bytes), done));
    rig.on(() => rig.connection!.notify(rig.source!, new Uint8Array(40)));
    rig.answer((done) => central.unsubscribe(source, done));
    expect(() => rig.on(() => rig.connection!.notify(rig.source!, Uint8Array.of(1)))).toThrow("disabled");
    rig.pass(1000);
    expect(notified).toEqual([new Uint8Array(20)]);
  });

  test("that are still queued when the central has gone are told as not sent, and the SDK's lack of buffers is an error", () => {
    const rig = gattRig();
    const central = rig.connect();
    rig.answer((done) => central.subscribe(source, () => undefined, done));
    central.disconnect();
    const sent: unknown[] = [];
    const { nowUs } = rig.scheduler;
    rig.on(() => {
      // Handled after the news of the end has come.
      rig.board.cpu.charge(200_000);
      for (let n = 0; n < 3; n++) rig.connection!.notify(rig.source!, Uint8Array.of(n), (error) => sent.push(error));
    });
    rig.scheduler.runUntil(nowUs + 1_000_000);
    expect(sent).toEqual([7, 7, 7]);
    rig.connect();
    const again = rig.board.bluetooth;
    expect(again.connected).toBe(true);
    const other = gattRig();
    const subscriber = other.connect();
    other.answer((done) => subscriber.subscribe(source, () => undefined, done));
    expect(() =>
      other.on(() => {
        for (let n = 0; n < 25; n++) other.connection!.notify(other.source!, Uint8Array.of(n));
      }),
    ).toThrow("24 notifications wait already");
  });
});

describe("a connection that the firmware closes", () => {
  test("ends without a word to the firmware, and nothing is advertised until it asks for it", () => {
    const rig = gattRig();
    let reason: string | undefined;
    rig.connect({}, { onDisconnected: (why) => (reason = why) });
    rig.on(() => rig.connection!.close());
    rig.pass(1000);
    expect([reason, rig.heard, rig.board.bluetooth.advertisement]).toEqual(["board", ["ready", "connected"], undefined]);
    rig.on(() => rig.server!.startAdvertising({ flags: 6 }));
    expect(rig.board.bluetooth.advertisement).toEqual(Uint8Array.of(2, 1, 6));
    rig.connect();
    expect(rig.heard.at(-1)).toBe("connected");
  });

  test("while its central is subscribed brings a board down", () => {
    const rig = gattRig();
    const central = rig.connect();
    rig.answer((done) => central.subscribe(source, () => undefined, done));
    expect(() => {
      rig.on(() => rig.connection!.close());
      rig.pass(1000);
    }).toThrow("a board crashes there");
  });
});

describe("bonds", () => {
  const security = { bond: true };

  test("what is for encrypted connections alone is refused before pairing, and given after it", () => {
    const rig = gattRig({ security });
    const central = rig.connect({ name: "phone" });
    const attempts = [
      () => rig.answer((done) => central.read(secret, done)),
      () => rig.answer((done) => central.write(secret, Uint8Array.of(1), true, done)),
      () => rig.answer((done) => central.subscribe(secret, () => undefined, done)),
    ];
    for (const attempt of attempts) expect(attempt()).toMatchObject({ error: { kind: "encryption" } });
    expect(rig.writes).toEqual([]);
    expect(rig.answer((done) => central.pair(done)).ok).toBe(true);
    for (const attempt of attempts) expect(attempt().ok).toBe(true);
    expect([rig.board.bluetooth.bonds, central.encrypted]).toEqual([["phone"], true]);
  });

  test("outlast connections and boots; of four the oldest falls out", () => {
    const rig = gattRig({ security });
    for (const name of ["a", "b", "c", "d"]) {
      const central = rig.connect({ name });
      expect(central.encrypted).toBe(false);
      rig.answer((done) => central.pair(done));
      central.disconnect();
      rig.pass(100);
    }
    expect(rig.board.bluetooth.bonds).toEqual(["b", "c", "d"]);
    rig.board.powerOff();
    rig.board.powerOn("power-on");
    rig.open();
    rig.pass(100);
    for (const [name, known] of [
      ["a", false],
      ["d", true],
    ] as const) {
      const central = rig.connect({ name });
      expect(rig.answer((done) => central.read(secret, done)).ok).toBe(known);
      central.disconnect();
      rig.pass(100);
    }
  });

  test("are none where the server has no security, or asks for none", () => {
    const open = gattRig();
    expect(open.answer((done) => open.connect().pair(done))).toMatchObject({ error: { kind: "refused" } });
    const fleeting = gattRig({ security: { immediate: true } });
    const central = fleeting.connect();
    fleeting.pass(2000);
    expect([central.encrypted, fleeting.board.bluetooth.bonds]).toEqual([true, []]);
  });
});
