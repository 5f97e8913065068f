/**
 * Recordings made up for the anomaly stage: the kinds of signal a sensor or a server gives, each with a few
 * anomalies whose rows are known. Deterministic in the seed. Windows are laid as NAB lays them: a
 * tenth of the rows, shared by the anomalies, each window centred on its anomaly's beginning. The
 * strengths are drawn from ranges whose lower ends drown in the noise, and there are events that are no
 * anomalies because they belong to the signal.
 */
import { type Random, random } from "../world/random.js";

export interface Recording {
  readonly family: string;
  readonly values: readonly number[];
  readonly windows: readonly (readonly [first: number, last: number])[];
}

/** Draws for one recording. */
class Draw {
  readonly #random: Random;
  constructor(source: Random) {
    this.#random = source;
  }
  /** low ≤ x < high */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.#random.fraction();
  }
  chance(probability: number): boolean {
    return this.#random.fraction() < probability;
  }
  /** Mean 0, deviation 1 (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random.fraction())) * Math.cos(2 * Math.PI * this.#random.fraction());
  }
  /** Above 1, tail index `alpha`. */
  pareto(alpha: number): number {
    return Math.pow(1 - this.#random.fraction(), -1 / alpha);
  }
  /** Poisson by its normal neighbour above 30. */
  count(mean: number): number {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let product = this.#random.fraction();
    let n = 0;
    while (product > limit) {
      product *= this.#random.fraction();
      n++;
    }
    return n;
  }
}

/** 0 at 3 in the morning, 1 at 3 in the afternoon; `phase` in days. */
function day(phase: number): number {
  return 0.5 - 0.5 * Math.cos(2 * Math.PI * (phase - 0.125));
}

/** A day with two rush hours. */
function rush(phase: number): number {
  const hour = (phase % 1) * 24;
  const bump = (at: number, width: number) => Math.exp(-0.5 * ((hour - at) / width) ** 2);
  return bump(8.5, 1.5) + 0.9 * bump(17.5, 2) + 0.4 * bump(13, 4);
}

/** From the rows at which anomalies begin to the finished recording. */
interface Family {
  readonly name: string;
  readonly rows: readonly [number, number];
  readonly anomalies: readonly [number, number];
  /** The values; `begins` are the anomalies' first rows. */
  make(rows: number, begins: readonly number[], draw: Draw): number[];
}

/** Rows since the newest anomaly began, or −1 before the first. */
function since(begins: readonly number[], row: number): number {
  let age = -1;
  for (const begin of begins) if (begin <= row) age = row - begin;
  return age;
}

function which(begins: readonly number[], row: number): number {
  let index = -1;
  for (let i = 0; i < begins.length; i++) if (begins[i]! <= row) index = i;
  return index;
}

/**
 * Spells in which a signal is livelier than usual, which no label mentions: 1 outside of them, up to
 * `most` within. They come in clusters, as jobs and weather do.
 */
function spells(draw: Draw, everyRows: number, most: number): () => number {
  let left = 0;
  let strength = 1;
  let likely = 1 / everyRows;
  return () => {
    likely += (1 / everyRows - likely) / 400;
    if (left > 0) left--;
    else if (draw.chance(likely)) {
      left = Math.round(draw.uniform(5, 80));
      strength = draw.uniform(1.3, most);
      likely = 4 / everyRows;
    } else strength = 1;
    return strength;
  };
}

const families: readonly Family[] = [
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

/** `each` recordings of every family. */
export function recordings(seed: number, each: number): Recording[] {
  const all: Recording[] = [];
  for (const family of families) {
    for (let i = 0; i < each; i++) {
      const draw = new Draw(random(seed).split(family.name).split(String(i)));
      const rows = Math.round(draw.uniform(family.rows[0], family.rows[1]));
      const count = Math.round(draw.uniform(family.anomalies[0] - 0.5, family.anomalies[1] + 0.49));
      const anomalies = Math.max(1, count);
      const half = Math.floor((0.1 * rows) / anomalies / 2);
      const begin = Math.floor(Math.min(0.15 * rows, 750));
      const room = (rows - begin) / anomalies;
      const begins: number[] = [];
      // Windows must not meet: each anomaly has a stretch of its own.
      for (let k = 0; k < anomalies; k++) begins.push(Math.floor(begin + k * room + half + draw.uniform(0, 1) * (room - 2 * half - 1)));
      const values = family.make(rows, begins, draw);
      const windows = begins.map((at): [number, number] => [at - half, Math.min(rows - 1, at + half)]);
      all.push({ family: family.name, values, windows });
    }
  }
  return all;
}
