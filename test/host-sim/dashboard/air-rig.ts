/** Boards with a radio and no more, and a dashboard's server with its virtual Bluetooth: what air.ts is tested on. */
import { WebSocket } from "ws";
import { success } from "../../../firmware/base/result.js";
import type { Device, GATTCharacteristic, GATTConnection } from "../../../firmware/device.js";
import type { Recipe } from "../../../host-sim/dashboard/recipe.js";
import type { Dashboard } from "../../../host-sim/dashboard/server.js";
import { VirtualSession } from "../../../host-sim/dashboard/virtual-session.js";
import type { Engine } from "../../../host-sim/engine.js";
import { fromBoardUuid, infoUuid, moteServiceUuid, toBoardUuid } from "../../../host-sim/pairing/service.js";
import type { Air, PlainSocket } from "../../../host-sim/pairing/socket-link.js";
import { ScenarioRun } from "../../../host-sim/scenario/run.js";
import { app, dashboard, until } from "./rig.js";
import { sketched } from "../../../host-sim/dashboard/sketch.js";

/** What reached the boards' firmware, with its virtual time, over all runs: `board press 1200`. */
export type Diary = string[];

/** Answers each frame with the same one, backwards; advertises from the first press of its button, or at once. */
function echo(device: Device, name: string, diary: Diary, open: boolean): Engine {
  const { GATTServer } = device;
  const { read, writeWithOutResponse, notify } = GATTServer.properties;
  const note = (what: string): void => void diary.push(`${name} ${what} ${device.clock.nowMs()}`);
  let frames: GATTCharacteristic | undefined;
  function start(): void {
    const answer = (connection: GATTConnection, bytes: Uint8Array): void => connection.notify(frames!, Uint8Array.from(bytes).reverse());
    const server = new GATTServer({
      mtu: 517,
      services: [
        {
          uuid: moteServiceUuid,
          characteristics: [
            { uuid: infoUuid, properties: read, onRead: () => Uint8Array.of(1, 2, 3) },
            {
              uuid: toBoardUuid,
              properties: writeWithOutResponse,
              onWrite: (value, connection) => {
                note("frame " + Buffer.from(value).toString("hex"));
                answer(connection, new Uint8Array(value));
              },
            },
            {
              uuid: fromBoardUuid,
              properties: notify,
              onSubscribe(this: GATTCharacteristic) {
                frames = this;
              },
              onUnsubscribe() {},
            },
          ],
        },
      ],
      onReady() {
        const data = Uint8Array.of(0x77, 0x46, 2, 1, 0, 0, 0, 0);
        server.startAdvertising({ 22: data, flags: 6 }, { name: "Mote " + device.id.slice(-6) });
      },
      onConnect: () => note("connect"),
      onDisconnect: () => note("disconnect"),
    });
  }
  let started = open;
  const button = new device.Digital({
    pin: device.board.button,
    mode: device.Digital.InputPullUp,
    edge: device.Digital.Rising | device.Digital.Falling,
    onReadable() {
      note(button.read() === 0 ? "press" : "release");
      if (!started) start();
      started = true;
    },
  });
  return {
    kind: "node",
    start: () => {
      if (open) start();
      return success({ name });
    },
    counters: () => ({}) as never,
    stop: (onStopped) => onStopped(),
    memory: () => undefined,
    occupy: () => false,
    close() {},
  };
}

export interface OnAir {
  readonly session: VirtualSession;
  readonly shown: Dashboard;
  readonly air: Air;
  readonly diary: Diary;
  close(): Promise<void>;
}

export function nodeSocket(url: string, headers: Record<string, string> = {}): PlainSocket {
  return new WebSocket(url, { headers }) as unknown as PlainSocket;
}

/** At 20 times real time, so that connecting takes no second. `open`: the boards advertise at once. */
export async function onAir({
  boards = 1,
  open = true,
  speed = 20,
}: { boards?: number; open?: boolean; speed?: number } = {}): Promise<OnAir> {
  const diary: Diary = [];
  const { plan } = sketched({ app, boards });
  const recipe: Recipe = {
    plan,
    engine: "node",
    make: (events) =>
      new ScenarioRun({
        plan,
        engine: "node",
        prepare: ({ name }) => ({ app, engine: (device) => echo(device, name, diary, open) }),
        signals: () => ({}),
        events,
      }),
  };
  const session = new VirtualSession({ recipe, speed });
  const started = session.start();
  if (!started.ok) throw new Error(started.error.message);
  const shown = await dashboard(session);
  const advertises = (): boolean => session.boards.every(({ station }) => station.board.bluetooth.advertisement !== undefined);
  if (open) await until("all boards advertise", advertises);
  return {
    session,
    shown,
    diary,
    air: { url: `ws://127.0.0.1:${shown.port}/ble`, makeSocket: nodeSocket },
    async close() {
      await shown.close();
      session.close();
    },
  };
}
