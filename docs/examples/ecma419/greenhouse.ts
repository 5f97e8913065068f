import { defineApp, median } from "mote";
import SHT4x from "./sht4x.js";

const air = { driver: SHT4x, on: "i2c", everyMs: 2000, options: { precision: "medium" } } as const;

export default defineApp({
  name: "greenhouse",
  sensors: { air },
  channels: {
    temperature: { from: "air.thermometer.temperature", unit: "°C", resolution: 0.01, stages: [median(5)] },
    humidity: { from: "air.hygrometer.humidity", unit: "%", resolution: 0.1 },
  },
});
