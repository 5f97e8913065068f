/** The contract of the Device port (firmware/device.ts) as a suite, to be run against every adapter. What an adapter lacks is skipped with its reason. */
import { describe, expect, test } from "vitest";
import type { DeviceAdapter } from "./adapter.js";
import { cryptoContract } from "./crypto-contract.js";
import { gattContract } from "./gatt-contract.js";

export function deviceContract(name: string, adapt: () => DeviceAdapter): void {
  describe(name, () => {
    test("the board is told apart by twelve lower-case hex digits, which stay", () => {
      const { device } = adapt();
      expect(device.id).toMatch(/^[0-9a-f]{12}$/);
      expect(device.id).toBe(device.id);
      expect(["power-on", "software", "panic", "watchdog", "brown-out", "deep-sleep", "unknown"]).toContain(device.power.resetReason);
    });

    describe("the clock", () => {
      test("counts whole milliseconds, never runs back, and keeps time", async () => {
        const { device, on, pass, otherClockMs } = adapt();
        const first = await on(() => device.clock.nowMs());
        const startMs = otherClockMs();
        let last = first;
        for (const stepMs of [0, 1, 2, 5, 10, 20, 60]) {
          await pass(stepMs);
          const now = await on(() => device.clock.nowMs());
          expect(Number.isInteger(now)).toBe(true);
          expect(now).toBeGreaterThanOrEqual(last);
          last = now;
        }
        expect(Math.abs(last - first - (otherClockMs() - startMs))).toBeLessThanOrEqual(5);
      });
    });

    describe("timers", () => {
      test("call back once, never before their time, in the order of their times, also among equals", async () => {
        const { device, on, pass } = adapt();
        const fired: [number, number][] = [];
        const delays = [150, 10, 20, 10, 0];
        const setMs = await on(() => {
          const { timers, clock } = device;
          delays.forEach((delayMs, index) => timers.set(() => fired.push([index, clock.nowMs()]), delayMs));
          return clock.nowMs();
        });
        await pass(250);
        expect(fired.map(([index]) => index)).toEqual([4, 1, 3, 2, 0]);
        for (const [index, atMs] of fired) expect(atMs - setMs).toBeGreaterThanOrEqual(delays[index]!);
      });

      test("never call back from inside of set, not even with no delay", async () => {
        const { device, on, pass } = adapt();
        let calls = 0;
        const during = await on(() => {
          device.timers.set(() => calls++, 0);
          return calls;
        });
        await pass(20);
        expect([during, calls]).toEqual([0, 1]);
      });

      test("that were cleared never call back, also when they are due; clearing again, or after firing, does nothing", async () => {
        const { device, on, pass } = adapt();
        const { timers } = device;
        const calls: string[] = [];
        await on(() => {
          const later = timers.set(() => calls.push("cleared at once"), 10);
          timers.clear(later);
          timers.clear(later);
          const second = timers.set(() => calls.push("cleared by the first"), 20);
          const first = timers.set(() => {
            calls.push("first");
            timers.clear(second);
            timers.clear(first);
          }, 15);
          // Due in the same millisecond as what clears it.
          timers.set(() => timers.clear(twin), 25);
          const twin = timers.set(() => calls.push("twin"), 25);
          timers.clear(undefined);
        });
        await pass(80);
        expect(calls).toEqual(["first"]);
      });

      test("that became due while the firmware was busy can still be cleared", async () => {
        const { device, on, pass } = adapt();
        const { timers, clock, crypto } = device;
        const calls: string[] = [];
        await on(() => {
          timers.set(() => {
            calls.push("first");
            timers.clear(second);
          }, 2);
          const second = timers.set(() => calls.push("second"), 2);
          const untilMs = clock.nowMs() + 10;
          while (clock.nowMs() < untilMs) crypto.generateKeyPair();
        });
        // A key may take 120 ms.
        await pass(300);
        expect(calls).toEqual(["first"]);
      });

      test("may be set from inside of a timer", async () => {
        const { device, on, pass } = adapt();
        let calls = 0;
        const again = () => void (++calls < 3 && device.timers.set(again, 1));
        await on(() => device.timers.set(again, 1));
        await pass(60);
        expect(calls).toBe(3);
      });
    });

    test("random fills all of what it is given, differently each time, with bytes of every value", async () => {
      const { device, on } = adapt();
      const [one, two] = await on(() => {
        const buffers = [new Uint8Array(4096), new Uint8Array(4096)] as const;
        device.random(buffers[0]);
        device.random(buffers[1]);
        device.random(new Uint8Array(0));
        return buffers;
      });
      expect(Buffer.from(one).equals(two)).toBe(false);
      expect(new Set(one).size).toBe(256);
      expect(one.subarray(0, 16).some((byte) => byte !== 0) && one.subarray(-16).some((byte) => byte !== 0)).toBe(true);
      const view = new Uint8Array(12);
      await on(() => device.random(view.subarray(4, 8)));
      expect([...view.subarray(0, 4), ...view.subarray(8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    });

    cryptoContract(adapt);

    gattContract(adapt);

    test("a connection that is refused calls onError once, later, and nothing else", async () => {
      const { device, on, pass, nobody } = adapt();
      const calls: string[] = [];
      const during = await on(() => {
        const tcp = new device.TCP({
          ...nobody,
          onReadable: () => calls.push("readable"),
          onWritable: () => calls.push("writable"),
          onError: () => calls.push("error"),
        });
        // Nothing was called from inside of the constructor.
        expect(tcp).toBeDefined();
        return calls.length;
      });
      await pass(100);
      expect([during, calls]).toEqual([0, ["error"]]);
    });

    test("a connection takes no bytes before the first onWritable", async () => {
      const { device, on, nobody } = adapt();
      await on(() => {
        const tcp = new device.TCP({ ...nobody });
        expect(() => tcp.write(Uint8Array.of(1))).toThrow();
        tcp.close();
      });
    });

    test("a connection that is closed at once calls nothing", async () => {
      const { device, on, pass, nobody } = adapt();
      const calls: string[] = [];
      await on(() => new device.TCP({ ...nobody, onWritable: () => calls.push("writable"), onError: () => calls.push("error") }).close());
      await pass(100);
      expect(calls).toEqual([]);
    });

    const { withoutI2C, partition } = adapt();
    test.skipIf(withoutI2C !== undefined)("an I²C address is opened once at a time" + because(withoutI2C), async () => {
      const { device, on } = adapt();
      const { data, clock, port } = device.board.i2c;
      const options = { data, clock, port, hz: 400_000, address: 0x3c };
      await on(() => {
        const first = new device.I2C(options);
        expect(() => new device.I2C(options)).toThrow();
        const other = new device.I2C({ ...options, address: 0x3d });
        first.close();
        const again = new device.I2C(options);
        // Nobody answers at it.
        expect(() => again.write(Uint8Array.of(0))).toThrow();
        expect(() => again.read(new Uint8Array(1))).toThrow();
        again.close();
        other.close();
      });
    });

    test("key-value storage gives back what was written last, to any opener, and refuses what it cannot keep", async () => {
      const { device, on } = adapt();
      const bytes = (value: ArrayBuffer | undefined): number[] | undefined =>
        value === undefined ? undefined : [...new Uint8Array(value)];
      await on(() => {
        const { keyValue } = device;
        expect(() => keyValue.open({ path: "never written", mode: "r" })).toThrow();
        const store = keyValue.open({ path: "contract" });
        store.delete("value");
        store.delete("value");
        expect(store.read("value")).toBeUndefined();
        const mine = Uint8Array.of(0, 1, 254, 255);
        store.write("value", mine);
        mine.fill(7);
        expect(bytes(store.read("value"))).toEqual([0, 1, 254, 255]);
        store.write("value", mine.subarray(1, 3));
        store.write("fifteen letters", new Uint8Array(0));
        new Uint8Array(store.read("value")!).fill(0);
        expect([bytes(store.read("value")), bytes(store.read("fifteen letters"))]).toEqual([[7, 7], []]);
        expect(() => store.write("sixteen letters!", mine)).toThrow();
        const elsewhere = keyValue.open({ path: "contract 2", format: "buffer" });
        expect(elsewhere.read("value")).toBeUndefined();
        elsewhere.write("value", Uint8Array.of(1));
        elsewhere.close();
        const reader = keyValue.open({ path: "contract", mode: "r" });
        expect(bytes(reader.read("value"))).toEqual([7, 7]);
        expect(() => reader.write("value", mine)).toThrow();
        expect(() => reader.delete("value")).toThrow();
        reader.close();
        store.delete("fifteen letters");
        expect(store.read("fifteen letters")).toBeUndefined();
        store.close();
        expect(() => store.read("value")).toThrow();
        expect(() => store.write("value", mine)).toThrow();
        store.close();
      });
    });

    const without = "without" in partition ? partition.without : undefined;
    test.skipIf(without !== undefined)(
      "flash erases to ones, clears bits only, and refuses what lies outside" + because(without),
      async () => {
        const { device, on } = adapt();
        if ("without" in partition) return;
        await on(() => {
          expect(() => device.flash.open({ path: "no such partition" })).toThrow();
          const flash = device.flash.open(partition);
          const { size, blockLength, blocks } = flash.status();
          const writeAlign = 4;
          expect(size).toBe(blockLength * blocks);
          const into = new Uint8Array(16);
          flash.eraseBlock(0, 2);
          expect(flash.read(into, blockLength - 8)).toBe(16);
          expect([...into]).toEqual(Array.from({ length: 16 }, () => 0xff));
          const written = Uint8Array.from({ length: 4 * writeAlign }, () => 0b1010_1010);
          flash.write(written, blockLength - 2 * writeAlign);
          flash.write(written.fill(0b1100_1100), blockLength - 2 * writeAlign);
          const both = new Uint8Array(4 * writeAlign);
          flash.read(both, blockLength - 2 * writeAlign);
          expect(new Set(both)).toEqual(new Set([0b1000_1000]));
          flash.eraseBlock(0);
          flash.read(both, blockLength - 2 * writeAlign);
          expect([both[0], both[2 * writeAlign]]).toEqual([0xff, 0b1000_1000]);
          expect(() => flash.read(into, size - 8)).toThrow();
          expect(() => flash.write(written, size)).toThrow();
          expect(() => flash.eraseBlock(blocks)).toThrow();
          flash.close();
          const reader = device.flash.open({ ...partition, mode: "r" });
          expect(() => reader.write(written, 0)).toThrow();
          expect(() => reader.eraseBlock(0)).toThrow();
          reader.close();
        });
      },
    );
  });
}

function because(reason: string | undefined): string {
  return reason === undefined ? "" : ` (left out: ${reason})`;
}
