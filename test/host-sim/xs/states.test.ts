/** States inside XS, on a simulated board behind the pipe: the same entries, bit by bit, as on Node, restored there and back, in a bounded arena. */
import { afterEach, describe, expect, test } from "vitest";
import { deviceCalls } from "../../../host-sim/xs/device-calls.js";
import { type Machine, openMachine } from "../../../host-sim/xs/machine.js";
import { link } from "../../../host-sim/xs/modules.js";
import { findProgram } from "../../../host-sim/xs/program.js";
import { simulatedBoard } from "../../firmware/simulated-board.js";
import { anomaly, cusum, median, seasonal_baseline } from "../../../firmware/pipeline/builders.js";
import type { Stage } from "../../../firmware/pipeline/stage.js";
import { type Entries, restoredChannel } from "../../firmware/pipeline/restored-channel.js";
import { onXs, withoutXs } from "./available.js";

const machines: Machine[] = [];
afterEach(() => {
  for (const each of machines.splice(0)) each.close();
});

const telling = 1000;

/** Runs `source` in XS, where `channel(stages, entries)` is what restored-channel.ts has: push, save, results. What it tells comes back, and the bytes alive at the end. */
function inXs(source: string): { told: unknown[]; alive: number } {
  const program = findProgram();
  if (!program.ok) throw new Error(program.error.message);
  const made = simulatedBoard();
  const entry = `
    import { compile } from "firmware/pipeline/compile";
    import { StateBytes } from "firmware/checkpoints/state-entry";
    const tell = (value) => hostCall(${telling}, JSON.stringify(value));
    let nowMs = 0;
    function channel(stages, entries) {
      const states = [];
      const results = [];
      let taken = 0;
      const compiled = compile("test", stages, { periodMs: 1000, regular: true, delayMs: 0 }, {
        resolution: 0.01, sampleMs: () => nowMs, after() {}, cancel() {}, total() {},
        state(_stage, _meaning, bytes, walk) {
          const stored = entries?.[states.length];
          states.push({ bytes, walk });
          if (stored && StateBytes.take(Uint8Array.from(stored).buffer, 1, bytes, false, walk)) taken++;
        },
      }, { push: (x) => { results.push(x); }, missing: () => { results.push(NaN); }, summary() {} });
      return { push: compiled.value.push, results, taken: () => taken, save: () => states.map(({ bytes, walk }) => Array.from(StateBytes.entry(1, bytes, walk))) };
    }
    ${source}`;
  const linked = link({
    sources: { entry },
    entries: ["entry"],
    preload: ["firmware/pipeline/compile", "firmware/checkpoints/state-entry"],
  });
  if (!linked.ok) throw new Error(linked.error.message);
  const told: unknown[] = [];
  const opened = openMachine({
    program: program.value.path,
    flash: linked.value,
    arenaBytes: 192 * 1024,
    nowMs: () => made.device.clock.nowMs(),
    ...deviceCalls(made.device, () => {}, { [telling]: (json: string) => void told.push(JSON.parse(json)) }),
  });
  if (!opened.ok) throw new Error(opened.error.message);
  machines.push(opened.value);
  made.on(() => {
    const ran = opened.value.run("entry");
    if (!ran.ok) throw new Error(ran.error.message);
  });
  const memory = opened.value.memory(true);
  if (!memory.ok) throw new Error(memory.error.message);
  return { told, alive: memory.value.slotsInUseBytes + memory.value.chunksInUseBytes };
}

const samples = Array.from({ length: 700 }, (_, i) => Math.round(100 * (3 * Math.sin(i / 9) + ((i * 7919) % 101) / 50)) / 100);
const bytes = (entries: Entries): number[][] => entries.map((entry) => [...entry]);

describe.skipIf(withoutXs)(onXs("states in XS"), () => {
  test.each<[string, readonly Stage[]]>([
    ["a baseline and a chart", [seasonal_baseline({ periodMs: 60_000, bins: 6, result: "z_score" }), cusum({ learn: 30 })]],
    ["a window", [median({ window: 11, restore: true })]],
    ["an anomaly", [anomaly({ restore: true })]],
  ])("of %s are the bytes that they are on Node, and go on there and back", (_, stages) => {
    const node = restoredChannel(stages);
    samples.slice(0, 400).forEach((x, i) => node.give(x, i * 1000));
    const saved = bytes(node.save());
    samples.slice(400).forEach((x, i) => node.give(x, (400 + i) * 1000));
    const after = node.results.slice(-200);
    const [ofXs, taken, results] = inXs(`
      const samples = ${JSON.stringify(samples)};
      const stages = ${JSON.stringify(stages)};
      const first = channel(stages);
      for (let i = 0; i < 400; i++) { nowMs = i * 1000; first.push(samples[i]); }
      tell(first.save());
      const second = channel(stages, ${JSON.stringify(saved)});
      for (let i = 400; i < 700; i++) { nowMs = i * 1000; second.push(samples[i]); }
      tell(second.taken());
      tell(second.results.slice(-200));`).told;
    expect(ofXs).toEqual(saved);
    expect(taken).toBe(stages.length);
    expect(results).toEqual(after);
    const back = restoredChannel(stages, { entries: (ofXs as number[][]).map((each) => Uint8Array.from(each)), startMs: 399_000 });
    samples.slice(400).forEach((x, i) => back.give(x, (400 + i) * 1000));
    expect(back.refused).toBe(0);
    expect(back.results.slice(-200)).toEqual(after);
  });

  test("cost a sample nothing, and a stage that keeps none no memory", () => {
    const season = seasonal_baseline({ periodMs: 60_000, bins: 6 });
    const { told } = inXs(`
      const made = channel([${JSON.stringify(season)}]);
      made.push(1);
      const slots = slotsInUse(), bytes = chunkBytesInUse();
      for (let i = 1; i < 500; i++) { nowMs = i; made.push(i); }
      const slotsAfter = slotsInUse(), bytesAfter = chunkBytesInUse();
      tell([slotsAfter - slots, bytesAfter - bytes]);`);
    expect(told).toEqual([[0, 0]]);
    const alive = (stage: Stage): number =>
      inXs(`globalThis.ways = []; for (let i = 0; i < 10; i++) ways.push(channel([${JSON.stringify(stage)}]));`).alive / 10;
    const without = alive({ ...season, restore: false });
    const more = alive(season) - without;
    expect(more).toBeGreaterThan(0);
    // The walk and the variables that it shares with the stage, and this rig's own record of it.
    expect(more).toBeLessThan(1000);
    expect(alive(median({ window: 5, restore: false }))).toBe(alive(median(5)));
  });
});
