import { describe, expect, test } from "vitest";
import { costs } from "../../../host-sim/world/costs.js";
import { analogClass, type AnalogSource, DigitalLine, digitalClass } from "../../../host-sim/world/pins.js";
import { bench } from "./bench.js";

describe("an analog input", () => {
  test("reads what it is wired to at the time, 0 where that is nothing, for 40 µs each", () => {
    const made = bench();
    const sources = new Map<number, AnalogSource>([[34, (nowUs) => Math.floor(nowUs / 1e6)]]);
    const Analog = analogClass(sources, made.cpu, made.record);
    const wired = new Analog({ pin: 34 });
    const bare = new Analog({ pin: 35 });
    made.pass(40_000);
    expect(made.timed(() => wired.read())).toEqual({ value: 50, costUs: costs.analogReadUs });
    expect(made.timed(() => bare.read()).value).toBe(0);
    sources.set(34, () => undefined);
    expect(made.timed(() => wired.read()).value).toBeUndefined();
    expect(wired.resolution).toBe(12);
    expect(made.lines.map(({ pin, raw }) => [pin, raw])).toEqual([
      [34, 50],
      [35, 0],
      [34, null],
    ]);
  });
});

describe("a digital pin", () => {
  function pin() {
    const made = bench();
    const line = new DigitalLine();
    const Digital = digitalClass(() => line, made.cpu, made.record);
    const calls: number[] = [];
    const watch = (edge: number) => new Digital({ pin: 27, mode: Digital.InputPullUp, edge, onReadable: () => calls.push(made.cpu.nowUs) });
    return { ...made, line, Digital, calls, watch };
  }

  test("rests high, and reads the level that the wire is driven to", () => {
    const { line, Digital, timed } = pin();
    const input = new Digital({ pin: 27, mode: Digital.Input });
    expect(timed(() => input.read())).toEqual({ value: 1, costUs: costs.digitalUs });
    line.drive(0);
    expect(timed(() => input.read()).value).toBe(0);
  });

  test("tells the edges that were asked for, and no others", () => {
    for (const [edges, expected] of [
      ["Rising", 1],
      ["Falling", 2],
    ] as const) {
      const { line, Digital, calls, watch, pass } = pin();
      watch(Digital[edges]);
      for (const level of [0, 0, 1, 1, 0] as const) {
        line.drive(level);
        pass(1);
      }
      expect(calls).toHaveLength(expected);
    }
    const { line, Digital, calls, watch, pass } = pin();
    watch(Digital.Rising + Digital.Falling);
    for (const level of [0, 1, 0] as const) {
      line.drive(level);
      pass(1);
    }
    expect(calls).toHaveLength(3);
  });

  test("merges the edges that come while the board is busy into one call, after it", () => {
    const { line, Digital, calls, watch, pass, cpu } = pin();
    watch(Digital.Rising + Digital.Falling);
    cpu.post(() => cpu.charge(10_000));
    for (const level of [0, 1, 0, 1, 0] as const) {
      line.drive(level);
      pass(1);
    }
    pass(10);
    expect(calls).toEqual([10_000 + 2 * costs.dispatchUs]);
    line.drive(1);
    expect(calls).toHaveLength(2);
  });

  test("calls nothing after close, not even for an edge that was seen before", () => {
    const { line, Digital, calls, watch, pass, cpu } = pin();
    const input = watch(Digital.Falling);
    cpu.post(() => {
      cpu.charge(1000);
      input.close();
    });
    pass(1);
    const other = watch(Digital.Falling);
    cpu.post(() => {
      line.drive(0);
      other.close();
    });
    pass(10);
    line.drive(1);
    line.drive(0);
    pass(10);
    expect(calls).toEqual([]);
  });

  test("as an output drives the wire, from its initial value on", () => {
    const { line, Digital, timed } = pin();
    const output = new Digital({ pin: 2, mode: Digital.Output, initialValue: 0 });
    expect(line.level).toBe(0);
    timed(() => output.write(1));
    expect([line.level, timed(() => output.read()).value]).toEqual([1, 1]);
  });
});
