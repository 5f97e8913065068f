/** What is lost with a sector that is given up: all of its records that are not done, and what its gaps told. */
import { gapFlag, kind, startOf } from "./layout.js";
import { Loss } from "./loss.js";
import type { Walk } from "./walk.js";

/** `done`: no record with a lower number counts; `end`: the number behind the sector's last. */
export function lossOf(walk: Walk, sector: number, install: number, done: number, end: number): Loss {
  const loss = new Loss();
  // Numbers in between that nobody could read are given up with it.
  loss.first = done;
  loss.records = end - done;
  /** Numbers below it are accounted for. */
  let told = done;
  /** Of what was thinned out, up to the next record. */
  let leftOut = 0;
  let leftOutSamples = 0;
  const upTo = (seq: number): void => {
    if (leftOut > 0 && seq > told) {
      if (seq - leftOut > told) loss.flags |= gapFlag.samplesUnknown;
      loss.samples += leftOutSamples;
      told = seq;
    }
    leftOut = 0;
    leftOutSamples = 0;
    if (seq > told) loss.flags |= gapFlag.samplesUnknown;
  };
  walk.begin(sector, install);
  for (let what = walk.next(); what !== 0; what = walk.next()) {
    if (what === kind.thinned) {
      leftOut += walk.first;
      leftOutSamples += walk.second;
    }
    if (what !== kind.block && what !== kind.gap) continue;
    upTo(walk.seq);
    if (walk.seq < told) continue;
    told = walk.seq + 1;
    if (what === kind.gap) loss.gap(walk.payload);
    else loss.block(walk.samples, walk.boot, startOf(walk.payload), walk.endMs);
  }
  upTo(end);
  return loss;
}
