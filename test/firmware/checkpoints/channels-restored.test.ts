/** Channels through restarts of a simulated board: whose state a stage finds again, and what does not fit is refused. */
import { describe, expect, test } from "vitest";
import { channelFlows, channels } from "../../../firmware/channels.js";
import { checkApp } from "../../../firmware/check.js";
import { Checkpoints } from "../../../firmware/checkpoints/checkpoints.js";
import type { App, ChannelDeclaration } from "../../../firmware/declaration.js";
import type { ResetReason } from "../../../firmware/device.js";
import {
  anomaly,
  cusum,
  difference_of,
  group,
  integral,
  median,
  multiply,
  offset,
  or,
  page_hinkley,
  seasonal_baseline,
  SHT3x,
} from "../../../firmware/mote.js";
import { simulatedBoard } from "../simulated-board.js";

const everyMs = 300_000;
type Declared = Record<string, Partial<ChannelDeclaration>>;
const warm = { from: "air.thermometer.temperature" };

function app(declared: Declared, everyMs = 1000): App {
  const sensors = { air: { driver: SHT3x, on: "i2c", everyMs }, other: { driver: SHT3x, on: "i2c", everyMs, address: 0x45 } } as const;
  const all = Object.entries(declared).map(([name, each]) => [name, { resolution: 0.01, ...each }]);
  return { name: "mote", sensors, channels: Object.fromEntries(all) as App["channels"] };
}

/** One board; each boot runs an app over `readings` of both sensors, one a second, and stops in order. */
function board() {
  const made = simulatedBoard();
  return function boot(declared: Declared, readings: readonly number[], { reason = "software" as ResetReason, periodMs = 1000 } = {}) {
    made.board.powerOff();
    made.board.powerOn(reason);
    const { device } = made.board;
    const checked = checkApp(app(declared, periodMs));
    if (!checked.ok) throw new Error(checked.error.message);
    const results: [channel: string, x: number][] = [];
    const checkpoints = made.on(() => new Checkpoints(device, everyMs));
    const running = made.on(() =>
      channels(checked.value, {
        clock: device.clock,
        timers: device.timers,
        total: (name) => checkpoints.total(name),
        state: (name, meaning, bytes, walk, needsTime) => checkpoints.state(name, meaning, bytes, walk, needsTime),
        outlet: (name) => ({ value: (x) => results.push([name, x]), failed: () => results.push([name, NaN]), summary() {} }),
      }),
    );
    if (!running.ok) throw new Error(running.error.message);
    const counts = { ...checkpoints.counts() };
    for (const x of readings) {
      made.pass(periodMs);
      made.on(() => {
        for (const sensor of ["air", "other"]) {
          for (const reader of running.value.of(sensor)) reader.take({ thermometer: { temperature: x } }, undefined, device.clock.nowMs());
        }
      });
    }
    made.on(() => {
      running.value.running.stop();
      checkpoints.stop();
    });
    return { counts, of: (name: string) => results.filter(([each]) => each === name).map(([, x]) => x) };
  };
}

const learn = [cusum({ learn: 50 })];
const steady = Array.from({ length: 60 }, (_, i) => 20 + (i % 5) / 10);

test("a chart that has learnt goes on with it after a restart, and one that has not is told no alarm", () => {
  const boot = board();
  expect(boot({ warm: { ...warm, stages: learn } }, steady).counts).toEqual({ restored: 0, refused: 0, failures: 0 });
  const restarted = boot({ warm: { ...warm, stages: learn } }, [25, 25, 25], { reason: "power-on" });
  expect(restarted.counts).toEqual({ restored: 1, refused: 0, failures: 0 });
  expect(restarted.of("warm")).toEqual([1, 1, 1]);
  expect(board()({ warm: { ...warm, stages: learn } }, [25, 25, 25]).of("warm")).toEqual([0, 0, 0]);
});

describe("a state is another's, and not used, when", () => {
  test.each<[string, Declared, number?]>([
    ["a parameter is another", { warm: { ...warm, stages: [cusum({ learn: 51 })] } }],
    ["a stage in front of it is another", { warm: { ...warm, stages: [offset(1), ...learn] } }],
    ["the unit is another", { warm: { ...warm, unit: "°F", stages: learn } }],
    ["the source is another", { warm: { from: "other.thermometer.temperature", stages: learn } }],
    ["samples come at another rate", { warm: { ...warm, stages: learn } }, 2000],
    ["it stands in a branch with another stage in front", { warm: { ...warm, stages: [or(group(offset(1), ...learn))] } }],
  ])("%s", (_, changed, periodMs = 1000) => {
    const boot = board();
    boot({ warm: { ...warm, stages: learn } }, steady);
    const next = boot(changed, [25], { periodMs });
    expect(next.counts).toEqual({ restored: 0, refused: 1, failures: 0 });
    expect(next.of("warm")).toEqual([0]);
  });

  test("it stands in a branch and a stage in front of that is another, but not when another branch is", () => {
    const boot = board();
    boot({ warm: { ...warm, stages: [or(group(...learn))] } }, steady);
    expect(boot({ warm: { ...warm, stages: [or(group(...learn), offset(1))] } }, [25]).counts.restored).toBe(1);
    expect(boot({ warm: { ...warm, stages: [offset(1), or(group(...learn))] } }, [25]).counts.refused).toBe(1);
  });

  test("the channel has another name: then there is none", () => {
    const boot = board();
    boot({ warm: { ...warm, stages: learn } }, steady);
    expect(boot({ hot: { ...warm, stages: learn } }, [25]).counts).toEqual({ restored: 0, refused: 0, failures: 0 });
  });

  test("but not when stages behind it, other channels or their order change", () => {
    const boot = board();
    boot({ warm: { ...warm, stages: learn }, more: { ...warm, stages: learn } }, steady);
    const next = boot(
      { new: warm, more: { ...warm, stages: learn }, warm: { ...warm, resolution: 0.5, stages: [...learn, multiply(2)] } },
      [25],
    );
    expect(next.counts).toEqual({ restored: 2, refused: 0, failures: 0 });
    expect(next.of("warm")).toEqual([2]);
  });
});

test("twins in one channel keep their states apart", () => {
  const boot = board();
  const twins = { warm: { ...warm, stages: [or(page_hinkley({ delta: 0, threshold: 1e9 })), page_hinkley({ delta: 0, threshold: 1e9 })] } };
  boot(twins, steady);
  expect(boot(twins, [25]).counts).toEqual({ restored: 2, refused: 0, failures: 0 });
});

test("a seasonal baseline outlives a restart, and not a loss of power", () => {
  const stages = [seasonal_baseline({ periodMs: 20_000, bins: 2 })];
  const boot = board();
  boot({ warm: { ...warm, stages } }, steady);
  const restarted = boot({ warm: { ...warm, stages } }, steady.slice(0, 5));
  expect(restarted.counts.restored).toBe(1);
  expect(restarted.of("warm").length).toBe(5);
  const lost = boot({ warm: { ...warm, stages } }, steady.slice(0, 5), { reason: "power-on" });
  expect(lost.counts).toEqual({ restored: 0, refused: 1, failures: 0 });
  expect(lost.of("warm")).toEqual([]);
});

describe("an app is refused whose stages keep more than there is room for,", () => {
  const refusal = (declared: Declared): string => {
    const checked = checkApp(app(declared));
    const flows = checked.ok ? channelFlows(checked.value) : checked;
    return flows.ok ? "it is right" : flows.error.message;
  };
  const restored = (channels: number, stages: ChannelDeclaration["stages"]): Declared =>
    Object.fromEntries(Array.from({ length: channels }, (_, i) => ["c" + i, { ...warm, stages: stages! }]));

  test("with the first channel that goes beyond it", () => {
    const anomalies = restored(3, [anomaly({ restore: true })]);
    expect(refusal(anomalies)).toBe(
      'channel "c2": with its stages, what all keep over a restart is 8949 bytes in 3 states (the longest 2983), more than the board\'s storage has room for: choose restore: false for one of them, or shorter ones',
    );
    expect(refusal({ ...anomalies, c1: { ...warm, stages: [anomaly()] } })).toBe("it is right");
    expect(refusal(restored(20, [median({ window: 101, restore: true })]))).toContain('channel "c6"');
  });

  test("or more of them than there may be", () => {
    expect(refusal(restored(32, [cusum()]))).toBe("it is right");
    expect(refusal(restored(20, [cusum(), cusum()]))).toContain('channel "c16": with its stages 34 keep their state over a restart');
  });

  test("with its totals", () => {
    const two = { a: { ...warm, stages: [anomaly({ restore: true })] }, b: { ...warm, stages: [anomaly({ restore: true })] } };
    expect(refusal({ ...restored(8, [integral()]), ...two })).toBe("it is right");
    expect(refusal({ ...restored(16, [integral()]), ...two })).toContain('channel "b": with its stages, what all keep');
  });

  test("and not for totals, joins and windows that keep nothing", () => {
    const many = restored(16, [integral()]);
    expect(refusal({ ...many, both: { from: difference_of("c0", "c1"), stages: [median(101)] } })).toBe("it is right");
  });
});
