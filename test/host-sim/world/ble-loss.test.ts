/** Connections that are lost: at every write, with the board's power, out of reach; and centrals that wait for each other. */
import { expect, test } from "vitest";
import { gattRig, uuids } from "./ble-rig.js";

const { sink, source } = uuids;
const exchange = 6;

for (const withResponse of [true, false]) {
  test(`lost in the middle of any write ${withResponse ? "with" : "without"} response, both ends hear of it, and the board has what came before`, () => {
    for (let n = 1; n <= exchange; n++) {
      const rig = gattRig();
      let reason: string | undefined;
      const central = rig.connect({ supervisionMs: 2000 }, { onDisconnected: (why) => (reason = why) });
      central.loseAfterWrites(n);
      const outcomes: boolean[] = [];
      for (let write = 0; write < exchange; write++) central.write(sink, Uint8Array.of(write), withResponse, ({ ok }) => outcomes.push(ok));
      rig.pass(1500);
      expect([reason, rig.board.bluetooth.advertisement]).toEqual([undefined, undefined]);
      rig.pass(2000);
      const before = Array.from({ length: n - 1 }, (_, index) => index);
      expect(rig.writes.map(([first]) => first)).toEqual(before);
      expect(outcomes).toEqual(Array.from({ length: exchange }, (_, index) => index < n - 1));
      expect([reason, central.connected, rig.heard]).toEqual(["supervision", false, ["ready", "connected", "disconnected"]]);
      expect(rig.board.bluetooth.advertisement).toBeDefined();
      rig.connect();
    }
  });
}

test("a long write that is lost leaves nothing behind", () => {
  const rig = gattRig();
  const central = rig.connect({ mtu: 23 });
  central.loseAfterWrites(1);
  expect(rig.answer((done) => central.write(sink, new Uint8Array(100), true, done))).toMatchObject({ error: { kind: "gone" } });
  expect(rig.writes).toEqual([]);
});

test("a board that loses its power within a write knows nothing of it afterwards; the central hears after its timeout", () => {
  for (const intoUs of [0, 40, 100_000]) {
    const rig = gattRig();
    let reason: string | undefined;
    const central = rig.connect({ supervisionMs: 3000 }, { onDisconnected: (why) => (reason = why) });
    rig.answer((done) => central.subscribe(source, () => undefined, done));
    rig.heard.length = 0;
    rig.onWrite = () => rig.board.cpu.charge(500_000);
    let outcome: boolean | undefined;
    central.write(sink, Uint8Array.of(1), true, ({ ok }) => (outcome = ok));
    while (rig.writes.length === 0) rig.scheduler.runUntil(rig.scheduler.nextUs());
    const cutUs = rig.scheduler.nowUs + intoUs;
    rig.scheduler.runUntil(cutUs);
    rig.board.powerOff();
    rig.board.powerOn("power-on");
    rig.onWrite = () => undefined;
    rig.open();
    rig.pass(1000);
    expect([outcome, reason, rig.heard]).toEqual([undefined, undefined, ["ready"]]);
    rig.pass(2100);
    expect([outcome, reason, rig.heard]).toEqual([false, "supervision", ["ready"]]);
    rig.connect();
    expect(rig.heard).toEqual(["ready", "connected"]);
  }
});

test("a second central hears nothing while one is connected, and is the next when that goes", () => {
  const rig = gattRig();
  const first = rig.connect({ name: "first" });
  let unanswered = 0;
  const second = rig.board.bluetooth.connect({ name: "second", timeoutMs: 500 }, { onUnanswered: () => unanswered++ });
  rig.pass(5000);
  expect([unanswered, second.connected, first.connected]).toEqual([1, false, true]);
  const third = rig.board.bluetooth.connect({ name: "third", timeoutMs: 60_000 });
  const fourth = rig.board.bluetooth.connect({ name: "fourth", timeoutMs: 60_000 });
  rig.pass(1000);
  first.disconnect();
  rig.pass(3000);
  expect([second.connected, third.connected, fourth.connected]).toEqual([false, true, false]);
  third.disconnect();
  rig.pass(3000);
  expect(fourth.connected).toBe(true);
});

test("out of reach nothing of it is heard and its connection is lost; back in reach it is found again", () => {
  const rig = gattRig();
  const onAir: boolean[] = [];
  rig.board.bluetooth.onAdvertising = (advertisement) => onAir.push(advertisement !== undefined);
  let reason: string | undefined;
  rig.connect({ supervisionMs: 1000 }, { onDisconnected: (why) => (reason = why) });
  const heal = rig.board.bluetooth.leaveReach();
  rig.pass(5000);
  expect([reason, rig.heard.at(-1), rig.board.bluetooth.advertisement]).toEqual(["supervision", "disconnected", undefined]);
  const central = rig.board.bluetooth.connect();
  rig.pass(5000);
  expect(central.connected).toBe(false);
  heal();
  heal();
  rig.pass(3000);
  expect([central.connected, onAir]).toEqual([true, [false, true, false]]);
});

test("equal doings leave equal traces, and all of Bluetooth's", () => {
  const trace = (): string => {
    const rig = gattRig({ security: { bond: true } }, 7);
    const central = rig.connect({ name: "phone" });
    central.pair();
    central.subscribe(source, () => undefined);
    for (let n = 0; n < 5; n++) central.write(sink, Uint8Array.of(n), n % 2 === 0);
    rig.pass(2000);
    rig.on(() => rig.connection!.notify(rig.source!, Uint8Array.of(1)));
    rig.board.bluetooth.lose();
    rig.pass(10_000);
    return JSON.stringify(rig.lines);
  };
  const first = trace();
  expect(trace()).toBe(first);
  for (const what of ["open", "advertise", "connect", "paired", "subscribe", "write", "notify", "disconnect"])
    expect(first).toContain(`"ble.${what}"`);
});
