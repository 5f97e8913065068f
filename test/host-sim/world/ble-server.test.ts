/** The GATT server's own rules: one a boot, nothing before it is ready, properties with their callbacks, advertisements to the byte. */
import { expect, test } from "vitest";
import type { Advertisement, GATTCharacteristicOptions, GATTServerOptions } from "../../../firmware/device.js";
import { advertisementBytes } from "../../../host-sim/world/ble-advertisement.js";
import { simulatedBoard } from "../../firmware/simulated-board.js";
import { gattRig, uuids } from "./ble-rig.js";

const hex = (of: Advertisement): string => Buffer.from(advertisementBytes(of)).toString("hex");

test("an advertisement has numeric types first, then its properties in their order, services with their bytes turned round", () => {
  expect(hex({ flags: 6, name: "Öl", services: ["4677"] })).toBe("0201060409c3966c03037746");
  expect(hex({ flags: 6, services: [uuids.service] })).toBe("020106110700009e3c7f2a4f9b0b4d000065746f6d");
  expect(hex({ services: ["4677", uuids.service, "1800"] }).slice(0, 12)).toBe("050377460018");
  expect(hex({ flags: 6, 22: Uint8Array.of(0x77, 0x46, 1), 10: Uint8Array.of(4) })).toBe("020a040416774601020106");
  expect(hex({})).toBe("");
});

test("an advertisement of 31 bytes is taken, one of 32 is not; nor a service that is none, nor a property that nobody knows", () => {
  expect(advertisementBytes({ flags: 6, name: "a".repeat(26) })).toHaveLength(31);
  for (const bad of [
    { flags: 6, name: "a".repeat(27) },
    { 255: new Uint8Array(30) },
    { services: ["46"] },
    { services: ["no uuid"] },
    { 256: Uint8Array.of(1) },
    { 0: Uint8Array.of(1) },
    { power: 3 } as Advertisement,
  ]) {
    expect(() => advertisementBytes(bad)).toThrow();
  }
});

test("there is one server a boot, and a new one after the next", () => {
  const rig = gattRig();
  expect(rig.open).toThrow("only one");
  rig.board.powerOff();
  expect(rig.board.bluetooth.advertisement).toBeUndefined();
  rig.board.powerOn("software");
  rig.open();
  rig.pass(100);
  expect(rig.heard).toEqual(["ready", "ready"]);
});

test("it is ready some time after its constructor; before, nothing can be advertised", () => {
  const { board, on, pass } = simulatedBoard();
  let ready = 0;
  const server = on(() => {
    const made = new board.device.GATTServer({ services: [], onReady: () => ready++ });
    expect(() => made.startAdvertising({ flags: 6 })).toThrow("invalid adv");
    return made;
  });
  expect(ready).toBe(0);
  pass(1000);
  on(() => server.startAdvertising({ flags: 6 }, { name: "x" }));
  const { bluetooth } = board;
  expect([ready, bluetooth.advertisement, bluetooth.response]).toEqual([1, Uint8Array.of(2, 1, 6), Uint8Array.of(2, 9, 120)]);
  on(() => server.startAdvertising({ flags: 4 }));
  expect([bluetooth.advertisement, bluetooth.response]).toEqual([Uint8Array.of(2, 1, 4), new Uint8Array(0)]);
  on(() => server.stopAdvertising());
  expect(bluetooth.advertisement).toBeUndefined();
});

test("properties without their callbacks, callbacks without their properties, and values that are too long are refused", () => {
  const on = (): undefined => undefined;
  const bytes = (): Uint8Array<ArrayBuffer> => Uint8Array.of(1);
  const uuid = uuids.value;
  const refused: GATTCharacteristicOptions[] = [
    { uuid, properties: 0 },
    { uuid, properties: 2 },
    { uuid, properties: 8, onRead: bytes, onWrite: on },
    { uuid, properties: 8 },
    { uuid, properties: 4, onRead: bytes },
    { uuid, properties: 2, onRead: bytes, onWrite: on },
    { uuid, properties: 16 },
    { uuid, properties: 16, onSubscribe: on },
    { uuid, properties: 2, onRead: bytes, onUnsubscribe: on },
    { uuid, properties: 2, value: new Uint8Array(513) },
    { uuid: "12", properties: 2, onRead: bytes },
  ];
  const make = (services: GATTServerOptions["services"]) => (): unknown => {
    const { board, on: run } = simulatedBoard();
    return run(() => new board.device.GATTServer({ services }));
  };
  for (const each of refused) expect(make([{ uuid: uuids.service, characteristics: [each] }])).toThrow();
  expect(make([{ uuid: uuids.service, characteristics: [] }])).toThrow("invalid characteristics");
  expect(make([{ uuid: "180", characteristics: [{ uuid, properties: 2, onRead: bytes }] }])).toThrow("bad uuid");
  make([{ uuid: uuids.service, characteristics: [{ uuid, properties: 30, onRead: bytes, onWrite: on, onUnsubscribe: on }] }])();
});

test("an advertisement that is asked for over a connection is on the air when that is over; one that is taken back is not", () => {
  for (const wanted of [true, false]) {
    const rig = gattRig();
    const central = rig.connect();
    rig.on(() => (wanted ? rig.server!.startAdvertising({ flags: 4 }) : rig.server!.stopAdvertising()));
    expect(rig.board.bluetooth.advertisement).toBeUndefined();
    central.disconnect();
    rig.pass(100);
    expect(rig.board.bluetooth.advertisement).toEqual(wanted ? Uint8Array.of(2, 1, 4) : undefined);
  }
});
