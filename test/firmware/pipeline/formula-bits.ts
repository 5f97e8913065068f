/** A checksum over every bit of what joins and the stages beyond ESPHome's give, so that it can be run on XS as on Node. */
import { compile } from "../../../firmware/pipeline/compile.js";
import { band_pass, fir, hampel, high_pass, kalman, low_pass, notch } from "../../../firmware/pipeline/builders.js";
import {
  absolute_humidity,
  dew_point,
  heat_index,
  joinFamilies,
  sea_level_pressure,
  vapour_pressure_deficit,
} from "../../../firmware/pipeline/joins.js";

/** Eight hex digits for each join and each stage, over `rounds` inputs. */
export function formulaBits(rounds: number): string[] {
  const view = new DataView(new ArrayBuffer(8));
  let seed = 1;
  function draw(): number {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 4294967296;
  }
  let sum = 0;
  function add(value: number): void {
    view.setFloat64(0, value);
    sum = Math.imul(sum ^ view.getUint32(0), 0x01000193);
    sum = Math.imul(sum ^ (sum >>> 15) ^ view.getUint32(4), 0x01000193);
  }
  const told: string[] = [];
  function tell(name: string): void {
    told.push(name + " " + (sum >>> 0).toString(16).padStart(8, "0"));
    sum = 0x811c9dc5;
  }
  tell("begin");
  for (const join of [dew_point("t", "h"), absolute_humidity("t", "h"), vapour_pressure_deficit("t", "h"), heat_index("t", "h")]) {
    const compute = joinFamilies.find(({ name }) => name === join.join)!.build(join);
    for (let i = 0; i < rounds; i++) add(compute([draw() * 90 - 40, draw() * 99 + 1]));
    tell(join.join);
  }
  const reduce = joinFamilies.find(({ name }) => name === "sea_level_pressure")!.build(sea_level_pressure("p", "t", 417));
  for (let i = 0; i < rounds; i++) add(reduce([draw() * 800 + 350, draw() * 100 - 50]));
  tell("sea_level_pressure");
  const stages = [
    hampel(9),
    kalman({ process: 0.01, measurement: 0.3 }),
    kalman({ process: 0.01, measurement: 0.3, model: "velocity" }),
    low_pass(0.1),
    high_pass(0.1),
    band_pass(0.2, 3),
    notch(0.3),
    fir([0.1, 0.2, 0.4, 0.2, 0.1]),
  ];
  for (const stage of stages) {
    let atMs = 0;
    const sink = { push: add, missing: () => add(-1), summary() {} };
    const ground = {
      resolution: 0.01,
      sampleMs: () => atMs,
      after: () => undefined,
      cancel() {},
      total: () => ({ restore: () => undefined, keep() {} }),
    };
    const way = compile("x", [stage], { periodMs: 1000, regular: true, delayMs: 0 }, ground, sink);
    if (!way.ok) throw new Error(way.error.message);
    for (let i = 0; i < rounds; i++) {
      atMs += 1000;
      if (i % 50 === 49) way.value.missing();
      else way.value.push(draw() * 40 - 10);
    }
    tell(stage.stage);
  }
  return told;
}
