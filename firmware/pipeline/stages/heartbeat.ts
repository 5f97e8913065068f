/** `heartbeat`: the latest value, every so often. */
import { limits } from "../../limits.js";
import { type Family, wholeRule, optional, truthRule } from "../family.js";
import { commonMs, later } from "../flow.js";

export interface Heartbeat {
  readonly stage: "heartbeat";
  readonly everyMs: number;
  /** Passes each sample as it comes, too. Default false. */
  readonly optimistic?: boolean;
}

/** Every `everyMs`, 1 … 86,400,000 ms, gives out the latest sample, old or new; with `{ optimistic: true }` each sample besides. */
export function heartbeat(everyMs: number | Omit<Heartbeat, "stage">, options: { readonly optimistic?: boolean } = {}): Heartbeat {
  return typeof everyMs === "object" ? { stage: "heartbeat", ...everyMs } : { stage: "heartbeat", everyMs, ...options };
}

/**
 * Beats on a grid of `everyMs` from the start, and from the first sample on gives out the latest with each beat;
 * ESPHome's `heartbeat`, which begins its grid at a random time. A missing reading is held and given out like a sample.
 * One that comes together with a beat comes after it.
 */
export const heartbeatFamily: Family<Heartbeat> = {
  name: "heartbeat",
  rules: [wholeRule("everyMs", 1, limits.periodMaxMs), optional(truthRule("optimistic"))],
  flow({ everyMs, optimistic = false }, flow) {
    if (optimistic) return { ...flow, periodMs: everyMs < flow.periodMs ? everyMs : flow.periodMs, regular: false };
    // A sample that comes together with a beat comes after it, so on one grid the latest is a whole period old.
    return later({ ...flow, periodMs: everyMs, regular: true }, (flow.periodMs + commonMs(flow, everyMs)) / 2);
  },
  build({ everyMs, optimistic = false }, { push, missing }, { after }) {
    let latest = 0;
    let begun = false;
    let absent = false;
    const beat = (): void => {
      after(everyMs, beat);
      if (!begun) return;
      return absent ? missing() : push(latest);
    };
    after(everyMs, beat);
    return {
      push(x) {
        latest = x;
        begun = true;
        absent = false;
        if (optimistic) return push(x);
      },
      missing() {
        begun = absent = true;
        if (optimistic) return missing();
      },
    };
  },
};
