import { type Analog, type AnalogOptions, clamp, defineApp, type Driver, median } from "mote";

/** A capacitive soil probe on an analog input: the wetter the soil, the lower its voltage. */
class SoilProbe implements Driver {
  readonly #input: Analog;
  readonly #fullScaleMv: number;
  readonly #sample = { soil: { moisture: 0 } };

  constructor(options: { sensor: AnalogOptions & { io: new (pin: AnalogOptions) => Analog; fullScaleMv: number } }) {
    this.#input = new options.sensor.io({ pin: options.sensor.pin });
    this.#fullScaleMv = options.sensor.fullScaleMv;
  }

  sample() {
    const counts = this.#input.read();
    if (counts === undefined) throw new Error("the converter failed");
    const mv = (counts / ((1 << this.#input.resolution) - 1)) * this.#fullScaleMv;
    this.#sample.soil.moisture = ((2000 - mv) / (2000 - 500)) * 100; // 2000 mV in dry air, 500 mV in water: measure yours
    return this.#sample;
  }

  close(): void {
    this.#input.close();
  }
}

const bed = { driver: SoilProbe, on: "analog", everyMs: 1000 } as const;
const moisture = { from: "bed.soil.moisture", unit: "%", resolution: 0.1, stages: [median(5), clamp({ min: 0, max: 100 })] } as const;
export default defineApp({ name: "garden", sensors: { bed }, channels: { moisture } });
