import { beforeAll, expect, test } from "vitest";
import { stageExamples } from "../../../host-sim/bench/stage-examples.js";
import { countInstructions, stagesRv32 } from "../../../host-sim/bench/stages-rv32.js";
import { rv32Program } from "../../../host-sim/xs/rv32/program.js";
import { missingTools } from "../../../host-sim/xs/rv32/tools.js";

test("where the emulator and its compiler are missing, the benchmark says what to install and misses nothing", async () => {
  const path = process.env["PATH"];
  process.env["PATH"] = "/nowhere";
  try {
    expect(await stagesRv32.run()).toEqual({
      ok: true,
      value: [{ what: "apt install qemu-system-misc gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf", measured: "not counted" }],
    });
  } finally {
    process.env["PATH"] = path;
  }
});

// Nobody has to have them, not even CI: they say nothing about whether Mote works.
if (missingTools() === undefined) {
  beforeAll(() => {
    expect(rv32Program()).toMatchObject({ ok: true });
  }, 300_000);

  test("a stage's instructions are counted, and the same at every run", { timeout: 60_000 }, () => {
    const placeOf = (name: string) => 1 + stageExamples().findIndex(({ stage }) => stage === name);
    const count = () => {
      const counted = countInstructions([0, placeOf("offset"), placeOf("median")]);
      if (!counted.ok) throw new Error(counted.error.message);
      return counted.value;
    };
    const first = count();
    const [none, offset, median] = first.stages;
    expect([none!.name, offset!.name, median!.name]).toEqual(["no stage", "offset", "median"]);
    expect(none!.mean).toBeGreaterThan(100);
    expect(offset!.mean).toBeGreaterThan(none!.mean);
    expect(median!.worst).toBeGreaterThanOrEqual(median!.mean);
    expect(first.channel.mean).toBeGreaterThan(first.loop.mean);
    expect(first.channel.checksums).toEqual(first.loop.checksums);
    expect(count()).toEqual(first);
  });
}
