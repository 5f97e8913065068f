/** Campaigns: how many seeds of ten virtual minutes a core examines in a second. */
import { failure, success } from "../../firmware/base/result.js";
import { draw, usualMs } from "../swarm/draw.js";
import { examine } from "../swarm/examine.js";
import type { Benchmark } from "./benchmark.js";

const seeds = 24;
const rounds = 3;

export const campaign: Benchmark = {
  name: "campaign",
  run() {
    let best = 0;
    let broken = 0;
    for (let round = 0; round < rounds; round++) {
      const before = process.cpuUsage();
      for (let seed = 1; seed <= seeds; seed++) if (examine(draw(seed, usualMs)).violation !== undefined) broken++;
      const { user, system } = process.cpuUsage(before);
      best = Math.max(best, (seeds * 1e6) / (user + system));
    }
    if (broken > 0) return failure("campaign", `${broken} promises were broken: run \`npx mote swarm --seeds ${seeds}\``);
    return success([{ what: "seeds of ten minutes, fastest round", measured: best, unit: "a second a core", limit: { atLeast: 4 } }]);
  },
};
