import { expect, test } from "vitest";
import { type Random, random } from "../../../host-sim/world/random.js";

const draw = (from: Random, count: number): number[] => Array.from({ length: count }, () => from.next());

test("a seed gives the same numbers for ever: other runs, other machines, later versions", () => {
  expect(draw(random(1), 4)).toEqual([4018290168, 234804831, 3062606555, 4249089763]);
  expect(draw(random(2), 4)).toEqual([1444969392, 1525216084, 641703866, 1585782952]);
  expect(draw(random(1).split("lan"), 4)).toEqual([2321804979, 2353902172, 664437214, 2494363708]);
});

test("streams are independent: drawing from one does not shift another, whenever it is split off", () => {
  const one = random(7);
  const early = one.split("weather");
  draw(one, 100);
  draw(one.split("lan"), 100);
  const late = one.split("weather");
  expect(draw(late, 20)).toEqual(draw(early, 20));
});

test("other seeds, names and levels give other streams", () => {
  const streams = [random(1), random(2), random(1).split("a"), random(1).split("b"), random(2).split("a"), random(1).split("a").split("a")];
  const first = streams.map((each) => draw(each, 3).join());
  expect(new Set(first).size).toBe(streams.length);
});

test("numbers are whole and 32 bits wide, fractions are 0 to below 1, and both lie all over their range", () => {
  const stream = random(3);
  let sum = 0;
  const buckets = new Set<number>();
  for (let times = 0; times < 20_000; times++) {
    const number = stream.next();
    if (!(Number.isInteger(number) && number >= 0 && number < 2 ** 32)) throw new Error("drew " + number);
    const fraction = stream.fraction();
    if (!(fraction >= 0 && fraction < 1)) throw new Error("drew " + fraction);
    sum += fraction;
    buckets.add(Math.floor(fraction * 256));
  }
  expect(sum / 20_000).toBeGreaterThan(0.49);
  expect(sum / 20_000).toBeLessThan(0.51);
  expect(buckets.size).toBe(256);
});
