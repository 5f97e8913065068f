/** The app of fleets under load: one sample and one message a second. */
import { defineApp, NTC } from "../../firmware/mote.js";

export default defineApp({
  name: "one",
  sensors: { probe: { driver: NTC, on: "analog", everyMs: 1000 } },
  channels: { temperature: { from: "probe.thermometer.temperature", unit: "°C", resolution: 0.1 } },
});
