/** Signals as rooms, machines, roads and crowds give them, each with its kinds of anomaly. */
import { day, rush, since, spells, which, type Family } from "./anomaly-draws.js";

export const world: readonly Family[] = [
  {
    name: "room temperature, hourly",
    rows: [4000, 8000],
    anomalies: [1, 3],
    make(rows, begins, draw) {
      const kinds = begins.map(() => ({
        kind: draw.chance(0.5),
        size: draw.uniform(-1, 1) > 0 ? draw.uniform(4, 12) : -draw.uniform(4, 12),
        length: draw.uniform(24, 200),
      }));
      let slow = 0;
      let fast = 0;
      const values: number[] = [];
      for (let row = 0; row < rows; row++) {
        slow += 0.03 * draw.normal() - 0.001 * slow;
        fast = 0.8 * fast + 0.6 * draw.normal();
        const workday = Math.floor(row / 24) % 7 < 5 ? 1 : 0.3;
        let x = 70 + 4 * slow + fast + 3 * workday * day(row / 24) + 3 * Math.sin(row / 1400);
        const age = since(begins, row);
        const how = kinds[which(begins, row)];
        if (how && age < how.length) x += how.kind ? how.size : how.size * draw.normal() * 0.6;
        values.push(x);
      }
      return values;
    },
  },
  {
    name: "machine temperature, 5 min",
    rows: [10000, 22000],
    anomalies: [2, 4],
    make(rows, begins, draw) {
      const kinds = begins.map(() => ({ depth: draw.uniform(15, 60), length: draw.uniform(60, 400), ramp: draw.uniform(1, 80) }));
      let slow = 0;
      let fast = 0;
      const spell = spells(draw, 1000, 3);
      const values: number[] = [];
      for (let row = 0; row < rows; row++) {
        slow += 0.12 * draw.normal() - 0.0008 * slow;
        fast = 0.9 * fast + 0.6 * spell() * draw.normal();
        let x = 85 + slow + fast + 2 * day(row / 288);
        const age = since(begins, row);
        const how = kinds[which(begins, row)];
        if (how && age < how.length) x -= how.depth * Math.min(1, age / how.ramp);
        values.push(x);
      }
      return values;
    },
  },
  {
    name: "taxi rides, half-hourly",
    rows: [10320, 10320],
    anomalies: [4, 5],
    make(rows, begins, draw) {
      const kinds = begins.map(() => ({
        factor: draw.chance(0.7) ? draw.uniform(0.3, 0.75) : draw.uniform(1.3, 1.7),
        length: Math.round(draw.uniform(16, 60)),
      }));
      const values: number[] = [];
      for (let row = 0; row < rows; row++) {
        const weekend = Math.floor(row / 48) % 7 >= 5;
        let mean =
          4000 + 16000 * (weekend ? 0.8 * day(row / 48 - 0.1) + 0.25 * day(row / 48 + 0.4) : 0.55 * rush(row / 48) + 0.4 * day(row / 48));
        mean *= 1 + 0.04 * Math.sin(row / 900);
        const age = since(begins, row);
        const how = kinds[which(begins, row)];
        if (how && age < how.length) mean *= how.factor;
        values.push(Math.round(mean * (1 + 0.04 * draw.normal())));
      }
      return values;
    },
  },
  {
    name: "road speed and occupancy",
    rows: [1100, 2500],
    anomalies: [1, 4],
    make(rows, begins, draw) {
      const speed = draw.chance(0.5);
      const kinds = begins.map(() => ({ size: draw.uniform(0.5, 1), length: Math.round(draw.uniform(3, 30)) }));
      let phase = draw.uniform(0, 1);
      const values: number[] = [];
      for (let row = 0; row < rows; row++) {
        // Rows are missing in recordings from roads, so the days do not keep their length.
        phase += (draw.chance(0.05) ? draw.uniform(1, 20) : 1) / 150;
        const age = since(begins, row);
        const how = kinds[which(begins, row)];
        const jam = how && age < how.length ? how.size : 0;
        if (speed) {
          let x = 68 - 8 * rush(phase) * draw.uniform(0, 1) + 3 * draw.normal();
          if (draw.chance(0.01)) x -= draw.uniform(5, 25);
          values.push(Math.max(0, Math.round(x - 55 * jam)));
        } else {
          let x = 2 + 7 * rush(phase) + draw.normal() * (1 + rush(phase));
          if (draw.chance(0.01)) x += draw.uniform(3, 12);
          values.push(Math.max(0, Math.round((x + 22 * jam) * 100) / 100));
        }
      }
      return values;
    },
  },
  {
    name: "travel time",
    rows: [2150, 2500],
    anomalies: [2, 3],
    make(rows, begins, draw) {
      const kinds = begins.map(() => ({ size: draw.uniform(3, 12), length: Math.round(draw.uniform(1, 20)) }));
      let phase = draw.uniform(0, 1);
      const values: number[] = [];
      for (let row = 0; row < rows; row++) {
        phase += (draw.chance(0.08) ? draw.uniform(1, 30) : 1) / 140;
        let x = 90 + 120 * rush(phase) * Math.exp(0.5 * draw.normal()) + 20 * Math.abs(draw.normal());
        if (draw.chance(0.015)) x *= Math.min(6, draw.pareto(1.5));
        const age = since(begins, row);
        const how = kinds[which(begins, row)];
        if (how && age < how.length) x *= how.size;
        values.push(Math.round(x));
      }
      return values;
    },
  },
  {
    name: "messages counted",
    rows: [15800, 15900],
    anomalies: [2, 5],
    make(rows, begins, draw) {
      const rate = Math.exp(draw.uniform(0, 4.5));
      const kinds = begins.map(() => ({ size: draw.uniform(6, 60), decay: draw.uniform(2, 60) }));
      const values: number[] = [];
      let surge = 0;
      for (let row = 0; row < rows; row++) {
        const weekend = Math.floor(row / 288) % 7 >= 5 ? 0.7 : 1;
        surge *= 0.8;
        if (draw.chance(0.004)) surge += rate * Math.min(8, 0.7 * draw.pareto(1.6));
        let mean = rate * weekend * (0.4 + 0.9 * day(row / 288)) * Math.exp(0.3 * draw.normal()) + surge;
        const age = since(begins, row);
        const how = kinds[which(begins, row)];
        if (how && age >= 0) mean += how.size * rate * Math.exp(-age / how.decay);
        values.push(draw.count(mean));
      }
      return values;
    },
  },
  {
    name: "price of clicks, hourly",
    rows: [1540, 1650],
    anomalies: [1, 3],
    make(rows, begins, draw) {
      const spread = draw.uniform(0.1, 0.35);
      const kinds = begins.map(() => ({
        size: draw.chance(0.8) ? draw.uniform(2, 12) : draw.uniform(0.2, 0.5),
        length: Math.round(draw.uniform(1, 12)),
      }));
      let slow = 0;
      const spell = spells(draw, 300, 2);
      const values: number[] = [];
      for (let row = 0; row < rows; row++) {
        slow = 0.98 * slow + 0.05 * draw.normal();
        let x = 0.1 * Math.exp(spread * draw.normal() + slow) * spell() * (0.8 + 0.4 * day(row / 24));
        if (draw.chance(0.006)) x *= draw.uniform(1.5, 4);
        const age = since(begins, row);
        const how = kinds[which(begins, row)];
        if (how && age < how.length) x *= how.size;
        values.push(x);
      }
      return values;
    },
  },
  {
    name: "noise that changes",
    rows: [3000, 8000],
    anomalies: [1, 3],
    make(rows, begins, draw) {
      const kinds = begins.map(() => ({
        factor: draw.chance(0.7) ? draw.uniform(2.5, 8) : draw.uniform(0, 0.25),
        length: Math.round(draw.uniform(40, 400)),
      }));
      let volatility = 0;
      let x = 0;
      const values: number[] = [];
      for (let row = 0; row < rows; row++) {
        volatility = 0.99 * volatility + 0.04 * draw.normal();
        const age = since(begins, row);
        const how = kinds[which(begins, row)];
        const factor = how && age < how.length ? how.factor : 1;
        x = 0.5 * x + factor * Math.exp(volatility) * draw.normal();
        values.push(20 + x);
      }
      return values;
    },
  },
];
