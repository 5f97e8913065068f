/** All that outlives a restart in key-value storage: totals and states, each made when the first is asked for, so that an app without them pays for none. */
import type { Device } from "../device.js";
import type { StateBytes } from "./state-entry.js";
import { namespace as statesNamespace, type StateCounts, stateKey, States } from "./states.js";
import { keyOf as totalKey } from "./total-entry.js";
import { namespace as totalsNamespace, type Total, type Totals, totals } from "./totals.js";

export class Checkpoints {
  private readonly device: Device;
  private readonly everyMs: number;
  private readonly fresh: boolean;
  private totals: Totals | undefined;
  private states: States | undefined;

  /** `everyMs`: how often each total, and with few states each state, is written at the most; above 0. `fresh`: what there was before is deleted. */
  constructor(device: Device, everyMs: number, fresh = false) {
    this.device = device;
    this.everyMs = everyMs;
    this.fresh = fresh;
  }

  /** See totals.ts. */
  total(name: string): Total {
    if (this.fresh) this.forget(totalsNamespace, totalKey(name));
    this.totals ??= totals(this.device, this.everyMs);
    return this.totals.open(name);
  }

  /** See states.ts. */
  state(name: string, meaning: string, bytes: number, walk: (state: StateBytes) => void, needsTime: boolean): void {
    if (this.fresh) this.forget(statesNamespace, stateKey(name));
    this.states ??= new States(this.device, this.everyMs);
    this.states.open(name, meaning, bytes, walk, needsTime);
  }

  /** What the storage refused, totals and states together; what became of the states of before the restart. */
  counts(): StateCounts {
    const { restored, refused, failures } = this.states?.counts ?? { restored: 0, refused: 0, failures: 0 };
    return { restored, refused, failures: failures + (this.totals?.failures ?? 0) };
  }

  private forget(path: string, key: string): void {
    try {
      const store = this.device.keyValue.open({ path });
      store.delete(key);
      store.close();
    } catch {
      // A storage that refuses to delete refuses to be read too, and is counted then.
    }
  }

  /** The orderly end, see there. */
  stop(): void {
    this.totals?.stop();
    this.states?.stop();
  }
}
