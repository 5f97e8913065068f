/** The power goes at any instant, within whatever the firmware is doing, and comes back: nothing of the old boot acts any more, and the board is whole again. */
import { beforeAll, describe, expect, test } from "vitest";
import ownApp from "../../../firmware/app.js";
import type { App } from "../../../firmware/declaration.js";
import type { ResetReason } from "../../../firmware/device.js";
import { random } from "../../../host-sim/world/random.js";
import { sectorBytes } from "../../../host-sim/world/flash-memory.js";
import type { RunOptions } from "../run.js";
import { fault, type Message, struck } from "./struck.js";

interface Line {
  readonly us: number;
  readonly what: string;
  readonly on?: boolean;
}

const offMs = 100;

/** The own app with a power cut at `cutUs`: its trace, its boots, and what it published. */
function cutAt(cutUs: number, options: RunOptions = {}) {
  const lines: Line[] = [];
  const reasons: ResetReason[] = [];
  const made = struck([fault("power-cut", cutUs / 1000, cutUs / 1000 + offMs)], {
    app: ownApp as App,
    onTrace: (line) => lines.push(JSON.parse(line) as Line),
    events: { onBoot: (_, reason) => reasons.push(reason) },
    ...options,
  });
  return { ...made, lines, reasons };
}

/** The instants of the first three seconds at which something is seen to happen, or just after it, and some others. */
function instants(): number[] {
  const { lines, until } = cutAt(1e9);
  until(3000);
  const seen = new Set<number>([0, 1, 30]);
  for (const [index, { us }] of lines.entries()) seen.add(Math.min(us + [0, 1, 13][index % 3]!, 3e6));
  const draws = random(1).split("instants");
  for (let each = 0; each < 30; each++) seen.add(draws.next() % 3_000_000);
  return [...seen].sort((a, b) => a - b);
}

describe("wherever the power goes in the first three seconds", () => {
  let runs: (ReturnType<typeof cutAt> & { cutUs: number })[] = [];
  beforeAll(() => {
    runs = instants().map((cutUs) => {
      const made = cutAt(cutUs);
      made.until(cutUs / 1000 + offMs + 2600);
      return { cutUs, ...made };
    });
  }, 60_000);

  test("many instants within transfers, joins and handlers are tried", () => {
    expect(runs.length).toBeGreaterThan(120);
  });

  test("nothing of the old boot acts after it, and nothing at all happens on the board while it is off", () => {
    for (const { cutUs, lines } of runs) {
      const off = lines.findIndex(({ what, on }) => what === "power" && on === false);
      const on = lines.findIndex(({ what, on }, index) => index > off && what === "power" && on === true);
      expect([cutUs, lines[off]?.us, lines[on]?.us]).toEqual([cutUs, cutUs, cutUs + offMs * 1000]);
      expect([cutUs, lines.slice(0, off).filter(({ us }) => us > cutUs)]).toEqual([cutUs, []]);
      expect([cutUs, lines.slice(off + 1, on)]).toEqual([cutUs, []]);
    }
  });

  test("the board boots as after any power-on, its counters begin anew, and it joins and publishes again", () => {
    for (const { cutUs, started, station, reasons, published } of runs) {
      // That the power went within its start is no mistake of the app's.
      expect([cutUs, started.ok]).toEqual([cutUs, true]);
      expect([cutUs, reasons]).toEqual([cutUs, ["power-on", "power-on"]]);
      expect(station.board.device.power.resetReason).toBe("power-on");
      const onMs = cutUs / 1000 + offMs;
      const since = published.filter(({ atMs }) => atMs >= onMs);
      expect([cutUs, since.filter(({ topic }) => topic === "status").map(({ text }) => text)]).toEqual([cutUs, ["online"]]);
      const values = since.filter(({ topic }) => topic === "temperature").map(({ text }) => JSON.parse(text) as Message & { n: number });
      // The newest value waits for the connection, so the first that is sent may not be the first that was made.
      expect([cutUs, values[0]!.ms < 1100, values[0]!.n <= 2]).toEqual([cutUs, true, true]);
      // The boot itself may pass a millisecond of the counter.
      expect([cutUs, Math.abs(values.at(-1)!.ms - 2000) <= 1, values.at(-1)!.n]).toEqual([cutUs, true, 3]);
      const counters = station.firmwareCounters();
      expect([cutUs, counters.samples, counters.connects, counters.late, counters.readErrors]).toEqual([cutUs, 11, 1, 0, 0]);
      expect([cutUs, station.counts().missed, station.counts().readErrors]).toEqual([cutUs, 0, 0]);
      expect(station.counts().boots).toBe(2);
      expect(station.device).toBeDefined();
    }
  });
});

test("a cut while the power is off already lengthens it, and the board comes back when nothing holds it off any more", () => {
  const lines: Line[] = [];
  const made = struck([fault("power-cut", 2000, 4000), fault("power-cut", 3000, 5000), fault("reset", 3500, 3500)], {
    onTrace: (line) => lines.push(JSON.parse(line) as Line),
  });
  made.until(10_000);
  expect(lines.filter(({ what }) => what === "power").map(({ us, on }) => [us / 1000, on])).toEqual([
    [0, true],
    [2000, false],
    [5000, true],
  ]);
  expect(made.station.counts().boots).toBe(2);
});

test("a cut in the middle of a reset's restart is the longer of the two", () => {
  const lines: Line[] = [];
  const made = struck([fault("reset", 2000, 2000), fault("power-cut", 2100, 2150)], {
    onTrace: (line) => lines.push(JSON.parse(line) as Line),
  });
  made.until(4000);
  const power = lines.filter(({ what }) => what === "power").map(({ us, on }) => [us / 1000, on]);
  expect(power.slice(0, 2)).toEqual([
    [0, true],
    [2000, false],
  ]);
  expect(made.station.powered).toBe(true);
});

test("what a cut left half written in flash is what the next boot finds", () => {
  const made = cutAt(2_000_050);
  const { station, simulation } = made;
  /** Where the journal has not come to yet. */
  const unused = 100 * sectorBytes;
  const bytes = new Uint8Array(64);
  simulation.scheduler.at(1_999_000, () => {
    const { cpu, device } = station.board;
    // The write begins 50 µs before the cut: 20 bytes of 2.5 µs each are done.
    cpu.post(() => {
      cpu.charge(2_000_000 - cpu.nowUs);
      device.flash.open({ path: "journal" }).write(bytes, unused);
    });
  });
  made.until(3000);
  const found = new Uint8Array(64);
  station.board.cpu.post(() => station.board.device.flash.open({ path: "journal" }).read(found, unused));
  made.until(3100);
  expect([...found.subarray(0, 20)]).toEqual([...bytes.subarray(0, 20)]);
  expect(found.subarray(21).every((byte) => byte === 0xff)).toBe(true);
});

test("chips on the board's supply begin anew with it, but not when only the board restarts", () => {
  const measured = (kind: "power-cut" | "reset"): boolean => {
    const made = struck([fault(kind, 1900, 2000)]);
    const chip = made.station.board.i2c.chips.get(0x76)!;
    made.until(2100);
    const register = new Uint8Array(1);
    chip.write(Uint8Array.of(0xf2), 2_100_000);
    chip.read(register, 2_100_000);
    return register[0] !== 0;
  };
  expect(measured("reset")).toBe(true);
  expect(measured("power-cut")).toBe(false);
});
