/** Apps with ECMA-419 drivers, loaded as `mote sim --app` does and run on boards. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { LoadedApp } from "../../../host-sim/cli/app-file.js";
import type { MakeChips } from "../../../host-sim/cli/chip-file.js";
import { showTraces } from "../../../host-sim/ecma419/ambient.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Simulation } from "../../../host-sim/simulation.js";
import { xsEngine } from "../../../host-sim/xs/engine.js";
import { onXs, withoutXs } from "../xs/available.js";
import { app, chipsOf, loaded, project, thermometer, warm, written } from "./project.js";

const examples = fileURLToPath(new URL("../../../docs/examples/ecma419/", import.meta.url));

function run(chips: MakeChips, apps: readonly LoadedApp[], engine: "node" | "xs", ms: number) {
  const simulation = new Simulation({ seed: 1, broker: "model" });
  const lines: string[] = [];
  showTraces((line) => lines.push(line));
  const stations = apps.map(({ app: each, module }) =>
    simulation.add({
      app: each,
      chips,
      engine: (device, settings, witness) =>
        engine === "node"
          ? nodeEngine(device, each, settings, witness)
          : xsEngine({ device, settings, witness, app: module, arenaBytes: 64 * 1024 }),
    }),
  );
  try {
    const starts = stations.map((station) => station.powerOn());
    simulation.scheduler.runUntil(ms * 1000);
    return {
      starts,
      lines,
      notes: stations.map(({ notes }) => notes),
      counts: stations.map((station) => station.counts()),
      late: stations.map((station) => station.firmwareCounters()?.late),
      trace: simulation.traceSha256(),
    };
  } finally {
    showTraces(() => {});
    simulation.close();
  }
}

describe("a driver as the SDK's are", () => {
  test("runs unmodified, its delays on its own board, of several that share its module", async () => {
    const slow = await loaded(project("slow", thermometer(30)));
    const quick = await loaded(project("quick", thermometer(2)));
    const chips = await chipsOf(written("warm.js", warm));
    const ran = run(chips, [slow, quick, slow], "node", 1050);
    expect(ran.starts.every(({ ok }) => ok)).toBe(true);
    expect(ran.counts).toMatchObject([0, 1, 2].map(() => ({ samples: 22, missed: 0, readErrors: 0 })));
    // Of two sensors on one grid, the second waits for the first one's delay.
    expect(ran.late).toEqual([11, 0, 11]);
    expect(ran.lines).toEqual(["made", "made", "made", "made", "made", "made"]);
  });

  test("keeps nobody waiting who is due at another time", async () => {
    const apart = app.replace("address: 0x49", "address: 0x49, phaseMs: 50");
    const ran = run(await chipsOf(written("warm.js", warm)), [await loaded(project("apart", thermometer(30), apart))], "node", 1050);
    expect(ran.late).toEqual([0]);
  });

  test.skipIf(withoutXs)(onXs("leaves the same trace on XS"), async () => {
    const given = await loaded(project("xs", thermometer(30)));
    const chips = await chipsOf(written("warm.js", warm));
    const onNode = run(chips, [given], "node", 3000);
    expect(run(chips, [given], "xs", 3000)).toEqual(onNode);
    expect(onNode.counts).toMatchObject([{ samples: 60, readErrors: 0 }]);
    expect(onNode.lines).toEqual(["made", "made"]);
  });

  test("may take its bus from device or from embedded:io in place of its options", async () => {
    const driver = `import SMBus from "embedded:io/smbus";
      export default class {
        #io;
        constructor({ sensor }) {
          const { data, clock } = device.I2C.default;
          this.#io = new SMBus({ data, clock, hz: 100_000, address: sensor.address ?? 0x48 });
        }
        sample() { return { temperature: this.#io.readUint8(0) }; }
        close() { this.#io.close(); }
      }`;
    const ran = run(await chipsOf(written("warm.js", warm)), [await loaded(project("own", driver))], "node", 1050);
    expect(ran.counts).toMatchObject([{ samples: 22, readErrors: 0 }]);
  });

  test("whose samples have no kind is told of, once, since no channel can read them", async () => {
    const flat = project("flat", thermometer(0), app.replace("named.js", "driver.js"));
    const ran = run(await chipsOf(written("warm.js", warm)), [await loaded(flat)], "node", 1050);
    expect(ran.lines.filter((line) => line !== "made")).toEqual([
      expect.stringMatching(/^Note {4}sensor "first": its samples are \{ temperature \} without a kind, .* \(docs\/drivers\.md\)$/),
      expect.stringContaining('sensor "second"'),
    ]);
  });

  test("that makes a mistake is told of, where the firmware counts only that nothing was read", async () => {
    const mistaken = project("mistaken", thermometer(0).replace("readUint8(0)", "readNothing(0)"));
    const ran = run(await chipsOf(written("warm.js", warm)), [await loaded(mistaken)], "node", 1050);
    expect(ran.lines.filter((line) => line !== "made")).toEqual([
      expect.stringMatching(/^Note {4}sensor "first": its driver throws: .*readNothing is not a function$/),
      expect.stringContaining('sensor "second"'),
    ]);
    expect(ran.counts).toMatchObject([{ samples: 22, readErrors: 22 }]);
  });

  test("that waits for what never comes does not hold the world up", async () => {
    const endless = project("endless", thermometer(0).replace("Timer.delay(0)", "while (this.#io.readUint8(0) !== 1) Timer.delay(5)"));
    const ran = run(await chipsOf(written("warm.js", warm)), [await loaded(endless)], "node", 1050);
    expect(ran.lines).toContainEqual(expect.stringContaining("the board was busy for 60 s with one event"));
  });

  test("without a chip is refused with a note on how to give it one", async () => {
    const ran = run(() => [], [await loaded(project("alone", thermometer(0)))], "node", 1050);
    expect(ran.notes[0]).toEqual(["first", "second"].map((name) => expect.stringMatching(`^sensor "${name}": no chip answers .* --chip`)));
    expect(ran.counts).toMatchObject([{ samples: 22, readErrors: 22 }]);
  });
});

describe("the example", () => {
  const example = async () => ({
    app: await loaded(join(examples, "greenhouse.ts")),
    chips: await chipsOf(join(examples, "sht4x-chip.js")),
  });

  test("samples without a miss", async () => {
    const { app: greenhouse, chips } = await example();
    const ran = run(chips, [greenhouse], "node", 60_000);
    expect(ran).toMatchObject({ notes: [[]], counts: [{ samples: 30, missed: 0, readErrors: 0 }], lines: [] });
  });

  test.skipIf(withoutXs)(onXs("runs on XS as on Node"), async () => {
    const { app: greenhouse, chips } = await example();
    expect(run(chips, [greenhouse], "xs", 10_000).trace).toBe(run(chips, [greenhouse], "node", 10_000).trace);
  });
});
