/** What the sensors of a simulated board feel: signals over virtual time, a day's weather unless a recording says otherwise. */
import { constant, daily, noise, type Signal, steps, sum, vibration } from "./chips/signal.js";
import type { Random } from "./random.js";

export interface Environment {
  temperatureC: Signal;
  humidityPercent: Signal;
  pressurePa: Signal;
  outdoorC: Signal;
  /** Closures of the pulse input's contact a second. */
  pulsesPerS: Signal;
  /** What an analog sensor of unknown kind gives, as a share of full scale, 0 … 1. */
  analogShare: Signal;
  /** Upwards, gravity included: 9.81 at rest. */
  accelerationMs2: Signal;
}

/** The quantities that a recording may replace, by the names its columns may have. */
export const recordable = {
  temperature: "temperatureC",
  value: "temperatureC",
  humidity: "humidityPercent",
  pressure: "pressurePa",
  outdoor: "outdoorC",
  pulses: "pulsesPerS",
  analog: "analogShare",
  acceleration: "accelerationMs2",
} as const satisfies Record<string, keyof Environment>;

const hourUs = 3600e6;

// The days of all boards; what differs between them is the noise.
const days = {
  temperatureC: daily({ mean: 21, amplitude: 1.5, peakHour: 15 }),
  humidityPercent: daily({ mean: 45, amplitude: -6, peakHour: 15 }),
  pressurePa: daily({ mean: 101_325, amplitude: 60, peakHour: 10 }),
  outdoorC: daily({ mean: 9, amplitude: 5, peakHour: 15 }),
  analogShare: daily({ mean: 0.5, amplitude: 0.2, peakHour: 12 }),
};
const showers = steps([
  [0, 0.5],
  [hourUs, 0.05],
  [2 * hourUs, 0.5],
]);

/** A small motor on mains somewhere near: its turn, twice of it, and some rattle. The same for all boards. */
const motor = sum(
  constant(9.80665),
  vibration({ seed: 50, amplitude: 0.4, hz: 49.6, share: 0.1 }),
  vibration({ seed: 100, amplitude: 0.12, hz: 99.2, share: 0.1 }),
);

export function weather(draws: Random): Environment {
  const noisy = (deviation: number, everyUs: number): Signal => noise({ seed: draws.next(), deviation, everyUs });
  return {
    temperatureC: sum(days.temperatureC, noisy(0.05, 1e6), noisy(0.3, 60e6)),
    humidityPercent: sum(days.humidityPercent, noisy(0.4, 1e6)),
    pressurePa: sum(days.pressurePa, noisy(3, 1e6)),
    outdoorC: sum(days.outdoorC, noisy(0.1, 1e6)),
    pulsesPerS: showers,
    analogShare: sum(days.analogShare, noisy(0.005, 1e6)),
    accelerationMs2: motor,
  };
}
