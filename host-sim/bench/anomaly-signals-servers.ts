/** Signals as servers give them, each with its kinds of anomaly. */
import { day, since, spells, which, type Family } from "./anomaly-draws.js";

export const servers: readonly Family[] = [
  {
    name: "processor load, flat with noise",
    rows: [4032, 4032],
    anomalies: [1, 3],
    make(rows, begins, draw) {
      const level = draw.uniform(0.1, 40);
      const noise = level * draw.uniform(0.01, 0.15);
      const step = draw.chance(0.5) ? noise * draw.uniform(0.5, 3) : 0;
      const every = draw.chance(0.4) ? Math.round(draw.uniform(12, 288)) : 0;
      const burst = noise * draw.uniform(5, 20);
      const kinds = begins.map(() => ({ kind: draw.uniform(0, 3), size: noise * draw.uniform(5, 40) }));
      const spell = spells(draw, 900, 4);
      const values: number[] = [];
      for (let row = 0; row < rows; row++) {
        const lively = spell();
        let x = level + noise * (lively * draw.normal() + 1.5 * (lively - 1));
        if (every > 0 && row % every === 0) x += burst * draw.uniform(0.8, 1.1);
        if (draw.chance(0.003)) x += noise * draw.uniform(3, 8);
        const age = since(begins, row);
        const how = kinds[which(begins, row)];
        if (how) {
          if (how.kind < 1 && age < 3) x += how.size;
          else if (how.kind >= 1 && how.kind < 2 && age < 300) x += how.size * 0.5;
          else if (how.kind >= 2 && age < 100) x += how.size * 0.5 * Math.abs(draw.normal());
        }
        values.push(Math.max(0, step > 0 ? Math.round(x / step) * step : x));
      }
      return values;
    },
  },
  {
    name: "processor load, regimes",
    rows: [4032, 18050],
    anomalies: [1, 2],
    make(rows, begins, draw) {
      let level = draw.uniform(20, 60);
      const kinds = begins.map(() => draw.uniform(0, 1) < 0.5);
      const values: number[] = [];
      let wave = 0;
      const spell = spells(draw, 900, 3);
      for (let row = 0; row < rows; row++) {
        wave = 0.95 * wave + spell() * draw.normal();
        const age = since(begins, row);
        if (age === 0 && kinds[which(begins, row)]) level = level > 50 ? level - draw.uniform(15, 40) : level + draw.uniform(15, 40);
        let x = level + 2 * wave + 8 * day(row / 288);
        if (age >= 0 && age < 60 && !kinds[which(begins, row)]) x -= level * draw.uniform(0.5, 0.9);
        values.push(Math.min(100, Math.max(0, Math.round(x * 100) / 100)));
      }
      return values;
    },
  },
  {
    name: "network bytes",
    rows: [1200, 4730],
    anomalies: [1, 3],
    make(rows, begins, draw) {
      const every = Math.round(draw.uniform(6, 300));
      const spread = draw.uniform(0.1, 0.8);
      const sizes = begins.map(() => ({ size: draw.uniform(5, 60), length: draw.uniform(1, 40) }));
      const spell = spells(draw, 600, 4);
      const values: number[] = [];
      for (let row = 0; row < rows; row++) {
        let x = 60000 * Math.exp(spread * draw.normal()) * spell();
        if (row % every < 2) x *= draw.uniform(3, 5);
        if (draw.chance(0.01)) x *= Math.min(15, draw.pareto(1.5));
        const age = since(begins, row);
        const how = sizes[which(begins, row)];
        if (how && age < how.length) x *= how.size * draw.uniform(0.7, 1.2);
        values.push(Math.round(x));
      }
      return values;
    },
  },
  {
    name: "request latency",
    rows: [4032, 4032],
    anomalies: [2, 3],
    make(rows, begins, draw) {
      const kinds = begins.map(() => ({ size: draw.uniform(6, 50), length: Math.round(draw.uniform(1, 30)) }));
      let slow = 0;
      const spell = spells(draw, 700, 3);
      const values: number[] = [];
      for (let row = 0; row < rows; row++) {
        slow = 0.99 * slow + 0.1 * draw.normal();
        const lively = spell();
        let x = 45 + slow + 1.5 * lively * draw.normal() + 2 * (lively - 1) + (draw.chance(0.02) ? 4 * draw.pareto(3) : 0);
        const age = since(begins, row);
        const how = kinds[which(begins, row)];
        if (how && age < how.length) x += how.size;
        values.push(Math.round(x * 1000) / 1000);
      }
      return values;
    },
  },
  {
    name: "requests with days",
    rows: [4032, 4100],
    anomalies: [1, 2],
    make(rows, begins, draw) {
      const kinds = begins.map(() => ({
        factor: draw.chance(0.5) ? draw.uniform(2, 6) : draw.uniform(0, 0.4),
        length: Math.round(draw.uniform(3, 120)),
      }));
      const values: number[] = [];
      for (let row = 0; row < rows; row++) {
        let mean = 10 + 90 * day(row / 288);
        if (draw.chance(0.01)) mean *= draw.uniform(1.5, 3);
        const age = since(begins, row);
        const how = kinds[which(begins, row)];
        if (how && age < how.length) mean *= how.factor;
        values.push(draw.count(mean));
      }
      return values;
    },
  },
  {
    name: "mostly zero",
    rows: [4032, 4730],
    anomalies: [1, 2],
    make(rows, begins, draw) {
      const busy = draw.uniform(0.004, 0.3);
      const kinds = begins.map(() => ({
        size: draw.uniform(4, 30),
        busy: draw.uniform(0.5, 1),
        length: Math.round(draw.uniform(3, 60)),
        burst: draw.chance(0.5),
      }));
      const values: number[] = [];
      for (let row = 0; row < rows; row++) {
        let x = draw.chance(busy) ? 1000 * Math.exp(0.6 * draw.normal()) : 0;
        const age = since(begins, row);
        const how = kinds[which(begins, row)];
        if (how && age < how.length && draw.chance(how.busy)) x = 1000 * (how.burst ? how.size : Math.exp(0.6 * draw.normal()));
        values.push(Math.round(x));
      }
      return values;
    },
  },
];
