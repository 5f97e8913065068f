/** A board whose firmware is one GATT server with a service to try things on, and all that it hears. */
import type { Bytes, GATTCharacteristic, GATTConnection, GATTServer, GATTServerOptions } from "../../../firmware/device.js";
import type { Result } from "../../../firmware/base/result.js";
import type { Central, CentralHandlers, CentralOptions } from "../../../host-sim/world/ble-central.js";
import { simulatedBoard } from "../../firmware/simulated-board.js";

export const uuids = {
  service: "6d6f7465-0000-4d0b-9b4f-2a7f3c9e0000",
  value: "6d6f7465-0000-4d0b-9b4f-2a7f3c9e0001",
  sink: "6d6f7465-0000-4d0b-9b4f-2a7f3c9e0002",
  source: "6d6f7465-0000-4d0b-9b4f-2a7f3c9e0003",
  fixed: "2a29",
  secret: "6d6f7465-0000-4d0b-9b4f-2a7f3c9e0005",
} as const;

export const advertisement = { flags: 6, services: [uuids.service] };

export function gattRig(options: Partial<GATTServerOptions> = {}, seed = 1) {
  const made = simulatedBoard(seed);
  const heard: string[] = [];
  const writes: Uint8Array[] = [];
  const self = {
    ...made,
    heard,
    writes,
    value: Uint8Array.of(1, 2, 3) as Bytes,
    server: undefined as GATTServer | undefined,
    connection: undefined as GATTConnection | undefined,
    source: undefined as GATTCharacteristic | undefined,
    /** What is done within the callback of a write. */
    onWrite: (_bytes: Uint8Array, _connection: GATTConnection): void => undefined,
    open,
    /** A central that is connected. */
    connect(central: CentralOptions = {}, handlers: CentralHandlers = {}): Central {
      const found = made.board.bluetooth.connect(central, handlers);
      made.pass(12_000);
      if (found.services.length === 0) throw new Error("the central did not connect");
      return found;
    },
    /** What `ask` calls back with, once it has. */
    answer<Value>(ask: (done: (outcome: Result<Value>) => void) => void): Result<Value> {
      let outcome: Result<Value> | undefined;
      ask((given) => (outcome = given));
      for (let ms = 0; outcome === undefined && ms < 60_000; ms++) made.pass(1);
      if (outcome === undefined) throw new Error("no answer");
      return outcome;
    },
  };

  function open(): void {
    const GATTServer = made.board.device.GATTServer;
    const { properties } = GATTServer;
    self.server = made.on(
      () =>
        new GATTServer({
          services: [
            {
              uuid: uuids.service,
              characteristics: [
                { uuid: uuids.value, properties: properties.read, onRead: () => self.value },
                {
                  uuid: uuids.sink,
                  properties: properties.write | properties.writeWithOutResponse,
                  onWrite(value, connection) {
                    writes.push(new Uint8Array(value));
                    self.onWrite(new Uint8Array(value), connection);
                  },
                },
                {
                  uuid: uuids.source,
                  properties: properties.notify,
                  onSubscribe() {
                    self.source = this;
                    heard.push("subscribed");
                  },
                  onUnsubscribe: () => heard.push("unsubscribed"),
                },
                { uuid: uuids.fixed, properties: properties.read, value: Uint8Array.of(77, 111) },
                {
                  uuid: uuids.secret,
                  properties: properties.readEncrypted | properties.writeEncrypted | properties.subscribeEncrypted,
                  onRead: () => Uint8Array.of(42),
                  onWrite: (value) => void writes.push(new Uint8Array(value)),
                  onUnsubscribe: () => undefined,
                },
              ],
            },
          ],
          onReady() {
            heard.push("ready");
            this.startAdvertising(advertisement, { name: "rig" });
          },
          onConnect(connection) {
            self.connection = connection;
            heard.push("connected");
          },
          onDisconnect: () => heard.push("disconnected"),
          ...options,
        }),
    );
  }
  open();
  made.pass(100);
  return self;
}
