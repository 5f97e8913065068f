/** Each fault of the broker on the whole: what the firmware makes of it, and that everything is delivered once it is over. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FaultKind } from "../../../host-sim/faults/catalogue.js";
import { Injector } from "../../../host-sim/faults/injector.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Simulation } from "../../../host-sim/simulation.js";
import { connected } from "./convergence.js";
import { fault, plainApp } from "./struck.js";

describe("a broker that restarts", () => {
  test("resets the board's connection, refuses it while it is down, and gets its messages afterwards", () => {
    const made = connected([fault("broker-down", 20_000, 50_000), fault("broker-down", 25_000, 30_000)]);
    made.until(20_100);
    expect(made.station.firmwareCounters()).toMatchObject({ connectionFailures: 1, connects: 1 });
    made.until(49_900);
    expect(made.connacks).toHaveLength(1);
    const { connectionFailures } = made.converges(110_000);
    expect(connectionFailures).toBeGreaterThan(3);
    // It publishes no will when it stops: nobody heard of the outage but by the silence.
    expect(made.statuses).toEqual(["online", "online", "offline"]);
  });

  test("with its memory kept has what was retained, and with it lost has it again when the board is back", () => {
    for (const session of ["kept", "lost"]) {
      const made = connected([fault("broker-down", 20_000, 30_000, { session })]);
      const { retained } = made.simulation.broker;
      made.until(20_000 - 1);
      const before = [...retained.keys()].sort();
      expect(before).toHaveLength(7);
      made.until(29_000);
      expect([...retained.keys()]).toHaveLength(session === "kept" ? 7 : 0);
      made.until(59_000);
      expect([...retained.keys()].sort()).toEqual(before);
      expect(made.status()).toBe("online");
      made.converges(70_000);
    }
  });
});

test.each([1, 2, 3, 4, 5])(
  "refused with CONNACK %i, the firmware tries again after ever longer pauses, and gets through afterwards",
  (code) => {
    const made = connected([fault("broker-refuse", 20_000, 60_000, { code }), fault("broker-disconnect", 20_500, 20_500)]);
    made.until(60_000);
    const refused = made.connacks.slice(1);
    expect(refused.length).toBeGreaterThanOrEqual(4);
    expect(refused.length).toBeLessThanOrEqual(8);
    expect(refused.every((each) => each.code === code)).toBe(true);
    const gaps = refused.map(({ atMs }, index) => atMs - (refused[index - 1]?.atMs ?? 20_500));
    expect(gaps.at(-1)!).toBeGreaterThan(8 * gaps[0]!);
    expect(made.converges(130_000).connects).toBe(2);
  },
);

test("closed by the broker, the board is back within a few seconds, and its will was published", () => {
  const made = connected([fault("broker-disconnect", 20_000, 20_000)]);
  made.until(25_500);
  expect(made.statuses).toEqual(["online", "offline", "online"]);
  expect(made.converges(40_000)).toMatchObject({ connects: 2, connectionFailures: 1 });
});

describe("a broker that is silent", () => {
  test("is given up by the unanswered ping, then by each unanswered CONNECT, and found again when it goes on", () => {
    const made = connected([fault("broker-silent", 20_000, 100_000)]);
    made.until(52_000);
    expect(made.station.firmwareCounters().connectionFailures).toBe(0);
    made.until(54_000);
    expect(made.station.firmwareCounters().connectionFailures).toBe(1);
    made.until(99_900);
    // The ping, and then attempts that each wait 10 s for their CONNACK.
    expect(made.station.firmwareCounters().connectionFailures).toBe(4);
    expect(made.simulation.broker.counts.connects).toBe(1);
    const { connects } = made.converges(180_000);
    expect(connects).toBe(2);
    // It has then read all that was sent to it meanwhile, the ends of those connections included.
    expect(made.simulation.broker.counts.connects).toBeGreaterThan(3);
  });

  test("for a shorter time than the firmware's patience costs nothing but time", () => {
    const made = connected([fault("broker-silent", 20_000, 45_000)]);
    expect(made.converges(80_000)).toMatchObject({ connects: 1, connectionFailures: 0, retransmitted: 0 });
  });
});

test("a broker that forgets is not found out by acknowledgements: what it acknowledged is gone", () => {
  const made = connected([fault("broker-forgets", 20_000, 30_000)]);
  made.until(29_500);
  const kept = made.simulation.broker.retained.get(`mote/${made.station.device}/temperature`)!;
  expect((JSON.parse(kept.payload.toString()) as { ms: number }).ms).toBeLessThanOrEqual(20_000);
  made.until(31_000);
  const { forgotten } = made.simulation.broker.counts;
  // Six messages a second.
  expect(Math.abs(forgotten - 60)).toBeLessThanOrEqual(2);
  const { published } = made.converges(60_000);
  expect(made.simulation.broker.counts).toMatchObject({ published: published - forgotten, acknowledged: published, duplicates: 0 });
});

test("a fault that names a board strikes its connections alone, but a broker that is down is down for both", () => {
  const simulation = new Simulation({ seed: 1, broker: "model" });
  const [first, second] = ["first", "second"].map((name) =>
    simulation.add({ name, app: plainApp, engine: (device, settings, witness) => nodeEngine(device, plainApp, settings, witness) }),
  );
  const injector = new Injector(simulation);
  const struck = { board: "second" };
  injector.schedule(fault("broker-disconnect", 10_000, 10_000, {}, struck));
  injector.schedule(fault("broker-silent", 20_000, 60_000, {}, struck));
  injector.schedule(fault("broker-forgets", 70_000, 80_000, {}, struck));
  injector.schedule(fault("broker-refuse", 5000, 9000, {}, struck));
  for (const station of [first!, second!]) station.powerOn();
  const connections = () => [first!, second!].map((station) => station.counts().connections);
  simulation.scheduler.runUntil(15e6);
  expect(connections()).toEqual([1, 2]);
  simulation.scheduler.runUntil(69e6);
  expect(connections()[0]).toBe(1);
  expect(connections()[1]).toBeGreaterThan(2);
  const before = simulation.broker.counts.forgotten;
  simulation.scheduler.runUntil(80e6);
  expect([before, simulation.broker.counts.forgotten]).toEqual([0, 60]);
  injector.schedule(fault("broker-down", 80_000, 81_000, {}, struck));
  simulation.scheduler.runUntil(80.5e6);
  expect([first!, second!].map((station) => station.firmwareCounters().connectionFailures > 0)).toEqual([true, true]);
});

const kinds = ["broker-down", "broker-refuse", "broker-disconnect", "broker-silent"] as const satisfies readonly FaultKind[];

test("whatever faults overlapped, once all are healed everything that was published is acknowledged and the broker is as new", () => {
  const drawn = fc.record({
    kind: fc.constantFrom(...kinds),
    fromS: fc.integer({ min: 1, max: 60 }),
    forS: fc.integer({ min: 1, max: 40 }),
    session: fc.constantFrom("kept", "lost"),
    code: fc.integer({ min: 1, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(drawn, { minLength: 1, maxLength: 6 }), fc.nat(1000), (faults, seed) => {
      const made = connected(
        faults.map(({ kind, fromS, forS, session, code }) => fault(kind, fromS * 1000, (fromS + forS) * 1000, { session, code })),
        { seed },
      );
      made.converges(180_000);
    }),
    { seed: 1, numRuns: 10 },
  );
});
