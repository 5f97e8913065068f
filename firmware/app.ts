/** What this board does: the file to edit. Sensors say what is wired where; channels say what becomes of their readings. */
import {
  BME280,
  defineApp,
  delta,
  exponential_moving_average,
  median,
  multiply,
  NTC,
  PulseCounter,
  SHT3x,
  summary,
  throttle_with_priority,
} from "./mote.js";

export default defineApp({
  name: "mote",
  sensors: {
    climate: { driver: SHT3x, on: "i2c", everyMs: 1000 },
    weather: { driver: BME280, on: "i2c", everyMs: 1000, phaseMs: 250 },
    probe: { driver: NTC, on: "analog", everyMs: 1000, phaseMs: 500 },
    meter: { driver: PulseCounter, on: "digital", everyMs: 1000, phaseMs: 750 },
  },
  channels: {
    temperature: { from: "climate.thermometer.temperature", unit: "°C", resolution: 0.01, stages: [median(5), summary(60)] },
    humidity: { from: "climate.hygrometer.humidity", unit: "%", resolution: 0.1, stages: [exponential_moving_average(0.1)] },
    pressure: { from: "weather.barometer.pressure", unit: "hPa", resolution: 0.01, stages: [multiply(0.01), median(3)] },
    outdoor: { from: "weather.thermometer.temperature", unit: "°C", resolution: 0.01 },
    probe: {
      from: "probe.thermometer.temperature",
      unit: "°C",
      resolution: 0.1,
      stages: [median(5), delta(0.1), throttle_with_priority(2000)],
    },
    rain: { from: "meter.counter.total", unit: "mm", resolution: 0.1, stages: [multiply(0.2)] },
  },
});
