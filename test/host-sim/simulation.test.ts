import { describe, expect, test } from "vitest";
import type { App } from "../../firmware/declaration.js";
import { defineApp, NTC, SHT3x } from "../../firmware/mote.js";
import { random } from "../../host-sim/world/random.js";
import { run } from "./run.js";

/** The counts that the world and the firmware both make. */
const shared = ["samples", "missed", "readErrors", "emitted", "published", "acknowledged", "bytesOut"] as const;

function both(made: ReturnType<typeof run>): [Record<string, number>, Record<string, number>] {
  const world = made.station.counts();
  const firmware = made.station.firmwareCounters();
  return [Object.fromEntries(shared.map((name) => [name, firmware[name]])), Object.fromEntries(shared.map((name) => [name, world[name]]))];
}

describe("an hour of the default app", () => {
  const hour = run({ seed: 1 });
  hour.until(3_600_000 + 100);
  const firmware = hour.station.firmwareCounters();

  test("samples every grid point, begins each within 2 ms of it, and loses nothing on the way to the broker", () => {
    expect(firmware).toMatchObject({
      missed: 0,
      late: 0,
      readErrors: 0,
      superseded: 0,
      connects: 1,
      connectionFailures: 0,
      networkFailures: 0,
    });
    // Three sensors of one grid point each second, and the one whose point lies on the hour itself.
    expect(firmware.samples).toBe(4 * 3600 + 1);
    expect(firmware.worstLateMs).toBeLessThanOrEqual(2);
  });

  test("is counted alike by the firmware and by the world, and published as counted", () => {
    const [own, world] = both(hour);
    expect(own).toEqual(world);
    const counters = hour.of("counters").map(({ text }) => JSON.parse(text) as { samples: number });
    expect(counters).toHaveLength(60);
    expect(counters.at(-1)!.samples).toBe(4 * 3600);
  });

  test("says online once, gives each channel's values in order without a gap, and all of it is retained", () => {
    expect(hour.of("status")).toMatchObject([{ text: "online" }]);
    expect(hour.of("status")[0]!.atMs).toBeLessThan(500);
    for (const topic of ["temperature", "temperature/summary", "humidity", "pressure", "outdoor", "probe", "rain"]) {
      const messages = hour.of(topic).map(({ text }) => JSON.parse(text) as { ms: number; n: number });
      expect(messages.length).toBeGreaterThan(10);
      let lastMs = -1;
      for (const { ms } of messages) {
        expect(ms).toBeGreaterThan(lastMs);
        lastMs = ms;
      }
      // The first second's values are superseded while the board joins: nothing after them.
      const first = messages[0]!.n;
      expect(messages.map(({ n }) => n)).toEqual(messages.map((_, index) => first + index));
    }
    expect(hour.published.every(({ retain }) => retain)).toBe(true);
    expect(hour.of("temperature/summary")).toHaveLength(60);
  });
});

describe("the orderly end", () => {
  test("at any moment leaves equal counts, every publish acknowledged, and the status offline", () => {
    const draws = random(7);
    for (let seed = 1; seed <= 12; seed++) {
      const made = run({ seed });
      // Hold-ups make samples late and missed, up to some seconds before the end.
      for (let times = 0; times < 3; times++) {
        const { board } = made.station;
        const { scheduler } = made.simulation;
        const holdUs = draws.next() % 3e6;
        scheduler.at(2e6 + (draws.next() % 10e6), () => board.cpu.post(() => board.cpu.charge(holdUs)));
      }
      // Often in the middle of a measurement.
      made.until(25_000 + (draws.next() % 2) * 1000 + (draws.next() % 20));
      expect(made.stop()).toBe(true);
      const [own, world] = both(made);
      expect({ seed, ...own }).toEqual({ seed, ...world });
      expect(own.acknowledged).toBe(own.published);
      expect(made.published.at(-1)).toMatchObject({ topic: "status", text: "offline" });
      expect(made.simulation.broker.retained.get("mote/mote-6f7465/status")?.payload.toString()).toBe("offline");
    }
  });

  test("ends the sampling: what the board counts afterwards stays", () => {
    const made = run();
    made.until(10_000);
    expect(made.stop()).toBe(true);
    const after = both(made);
    made.until(60_000);
    expect(both(made)).toEqual(after);
  });
});

test("a point that passed without a sample is missed also when the end follows at once on a sample", () => {
  const app = defineApp({
    name: "one",
    sensors: { probe: { driver: NTC, on: "analog", everyMs: 1000 } },
    channels: { probe: { from: "probe.thermometer.temperature", resolution: 0.1 } },
  });
  const made = run({ app });
  const { board } = made.station;
  const { scheduler } = made.simulation;
  scheduler.at(3_500_000, () => board.cpu.post(() => board.cpu.charge(1_200_000)));
  made.until(5002);
  made.stop();
  expect([made.station.counts().missed, made.station.firmwareCounters().missed]).toEqual([0, 0]);
  const again = run({ app });
  const other = again.station;
  again.simulation.scheduler.at(3_500_000, () => other.board.cpu.post(() => other.board.cpu.charge(2_200_000)));
  again.until(6002);
  again.stop();
  expect([other.counts().missed, other.firmwareCounters().missed]).toEqual([1, 1]);
});

describe("the trace", () => {
  const hash = (options: Parameters<typeof run>[0]): string => {
    const made = run(options);
    made.until(20_000);
    made.stop();
    return made.simulation.traceSha256();
  };

  test("of one seed is the same every time, and of another it is another", () => {
    const traces = [1, 1, 2, 3].map((seed) => hash({ seed }));
    expect(traces[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(traces[1]).toBe(traces[0]);
    expect(new Set(traces).size).toBe(3);
  });

  test("is the same when the lines are listened to, which are JSON with times that never go back", () => {
    const lines: string[] = [];
    expect(hash({ onTrace: (line) => lines.push(line) })).toBe(hash({}));
    const parsed = lines.map((line) => JSON.parse(line) as { us: number; what: string; board: string });
    expect(new Set(parsed.map(({ what }) => what))).toEqual(
      new Set([
        "power",
        "wifi.configure",
        "wifi.connect",
        "wifi",
        "dns.query",
        "dns.answer",
        "tcp.open",
        "tcp.write",
        "tcp.read",
        "tcp.close",
        "i2c.write",
        "i2c.read",
        "analog",
        "digital.edge",
        "flash.write",
        "flash.erase",
      ]),
    );
    // A line of the world's may come while the board's own clock runs ahead by what it is doing.
    expect(parsed.every(({ us }, index) => Number.isInteger(us) && (index === 0 || us >= parsed[index - 1]!.us - 25_000))).toBe(true);
  });

  test("is the same across the counter's edges at 2^31 and 2^32 ms, and so is everything that the board counts", () => {
    const plain = run();
    plain.until(30_000);
    const counters = plain.station.firmwareCounters();
    const trace = plain.simulation.traceSha256();
    for (const edge of [2 ** 31, 2 ** 32]) {
      const made = run({ ticksAtBoot: (edge - 10_000) | 0 });
      made.until(30_000);
      expect(made.station.firmwareCounters()).toEqual(counters);
      expect(made.simulation.traceSha256()).toBe(trace);
    }
  });
});

describe("an app that is refused", () => {
  test.each([
    ["a sensor on no bus", { name: "x", sensors: { a: { driver: SHT3x, on: "spi", everyMs: 1 } }, channels: {} }, 'sensor "a": on must be'],
    ["a channel from nowhere", { name: "x", sensors: {}, channels: { a: { resolution: 1 } } }, 'channel "a": from is missing'],
    ["a sensor that is none", { name: "x", sensors: { a: null }, channels: {} }, 'sensor "a": must be an object'],
    ["none at all", null, "app: must be what defineApp returns, not null"],
    [
      "a driver's wrong option",
      { name: "x", sensors: { a: { driver: NTC, on: "analog", everyMs: 9, options: { ohm: 1 } } }, channels: {} },
      'sensor "a": NTC: no option "ohm"',
    ],
  ])("is refused by its message, never by an exception: %s", (_, app, message) => {
    const { started } = run({ app: app as unknown as App });
    expect(started.ok ? "" : started.error.message).toMatch(message);
  });
});
