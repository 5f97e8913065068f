import { describe, expect, test } from "vitest";
import { boards } from "../../../firmware/boards/board.js";
import type { App } from "../../../firmware/declaration.js";
import { BME280, defineApp, type Driver, NTC, PulseCounter, SHT3x } from "../../../firmware/mote.js";
import { nodeCrypto } from "../../../host-sim/node/crypto.js";
import { SimulatedBoard } from "../../../host-sim/world/board.js";
import { ChipFaults, type I2CChip } from "../../../host-sim/world/chips/chip.js";
import { weather } from "../../../host-sim/world/environment.js";
import { Lan } from "../../../host-sim/world/lan.js";
import { random } from "../../../host-sim/world/random.js";
import { Scheduler } from "../../../host-sim/world/scheduler.js";
import { AccessPoint } from "../../../host-sim/world/wifi.js";
import { wire } from "../../../host-sim/world/wiring.js";

class Own implements Driver {
  sample() {
    return { x: { y: 1 } };
  }
  close(): void {}
}

/** `app`'s sensors on a board that feels 20 °C, 50 %, 10 °C outside, 1000 hPa, two closures a second and half of full scale. */
function wired(sensors: App["sensors"], chips: readonly I2CChip[] = []) {
  const scheduler = new Scheduler();
  const draws = random(1);
  const traceSink = { line: () => {} };
  const accessPoint = new AccessPoint("attic", "swordfish");
  const board = new SimulatedBoard(
    { scheduler, lan: new Lan(), accessPoint, random: draws, traceSink, crypto: nodeCrypto },
    { board: boards.esp32, index: 0 },
  );
  for (const chip of chips) board.i2c.attach(chip);
  const environment = {
    ...weather(draws),
    temperatureC: () => 20,
    humidityPercent: () => 50,
    outdoorC: () => 10,
    pressurePa: () => 100_000,
    pulsesPerS: () => 2,
    analogShare: () => 0.5,
  };
  const wiring = wire(board, defineApp({ name: "app", sensors, channels: {} }), environment, scheduler, draws.split("wiring"));
  return { ...wiring, board, scheduler };
}

const scripted = (address: number): I2CChip => ({ address, faults: new ChipFaults(), write: () => true, read: () => true });

test("each sensor of the app is there by its name, with its chip's faults where it has a chip", () => {
  const { sensors, missing, board } = wired({
    climate: { driver: SHT3x, on: "i2c", everyMs: 1000 },
    roof: { driver: SHT3x, on: "i2c", everyMs: 1000, address: 0x45 },
    weather: { driver: BME280, on: "i2c", everyMs: 1000 },
    probe: { driver: NTC, on: "analog", everyMs: 1000 },
    light: { driver: Own, on: "analog", everyMs: 1000, pin: 35 },
    meter: { driver: PulseCounter, on: "digital", everyMs: 1000 },
  });
  expect([...sensors.keys()]).toEqual(["climate", "roof", "weather", "probe", "light", "meter"]);
  expect(missing).toEqual([]);
  const faults = (address: number) => board.i2c.chips.get(address)!.faults;
  expect(sensors.get("climate")!.faults).toBe(faults(0x44));
  expect(sensors.get("roof")!.faults).toBe(faults(0x45));
  expect(sensors.get("weather")!.faults).toBe(faults(0x76));
  for (const name of ["probe", "light", "meter"]) expect(sensors.get(name)!.faults).toBeUndefined();
  expect(new Set([...sensors.values()].map(({ distortion }) => distortion)).size).toBe(6);
});

describe("a driver of the app's own on I²C", () => {
  test("has the chip at its address, also one that is plugged in later, and the lack of one is said", () => {
    const { sensors, missing, board } = wired({ own: { driver: Own, on: "i2c", everyMs: 1000, address: 0x29 } });
    expect(missing).toEqual([expect.stringContaining('sensor "own"')]);
    expect(sensors.get("own")!.faults).toBeUndefined();
    expect(() => sensors.get("own")!.stick()()).not.toThrow();
    expect(() => sensors.get("own")!.takeOff()(0)).not.toThrow();
    const chip = scripted(0x29);
    board.i2c.attach(chip);
    expect(sensors.get("own")!.faults).toBe(chip.faults);
  });

  test("that keeps its address to itself has the one chip that no other sensor speaks to, or none", () => {
    const climate = { driver: SHT3x, on: "i2c", everyMs: 1000 } as const;
    const own = { driver: Own, on: "i2c", everyMs: 1000 } as const;
    const chip = scripted(0x29);
    expect(wired({ climate, own }, [chip]).sensors.get("own")!.faults).toBe(chip.faults);
    expect(wired({ climate, own }, [chip, scripted(0x2a)]).sensors.get("own")!.faults).toBeUndefined();
    expect(wired({ climate, own }).sensors.get("own")!.faults).toBeUndefined();
  });
});

test("a chip that the user has put there stays, and is what faults reach", () => {
  const chip = scripted(0x44);
  const { sensors, board } = wired({ climate: { driver: SHT3x, on: "i2c", everyMs: 1000 } }, [chip]);
  expect(board.i2c.chips.get(0x44)).toBe(chip);
  const putBack = sensors.get("climate")!.takeOff();
  expect(chip.faults.answers(0)).toBe(false);
  putBack(0);
  expect(chip.faults.answers(0)).toBe(true);
});

test("a chip that is put back has lost its supply, one that is only silent has not", () => {
  const { sensors, board } = wired({ weather: { driver: BME280, on: "i2c", everyMs: 1000 } });
  const chip = board.i2c.chips.get(0x76)!;
  const sensor = sensors.get("weather")!;
  const setting = (): number => {
    const register = new Uint8Array(1);
    chip.write(Uint8Array.of(0xf5), 9e6);
    chip.read(register, 9e6);
    return register[0]!;
  };
  chip.write(Uint8Array.of(0xf5, 0x20), 1e6);
  sensor.faults!.refuse({ share: 1, seed: 1 })();
  expect(setting()).toBe(0x20);
  sensor.takeOff()(2e6);
  expect(setting()).toBe(0);
});

test("an analog sensor of unknown kind reads 0 when it has come off, and a distorted share is within the converter's range", () => {
  const { sensors, board } = wired({ light: { driver: Own, on: "analog", everyMs: 1000 } });
  const read = () => board.analog.get(boards.esp32.analog)!(0);
  const { distortion, takeOff } = sensors.get("light")!;
  expect(read()).toBe(2048);
  const [first, second] = [takeOff(), takeOff()];
  first(0);
  expect(read()).toBe(0);
  second(0);
  expect(read()).toBe(2048);
  const high = distortion.begin({ kind: "saturation", end: "high" });
  expect(read()).toBe(4095);
  high();
  distortion.begin({ kind: "saturation", end: "low" });
  expect(read()).toBe(0);
});

describe("a contact", () => {
  function contact() {
    const made = wired({ meter: { driver: PulseCounter, on: "digital", everyMs: 1000 } });
    const line = made.board.line(boards.esp32.pulse);
    let falls = 0;
    line.watch((rising) => void (falls += rising ? 0 : 1));
    const pass = (ms: number): number => {
      const before = falls;
      made.scheduler.runUntil(made.scheduler.nowUs + ms * 1000);
      return falls - before;
    };
    /** Until the line is at `level`. */
    const wait = (level: 0 | 1): void => {
      while (line.level !== level) pass(1);
    };
    return { ...made, meter: made.sensors.get("meter")!, line, pass, wait };
  }

  test("that is stuck stays where it is, open or closed, and moves again afterwards", () => {
    for (const level of [0, 1] as const) {
      const { meter, line, pass, wait } = contact();
      expect(pass(5000)).toBeGreaterThan(8);
      wait(level);
      const heal = meter.stick();
      expect([pass(10_000), line.level]).toEqual([0, level]);
      heal();
      expect(pass(5000)).toBeGreaterThan(8);
    }
  });

  test("that came off lets the pin rise at once, and shows where it stands when it is back", () => {
    const { meter, line, pass, wait } = contact();
    wait(0);
    const putBack = meter.takeOff();
    expect(line.level).toBe(1);
    putBack(0);
    expect(line.level).toBe(0);
    const again = meter.takeOff();
    expect([pass(10_000), line.level]).toEqual([0, 1]);
    again(0);
    expect(pass(5000)).toBeGreaterThan(8);
  });
});

test("for an app that the firmware will refuse, nothing is wired", () => {
  const { sensors, missing, board } = wired({ climate: { driver: SHT3x, on: "spi" as "i2c", everyMs: 1 } });
  expect([sensors.size, missing, board.i2c.chips.size]).toEqual([0, [], 0]);
});
