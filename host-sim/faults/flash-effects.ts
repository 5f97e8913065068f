/** Faults of a board's flash: they strike all its partitions (world/flash-memory.ts, world/flash-trouble.ts), but not the key-value storage. */
import { flipBits, type FlashPartition, sectorBytes } from "../world/flash-memory.js";
import type { Random } from "../world/random.js";
import type { Effects, Heal, Strike } from "./effect.js";

type FlashFault = "flash-flip" | "flash-slow" | "flash-worn" | "flash-fail" | "flash-cut";

/** Does something to each partition that is struck, and gives back what undoes it. `draws` is the fault's own for this partition. */
function eachPartition({ stations, draws }: Strike, begin: (partition: FlashPartition, draws: Random) => Heal): Heal {
  const heals: Heal[] = [];
  for (const { name, board } of stations) {
    for (const [label, partition] of board.flash) heals.push(begin(partition, draws.split(`${name} ${label}`)));
  }
  return () => {
    for (const heal of heals) heal();
  };
}

export const flashEffects: Effects<FlashFault> = {
  "flash-flip"({ stations, fault, draws }) {
    for (const { name, board } of stations) flipBits(board.flash.values(), Number(fault.parameters["bits"]), draws.split(name));
  },
  "flash-slow": (strike) => eachPartition(strike, ({ trouble }) => trouble.slow(1000 * Number(strike.fault.parameters["erase"]))),
  "flash-worn"({ stations, fault, draws }) {
    const count = Number(fault.parameters["sectors"]);
    for (const { name, board } of stations) {
      for (const [label, partition] of board.flash) {
        const left = Array.from({ length: partition.bytes / sectorBytes }, (_, index) => index);
        const own = draws.split(`${name} ${label}`);
        for (let each = 0; each < count && left.length > 0; each++) partition.wearOut(left.splice(own.next() % left.length, 1)[0]!);
      }
    }
  },
  "flash-cut"({ simulation: { scheduler }, stations, fault, draws }) {
    const { operation, off } = fault.parameters;
    const heals = stations.map((station) => {
      const own = draws.split(station.name);
      const ignore = station.board.flash.get("journal")!.trouble.listen((which, atUs, us) => {
        if (operation !== "both" && operation !== which) return;
        ignore();
        const cutUs = Math.floor(atUs + own.fraction() * us);
        station.cutPowerAt(cutUs);
        scheduler.at(cutUs + Number(off) * 1000, () => void station.powerOn());
      });
      return ignore;
    });
    return () => {
      for (const heal of heals) heal();
    };
  },
  "flash-fail"(strike) {
    const { operation, chance } = strike.fault.parameters;
    return eachPartition(strike, ({ trouble }, draws) => trouble.fail(operation as "both" | "write" | "erase", Number(chance), draws));
  },
};
