/** Answers what an XS machine asks of its GATT server (gatt.ts) with a Device of Node's. There is one for each boot. */
import { invariant } from "../../firmware/base/invariant.js";
import type {
  Advertisement,
  Bytes,
  Device,
  GATTCharacteristic,
  GATTCharacteristicOptions,
  GATTConnection,
  GATTServer,
  GATTServerOptions,
} from "../../firmware/device.js";
import type { Call, Dispatch } from "./device-calls.js";
import { gattEvents, operation } from "./operations.js";
import type { Value } from "./protocol.js";

export function gattCalls(device: Device, dispatch: Dispatch): Record<number, Call> {
  let options: GATTServerOptions = { services: [] };
  let server: GATTServer | undefined;
  /** What Node's callbacks had as `this`, by a characteristic's place. */
  const selves: (GATTCharacteristic | undefined)[] = [];
  /** The next characteristic's place. */
  let next = 0;
  const connections = new Map<number, GATTConnection>();
  let last = 0;
  /** The machine's function that hears of everything. */
  let heard = -1;

  function tell(event: number, connection?: GATTConnection, index?: number, value?: Bytes): Value | void {
    return dispatch(heard, false, event, connection === undefined ? undefined : handleOf(connection), index, value);
  }

  function handleOf(connection: GATTConnection): number {
    for (const [handle, each] of connections) if (each === connection) return handle;
    connections.set(++last, connection);
    return last;
  }

  function connectionOf(handle: number): GATTConnection {
    const connection = connections.get(handle);
    if (connection === undefined) throw new Error("the connection is gone");
    return connection;
  }

  function opened(): GATTServer {
    invariant(server !== undefined, "the GATT server is open");
    return server;
  }

  return {
    [operation.gattBegin](mtu: number | undefined, secure: boolean, bond?: boolean, immediate?: boolean) {
      next = 0;
      options = {
        services: [],
        onReady: () => void tell(gattEvents.ready),
        onConnect: (connection) => void tell(gattEvents.connect, connection),
        onDisconnect(connection) {
          tell(gattEvents.disconnect, connection);
          connections.delete(handleOf(connection));
        },
      };
      if (mtu !== undefined) options.mtu = mtu;
      if (secure) options.security = { bond: bond === true, immediate: immediate === true };
    },
    [operation.gattService](uuid: string) {
      options.services.push({ uuid, characteristics: [] });
    },
    [operation.gattCharacteristic](
      uuid: string,
      properties: number,
      value: Bytes | undefined,
      read: boolean,
      write: boolean,
      subscribe: boolean,
      unsubscribe: boolean,
    ) {
      const index = next++;
      const made: GATTCharacteristicOptions = { uuid, properties };
      if (value !== undefined) made.value = value;
      if (read) {
        made.onRead = (connection) => tell(gattEvents.read, connection, index) as Bytes;
      }
      if (write) {
        made.onWrite = (bytes, connection) => void tell(gattEvents.write, connection, index, new Uint8Array(bytes));
      }
      if (unsubscribe) {
        made.onSubscribe = function (this: GATTCharacteristic, connection) {
          selves[index] = this;
          if (subscribe) tell(gattEvents.subscribe, connection, index);
        };
        made.onUnsubscribe = (connection) => void tell(gattEvents.unsubscribe, connection, index);
      }
      options.services.at(-1)!.characteristics.push(made);
    },
    [operation.gattOpen](index: number) {
      // One that is refused changes nothing for the one that there is.
      server = new device.GATTServer(options);
      heard = index;
    },
    [operation.gattAdvertise](scanFields: number, answers: boolean, ...fields: Value[]) {
      const scan = advertisement(fields.slice(0, scanFields));
      if (answers) opened().startAdvertising(scan, advertisement(fields.slice(scanFields)));
      else opened().startAdvertising(scan);
    },
    [operation.gattSilence]: () => opened().stopAdvertising(),
    [operation.gattMaximumWrite]: (handle: number) => connectionOf(handle).maximumWrite,
    [operation.gattNotify](handle: number, index: number, value: Bytes, sent: number) {
      const self = selves[index];
      if (self === undefined) throw new Error("disabled");
      const onSent = (error?: unknown): void => void dispatch(sent, true, error as number | undefined);
      connectionOf(handle).notify(self, value, ...(sent < 0 ? [] : [onSent]));
    },
    [operation.gattClose](handle: number) {
      connectionOf(handle).close();
      connections.delete(handle);
    },
  };
}

/** As gatt.ts lays it flat. */
function advertisement(fields: Value[]): Advertisement {
  const made: Record<string, unknown> = {};
  for (let at = 0; at < fields.length; at += 2) {
    const [property, value] = [fields[at] as string, fields[at + 1]];
    made[property] = property === "services" ? (value as string).split(",").filter((uuid) => uuid !== "") : value;
  }
  return made as Advertisement;
}
