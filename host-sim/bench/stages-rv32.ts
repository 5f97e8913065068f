/**
 * What a sample costs in instructions of an ESP32-C3: the stages and P1 on XS built for rv32imc, in an emulator
 * that counts exactly and the same at every run, however busy the computer. Not a time: the emulator knows
 * neither caches nor the wait states of flash, nor the radio's interrupts, all of which an instruction may wait for.
 * An ESP32, S2 or S3 is an Xtensa, with other instructions. Floating point is in software, as on a C3.
 */
import { isDeepStrictEqual } from "node:util";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { rv32Program } from "../xs/rv32/program.js";
import { runInXs } from "../xs/run.js";
import type { Benchmark, Row } from "./benchmark.js";
import { channel, fused, signal } from "./p1.js";
import { words } from "./stages.js";
import { type CountedStage, type CountedWork, samplesNeeded } from "./stages-rv32-rounds.js";

export interface CountedAll {
  readonly stages: readonly CountedStage[];
  readonly channel: CountedWork;
  readonly loop: CountedWork;
}

/** Failure `tools`: nothing is wrong, and its message says what to install. `which`: some of the stages, see `countStages`. */
export function countInstructions(which?: readonly number[]): Result<CountedAll> {
  const program = rv32Program();
  if (!program.ok) return failure(program.error.kind, program.error.message);
  const counting = `
    import { countP1, countStages } from "host-sim/bench/stages-rv32-rounds";
    const samples = ${JSON.stringify(counted())};
    report({ stages: countStages(samples, ${JSON.stringify(which)}), ...countP1(samples) });`;
  const ran = runInXs({
    program: program.value,
    source: counting,
    preload: ["firmware/pipeline/compile", "firmware/pipeline/builders"],
    stackSlots: 512,
  });
  return ran.ok ? success(ran.value.value as CountedAll) : failure(ran.error.kind, ran.error.message);
}

function counted(): number[] {
  return signal().slice(0, samplesNeeded);
}

export const stagesRv32: Benchmark = {
  name: "stages on rv32imc",
  run() {
    const measured = countInstructions();
    if (measured.ok) return success(rows(measured.value));
    if (measured.error.kind === "tools") return success([{ what: measured.error.message, measured: "not counted" }]);
    return measured;
  },
};

function rows({ stages, channel: product, loop }: CountedAll): Row[] {
  return [
    ...stages.map(({ stage, name, mean, worst }): Row => ({
      what: words(stage, name),
      measured: `${whole(mean)} instructions${worst > mean ? `, at worst ${whole(worst)}` : ""}`,
    })),
    { what: "P1 channel, a sample", measured: `${whole(product.mean)} instructions` },
    { what: "P1 loop by hand, a sample", measured: `${whole(loop.mean)} instructions` },
    { what: "P1 channel ÷ loop by hand", measured: product.mean / loop.mean },
    { what: "P1 that gives other checksums than on Node", measured: others(product, loop), limit: { equal: "none" } },
  ];
}

function whole(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

function others(product: CountedWork, loop: CountedWork): string {
  const onNode = channel();
  onNode.run(counted());
  const found: string[] = [];
  if (!isDeepStrictEqual(product.checksums, onNode.checksums())) found.push("channel");
  if (!isDeepStrictEqual(loop.checksums, fused(counted(), 1))) found.push("loop");
  return found.length === 0 ? "none" : found.join(", ");
}
