/** Boards in a world of their own, and a person with a phone before them. */
import { createHash } from "node:crypto";
import { boards, type Board } from "../../../firmware/boards/board.js";
import ownApp from "../../../firmware/app.js";
import type { App } from "../../../firmware/declaration.js";
import type { PartialConfig } from "../../../firmware/settings.js";
import { rightSettings, Visitor } from "../../../host-sim/bench/provisioning-visitor.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Simulation } from "../../../host-sim/simulation.js";
import type { StationOptions } from "../../../host-sim/station.js";
import { xsEngine } from "../../../host-sim/xs/engine.js";

export { fromBoard, infoUuid, type SimulatedLink, type Talk, toBoard, Visitor } from "../../../host-sim/bench/provisioning-visitor.js";

export interface PlaceOptions {
  readonly seed?: number;
  /** Built-in settings; without: those of the simulation, that is Wi-Fi and broker. */
  readonly builtIn?: PartialConfig;
  readonly app?: App;
  readonly board?: Board;
  /** The board's own engine, in an arena of so many bytes. */
  readonly arenaBytes?: number;
  /** The same app as one module, for the board's own engine; without: firmware/app. */
  readonly appSource?: string;
  readonly journalBytes?: number;
  /** Replaces parts of the weather. */
  readonly signals?: StationOptions["signals"];
  readonly onTrace?: (line: string) => void;
}

/** A world with one board, its power on. */
export function place(options: PlaceOptions = {}) {
  const { app = ownApp as App, appSource, arenaBytes, board = boards.esp32, builtIn, journalBytes, onTrace, seed = 7, signals } = options;
  const simulation = new Simulation({ seed, broker: "model", ...(onTrace === undefined ? { traced: false } : { onTrace }) });
  const station = simulation.add({
    app,
    board,
    engine: (device, settings, witness) =>
      arenaBytes === undefined
        ? nodeEngine(device, app, settings, witness)
        : xsEngine({ device, settings, witness, app: appSource, arenaBytes }),
    ...(builtIn === undefined ? {} : { seed: builtIn }),
    ...(journalBytes === undefined ? {} : { journalBytes }),
    ...(signals === undefined ? {} : { signals }),
  });
  const started = station.powerOn();
  if (!started.ok) throw new Error(started.error.message);
  return { simulation, station, board: station.board, visitor: new Visitor(simulation, station) };
}

export type Place = ReturnType<typeof place>;

/** Of its broker and Wi-Fi, the right ones. */
export const rightOnes = ({ simulation }: Pick<Place, "simulation">): Map<string, string> => rightSettings(simulation);

/** Of every byte of a partition: equal for equal bytes. */
export function bytesOf({ board }: Pick<Place, "board">, partition: string): string {
  const hash = createHash("sha256");
  for (const [index, bytes] of [...board.flash.get(partition)!.sectors].sort(([a], [b]) => a - b)) hash.update(`${index}:`).update(bytes);
  return hash.digest("hex");
}
