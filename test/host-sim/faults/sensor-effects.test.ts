/** What each fault of a sensor makes of its readings, with the firmware on the board. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defineApp, SHT3x } from "../../../firmware/mote.js";
import type { Fault, FaultKind } from "../../../host-sim/faults/catalogue.js";
import { Injector } from "../../../host-sim/faults/injector.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Simulation } from "../../../host-sim/simulation.js";
import { fault, plainApp, struck, type Struck } from "./struck.js";

type Said = (number | string | undefined)[];
const channels = ["temperature", "humidity", "outdoor", "pressure", "probe"] as const;
const whole: Record<string, number> = { temperature: 20, humidity: 50, outdoor: 10, pressure: 100_000, probe: 20 };
const ten = (value: number | string): Said => Array.from({ length: 10 }, () => value);

function near(said: Said, expected: Said, within: number): void {
  expect(said).toHaveLength(expected.length);
  for (const [index, each] of said.entries()) {
    const wanted = expected[index]!;
    if (typeof wanted === "string") expect([index, each]).toEqual([index, wanted]);
    else expect([index, Math.abs((each as number) - wanted) <= within]).toEqual([index, true]);
  }
}

/** The channels that are not in `but` say what there is, from `fromMs` on for ten seconds. */
function wholeBut(made: Struck, fromMs: number, but: readonly string[]): void {
  for (const channel of channels) {
    if (!but.includes(channel)) near(made.said(channel, fromMs, fromMs + 10_000), ten(whole[channel]!), channel === "pressure" ? 10 : 0.15);
  }
}

function total(said: Said): number {
  return said.reduce<number>((sum, each) => sum + (each as number), 0);
}

interface Case {
  readonly kind: FaultKind;
  readonly parameters?: Record<string, number | string>;
  /** By channel, what each of the ten readings under the fault is; the other channels are whole. */
  readonly says: Record<string, number | string>;
  /** Closures that the meter counts in ten seconds, instead of about 20. */
  readonly count?: [least: number, most: number];
  readonly sensor?: string;
}

const bus = { temperature: "bus", humidity: "bus", outdoor: "bus", pressure: "bus" };
const cases: [string, Case][] = [
  ["no acknowledge, on all sensors", { kind: "nak", says: bus }],
  ["no acknowledge, on one of two chips", { kind: "nak", sensor: "climate", says: { temperature: "bus", humidity: "bus" } }],
  ["no acknowledge, of a sensor that is not on I²C", { kind: "nak", sensor: "probe", says: {} }],
  ["a bit that flips, of a sensor that is not on I²C", { kind: "checksum", sensor: "meter", says: {} }],
  ["all sensors come off", { kind: "absent", says: { ...bus, probe: "range" }, count: [0, 0] }],
  ["a chip comes off", { kind: "absent", sensor: "weather", says: { outdoor: "bus", pressure: "bus" } }],
  ["a thermistor comes off", { kind: "absent", sensor: "probe", says: { probe: "range" } }],
  ["a contact comes off", { kind: "absent", sensor: "meter", says: {}, count: [0, 0] }],
  [
    "the high end",
    {
      kind: "saturation",
      says: { temperature: 130, humidity: 100, outdoor: 85, pressure: 110_000, probe: "range" },
      count: [60, 64],
    },
  ],
  [
    "the low end",
    {
      kind: "saturation",
      parameters: { end: "low" },
      says: { temperature: -45, humidity: 0, outdoor: -40, pressure: 30_000, probe: "range" },
      count: [0, 2],
    },
  ],
  ["the low end of one", { kind: "saturation", sensor: "climate", parameters: { end: "low" }, says: { temperature: -45, humidity: 0 } }],
  ["a contact that is stuck", { kind: "stuck", sensor: "meter", says: {}, count: [0, 1] }],
  ["a stuck bus", { kind: "bus-stuck", says: bus }],
];

describe("from the next sample on, until it is healed, and then no more:", () => {
  test.each(cases)("%s", (_, { kind, parameters, sensor, says, count = [18, 22] }) => {
    const made = struck([fault(kind, 9_900, 19_900, parameters, sensor === undefined ? {} : { sensor })]);
    made.until(41_500);
    wholeBut(made, 0, []);
    for (const [channel, value] of Object.entries(says))
      near(made.said(channel, 10_000, 20_000), ten(value), channel === "pressure" ? 20 : 0.15);
    wholeBut(made, 10_000, Object.keys(says));
    const counted = total(made.said("count", 10_760, 19_760));
    expect(counted).toBeGreaterThanOrEqual(Math.floor(count[0] * 0.9));
    expect(counted).toBeLessThanOrEqual(count[1]);
    // A driver that had lost its chip may need a sample to find it again.
    wholeBut(made, 22_000, []);
    expect(total(made.said("count", 22_000, 32_000))).toBeGreaterThanOrEqual(18);
    expect(made.injector.active).toEqual([]);
    const { samples, missed, readErrors } = made.station.counts();
    expect(made.station.firmwareCounters()).toMatchObject({ samples, missed, readErrors });
    expect(missed).toBe(0);
  });
});

// That the flips meet measurements, and not only the chip's id at its start, is the luck of their draw.
test("a flipped bit is found by the checksum where there is one, and passes for a value where there is none", () => {
  const made = struck([fault("checksum", 9_910, 19_900)]);
  made.until(31_500);
  const [warm, damp] = [made.said("temperature", 10_000, 20_000), made.said("humidity", 10_000, 20_000)];
  // One bit of six bytes: always one of the two words.
  for (const [index, each] of warm.entries()) expect([each, damp[index]].filter((one) => one === "checksum")).toHaveLength(1);
  expect(new Set([...warm, ...damp])).toEqual(new Set([20, 50, "checksum"]));
  const outside = [...made.said("outdoor", 10_000, 20_000), ...made.said("pressure", 10_000, 20_000)];
  expect(outside.filter((each) => typeof each === "number" && Math.abs(each - 10) > 0.02 && Math.abs(each - 100_000) > 3)).not.toEqual([]);
  wholeBut(made, 21_000, []);
});

test("by chance, about as many transfers fail as it says, and the same ones in every run", () => {
  const failed = (seed: number): number[] => {
    const made = struck([fault("nak", 0, 300_000, { chance: 0.2 }, { sensor: "climate" })], { seed });
    made.until(300_000);
    return made.said("temperature", 0, 300_000).flatMap((each, index) => (each === "bus" ? [index] : []));
  };
  const once = failed(1);
  // A sample is two transfers, and one that did not come back may cost the next: it ends a periodic mode.
  expect(once.length / 300).toBeGreaterThan(0.28);
  expect(once.length / 300).toBeLessThan(0.45);
  expect(failed(1)).toEqual(once);
  expect(failed(2)).not.toEqual(once);
});

test("a stuck sensor goes on giving what it measured last, whatever happens around it", () => {
  const rising = (nowUs: number): number => nowUs / 1e6;
  const made = struck([fault("stuck", 9_900, 19_900)], { signals: { temperatureC: rising, outdoorC: rising, humidityPercent: rising } });
  made.until(31_500);
  for (const channel of ["temperature", "humidity", "outdoor", "probe"]) {
    const last = made.said(channel, 9000, 10_000)[0]!;
    expect(last).toBeCloseTo(9, -1);
    expect(made.said(channel, 10_000, 20_000)).toEqual(ten(last));
    near(
      made.said(channel, 20_000, 30_000),
      Array.from({ length: 10 }, (_, index) => 20.3 + index),
      0.5,
    );
  }
});

test("a sensor that is stuck from the start, over a power cut too, gives its first measurement", () => {
  const rising = (nowUs: number): number => nowUs / 1e6;
  const made = struck([fault("stuck", 0, Infinity), fault("power-cut", 5_000, 6_000)], {
    signals: { outdoorC: rising, temperatureC: rising },
  });
  made.until(20_500);
  for (const channel of ["temperature", "outdoor", "probe"]) {
    const said = [...made.said(channel, 0, 30_000)];
    expect(said.length).toBeGreaterThan(15);
    expect([new Set(said).size, typeof said[0]]).toEqual([1, "number"]);
  }
});

test("spikes go up and down by what is asked, in the unit of each quantity", () => {
  const made = struck([
    fault("spike", 9_900, 19_900, { by: 5 }),
    fault("spike", 19_900, 59_900, { by: 8, chance: 0.5 }, { sensor: "probe" }),
  ]);
  made.until(61_500);
  for (const channel of channels) {
    const off = made.said(channel, 10_000, 20_000).map((each) => Math.round((each as number) - whole[channel]!));
    if (channel === "pressure") expect(off.every((each) => Math.abs(Math.abs(each) - 5) <= 4)).toBe(true);
    else {
      // A measurement of the probe is four conversions; a spike, a millisecond long, may end between them.
      expect(off).toEqual(expect.arrayContaining([-5, 5]));
      expect(off.filter((each) => Math.abs(each) === 5).length).toBeGreaterThanOrEqual(off.length - 2);
      expect(Math.max(...off.map(Math.abs))).toBe(5);
    }
  }
  const later = made.said("probe", 20_000, 60_000).map((each) => Math.round((each as number) - 20));
  const [up, none, down] = [8, 0, -8].map((by) => later.filter((each) => Math.abs(each - by) < 0.5).length);
  expect(up! + none! + down!).toBeGreaterThanOrEqual(36);
  expect(Math.min(up!, none!, down!)).toBeGreaterThan(3);
  expect(Math.max(...later.map(Math.abs))).toBe(8);
  wholeBut(made, 20_000, ["probe"]);
});

test("a drift begins at nothing and grows by the hour", () => {
  const made = struck([fault("drift", 10_000, 20_000, { "per-hour": 3600 })]);
  made.until(31_500);
  const rising = (from: number): Said => Array.from({ length: 10 }, (_, index) => from + index);
  near(made.said("temperature", 10_000, 20_000), rising(20), 0.05);
  near(made.said("outdoor", 10_000, 20_000), rising(10.25), 0.05);
  near(made.said("probe", 10_000, 20_000), rising(20.5), 0.15);
  wholeBut(made, 21_000, []);
});

test("two sensors of one kind on one board feel the same room, and are struck apart", () => {
  const app = defineApp({
    name: "two",
    sensors: {
      near: { driver: SHT3x, on: "i2c", everyMs: 1000 },
      far: { driver: SHT3x, on: "i2c", everyMs: 1000, address: 0x45 },
    },
    channels: {
      near: { from: "near.thermometer.temperature", resolution: 0.01 },
      far: { from: "far.thermometer.temperature", resolution: 0.01 },
    },
  });
  const made = struck(
    [fault("spike", 9_900, 19_900, { by: 3 }, { sensor: "far" }), fault("absent", 19_900, 29_900, {}, { sensor: "near" })],
    { app },
  );
  made.until(31_500);
  expect([made.said("near", 0, 20_000), made.said("far", 0, 10_000)]).toEqual([Array.from({ length: 20 }, () => 20), ten(20)]);
  expect(new Set(made.said("far", 10_000, 20_000))).toEqual(new Set([17, 23]));
  expect([made.said("near", 20_000, 30_000), made.said("far", 20_000, 30_000)]).toEqual([ten("bus"), ten(20)]);
});

test("a fault strikes the boards that it names, or all, each by a chance of its own", () => {
  const simulation = new Simulation({ seed: 1, broker: "model" });
  const stations = ["one", "two"].map((name) =>
    simulation.add({ name, app: plainApp, engine: (device, settings, witness) => nodeEngine(device, plainApp, settings, witness) }),
  );
  const injector = new Injector(simulation);
  injector.schedule(fault("nak", 10_000, 110_000, { chance: 0.3 }));
  injector.schedule(fault("absent", 200_000, 210_000, {}, { board: "two", sensor: "climate" }));
  for (const station of stations) station.powerOn();
  simulation.scheduler.runUntil(150e6);
  const errors = stations.map((station) => station.counts().readErrors);
  expect(Math.min(...errors)).toBeGreaterThan(50);
  expect(errors[0]).not.toBe(errors[1]);
  simulation.scheduler.runUntil(220e6);
  const [one, two] = stations.map((station, index) => station.counts().readErrors - errors[index]!);
  // A driver that had lost its chip may need a sample or two to find it again.
  expect([one, two! >= 10 && two! <= 13]).toEqual([0, true]);
});

describe("faults that overlap", () => {
  const kinds = ["nak", "absent", "checksum", "stuck", "spike", "drift", "saturation", "bus-stuck"] as const;
  const drawn = fc.record({
    kind: fc.constantFrom(...kinds),
    atMs: fc.integer({ min: 0, max: 20_000 }),
    forMs: fc.integer({ min: 1, max: 20_000 }),
    sensor: fc.constantFrom(undefined, ...Object.keys(plainApp.sensors)),
    chance: fc.constantFrom(0.2, 1),
  });

  test("in whatever number and order, leave a whole board when the last is healed", () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 12 }), (all) => {
        const faults = all.map(({ kind, atMs, forMs, sensor, chance }): Fault => {
          const parameters = { chance, by: 7, "per-hour": 1000 };
          return fault(kind, atMs, atMs + forMs, parameters, sensor === undefined || kind === "bus-stuck" ? {} : { sensor });
        });
        const made = struck(faults);
        made.until(54_500);
        expect(made.injector.active).toEqual([]);
        wholeBut(made, 44_000, []);
        expect(total(made.said("count", 44_000, 54_000))).toBeGreaterThanOrEqual(17);
        expect(made.station.firmwareCounters().missed).toBe(0);
      }),
      { seed: 1, numRuns: 25 },
    );
  });

  test("are not shifted by one another: leaving one out changes nothing for the other's sensor", () => {
    const spikes = fault("spike", 5_000, 60_000, { by: 5, chance: 0.5 }, { sensor: "probe" });
    const others = [
      fault("nak", 2_000, 40_000, { chance: 0.5 }),
      fault("spike", 1_000, 60_000, { by: 1, chance: 0.5 }, { sensor: "weather" }),
      fault("checksum", 0, 60_000, { chance: 0.1 }),
    ];
    const said = (faults: Fault[]): Said => {
      const made = struck(faults);
      made.until(60_000);
      return made.said("probe", 0, 60_000);
    };
    expect(said([...others, spikes])).toEqual(said([spikes]));
  });

  test("and are healed all at once, leave a whole board as well", () => {
    const made = struck(kinds.map((kind) => fault(kind, 1000, Infinity, { by: 3, "per-hour": 100 })));
    made.until(10_000);
    made.injector.heal();
    made.until(31_500);
    wholeBut(made, 20_000, []);
  });
});

test("faults that never come change nothing: the trace is the same without them", () => {
  const trace = (faults: Fault[]): string => {
    const made = struck(faults);
    made.until(10_000);
    return made.simulation.traceSha256();
  };
  expect(trace([fault("nak", 60_000, 70_000), fault("spike", 60_000, 70_000, { by: 1 }), fault("flash-flip", 60_000, 60_000)])).toBe(
    trace([]),
  );
});
