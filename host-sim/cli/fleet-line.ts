/** The line that says how a fleet gets on: brought up to date in place on a terminal, one after the other elsewhere. */
import type { Simulation } from "../simulation.js";
import { fleetLine } from "./fleet-text.js";

export class FleetLine {
  readonly #out: NodeJS.WriteStream;
  #before = 0;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  /** To be called each second. */
  say({ stations, scheduler }: Simulation): void {
    let connected = 0;
    let published = 0;
    let open = 0;
    for (const { publishes } of stations) {
      if (publishes.connected) connected++;
      published += publishes.published;
      open += publishes.published - publishes.acknowledged;
    }
    // Who goes back on a timeline has published less than before.
    const perSecond = Math.max(0, published - this.#before);
    this.#before = published;
    const line = fleetLine({ atMs: scheduler.nowUs / 1000, boards: stations.length, connected, perSecond, open });
    const { isTTY, columns } = this.#out;
    // A line that the terminal breaks could not be taken away.
    this.#out.write(isTTY ? `\r\x1b[2K${columns > 0 ? line.slice(0, columns - 1) : line}` : line + "\n");
  }
}
