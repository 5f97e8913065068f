/** The GATT server inside XS, on a board of the world: what a central does reaches the machine, and what it answers comes back. */
import { afterEach, describe, expect, test } from "vitest";
import type { Value } from "../../../host-sim/xs/protocol.js";
import { deviceCalls } from "../../../host-sim/xs/device-calls.js";
import { type Machine, openMachine } from "../../../host-sim/xs/machine.js";
import { link } from "../../../host-sim/xs/modules.js";
import { findProgram } from "../../../host-sim/xs/program.js";
import { simulatedBoard } from "../../firmware/simulated-board.js";
import { onXs, withoutXs } from "./available.js";

const machines: Machine[] = [];
afterEach(() => {
  for (const each of machines.splice(0)) each.close();
});

const reporting = 1000;
const service = "6d6f7465-0000-4d0b-9b4f-2a7f3c9e0000";
const [value, sink, source] = [1, 2, 3].map((last) => service.slice(0, -1) + last) as [string, string, string];

const firmware = `
  const { properties } = device.GATTServer;
  let connection, self;
  tell = (...values) => hostCall(${reporting}, JSON.stringify(values));
  const server = new device.GATTServer({
    mtu: 100,
    services: [{ uuid: "${service}", characteristics: [
      { uuid: "${value}", properties: properties.read, onRead(from) { tell("read", from === connection); return Uint8Array.of(1, 2, 3); } },
      { uuid: "${sink}", properties: properties.write | properties.writeWithOutResponse, onWrite(bytes, from) {
        tell("write", bytes instanceof ArrayBuffer, Array.from(new Uint8Array(bytes)), from.maximumWrite);
        const first = new Uint8Array(bytes)[0];
        if (first === 1) from.notify(self, new Uint8Array(bytes), (error) => tell("sent", error));
        if (first === 2) try { from.notify(this, new Uint8Array(1)); } catch (error) { tell(error.message); }
      } },
      { uuid: "${source}", properties: properties.notify, onSubscribe() { self = this; tell("subscribed"); }, onUnsubscribe() { tell("unsubscribed", this === self); } },
      { uuid: "2a29", properties: properties.read, value: Uint8Array.of(77) },
    ] }],
    onReady() { tell("ready", this === server); this.startAdvertising({ flags: 6, services: ["${service}"] }, { name: "xs", 22: Uint8Array.of(9) }); },
    onConnect(from) { connection = from; tell("connect"); },
    onDisconnect(from) { tell("disconnect", from === connection); },
  });
  for (const services of [[], [{ uuid: "180a", characteristics: [{ uuid: "2a29", properties: 2 }] }]])
    try { new device.GATTServer({ services }); tell("two"); } catch {}
  try { server.startAdvertising({ flags: 6 }); tell("early"); } catch {}
  const radio = new device.WiFi({});
  radio.configure({ hostname: "xs" });
  tell("scanning");
  radio.scan({ onFound: ({ SSID, RSSI, security }) => tell(SSID, RSSI, security), onComplete: () => { tell("complete"); } });
  try { radio.scan({ onFound() {}, onComplete() {} }); } catch (error) { tell(error.message); }
  const places = hostCallbacks().length;
  occupied = () => tell(hostCallbacks().filter((each) => each !== undefined).length);
  hostCallbacks()[99] = occupied;
`;

describe.skipIf(withoutXs)(onXs("the GATT server in XS"), () => {
  test("callbacks have their characteristic as this and the same connection, and hear all that a central does", () => {
    const { board, pass } = simulatedBoard();
    const program = findProgram();
    if (!program.ok) throw new Error(program.error.message);
    const linked = link({
      sources: { entry: `import { device } from "host-sim/xs/device"; let tell, occupied; export default () => {}; ${firmware}` },
      entries: ["entry"],
      preload: ["host-sim/xs/device"],
    });
    if (!linked.ok) throw new Error(linked.error.message);
    const told: unknown[][] = [];
    const dispatch = (index: number, once: boolean, ...values: Value[]): Value => {
      const called = machine.dispatch(index, once, ...values);
      if (!called.ok) throw new Error(called.error.message);
      return called.value;
    };
    const opened = openMachine({
      program: program.value.path,
      flash: linked.value,
      arenaBytes: 64 * 1024,
      ...deviceCalls(board.device, dispatch, { [reporting]: (json: string) => void told.push(JSON.parse(json) as unknown[]) }),
    });
    if (!opened.ok) throw new Error(opened.error.message);
    const machine = opened.value;
    machines.push(machine);
    board.cpu.post(() => {
      const ran = machine.run("entry");
      if (!ran.ok) throw new Error(ran.error.message);
    });
    pass(100);
    expect(told.splice(0)).toEqual([["scanning"], ["already scanning"], ["ready", true]]);
    expect([...board.bluetooth.advertisement!.subarray(0, 4)]).toEqual([2, 1, 6, 17]);
    expect([...board.bluetooth.response!]).toEqual([2, 22, 9, 3, 9, 120, 115]);
    pass(2100);
    expect(told.splice(0)).toEqual([
      ["attic", -61, "wpa2_psk"],
      ["Familie Öztürk", -72, "wpa2_psk"],
      ["guests", -78, "none"],
      ["DIRECT-4B-printer", -85, "wpa2_psk"],
      ["complete"],
    ]);
    const central = board.bluetooth.connect();
    pass(2000);
    const outcomes: unknown[] = [];
    const done = (outcome: unknown): void => void outcomes.push(outcome);
    central.read(value, done);
    central.read("2a29", done);
    central.write(sink, Uint8Array.of(2), true, done);
    pass(1000);
    const notified: Uint8Array[] = [];
    central.subscribe(source, (bytes) => notified.push(bytes), done);
    pass(1000);
    central.write(sink, Uint8Array.of(1, 5), false, done);
    pass(1000);
    central.unsubscribe(source, done);
    pass(1000);
    central.disconnect();
    pass(1000);
    expect(outcomes).toEqual([
      { ok: true, value: Uint8Array.of(1, 2, 3) },
      { ok: true, value: Uint8Array.of(77) },
      { ok: true, value: undefined },
      { ok: true, value: undefined },
      { ok: true, value: undefined },
      { ok: true, value: undefined },
    ]);
    expect(notified).toEqual([Uint8Array.of(1, 5)]);
    expect(told.splice(0)).toEqual([
      ["connect"],
      ["read", true],
      ["write", true, [2], 97],
      ["disabled"],
      ["subscribed"],
      ["write", true, [1, 5], 97],
      ["sent", 0],
      ["unsubscribed", true],
      ["disconnect", true],
    ]);
    // Of the table, one place for the server and the one of this test.
    dispatch(99, false);
    expect(told).toEqual([[2]]);
  });
});
