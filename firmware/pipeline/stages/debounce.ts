/** `debounce`: waits until a value has settled. */
import { limits } from "../../limits.js";
import { type Family, wholeRule } from "../family.js";
import { later, some } from "../flow.js";
import { deadline } from "./deadline.js";

export interface Debounce {
  readonly stage: "debounce";
  readonly quietMs: number;
}

/** Passes a sample when no other has come for `quietMs`, 1 … 86,400,000 ms. */
export function debounce(quietMs: number | Omit<Debounce, "stage">): Debounce {
  return typeof quietMs === "object" ? { stage: "debounce", ...quietMs } : { stage: "debounce", quietMs };
}

/**
 * Holds the latest sample, and passes it `quietMs` after its own time unless another comes before; ESPHome's
 * `debounce`. A missing reading is held and passed like a sample. One that comes just when the time is up comes after.
 */
export const debounceFamily: Family<Debounce> = {
  name: "debounce",
  rules: [wholeRule("quietMs", 1, limits.periodMaxMs)],
  flow: ({ quietMs }, flow) => (quietMs <= flow.periodMs ? later(flow, quietMs) : some(later(flow, quietMs))),
  build({ quietMs }, { push, missing }, site) {
    let held = 0;
    let absent = false;
    const putOff = deadline(quietMs, () => (absent ? missing() : push(held)), site);
    return {
      push(x) {
        held = x;
        absent = false;
        return putOff();
      },
      missing() {
        absent = true;
        return putOff();
      },
    };
  },
};
