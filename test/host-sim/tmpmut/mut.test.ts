import { afterAll, expect, test } from "vitest";
import { Bundler } from "../../mutants/bundle.js";
import { mutants } from "../../mutants/mutants.js";
const bundler = new Bundler();
afterAll(() => bundler.close());
const from = mutants.findIndex(({ name }) => name === "a trial is never undone");
test.each(mutants.slice(from, from + 9))("$name", async ({ name, edits, breaks }) => {
  const { draw, examine } = await bundler.build(edits);
  const t = performance.now();
  let found = "nothing";
  for (let seed = 1; seed <= 300 && performance.now() < t + 50_000; seed++) {
    const { violation } = examine(draw(seed, 600_000));
    if (violation) { found = `${seed} ${violation.invariant}: ${violation.what}`; break; }
  }
  console.log(name, "->", found, ((performance.now() - t) / 1000).toFixed(1), "s");
  expect(breaks.some((each) => found.includes(each))).toBe(true);
}, 70_000);
