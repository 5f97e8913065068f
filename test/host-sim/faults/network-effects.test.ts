/** Each fault of the network on the whole: the firmware notices it in its own way, and everything is delivered once it is over. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FaultKind } from "../../../host-sim/faults/catalogue.js";
import { Injector } from "../../../host-sim/faults/injector.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Simulation } from "../../../host-sim/simulation.js";
import { connected } from "./convergence.js";
import { fault, plainApp } from "./struck.js";

/** Samples a second, and what the plain app gives out of them. */
const emittedPerS = 6;

test("with the Wi-Fi out of reach, by two faults that overlap, the board joins again when the later is over", () => {
  const made = connected([fault("wifi-down", 20_000, 60_000), fault("wifi-down", 30_000, 40_000)]);
  made.until(59_900);
  expect([made.connacks.length, made.station.board.link.up]).toEqual([1, false]);
  const { networkFailures, connects, superseded } = made.converges(150_000);
  expect(networkFailures).toBeGreaterThan(3);
  expect(connects).toBe(2);
  // The back-off had come to half a minute at most.
  expect(made.connacks[1]!.atMs).toBeLessThan(100_000);
  expect(superseded).toBeGreaterThan(30 * emittedPerS);
});

test("a Wi-Fi that flaps drops the board each time, and the board is there in between", () => {
  const made = connected([fault("wifi-flap", 20_000, 75_000, { every: 15_000, off: 2000 })]);
  const { connects, networkFailures } = made.converges(150_000);
  // At 20, 35, 50 and 65 s.
  expect(connects).toBe(5);
  expect(networkFailures).toBeGreaterThanOrEqual(4);
  made.connacks.slice(1).forEach(({ atMs }, index) => {
    expect(atMs).toBeGreaterThan(22_000 + index * 15_000);
    expect(atMs).toBeLessThan(30_000 + index * 15_000);
  });
});

test("a flap whose drops last longer than from one to the next never lets go, and ends with the fault", () => {
  const made = connected([fault("wifi-flap", 20_000, 60_000, { every: 3000, off: 4000 })]);
  for (let ms = 20_100; ms < 60_000; ms += 500) {
    made.until(ms);
    expect(made.station.board.link.inReach).toBe(false);
  }
  expect(made.converges(150_000).connects).toBe(2);
});

describe("loss", () => {
  test("of 30 % for ten minutes costs delays, and every message is acknowledged", () => {
    const made = connected([fault("loss", 20_000, 620_000, { share: 0.3 })]);
    const { published, superseded, emitted } = made.converges(700_000);
    // Of six values each second, some had to give way to newer ones, and some were late.
    expect(superseded).toBeGreaterThan(100);
    expect(published).toBeGreaterThan(emitted / 3);
    const gaps = made.of("temperature").map(({ atMs }, index, all) => atMs - (all[index - 1]?.atMs ?? atMs));
    expect(Math.max(...gaps)).toBeGreaterThan(3000);
  });

  test("of everything is a broker that does not answer: given up after the ping's time, tried again until it is over", () => {
    const made = connected([fault("loss", 20_000, 120_000, { share: 1 })]);
    made.until(56_000);
    expect(made.station.firmwareCounters().connectionFailures).toBe(1);
    const { connects, retransmitted } = made.converges(250_000);
    expect(connects).toBe(2);
    expect(retransmitted).toBeGreaterThan(0);
    // The broker missed the board by its keep-alive: 45 s after the last packet.
    expect(made.statuses).toEqual(["online", "offline", "online", "offline"]);
  });
});

test("a slow network makes messages late, not lost, and needs no new connection", () => {
  const made = connected([fault("latency", 20_000, 80_000, { by: 1500, jitter: 1000 })]);
  const atMs: number[] = [];
  const heard = made.simulation.broker.onMessage;
  made.simulation.broker.onMessage = (message, duplicate) => {
    heard(message, duplicate);
    const ms = /"ms":(\d+)/.exec(message.payload.toString());
    if (ms !== null) atMs.push(made.simulation.scheduler.nowUs / 1000 - Number(ms[1]));
  };
  made.until(20_000);
  expect(Math.max(...atMs.splice(0).slice(20))).toBeLessThan(100);
  made.until(78_000);
  expect(Math.min(...atMs.slice(20))).toBeGreaterThan(1400);
  const { connects } = made.converges(140_000);
  expect(connects).toBe(1);
  expect(Math.max(...atMs.slice(-40))).toBeLessThan(2000);
});

test("a narrow network lets pass what it can, the newest first, and the rest is superseded", () => {
  const made = connected([fault("bandwidth", 20_000, 140_000, { limit: 250 })]);
  made.until(30_000);
  const { bytesOut } = made.station.counts();
  made.until(130_000);
  // With headers and acknowledgements about twice what the firmware writes.
  expect(made.station.counts().bytesOut - bytesOut).toBeLessThan(100 * 250);
  expect(made.station.counts().bytesOut - bytesOut).toBeGreaterThan(100 * 100);
  const { superseded, connects } = made.converges(200_000);
  expect(superseded).toBeGreaterThan(200);
  expect(connects).toBe(1);
});

describe("connections that die without a word", () => {
  test("are found out by the unanswered ping, 33 s after the last answer; what was under way is sent again", () => {
    const made = connected([fault("half-open", 20_300, 20_300)]);
    made.until(52_500);
    expect(made.station.firmwareCounters().connectionFailures).toBe(0);
    const { retransmitted, connects } = made.converges(100_000);
    expect([connects, retransmitted]).toEqual([2, 16]);
    expect(made.connacks[1]!.atMs).toBeGreaterThan(52_000);
    expect(made.connacks[1]!.atMs).toBeLessThan(58_500);
    // The new connection takes the name over: only then does the broker learn that the old one is dead.
    expect(made.statuses).toEqual(["online", "offline", "online", "offline"]);
  });

  test("at a power cut: the broker takes the board for online until its keep-alive is over", () => {
    const made = connected([fault("power-cut", 20_000, 90_000)]);
    made.until(64_000);
    expect(made.status()).toBe("online");
    made.until(65_500);
    expect(made.status()).toBe("offline");
    made.until(95_000);
    expect(made.status()).toBe("online");
  });

  test("at a short power cut: the board that is back takes its name over", () => {
    const made = connected([fault("power-cut", 20_000, 20_500)]);
    made.until(25_000);
    expect(made.statuses).toEqual(["online", "offline", "online"]);
    made.until(120_000);
    expect([made.statuses.length, made.station.board.link.conversations.size]).toEqual([3, 1]);
  });
});

test("a reset of its connections is heard at once by both sides", () => {
  const made = connected([fault("connection-reset", 20_300, 20_300)]);
  made.until(20_310);
  expect([made.station.firmwareCounters().connectionFailures, made.statuses]).toEqual([1, ["online", "offline"]]);
  const { connects } = made.converges(60_000);
  expect(connects).toBe(2);
  expect(made.connacks[1]!.atMs).toBeLessThan(26_000);
});

test("without a name server the connection that is there stays, and a new one has to wait for it", () => {
  const made = connected([fault("dns", 10_000, 60_000), fault("connection-reset", 20_000, 20_000)]);
  made.until(19_900);
  expect(made.station.firmwareCounters().connectionFailures).toBe(0);
  made.until(59_900);
  expect(made.connacks).toHaveLength(1);
  const { connects, connectionFailures } = made.converges(150_000);
  expect(connects).toBe(2);
  // Each attempt takes the resolver's 7 s, and the back-off.
  expect(connectionFailures).toBeGreaterThanOrEqual(4);
  expect(connectionFailures).toBeLessThanOrEqual(7);
});

const lasting = ["wifi-down", "wifi-flap", "loss", "latency", "bandwidth", "dns"] as const satisfies readonly FaultKind[];
const sudden = ["half-open", "connection-reset"] as const satisfies readonly FaultKind[];

test("whatever faults overlapped, once all are healed everything that was published is acknowledged and the link is as new", () => {
  const drawn = fc.record({
    kind: fc.constantFrom(...lasting, ...lasting, ...sudden),
    fromS: fc.integer({ min: 1, max: 60 }),
    forS: fc.integer({ min: 1, max: 40 }),
    share: fc.integer({ min: 0, max: 10 }),
  });
  fc.assert(
    fc.property(fc.array(drawn, { minLength: 1, maxLength: 6 }), fc.nat(1000), (faults, seed) => {
      const made = connected(
        faults.map(({ kind, fromS, forS, share }) =>
          fault(kind, fromS * 1000, (fromS + forS) * 1000, {
            share: share / 10,
            limit: 10 + share * 100,
            by: share * 700,
            every: 1000 + share * 2000,
          }),
        ),
        { seed },
      );
      made.converges(180_000);
    }),
    { seed: 1, numRuns: 10 },
  );
});

describe("the trace", () => {
  const trace = (faults: Parameters<typeof connected>[0]) => {
    const lines: string[] = [];
    const made = connected(faults, { onTrace: (line) => lines.push(line) });
    made.until(60_000);
    return lines;
  };
  const calm = trace([]);

  test("is the same up to the first fault", () => {
    const lines = trace([fault("loss", 30_000, 40_000, { share: 0.5 }), fault("latency", 30_000, 40_000, { jitter: 100 })]);
    const upTo = (all: string[]) => all.filter((line) => (JSON.parse(line) as { us: number }).us < 30_000_000);
    expect(upTo(lines)).toEqual(upTo(calm));
    expect(lines).not.toEqual(calm);
  });

  test("is not shifted by faults that do nothing, since they draw on their own", () => {
    expect(
      trace([fault("loss", 10_000, 40_000, { share: 0 }), fault("latency", 10_000, 40_000, { by: 0 }), fault("dns", 10_000, 40_000)]),
    ).toEqual(calm);
  });

  test("of a board does not depend on what the same fault does to another", () => {
    const linesOfFirst = (powered: number): string[] => {
      const lines: string[] = [];
      const simulation = new Simulation({ seed: 1, broker: "model", onTrace: (line) => lines.push(line) });
      new Injector(simulation).schedule(fault("loss", 1000, 40_000, { share: 0.5 }));
      for (const name of ["first", "second"]) {
        simulation.add({ name, app: plainApp, engine: (device, settings, witness) => nodeEngine(device, plainApp, settings, witness) });
      }
      for (const station of simulation.stations.slice(0, powered)) station.powerOn();
      simulation.scheduler.runUntil(30e6);
      const { id } = simulation.stations[0]!.board;
      return lines.filter((line) => (JSON.parse(line) as { board: string }).board === id);
    };
    expect(linesOfFirst(2)).toEqual(linesOfFirst(1));
  });
});
