/** What is read of settings from outside is what the firmware reads of them, whatever was done, cut off or spoiled. */
import { expect, test } from "vitest";
import { openConfig, setConfig } from "../../../firmware/config/open.js";
import { markTrial, readStore } from "../../../firmware/config/store.js";
import type { PartialConfig } from "../../../firmware/settings.js";
import { random } from "../../../host-sim/world/random.js";
import { flipBits } from "../../../host-sim/world/flash-memory.js";
import { settingsImage } from "../../../host-sim/world/settings-image.js";
import { flashOf, memory, PowerGone } from "../../firmware/config/flash-rig.js";

const texts: readonly PartialConfig[] = [
  { wifi: { ssid: "home" } },
  { wifi: { ssid: "shed", password: "swordfish" }, broker: { port: 1884 } },
  { broker: { host: "10.0.0.3" }, trial: { forS: 30 } },
  { counters: { everyS: 20 } },
];

function flat(document: PartialConfig): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const [group, values] of Object.entries(document))
    for (const [name, value] of Object.entries(values)) all[`${group}.${name}`] = value;
  return all;
}

test("over 600 deeds, each of which the power may cut off or a flipped bit spoil", () => {
  const draws = random(6);
  const pick = (below: number): number => draws.next() % below;
  let partition = memory(1);
  const seen = new Set<string>();
  for (let deed = 0; deed < 600; deed++) {
    if (pick(40) === 0) partition = memory(deed);
    const flash = flashOf(partition, pick(5) === 0 ? { operation: pick(4), share: draws.fraction() } : undefined);
    try {
      const what = pick(8);
      if (what < 5) setConfig(flash, texts[pick(texts.length)]!, [], pick(4) === 0 ? undefined : {});
      else markTrial(flash, readStore(flash), (["boot", "kept", "time"] as const)[what - 5]!);
    } catch (thrown) {
      if (!(thrown instanceof PowerGone)) throw thrown;
    }
    if (pick(60) === 0) flipBits([partition], 1, draws);
    // What wavers reads differently each time.
    if (partition.wavers) continue;
    const image = settingsImage(partition);
    const { stored, trialBoots, undone } = openConfig(flashOf(partition), {});
    expect([deed, image.trial ?? image.kept]).toEqual([deed, flat(stored)]);
    expect([deed, image.state === "trial", image.state === "undone"]).toEqual([deed, trialBoots !== undefined, undone !== undefined]);
    if (trialBoots !== undefined) expect(image.boots).toBe(trialBoots);
    seen.add(image.state);
  }
  expect([...seen].sort()).toEqual(["kept", "none", "trial", "undone"]);
});
