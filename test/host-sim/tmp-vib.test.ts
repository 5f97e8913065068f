import { test } from "vitest";
import { MPU6050, defineApp, window } from "../../firmware/mote.js";
import { run } from "./run.js";
test("x", () => {
  const app = defineApp({ name: "motor", sensors: { housing: { driver: MPU6050, on: "i2c", everyMs: 100 } }, channels: { seen: { from: "housing.accelerometer.z", resolution: 1, stages: [window(1000, "count")] } } });
  const board = run({ app, onSample(sensor, sample, error) {
    const z = sample?.["accelerometer"]?.["z"];
    const t = board.simulation.scheduler.nowUs / 1000;
    if (t > 9900 && t < 10900) console.log(t, typeof z === "object" ? [z.count, z.lost] : z, error);
  } });
  board.simulation.scheduler.at(10_050_000, () => board.station.board.cpu.post(() => { console.log("hold", board.simulation.scheduler.nowUs); board.station.board.cpu.charge(300_000); }));
  board.until(12_000);
});
