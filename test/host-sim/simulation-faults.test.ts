import { describe, expect, test } from "vitest";
import ownApp from "../../firmware/app.js";
import { limits } from "../../firmware/limits.js";
import { defineApp, type Driver, SHT3x } from "../../firmware/mote.js";
import type { Simulation } from "../../host-sim/simulation.js";
import type { Station } from "../../host-sim/station.js";
import type { Peer, Service } from "../../host-sim/world/lan.js";
import { type Random, random } from "../../host-sim/world/random.js";
import { run } from "./run.js";

const climate = 0x44;
const weather = 0x76;
const ntcPin = 34;
const second = 1e6;

/** A driver of somebody's own that computes NaN each third time. */
class Odd implements Driver {
  #index = 0;
  sample() {
    return { x: { y: ++this.#index % 3 === 0 ? NaN : this.#index } };
  }
  close(): void {}
}

describe("a sensor that fails", () => {
  type Case = [string, (station: Station) => void, (station: Station) => void, Record<string, string>];
  const chip = (station: Station, address: number) => station.board.i2c.chips.get(address)!.faults;
  const cases: Case[] = [
    [
      "a chip that is gone",
      (station) => void (chip(station, climate).absent = true),
      (station) => void (chip(station, climate).absent = false),
      { temperature: "bus", humidity: "bus" },
    ],
    [
      "damaged bytes",
      (station) => void (chip(station, climate).corruptNext = 10),
      (station) => void (chip(station, climate).corruptNext = 0),
      { temperature: "checksum" },
    ],
    [
      "missing acknowledges",
      (station) => void (chip(station, weather).nakNext = 1000),
      (station) => void (chip(station, weather).nakNext = 0),
      { pressure: "bus", outdoor: "bus" },
    ],
    [
      "a chip that holds the bus",
      (station) => void (chip(station, weather).holdsBus = true),
      (station) => void (chip(station, weather).holdsBus = false),
      { temperature: "bus", humidity: "bus", pressure: "bus", outdoor: "bus" },
    ],
    [
      "a shorted bus",
      (station) => void (station.board.i2c.stuck = true),
      (station) => void (station.board.i2c.stuck = false),
      { temperature: "bus", humidity: "bus", pressure: "bus", outdoor: "bus" },
    ],
    [
      "a broken wire",
      (station) => {
        const wired = station.board.analog.get(ntcPin)!;
        const brokenAtUs = station.board.cpu.nowUs;
        station.board.analog.set(ntcPin, (nowUs) => (nowUs < brokenAtUs + 10 * second ? 0 : wired(nowUs)));
      },
      () => {},
      { probe: "range" },
    ],
    [
      "a converter that fails",
      (station) => {
        const wired = station.board.analog.get(ntcPin)!;
        const brokenAtUs = station.board.cpu.nowUs;
        station.board.analog.set(ntcPin, (nowUs) => (nowUs < brokenAtUs + 10 * second ? undefined : wired(nowUs)));
      },
      () => {},
      { probe: "bus" },
    ],
  ];

  test.each(cases)(
    "%s is counted by both sides and published as an error, the others go on, and values come back",
    (_, fail, mend, errors) => {
      const made = run();
      const { station } = made;
      made.until(20_900);
      const before = made.published.length;
      fail(station);
      made.until(30_900);
      mend(station);
      const during = made.published.slice(before);
      made.until(45_900);
      expect(made.stop()).toBe(true);
      const channels = Object.keys(errors);
      for (const topic of ["temperature", "humidity", "pressure", "outdoor"]) {
        const texts = during
          .filter((each) => each.topic === topic)
          .map(({ text }) => JSON.parse(text) as { value?: number; error?: string });
        const expected = errors[topic];
        if (expected === undefined) expect(texts.filter(({ value }) => value !== undefined)).toHaveLength(10);
        else expect(texts.map(({ error }) => error)).toEqual(Array.from({ length: 10 }, () => expected));
      }
      for (const topic of channels) {
        const failed = made.of(topic).filter(({ text }) => (JSON.parse(text) as { error?: string }).error === errors[topic]);
        // Behind a delta, an error that stays is told once.
        const [least, most] = topic === "probe" ? [1, 1] : [10, 13];
        expect([topic, failed.length >= least && failed.length <= most]).toEqual([topic, true]);
        // The probe's own delta keeps quiet while its temperature stands still.
        if (topic !== "probe")
          expect(made.of(topic).filter(({ atMs, text }) => atMs > 35_000 && text.startsWith('{"value":')).length).toBeGreaterThanOrEqual(
            10,
          );
      }
      const firmware = station.firmwareCounters();
      const world = station.counts();
      const sensors = channels.includes("temperature") && channels.includes("outdoor") ? 2 : 1;
      expect(firmware.readErrors).toBeGreaterThanOrEqual(10 * sensors);
      expect(firmware.readErrors).toBeLessThanOrEqual(13 * sensors);
      const { readErrors, samples, missed, emitted } = firmware;
      expect(world).toMatchObject({ readErrors, samples, missed, emitted });
      expect(firmware).toMatchObject({ missed: 0, late: 0 });
    },
  );

  test("whose channel asks for a quantity that it has not is counted alike by both sides, and published as absent", () => {
    // A driver that says what it gives is held to it before it runs; Odd does not say.
    const app = defineApp({
      name: "wrong",
      sensors: { air: { driver: SHT3x, on: "i2c", everyMs: 1000 }, odd: { driver: Odd, on: "analog", everyMs: 1000 } },
      channels: {
        warm: { from: "air.thermometer.temperature", resolution: 0.1 },
        gas: { from: "odd.nose.gas", resolution: 0.1 },
        odd: { from: "odd.x.y", resolution: 1 },
      },
    });
    const made = run({ app });
    made.until(20_500);
    made.stop();
    expect(made.station.firmwareCounters()).toMatchObject({ samples: 42, readErrors: 21 });
    expect(made.station.counts()).toMatchObject({ samples: 42, readErrors: 21 });
    const last = (topic: string) =>
      made
        .of(topic)
        .map(({ text }) => (JSON.parse(text) as { error?: string }).error)
        .slice(-3);
    expect([last("warm"), last("gas"), last("odd")]).toEqual([
      [undefined, undefined, undefined],
      ["absent", "absent", "absent"],
      [undefined, undefined, "range"],
    ]);
  });
});

test("with every sensor due at once and the bus stuck, no sample is later than one timeout for each sensor on the bus", () => {
  const sensors = Object.fromEntries(Object.entries(ownApp.sensors).map(([name, sensor]) => [name, { ...sensor, phaseMs: 0 }]));
  const made = run({ app: { ...ownApp, sensors } });
  made.station.board.i2c.stuck = true;
  made.until(60_000);
  const { worstLateMs, missed, late } = made.station.firmwareCounters();
  expect(worstLateMs).toBeGreaterThanOrEqual(2 * limits.i2cTimeoutMs);
  expect(worstLateMs).toBeLessThanOrEqual(2 * limits.i2cTimeoutMs + 2);
  expect([missed, late > 100]).toEqual([0, true]);
});

/** One fault after another, drawn from the seed; the last thing that it does is to mend everything. */
function faults(simulation: Simulation, { board }: Station, peers: Peer[], draws: Random, untilUs: number): void {
  const { scheduler, accessPoint, lan } = simulation;
  const name = "broker.mote";
  const service = [...lan.services.entries()][0]!;
  const chips = [...board.i2c.chips.values()];
  const mend = () => {
    accessPoint.present = true;
    accessPoint.dhcp = true;
    lan.names.set(name, service[0].split(":")[0]!);
    lan.services.set(...service);
    board.i2c.stuck = false;
    for (const chip of chips) Object.assign(chip.faults, { absent: false, holdsBus: false, nakNext: 0, corruptNext: 0 });
  };
  const garbage: Service = (peer) => {
    peer.send(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff));
    return { received: () => {}, closed: () => {} };
  };
  const breaks: (() => void)[] = [
    () => void (accessPoint.present = false),
    () => void (accessPoint.dhcp = false),
    () => void lan.names.delete(name),
    () => void lan.services.delete(service[0]),
    () => void lan.services.set(service[0], garbage),
    () => void lan.services.set(service[0], () => ({ received: () => {}, closed: () => {} })),
    () => peers.at(-1)?.close(),
    () => peers.at(-1)?.close(),
    () => void (lan.jitterUs = draws.next() % 200_000),
    () => board.cpu.post(() => board.cpu.charge(draws.next() % 4_000_000)),
    () => void (board.i2c.stuck = true),
    () => void (chips[0]!.faults.corruptNext = draws.next() % 20),
    () => void (chips[1]!.faults.nakNext = draws.next() % 20),
    () => void (chips[1]!.faults.absent = true),
  ];
  const next = (): void => {
    if (scheduler.nowUs >= untilUs) return mend();
    if (draws.next() % 3 === 0) mend();
    else breaks[draws.next() % breaks.length]!();
    scheduler.at(scheduler.nowUs + (draws.next() % (30 * second)), next);
  };
  scheduler.at(0, next);
}

test.each([1, 2, 3, 4, 5])(
  "through ten minutes of faults of every kind, the firmware's counts are the world's, and all comes back (seed %i)",
  (seed) => {
    const made = run({ seed });
    const { simulation, station } = made;
    const peers: Peer[] = [];
    for (const [at, service] of simulation.lan.services) {
      simulation.lan.services.set(at, (peer) => {
        peers.push(peer);
        return service(peer);
      });
    }
    faults(simulation, station, peers, random(seed).split("faults"), 600 * second);
    made.until(600_000 + 30_000 + 200_000);
    expect(made.stop()).toBe(true);
    const firmware = station.firmwareCounters();
    const { samples, missed, readErrors, emitted, published, acknowledged, bytesOut } = firmware;
    expect(station.counts()).toMatchObject({ samples, missed, readErrors, emitted, published, acknowledged, bytesOut });
    expect(acknowledged).toBe(published);
    // The faults were felt.
    expect(firmware.connects).toBeGreaterThan(2);
    expect(readErrors).toBeGreaterThan(0);
    // What the broker keeps of each channel is the last that it gave out, so the numbers add up.
    let numbers = 0;
    for (const { payload } of simulation.broker.retained.values()) {
      const number = /"n":(\d+)\}$/.exec(payload.toString());
      if (number !== null) numbers += Number(number[1]);
    }
    expect(numbers).toBe(emitted);
    expect(emitted).toBe(made.published.filter(({ topic }) => topic !== "status" && topic !== "counters").length + firmware.superseded);
  },
);
