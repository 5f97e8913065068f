/** Draws an app as data: one to four sensors on grids of their own, from frantic to drowsy, and channels through random stages. */
import type { InlineApp, InlineChannel, InlineSensor } from "../scenario/plan.js";
import type { Dice } from "./dice.js";

type Part = Omit<InlineSensor, "everyMs" | "phaseMs"> & { readonly name: string };

/** Takes 113 ms: longer than the shortest periods, so that grid points are missed. */
const thorough = { temperatureOversampling: 16, pressureOversampling: 16, humidityOversampling: 16 };

/** What one board can have wired at once. */
const parts: readonly Part[] = [
  { name: "air", driver: "SHT3x", on: "i2c" },
  { name: "attic", driver: "SHT3x", on: "i2c", address: 0x45 },
  { name: "weather", driver: "BME280", on: "i2c" },
  { name: "slow", driver: "BME280", on: "i2c", address: 0x77, options: thorough },
  { name: "probe", driver: "NTC", on: "analog" },
  { name: "meter", driver: "PulseCounter", on: "digital" },
];

interface Quantity {
  readonly path: string;
  readonly unit: string;
  readonly resolutions: readonly number[];
  /** Where it usually lies, and how far it usually moves. */
  readonly about: number;
  readonly spread: number;
}

const temperature: Quantity = { path: "thermometer.temperature", unit: "°C", resolutions: [0.01, 0.1, 0.05], about: 20, spread: 1 };
const humidity: Quantity = { path: "hygrometer.humidity", unit: "%", resolutions: [0.1, 0.5, 1], about: 45, spread: 1 };
const pressure: Quantity = { path: "barometer.pressure", unit: "Pa", resolutions: [1, 10], about: 101_325, spread: 10 };
const total: Quantity = { path: "counter.total", unit: "", resolutions: [1], about: 50, spread: 20 };
const count: Quantity = { path: "counter.count", unit: "", resolutions: [1], about: 1, spread: 1 };

const quantities: Readonly<Record<InlineSensor["driver"], readonly Quantity[]>> = {
  SHT3x: [temperature, humidity],
  BME280: [temperature, pressure, humidity],
  NTC: [temperature],
  PulseCounter: [total, count],
  // Not among the parts: its channels see a thousand samples a second.
  MPU6050: [],
};

/** Samples a second that all sensors of an app may take together: what a campaign's speed allows. */
const rateMax = 12;

export function drawApp(dice: Dice): InlineApp {
  const chosen = dice.some(parts, 0.4).slice(0, 4);
  if (chosen.length === 0) chosen.push(dice.pick(parts));
  // A drowsy board is silent for so long that only its keep-alive keeps it connected.
  const drowsy = dice.chance(0.2);
  const sensors: Record<string, InlineSensor> = {};
  const channels: Record<string, InlineChannel> = {};
  let rate = 0;
  for (const { name, ...part } of chosen) {
    const own = dice.split(name);
    let everyMs = drowsy ? own.whole(45_000, 180_000) : part.options === thorough && own.chance(0.6) ? 100 : periodMs(own);
    if (rate + 1000 / everyMs > rateMax) everyMs = own.whole(1_000, 5_000);
    rate += 1000 / everyMs;
    const phaseMs = own.chance(0.3) ? 0 : own.whole(0, everyMs - 1);
    sensors[name] = { ...part, everyMs, phaseMs };
    for (const quantity of quantities[part.driver]) {
      if (own.chance(0.25)) continue;
      const channel = `${name}-${quantity.path.split(".")[1]!}`;
      channels[channel] = drawChannel(own.split(quantity.path), `${name}.${quantity.path}`, quantity, everyMs);
    }
  }
  return { name: "swarm", sensors, channels };
}

function periodMs(dice: Dice): number {
  const round = dice.pick([100, 250, 500, 1000, 1000, 2000, 5000, 30_000]);
  if (dice.chance(0.5)) return round;
  return Math.round(dice.magnitude(150, 60_000));
}

function drawChannel(dice: Dice, from: string, quantity: Quantity, everyMs: number): InlineChannel {
  const { unit, resolutions } = quantity;
  const stages = Array.from({ length: dice.pick([0, 0, 1, 1, 2, 3]) }, (_, index) => drawStage(dice, quantity, everyMs, index));
  // A channel has at most one summary.
  const first = stages.findIndex(([name]) => name === "summary");
  const kept = stages.filter(([name], index) => name !== "summary" || index === first);
  // What comes often is thinned out: the wire is the dearest part of a run.
  if (everyMs < 400 && dice.chance(0.7)) kept.push(["throttle", dice.whole(2, 10) * 250]);
  return { from, ...(unit === "" ? {} : { unit }), resolution: dice.pick(resolutions), stages: kept };
}

type Stage = InlineChannel["stages"][number];

function drawStage(dice: Dice, { about, spread }: Quantity, everyMs: number, index: number): Stage {
  const tenth = (x: number): number => Math.round(x * 10) / 10;
  const drawn: readonly (() => Stage)[] = [
    () => ["offset", tenth(dice.between(-spread, spread))],
    () => ["multiply", dice.pick([0.01, 0.5, 2, -1, 1.8])],
    () => ["clamp", { min: about - spread, max: about + spread, ...(dice.chance(0.5) ? { ignore_out_of_range: true } : {}) }],
    () => ["median", dice.pick([3, 5, 7, 15])],
    () => ["exponential_moving_average", dice.pick([0.05, 0.1, 0.5, 1])],
    () => ["delta", tenth(dice.between(0.1, spread)) || 0.1],
    () => ["throttle", dice.whole(1, 4) * everyMs],
    () => ["window", dice.whole(2, everyMs > 10_000 ? 3 : 12), dice.pick(["min", "max", "mean", "mean", "std", "count"])],
    () => ["summary", dice.whole(2, everyMs > 10_000 ? 3 : 20)],
  ];
  // Windows first, most often: behind a deadband they would hardly fill.
  return index === 0 && dice.chance(0.5) ? drawn[dice.whole(7, 8)]!() : dice.pick(drawn)();
}
