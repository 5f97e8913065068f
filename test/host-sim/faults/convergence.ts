/** The plain app under faults of its network and its broker, what its connections did, and whether all was well in the end. */
import { expect } from "vitest";
import type { Fault } from "../../../host-sim/faults/catalogue.js";
import type { Counters } from "../../../firmware/start.js";
import type { RunOptions } from "../run.js";
import { struck } from "./struck.js";

export function connected(faults: readonly Fault[], options: RunOptions = {}) {
  const made = struck(faults, options);
  const { simulation, station } = made;
  const { broker, scheduler } = simulation;
  const connacks: { readonly atMs: number; readonly code: number }[] = [];
  station.publishes.onConnack = (code) => connacks.push({ atMs: scheduler.nowUs / 1000, code });
  const statuses: string[] = [];
  broker.onMessage = ({ topic, payload }) => {
    if (topic.endsWith("/status")) statuses.push(payload.toString());
  };
  return {
    ...made,
    connacks,
    /** What the broker heard of the board's being there, by its words and its will. */
    statuses,
    status: () => broker.retained.get(`mote/${station.device}/status`)?.payload.toString(),
    /** Runs to `ms`, ends in order, and holds what must be so after any faults that have been healed. */
    converges(ms: number): Counters {
      made.until(ms);
      expect([simulation.accessPoint.present, station.board.link.whole, made.injector.active]).toEqual([true, true, []]);
      expect(made.stop()).toBe(true);
      const firmware = station.firmwareCounters();
      const { samples, missed, emitted, published, acknowledged, bytesOut } = firmware;
      expect(station.counts()).toMatchObject({ samples, missed, emitted, published, acknowledged, bytesOut });
      expect([acknowledged, missed]).toEqual([published, 0]);
      expect(statuses.at(-1)).toBe("offline");
      // What the broker keeps is the last that each channel gave out.
      let numbers = 0;
      for (const { payload } of broker.retained.values()) numbers += Number(/"n":(\d+)\}$/.exec(payload.toString())?.[1] ?? 0);
      expect(numbers).toBe(emitted);
      scheduler.runUntil(scheduler.nowUs + 3_600_000_000);
      expect([station.board.link.conversations.size, station.board.link.stations.size]).toEqual([0, 0]);
      return firmware;
    },
  };
}
