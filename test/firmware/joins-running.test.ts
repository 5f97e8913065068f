/** Joins and totals in the whole firmware, on a simulated board with its sensors, its broker and its faults. */
import { expect, test } from "vitest";
import { defineApp, dew_point, integral, mean_of, median, NTC, SHT3x } from "../../firmware/mote.js";
import { dewPoint } from "../../firmware/pipeline/joins/humidity.js";
import { constant } from "../../host-sim/world/chips/signal.js";
import { type Run, run } from "../host-sim/run.js";

interface Told {
  readonly value?: number;
  readonly error?: string;
  readonly ms: number;
}

/** What was published of a channel, once for each of its times. */
function told(made: Run, channel: string): Told[] {
  const byMs = new Map<number, Told>();
  for (const { text } of made.of(channel)) {
    const each = JSON.parse(text) as Told;
    byMs.set(each.ms, each);
  }
  return [...byMs.values()];
}

const climate = defineApp({
  name: "mote",
  sensors: {
    climate: { driver: SHT3x, on: "i2c", everyMs: 1000 },
    probe: { driver: NTC, on: "analog", everyMs: 5000, phaseMs: 300 },
  },
  channels: {
    dew: { from: dew_point("warm", "damp"), resolution: 0.01, unit: "°C" },
    calm: { from: "dew", resolution: 0.1, stages: [median(3)] },
    warm: { from: "climate.thermometer.temperature", resolution: 0.01 },
    damp: { from: "climate.hygrometer.humidity", resolution: 0.1 },
    room: { from: mean_of("warm", "probe"), resolution: 0.01 },
    probe: { from: "probe.thermometer.temperature", resolution: 0.1 },
  },
});

test("a dew point is that of the temperature and humidity of its instant, missing while the sensor is, and a channel of it follows", () => {
  const made = run({ app: climate });
  made.until(20_900);
  const bus = made.station.board.i2c;
  bus.stuck = true;
  made.until(30_900);
  bus.stuck = false;
  made.until(60_900);
  expect(made.stop()).toBe(true);
  const at = (channel: string): Map<number, Told> => new Map(told(made, channel).map((each) => [each.ms, each]));
  const [warm, damp, calm] = [at("warm"), at("damp"), at("calm")];
  const compute = dewPoint.build({});
  const dews = told(made, "dew");
  let values = 0;
  for (const { ms, value, error } of dews) {
    const [t, h] = [warm.get(ms), damp.get(ms)];
    if (t === undefined || h === undefined || !calm.has(ms)) continue;
    if (value === undefined) {
      expect([t.error, error, calm.get(ms)!.error]).toEqual(["bus", "bus", "bus"]);
      continue;
    }
    expect(value).toBeCloseTo(compute([t.value!, h.value!]), 2);
    expect(Math.abs(calm.get(ms)!.value! - value)).toBeLessThan(1);
    values++;
  }
  expect(values).toBeGreaterThan(40);
  expect(dews.filter(({ error }) => error === "bus").length).toBeGreaterThanOrEqual(9);
  const { samples, missed, emitted } = made.station.firmwareCounters();
  expect(made.station.counts()).toMatchObject({ samples, missed, emitted });
});

test("a join of two rates gives a result for each sample of the slower", () => {
  const made = run({ app: climate, signals: { temperatureC: constant(20) } });
  made.until(60_000);
  made.stop();
  const room = told(made, "room");
  const times = told(made, "probe").map(({ ms }) => ms);
  expect(room.map(({ ms }) => ms)).toEqual(times);
  const [probe] = told(made, "probe");
  expect(room[0]!.value!).toBeCloseTo((20 + probe!.value!) / 2, 1);
});

test("a total goes on after a power cut with what was kept, and counts no time without power", () => {
  const app = defineApp({
    name: "mote",
    sensors: { air: { driver: SHT3x, on: "i2c", everyMs: 1000 } },
    channels: {
      total: { from: "air.thermometer.temperature", resolution: 0.001, stages: [integral()] },
    },
  });
  const made = run({ app, signals: { temperatureC: constant(36) } });
  const minute = 60_000;
  const values = (): number[] => made.of("total").map(({ text }) => (JSON.parse(text) as Told).value!);
  // 36 units an hour are 0.01 a second.
  made.until(20 * minute);
  const first = values().at(-1)!;
  expect(first).toBeGreaterThan(11.9);
  expect(first).toBeLessThan(12.1);
  made.station.powerOff();
  made.until(80 * minute);
  const before = values().length;
  made.station.powerOn();
  made.until(90 * minute);
  const resumed = values()[before]!;
  // At worst what was kept five minutes before the cut; an hour without power adds nothing.
  expect(resumed).toBeGreaterThan(first - 3.1);
  expect(resumed).toBeLessThanOrEqual(first + 0.1);
  const last = values().at(-1)!;
  expect(last - resumed).toBeGreaterThan(5.8);
  expect(last - resumed).toBeLessThan(6.2);
  expect(made.stop()).toBe(true);
});
