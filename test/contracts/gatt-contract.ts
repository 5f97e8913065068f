/** The part of the device contract that is Bluetooth: what a server refuses, and when it may do what. It has one server, as a boot has. */
import { expect, test } from "vitest";
import type { GATTServer } from "../../firmware/device.js";
import type { DeviceAdapter } from "./adapter.js";

export function gattContract(adapt: () => DeviceAdapter): void {
  const { withoutBluetooth } = adapt();
  const because = withoutBluetooth === undefined ? "" : ` (left out: ${withoutBluetooth})`;
  test.skipIf(withoutBluetooth !== undefined)(
    "a GATT server is one a boot, ready later, and advertises 31 bytes at most from then on" + because,
    async () => {
      const { device, on, pass } = adapt();
      const { GATTServer: Server } = device;
      const calls: string[] = [];
      const server = await on(() => {
        const made: GATTServer = new Server({
          services: [
            {
              uuid: "6d6f7465-0000-4d0b-9b4f-2a7f3c9e0000",
              characteristics: [{ uuid: "2a29", properties: Server.properties.read, onRead: () => Uint8Array.of(1) }],
            },
          ],
          onReady() {
            calls.push(this === made ? "ready" : "somebody is ready");
          },
        });
        expect(calls).toEqual([]);
        expect(() => made.startAdvertising({ flags: 6 })).toThrow();
        expect(() => new Server({ services: [] })).toThrow();
        return made;
      });
      await pass(1000);
      expect(calls).toEqual(["ready"]);
      await on(() => {
        server.startAdvertising({ flags: 6, name: "a".repeat(26) }, { services: ["1800"], 255: Uint8Array.of(1, 2, 3) });
        server.startAdvertising({ flags: 6 });
        expect(() => server.startAdvertising({ flags: 6, name: "a".repeat(27) })).toThrow();
        expect(() => server.startAdvertising({ services: ["18"] })).toThrow();
        server.stopAdvertising();
      });
    },
  );

  test.skipIf(withoutBluetooth !== undefined)("a property without its callback is refused, and the other way round" + because, async () => {
    const { device, on } = adapt();
    await on(() => {
      const { properties } = device.GATTServer;
      const characteristic = { uuid: "2a29", properties: properties.read, onWrite: () => undefined };
      expect(() => new device.GATTServer({ services: [{ uuid: "180a", characteristics: [characteristic] }] })).toThrow();
    });
  });
}
