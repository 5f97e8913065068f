/** The built `mote swarm` in a process of its own. */
import { describe, expect, test } from "vitest";
import { counts, mote, startMote } from "../cli/command.js";

describe("mote swarm", () => {
  test("gives the same verdict with one worker and with several, as one object of JSON", async () => {
    const results = await Promise.all(
      ["1", "3"].map((jobs) => mote("swarm", "--seeds", "4", "--start", "7", "--time", "5m", "--jobs", jobs, "--json")),
    );
    const [one, three] = results.map((ended) => counts(ended));
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect(one).toMatchObject({ seeds: 4, start: 7, done: 4, failed: null, missing: [] });
    expect(three!["reached"]).toEqual(one!["reached"]);
    expect(results[0]!.err).toContain("Every promise was kept.");
  }, 60_000);

  test("holds a scenario of the library to the promises", async () => {
    const { code, out } = await mote("swarm", "--scenario", "broker-restart");
    expect(out).toMatch(/every promise was kept in .* of virtual time/);
    expect(code).toBe(0);
  }, 60_000);

  test("ends in order when asked to, with what it reached so far", async () => {
    const running = startMote("swarm", "--seeds", "100000", "--time", "5m", "--jobs", "1", "--json");
    setTimeout(() => running.child.kill("SIGINT"), 2_500);
    const ended = await running.ended;
    expect(ended.err).toMatch(/ended early: \d+ of 100000 seeds/);
    expect([ended.code, counts(ended)["missing"]]).toEqual([0, []]);
  }, 60_000);

  test.each([
    [["--seeds", "0"], "--seeds must be a whole number from 1 to 4294967295"],
    [["--time", "1m"], "--time must be from 5 min"],
    [["--time", "soon"], "--time must be a time such as 10m or 1h"],
    [["--jobs", "many"], "--jobs must be a whole number from 1 to 256"],
    [["--start", "4294967295", "--seeds", "2"], "seeds end at 4294967295"],
    [["--seed", "3"], "did you mean --seeds?"],
    [["--scenario", "a.yaml", "--jobs", "2"], "leave --jobs out"],
    [["--scenario", "nowhere.yaml"], "nowhere.yaml: there is no such file"],
  ])("says what is wrong with %j", async (words, what) => {
    const { code, err } = await mote("swarm", ...words);
    expect(err).toContain(what);
    expect(code).toBe(2);
  });
});
