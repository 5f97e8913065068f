import { expect, test } from "vitest";
import type { Device } from "../../firmware/device.js";
import { limits } from "../../firmware/limits.js";
import { type Run, run, type RunOptions } from "../host-sim/run.js";

/** How long a cause may last on after it is mended: the longest pause, an attempt under way, and a join. */
const backWithinMs = 2 * limits.backoffLongestMs + limits.connectTimeoutMs + limits.joinTimeoutMs;
const outageMs = 120_000;
const channels = ["temperature", "humidity", "pressure", "outdoor", "probe", "rain"];

type Cause = [string, (made: Run) => () => void, RunOptions?];

/** A name server that says nothing until it is told to. */
function silentNames(): Cause {
  let silent = true;
  const device = (made: Device): Device => ({ ...made, resolve: (name, onResolved) => void (silent || made.resolve(name, onResolved)) });
  return ["a name server that never answers", () => () => void (silent = false), { device }];
}

const service = (made: Run, replace: "remove" | Parameters<Run["simulation"]["lan"]["services"]["set"]>[1]): (() => void) => {
  const { services } = made.simulation.lan;
  const [at, usual] = [...services.entries()][0]!;
  if (replace === "remove") services.delete(at);
  else services.set(at, replace);
  return () => void services.set(at, usual);
};

const causes: Cause[] = [
  [
    "no Wi-Fi at all",
    ({ simulation: { accessPoint } }) => {
      accessPoint.present = false;
      return () => void (accessPoint.present = true);
    },
  ],
  [
    "no address from DHCP",
    ({ simulation: { accessPoint } }) => {
      accessPoint.dhcp = false;
      return () => void (accessPoint.dhcp = true);
    },
  ],
  silentNames(),
  [
    "a name that nobody knows",
    ({ simulation: { lan } }) => {
      const names = [...lan.names];
      lan.names.clear();
      return () => names.forEach(([name, address]) => lan.names.set(name, address));
    },
  ],
  ["a broker that refuses the connection", (made) => service(made, "remove")],
  ["a broker that never accepts", (made) => service(made, () => ({ received() {}, closed() {} }))],
  [
    "a broker that closes at once",
    (made) =>
      service(made, (peer) => {
        peer.close();
        return { received() {}, closed() {} };
      }),
  ],
  [
    "a broker that sends garbage",
    (made) =>
      service(made, (peer) => {
        peer.send(Uint8Array.of(0x20, 0xff, 0xff, 0xff, 0xff, 0xff));
        return { received() {}, closed() {} };
      }),
  ],
];

test.each(causes)(
  "with %s every sample is taken in time, and when it is mended the newest value of every channel arrives",
  (_, cause, options = {}) => {
    const made = run(options);
    const mend = cause(made);
    made.until(outageMs);
    const { samples, missed, worstLateMs, readErrors, published } = made.station.firmwareCounters();
    expect({ samples, missed, readErrors, published }).toEqual({ samples: (4 * outageMs) / 1000, missed: 0, readErrors: 0, published: 0 });
    expect(worstLateMs).toBeLessThanOrEqual(2);
    expect(made.station.counts()).toMatchObject({ samples, missed: 0 });
    mend();
    made.until(outageMs + backWithinMs);
    for (const channel of channels) {
      const [first] = made.of(channel);
      const { ms } = JSON.parse(first!.text) as { ms: number };
      // Rain and probe speak when they have something new: what waited is then as old as that.
      if (channel !== "probe") expect(first!.atMs - ms).toBeLessThanOrEqual(1200);
    }
    const counters = made.station.firmwareCounters();
    expect(counters).toMatchObject({ missed: 0, connects: 1 });
    expect(counters.superseded).toBeGreaterThan(400);
    expect(counters.worstLateMs).toBeLessThanOrEqual(2);
  },
);

test("values that come out while the connection is full are superseded, and none is sent twice", () => {
  const made = run();
  made.until(10_000);
  made.simulation.lan.latencyUs = 8_000_000;
  made.until(60_000);
  made.simulation.lan.latencyUs = 2000;
  made.until(120_000);
  const { emitted, superseded, missed } = made.station.firmwareCounters();
  expect(superseded).toBeGreaterThan(0);
  expect(missed).toBe(0);
  const values = made.published.filter(({ topic }) => topic !== "status" && topic !== "counters");
  expect(new Set(values.map(({ topic, text }) => topic + text)).size).toBe(values.length);
  expect(values.length + superseded).toBe(emitted);
});
