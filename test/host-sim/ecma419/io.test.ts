import { expect, test } from "vitest";
import { boards } from "../../../firmware/boards/board.js";
import device from "../../../host-sim/ecma419/device.js";
import type Digital from "../../../host-sim/ecma419/digital.js";
import { System, trace } from "../../../host-sim/ecma419/globals.js";
import I2C from "../../../host-sim/ecma419/i2c.js";
import SMBus from "../../../host-sim/ecma419/smbus.js";
import { showTraces } from "../../../host-sim/ecma419/ambient.js";
import { ScriptedChip } from "../../../host-sim/world/chips/scripted.js";
import { weather } from "../../../host-sim/world/environment.js";
import { random } from "../../../host-sim/world/random.js";
import { world } from "./boards.js";

const wiring = { data: 21, clock: 22, hz: 100_000, address: 0x48 };

/** Runs `handler` on a board with a chip of registers at 0x48, and returns what went over the bus. */
function bus(handler: () => void): string[] {
  const { board, at, until, lines } = world();
  const on = board();
  const registers = { 0x10: [1, 2], 0x11: 3, 0x12: 4 };
  on.i2c.attach(new ScriptedChip({ address: 0x48, registers }, weather(random(1)), () => {}));
  at(1, on, handler);
  until(1000);
  return lines
    .filter(({ what }) => what.startsWith("i2c"))
    .map(({ what, bytes, acknowledged }) => `${what} ${String(bytes ?? acknowledged)}`);
}

test("SMBus speaks in registers, low byte first unless it is told otherwise", () => {
  const seen: unknown[] = [];
  const transfers = bus(() => {
    const io = new SMBus(wiring);
    const three = new Uint8Array(4);
    seen.push(io.readUint8(0x10), io.readUint16(0x10), io.readUint16(0x10, true), io.readBuffer(0x10, three.subarray(1)), [...three]);
    io.writeUint8(0x12, 0xab);
    io.writeUint16(0x10, 0x1234);
    io.writeUint16(0x10, 0x1234, true);
    io.writeBuffer(0x20, Uint8Array.of(5, 6).buffer);
    io.sendByte(0x12);
    seen.push(io.receiveByte());
    io.close();
  });
  expect(seen).toEqual([1, 0x0201, 0x0102, 3, [0, 1, 2, 3], 0xab]);
  expect(transfers.slice(-6)).toEqual([
    "i2c.write 12ab",
    "i2c.write 103412",
    "i2c.write 101234",
    "i2c.write 200506",
    "i2c.write 12",
    "i2c.read ab",
  ]);
});

test("I2C reads so many bytes or into a buffer, takes buffers of any kind, and is over once it is closed", () => {
  const seen: unknown[] = [];
  bus(() => {
    const io = new I2C(wiring);
    io.write(Uint8Array.of(0x10).buffer);
    const into = new ArrayBuffer(3);
    seen.push(
      new Uint8Array(io.read(2)),
      io.read(into),
      new Uint8Array(into.slice()),
      new Uint8Array(io.writeRead(Uint8Array.of(0x12), 1)),
    );
    seen.push(io.writeRead(new DataView(Uint8Array.of(0, 0x11).buffer, 1), into, false), io.format);
    expect(() => io.write([1] as never)).toThrow("an I2C transfer takes a buffer");
    io.close();
    io.close();
    expect(() => io.read(1)).toThrow("closed");
  });
  expect(seen).toEqual([Uint8Array.of(1, 2), 3, Uint8Array.of(1, 2, 3), Uint8Array.of(4), 3, "buffer"]);
});

test("an address is opened once at a time, and nobody at it means that transfers throw", () => {
  bus(() => {
    const io = new SMBus(wiring);
    expect(() => new I2C(wiring)).toThrow("duplicate address");
    const nobody = new SMBus({ ...wiring, address: 0x11 });
    expect(() => nobody.readUint8(0)).toThrow("write failed");
    expect(() => nobody.readQuick()).toThrow("read failed");
    expect(() => nobody.writeQuick()).toThrow("write failed");
    io.readQuick();
    io.writeQuick();
    expect(() => Reflect.get(SMBus, "Async")).toThrow("no asynchronous I2C");
  });
});

test("device names the pins of the board that runs, and opens on them", () => {
  const { board, at, until } = world();
  const [esp32, esp32c3] = [board(), board(boards.esp32c3)];
  const seen: unknown[] = [];
  const look = (): void => {
    const { io, ...pins } = device.I2C.default;
    seen.push(io === device.io.I2C, pins, device.Analog.default.pin, device.Digital.default.pin, device.pin.button);
  };
  at(1, esp32, look);
  at(2, esp32c3, look);
  until(10);
  expect(seen).toEqual([true, { data: 21, clock: 22, port: 0 }, 34, 27, 0, true, { data: 5, clock: 6, port: 0 }, 3, 10, 9]);
});

test("analog and digital pins work as the standard has them", () => {
  const { board, at, until } = world();
  const on = board();
  on.analog.set(34, () => 1234);
  const seen: unknown[] = [];
  at(1, on, () => {
    const { Analog, Digital: Pin } = device.io;
    const analog = new Analog({ pin: 34 });
    seen.push(analog.read(), analog.resolution, analog.format);
    analog.close();
    const output = new Pin({ pin: 4, mode: Pin.Output, initialValue: 0 });
    seen.push(on.line(4).level);
    output.write(true);
    seen.push(output.read(), output.format);
    const input = new Pin({
      pin: 27,
      mode: Pin.InputPullUp,
      edge: Pin.Falling,
      onReadable(this: Digital) {
        seen.push("edge " + this.read());
      },
    } as never);
    seen.push(input.read());
    expect(() => new Pin({ pin: 5, mode: 77 })).toThrow("no mode 77");
  });
  until(10);
  on.line(27).drive(0);
  until(11);
  on.line(27).drive(1);
  until(12);
  expect(seen).toEqual([1234, 12, "number", 0, 1, "number", 1, "edge 0"]);
});

test("trace gathers parts to lines, and System restarts the board that runs", () => {
  const { board, at, until } = world();
  const on = board();
  const lines: string[] = [];
  let restarts = 0;
  on.onRestart = () => restarts++;
  showTraces((line) => lines.push(line));
  at(1, on, () => {
    trace("one ", 2);
    trace("\ntwo\nthree");
    System.restart();
  });
  until(1000);
  trace("\n");
  showTraces(() => {});
  expect(lines).toEqual(["one 2", "two", "three"]);
  expect(restarts).toBe(1);
});
