/** What a person does with a run in virtual time: pause, step, go back, break and heal. */
import { afterEach, describe, expect, test } from "vitest";
import { sketched } from "../../../host-sim/dashboard/sketch.js";
import { VirtualSession } from "../../../host-sim/dashboard/virtual-session.js";
import { parseScenario } from "../../../host-sim/scenario/parse.js";
import { writeScenario } from "../../../host-sim/scenario/write.js";
import { app, goneTo, session as make, until } from "./rig.js";

const open: VirtualSession[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

function session(...words: Parameters<typeof make>): VirtualSession {
  const made = make(...words);
  open.push(made);
  return made;
}

const cut = { do: "break", kind: "power-cut", board: "board", forMs: 3000, parameters: {} } as const;
const hash = (made: VirtualSession): string => made.present.simulation.traceSha256();
const counts = (made: VirtualSession) => made.boards[0]!.station.counts();

describe("time", () => {
  test("stands while the run is paused, and passes when it runs", async () => {
    const made = session();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(made.nowMs).toBe(0);
    expect(made.state).toBe("paused");
    made.run(10);
    await until("time passes", () => made.nowMs > 1000);
    expect(made.state).toBe("running");
  });

  test("keeps to the speed that was asked for", async () => {
    const made = session();
    made.run(20);
    const startedMs = performance.now();
    await until("ten seconds have passed", () => made.nowMs >= 10_000);
    const tookMs = performance.now() - startedMs;
    expect(tookMs).toBeGreaterThan(480);
    made.pause();
    expect(counts(made).missed).toBe(0);
  });

  test("steps by exactly what was asked for", async () => {
    const made = session();
    made.step(1000);
    await until("the step is done", () => made.state === "paused");
    expect(made.nowMs).toBe(1000);
    made.step(250);
    await until("the step is done", () => made.state === "paused");
    expect(made.nowMs).toBe(1250);
  });

  test("of no meaning is refused with the reason", () => {
    const made = session();
    expect(made.go(-1)).toMatchObject({ ok: false });
    expect(made.go(NaN)).toMatchObject({ ok: false });
    expect(made.step(0)).toMatchObject({ ok: false });
    expect(made.run(0)).toMatchObject({ ok: false, error: { message: expect.stringContaining("0.001 to 1000") } });
  });
});

describe("going back", () => {
  test("gives the same past to the byte, faults and their healing included", async () => {
    const once = session();
    await goneTo(once, 8_123.4);
    expect(once.strike(cut).ok).toBe(true);
    await goneTo(once, 9_500);
    expect(once.heal(once.marks()[0]!.key).ok).toBe(true);
    await goneTo(once, 30_000);
    await goneTo(once, 2_000);
    await goneTo(once, 30_000);
    const again = hash(once);

    const straight = session();
    await goneTo(straight, 8_123.4);
    straight.strike(cut);
    await goneTo(straight, 9_500);
    straight.heal(straight.marks()[0]!.key);
    await goneTo(straight, 30_000);
    expect(again).toBe(hash(straight));
    const quiet = session();
    await goneTo(quiet, 30_000);
    expect(again).not.toBe(hash(quiet));
  });

  test("keeps what was done until then, and what was done later happens again when its time comes", async () => {
    const made = session();
    await goneTo(made, 5_000);
    made.strike(cut);
    await goneTo(made, 20_000);
    expect(counts(made).boots).toBe(2);
    await goneTo(made, 4_000);
    expect(made.generation).toBe(2);
    expect(counts(made).boots).toBe(1);
    expect(made.marks()).toEqual([]);
    expect(made.furthestMs).toBe(20_000);
    await goneTo(made, 20_000);
    expect(counts(made).boots).toBe(2);
  });

  test("and doing something else makes another future", async () => {
    const made = session();
    await goneTo(made, 5_000);
    made.strike(cut);
    await goneTo(made, 20_000);
    await goneTo(made, 4_000);
    made.strike({ do: "break", kind: "reset", board: "board", parameters: {} });
    expect(made.furthestMs).toBeLessThan(4_010);
    await goneTo(made, 20_000);
    expect(made.marks().map(({ kind }) => kind)).toEqual(["reset"]);
  });

  test("leaves the run paused, and can be broken off on the way", async () => {
    const made = session();
    await goneTo(made, 60_000);
    made.go(50_000);
    expect(made.state).toBe("replaying");
    expect(made.strike(cut)).toMatchObject({ ok: false });
    made.pause();
    expect(made.state).toBe("paused");
    expect(made.nowMs).toBeLessThan(50_000);
  });
});

describe("a fault", () => {
  test("strikes at once where time stands, and heals when it is told to", async () => {
    const made = session();
    await goneTo(made, 3_000);
    expect(made.strike({ ...cut, forMs: Infinity }).ok).toBe(true);
    expect(made.boards[0]!.station.powered).toBe(false);
    const [mark] = made.marks();
    expect(mark).toMatchObject({ kind: "power-cut", board: "board", fromMs: 3001 });
    expect(made.heal("something else")).toMatchObject({ ok: false });
    expect(made.heal(mark!.key).ok).toBe(true);
    expect(made.boards[0]!.station.powered).toBe(true);
    expect(made.marks()[0]!.toMs).toBe(3001);
  });

  test("out of its bounds is refused, and nothing happens", async () => {
    const made = session();
    expect(made.strike({ ...cut, forMs: -1 })).toMatchObject({ ok: false });
    expect(made.strike({ ...cut, board: "nobody" })).toMatchObject({ ok: false });
    expect(made.marks()).toEqual([]);
  });

  test("of a scenario strikes in each making of the run", async () => {
    const made = session({
      faults: [{ kind: "power-cut", forMs: 1000, board: "board", parameters: {}, at: { kind: "once", atMs: 2000 } }],
    });
    await goneTo(made, 10_000);
    await goneTo(made, 9_000);
    expect(made.marks()).toMatchObject([{ kind: "power-cut", fromMs: 2000, toMs: 3000 }]);
  });
});

test("the run as a scenario parses, and runs as it did", async () => {
  const made = session({ seed: 7 });
  await goneTo(made, 4_321.987);
  made.strike({ do: "break", kind: "power-cut", board: "board", forMs: 2500, parameters: {} });
  await goneTo(made, 10_000);
  made.strike({ do: "break", kind: "reset", board: "board", parameters: { reason: "panic" } });
  await goneTo(made, 20_000);
  const parsed = parseScenario("run.yaml", writeScenario(made.plan()));
  if (!parsed.ok) throw new Error(parsed.error.message);
  expect(parsed.value).toMatchObject({ seed: 7, durationMs: 60_000 });
  const recipe = sketched({ app, seed: 7, faults: parsed.value.faults });
  const run = recipe.make({});
  run.start();
  run.simulation.scheduler.runUntil(20e6);
  expect(run.simulation.traceSha256()).toBe(hash(made));
  expect(run.simulation.stations[0]!.counts().boots).toBe(3);
});

test("a run that fails says why, stands, and can be gone back on", async () => {
  let fail = true;
  const failures: unknown[] = [];
  const made = session(
    {},
    {
      onFailed: (error) => failures.push(error),
      onMade: ({ simulation }) => {
        if (fail) simulation.scheduler.at(5e6, () => invariantBroken());
        fail = false;
      },
    },
  );
  made.go(10_000);
  await until("it has failed", () => made.state === "failed");
  expect(made.failure).toBe("the world is broken");
  expect(failures).toHaveLength(1);
  expect(made.run()).toMatchObject({ ok: false });
  expect(made.strike(cut)).toMatchObject({ ok: false });
  await goneTo(made, 10_000);
  expect(made.state).toBe("paused");
  expect(made.nowMs).toBe(10_000);
});

function invariantBroken(): never {
  throw new Error("the world is broken");
}

test("an app that the firmware refuses is the failure of the start", () => {
  const made = new VirtualSession({ recipe: sketched({ app: { ...app, name: "Not A Name" } }) });
  open.push(made);
  expect(made.start()).toMatchObject({ ok: false, error: { message: expect.stringContaining("name") } });
});
