import { describe, expect, test } from "vitest";
import { boards } from "../../../firmware/boards/board.js";
import { nodeCrypto } from "../../../host-sim/node/crypto.js";
import { SimulatedBoard } from "../../../host-sim/world/board.js";
import { ChipFaults } from "../../../host-sim/world/chips/chip.js";
import { costs } from "../../../host-sim/world/costs.js";
import { PowerLost } from "../../../host-sim/world/cpu.js";
import { Lan } from "../../../host-sim/world/lan.js";
import { random } from "../../../host-sim/world/random.js";
import { Scheduler } from "../../../host-sim/world/scheduler.js";
import { AccessPoint } from "../../../host-sim/world/wifi.js";

function world(seed = 1) {
  const scheduler = new Scheduler();
  const draws = random(seed);
  const lines: string[] = [];
  const shared = {
    scheduler,
    lan: new Lan(),
    accessPoint: new AccessPoint("attic", "swordfish"),
    random: draws,
    traceSink: { line: (text: string) => void lines.push(text) },
    crypto: nodeCrypto,
  };
  const make = (index: number, ticksAtBoot = 0): SimulatedBoard => {
    const board = new SimulatedBoard(shared, { board: boards.esp32, index, ticksAtBoot });
    board.powerOn("power-on");
    return board;
  };
  /** What `handler` costs the board's thread, µs. */
  const costUs = (board: SimulatedBoard, handler: () => unknown): number => {
    let us = -1;
    scheduler.runUntil(scheduler.nowUs + 10e6);
    board.cpu.post(() => {
      const beforeUs = board.cpu.nowUs;
      handler();
      us = board.cpu.nowUs - beforeUs;
    });
    return us;
  };
  return { scheduler, lines, make, costUs };
}

test("boards of one world have ids, addresses and random bytes of their own, the same in every run of a seed", () => {
  const draw = (board: SimulatedBoard): string => {
    const bytes = new Uint8Array(8);
    board.device.random(bytes);
    return Buffer.from(bytes).toString("hex");
  };
  const [first, second] = [world(), world()].map(({ make }) => [make(0), make(1)] as const);
  expect(first!.map(({ device }) => device.id)).toEqual(["02006d6f7465", "02006d6f7466"]);
  expect(first!.map(({ device }) => new device.WiFi({}).MAC)).toEqual(["02:00:6d:6f:74:65", "02:00:6d:6f:74:66"]);
  const drawn = first!.map(draw);
  expect(drawn[0]).not.toBe(drawn[1]);
  expect(second!.map(draw)).toEqual(drawn);
  expect(draw(world(2).make(0))).not.toBe(drawn[0]);
});

test("the clock starts at 0 and counts on, wherever the counter stood at boot", () => {
  for (const atBoot of [0, 2 ** 31 - 500, -500]) {
    const { scheduler, make } = world();
    const { device } = make(0, atBoot);
    const read = [0, 400, 600, 100_000].map((ms) => {
      scheduler.runUntil(ms * 1000);
      return device.clock.nowMs();
    });
    expect(read).toEqual([0, 400, 600, 100_000]);
  }
});

describe("the thread is charged", () => {
  test("for cryptography, by the byte or by the key", () => {
    const { make, costUs } = world();
    const board = make(0);
    const { crypto } = board.device;
    const bytes = new Uint8Array(1000);
    const key = new Uint8Array(16);
    const nonce = new Uint8Array(12);
    const sealed = crypto.seal(key, nonce, bytes, bytes);
    const pair = crypto.generateKeyPair();
    expect([
      costUs(board, () => crypto.sha256(bytes)),
      costUs(board, () => crypto.hmacSha256(key, bytes)),
      costUs(board, () => crypto.seal(key, nonce, bytes, bytes)),
      costUs(board, () => crypto.open(key, nonce, bytes, sealed)),
      costUs(board, () => crypto.generateKeyPair()),
      costUs(board, () => crypto.agree(pair.privateKey, pair.publicKey)),
    ]).toEqual([110, 110, 180, Math.ceil(30 + 0.15 * 1016), 120_000, 120_000]);
  });

  test("for a timer, random bytes, and a look-up of a name", () => {
    const { make, costUs } = world();
    const board = make(0);
    const { device } = board;
    expect(costUs(board, () => device.timers.set(() => {}, 10))).toBe(costs.timerUs);
    expect(costUs(board, () => device.random(new Uint8Array(8)))).toBe(costs.randomUs);
    expect(costUs(board, () => device.resolve("broker", () => {}))).toBe(costs.resolveUs);
  });
});

test("a timer waits for the thread to be free, and is early never", () => {
  const { scheduler, make } = world();
  const { cpu, device } = make(0);
  const firedMs: number[] = [];
  cpu.post(() => {
    device.timers.set(() => firedMs.push(cpu.nowUs / 1000), 10);
    device.timers.set(() => firedMs.push(cpu.nowUs / 1000), 0.5);
    cpu.charge(5000);
  });
  scheduler.runUntil(1e6);
  expect(firedMs[0]).toBeCloseTo(5.044, 2);
  expect(firedMs[1]).toBeGreaterThanOrEqual(10);
  expect(firedMs[1]).toBeLessThan(10.1);
});

test("a restart stops the board for good where nobody turns it on again", () => {
  const { scheduler, make, lines } = world();
  const { cpu, device } = make(0);
  let fired = 0;
  cpu.post(() => {
    device.timers.set(() => fired++, 10);
    device.power.restart();
  });
  scheduler.runUntil(1e6);
  expect([fired, device.power.resetReason]).toEqual([0, "power-on"]);
  expect(lines.some((line) => line.includes('"what":"restart"'))).toBe(true);
});

describe("when the power goes within a handler", () => {
  test("nothing that the firmware still does reaches the world, and all of it throws", () => {
    const { scheduler, make, lines } = world();
    const board = make(0);
    board.link.up = true;
    const { device, cpu } = board;
    const kept = {
      chip: new device.I2C({ data: boards.esp32.i2c.data, clock: boards.esp32.i2c.clock, hz: 400_000, address: 0x44 }),
      input: new device.Analog({ pin: 34 }),
      output: new device.Digital({ pin: 2, mode: device.Digital.Output, initialValue: 0 }),
      flash: device.flash.open({ path: "journal" }),
      radio: new device.WiFi({}),
    };
    const touched: string[] = [];
    board.i2c.attach({
      address: 0x44,
      faults: new ChipFaults(),
      write: () => touched.push("write") > 0,
      read: () => touched.push("read") > 0,
    });
    const bytes = new Uint8Array(4);
    scheduler.runUntil(1000);
    cpu.powerEndsAt(2000);
    let socket: InstanceType<typeof device.TCP> | undefined;
    let tried = 0;
    cpu.post(() => {
      socket = new device.TCP({ address: "10.0.255.1", port: 1883 });
      expect(() => cpu.charge(5000)).toThrow(PowerLost);
      lines.length = 0;
      for (const operation of [
        () => kept.chip.write(bytes),
        () => kept.chip.read(bytes),
        () => kept.input.read(),
        () => kept.output.write(1),
        () => kept.output.read(),
        () => kept.flash.write(bytes, 0),
        () => kept.flash.eraseBlock(0),
        () => kept.flash.read(bytes, 0),
        () => kept.radio.connect({ SSID: "attic", password: "swordfish" }),
        () => socket!.read(),
        () => socket!.close(),
        () => new device.TCP({ address: "10.0.255.1", port: 1883 }),
        () => device.resolve("broker", () => {}),
        () => device.timers.set(() => {}, 1),
        () => device.random(bytes),
        () => device.crypto.sha256(bytes),
        () => device.power.restart(),
      ]) {
        expect([operation.toString(), tryAndCatch(operation)]).toEqual([operation.toString(), true]);
        tried++;
      }
    });
    expect([tried, lines, touched, board.line(2).level]).toEqual([17, [], [], 0]);
    expect(board.flash.get("journal")!.sectors.size).toBe(0);
    scheduler.runUntil(1e6);
    expect(lines).toEqual([]);
  });

  function tryAndCatch(operation: () => unknown): boolean {
    try {
      operation();
      return false;
    } catch (error) {
      return error instanceof PowerLost;
    }
  }
});

test("an output rests high again when the board has lost its power", () => {
  const { make } = world();
  const board = make(0);
  const { Digital } = board.device;
  const output = new Digital({ pin: 2, mode: Digital.Output, initialValue: 0 });
  output.close();
  expect(board.line(2).level).toBe(0);
  board.powerOff();
  expect(board.line(2).level).toBe(1);
});

test("each boot has a thread, a Device and a clock of its own, and its flash is the one that was there before", () => {
  const { scheduler, make } = world();
  const board = make(0, 5000);
  const first = board.device;
  first.flash.open({ path: "journal" }).write(Uint8Array.of(1, 2, 3, 4), 0);
  scheduler.runUntil(7e6);
  expect(first.clock.nowMs()).toBe(7000);
  board.powerOff();
  expect(() => board.device).toThrow("power");
  scheduler.runUntil(9e6);
  board.powerOn("brown-out");
  expect(board.device).not.toBe(first);
  expect([board.device.clock.nowMs(), board.device.power.resetReason]).toEqual([0, "brown-out"]);
  scheduler.runUntil(10e6);
  expect(board.device.clock.nowMs()).toBe(1000);
  const into = new Uint8Array(4);
  board.device.flash.open({ path: "journal" }).read(into, 0);
  expect([...into]).toEqual([1, 2, 3, 4]);
});

test("a counter that jumps back does not take the clock with it", () => {
  const { scheduler, make, lines } = world();
  const board = make(0);
  const { clock } = board.device;
  scheduler.runUntil(5e6);
  expect(clock.nowMs()).toBe(5000);
  board.jumpClock(-3_600_000);
  expect(clock.nowMs()).toBe(5000);
  scheduler.runUntil(6e6);
  expect(clock.nowMs()).toBe(6000);
  expect(lines.at(-1)).toContain('"what":"clock","jumpMs":-3600000');
});
