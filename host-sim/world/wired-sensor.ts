/**
 * A sensor on its bus or pin, as faults reach it: what it feels, whether it moves, whether it is there.
 *
 * Fault model: on I²C a sensor that came off acknowledges nothing, and has lost its supply when it is put
 * back; an analog input is left with what is still wired to it; a contact that came off leaves its pin
 * pulled high, and goes on moving. A stuck contact no longer moves. Transfers exist on I²C alone.
 */
import type { ChipFaults, I2CChip } from "./chips/chip.js";
import type { PulseSource } from "./chips/pulse-source.js";
import type { Distortion } from "./distortion.js";
import type { AnalogSource, DigitalLine } from "./pins.js";
import type { Scheduler } from "./scheduler.js";

export interface WiredSensor {
  /** Of what it feels. */
  readonly distortion: Distortion;
  /** Of its chip and of transfers to it; undefined where there is none. */
  readonly faults: ChipFaults | undefined;
  /** It goes on giving what it measured last, until what this returns is called. */
  stick(): () => void;
  /** It comes off, until what this returns is called, with the time at which it is put back. */
  takeOff(): (nowUs: number) => void;
}

class BusSensor implements WiredSensor {
  readonly distortion: Distortion;
  readonly #chip: () => I2CChip | undefined;

  constructor(chip: () => I2CChip | undefined, distortion: Distortion) {
    this.#chip = chip;
    this.distortion = distortion;
  }

  get faults(): ChipFaults | undefined {
    return this.#chip()?.faults;
  }

  stick(): () => void {
    return this.faults?.freeze() ?? (() => {});
  }

  takeOff(): (nowUs: number) => void {
    const taken = this.#chip();
    const putBack = taken?.faults.takeOff();
    return (nowUs) => {
      putBack?.();
      taken?.powerOn?.(nowUs);
    };
  }
}

/** `chip` is looked for when it is needed: chips can be plugged in late. */
export function busSensor(chip: () => I2CChip | undefined, distortion: Distortion): WiredSensor {
  return new BusSensor(chip, distortion);
}

/** On a pin of `sources`; `rest` is what the pin reads without it. */
export function analogSensor(
  sources: Map<number, AnalogSource>,
  pin: number,
  source: AnalogSource,
  rest: AnalogSource,
  distortion: Distortion,
): WiredSensor {
  let absences = 0;
  sources.set(pin, (nowUs) => (absences > 0 ? rest(nowUs) : source(nowUs)));
  return {
    distortion,
    faults: undefined,
    stick: () => distortion.begin({ kind: "stuck" }),
    takeOff() {
      absences++;
      return () => void absences--;
    },
  };
}

/** A contact on a pin: plays the source's edges, one event ahead. */
export function contactSensor(line: DigitalLine, source: PulseSource, scheduler: Scheduler, distortion: Distortion): WiredSensor {
  let level: 0 | 1 = 1;
  let absences = 0;
  const play = (afterUs: number): void => {
    const edge = source.next(afterUs);
    scheduler.at(edge.atUs, () => {
      if (!distortion.stuck) level = edge.level;
      line.drive(absences > 0 ? 1 : level);
      play(edge.atUs);
    });
  };
  play(scheduler.nowUs);
  return {
    distortion,
    faults: undefined,
    stick: () => distortion.begin({ kind: "stuck" }),
    takeOff() {
      absences++;
      line.drive(1);
      return () => {
        if (--absences === 0) line.drive(level);
      };
    },
  };
}
