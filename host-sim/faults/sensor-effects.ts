/** Faults of sensors, and of the bus they hang on. */
import type { Chance } from "../world/chips/chip.js";
import type { Trouble } from "../world/distortion.js";
import type { WiredSensor } from "../world/wired-sensor.js";
import type { Effects, Heal, Strike } from "./effect.js";

type SensorFault = "nak" | "absent" | "checksum" | "stuck" | "spike" | "drift" | "saturation" | "bus-stuck";

/** Does something to each sensor that is struck, and gives back what undoes it. `seed` is the fault's own for this sensor. */
function eachSensor({ stations, fault, draws }: Strike, begin: (sensor: WiredSensor, seed: number) => Heal | undefined): Heal {
  const heals: Heal[] = [];
  for (const { name, sensors } of stations) {
    for (const [sensor, wired] of sensors) {
      if (fault.sensor !== undefined && fault.sensor !== sensor) continue;
      const heal = begin(wired, draws.split(`${name} ${sensor}`).next());
      if (heal !== undefined) heals.push(heal);
    }
  }
  return () => {
    for (const heal of heals) heal();
  };
}

function distort(strike: Strike, trouble: (seed: number) => Trouble): Heal {
  return eachSensor(strike, ({ distortion }, seed) => distortion.begin(trouble(seed)));
}

function chance({ fault }: Strike, seed: number): Chance {
  return { share: Number(fault.parameters["chance"]), seed };
}

export const sensorEffects: Effects<SensorFault> = {
  /** Only I²C has acknowledges and bytes that can be damaged: nothing happens to a sensor on a pin. */
  nak: (strike) => eachSensor(strike, ({ faults }, seed) => faults?.refuse(chance(strike, seed))),
  checksum: (strike) => eachSensor(strike, ({ faults }, seed) => faults?.flip(chance(strike, seed))),
  absent(strike) {
    const { scheduler } = strike.simulation;
    return eachSensor(strike, (sensor) => {
      const putBack = sensor.takeOff();
      return () => putBack(scheduler.nowUs);
    });
  },
  stuck: (strike) => eachSensor(strike, (sensor) => sensor.stick()),
  spike(strike) {
    const by = Number(strike.fault.parameters["by"]);
    return distort(strike, (seed) => ({ kind: "spike", by, chance: chance(strike, seed) }));
  },
  drift(strike) {
    const perHour = Number(strike.fault.parameters["per-hour"]);
    const fromUs = strike.simulation.scheduler.nowUs;
    return distort(strike, () => ({ kind: "drift", perHour, fromUs }));
  },
  saturation(strike) {
    const end = strike.fault.parameters["end"] as "high" | "low";
    return distort(strike, () => ({ kind: "saturation", end }));
  },
  "bus-stuck"({ stations }) {
    const releases = stations.map(({ board }) => board.i2c.hold());
    return () => {
      for (const release of releases) release();
    };
  },
};
