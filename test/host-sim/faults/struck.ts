/** An app with a sensor of each shipped kind and channels without stages, and faults on it: each second shows what its sensors gave. */
import type { App } from "../../../firmware/declaration.js";
import { BME280, defineApp, NTC, PulseCounter, SHT3x } from "../../../firmware/mote.js";
import { type Fault, type FaultForm, type FaultKind, faultForms } from "../../../host-sim/faults/catalogue.js";
import { Injector } from "../../../host-sim/faults/injector.js";
import { run, type Run, type RunOptions } from "../run.js";

export const plainApp: App = defineApp({
  name: "plain",
  sensors: {
    climate: { driver: SHT3x, on: "i2c", everyMs: 1000 },
    weather: { driver: BME280, on: "i2c", everyMs: 1000, phaseMs: 250 },
    probe: { driver: NTC, on: "analog", everyMs: 1000, phaseMs: 500 },
    meter: { driver: PulseCounter, on: "digital", everyMs: 1000, phaseMs: 750 },
  },
  channels: {
    temperature: { from: "climate.thermometer.temperature", resolution: 0.01 },
    humidity: { from: "climate.hygrometer.humidity", resolution: 0.01 },
    outdoor: { from: "weather.thermometer.temperature", resolution: 0.01 },
    pressure: { from: "weather.barometer.pressure", resolution: 1 },
    probe: { from: "probe.thermometer.temperature", resolution: 0.1 },
    count: { from: "meter.counter.count", resolution: 1 },
  },
});

/** A fault of this kind, with what its form has by default where `parameters` says nothing. */
export function fault(
  kind: FaultKind,
  fromMs: number,
  toMs: number,
  parameters: Record<string, number | string> = {},
  struck: { board?: string; sensor?: string } = {},
): Fault {
  const form: FaultForm = faultForms[kind];
  const all: Record<string, number | string> = {};
  for (const [name, { byDefault }] of Object.entries(form.parameters)) {
    const value = parameters[name] ?? byDefault;
    if (value === undefined) throw new Error(`${kind} needs ${name}`);
    all[name] = value;
  }
  return { kind, atMs: fromMs, forMs: toMs - fromMs, ...struck, parameters: all };
}

export interface Message {
  /** On the board's clock. */
  readonly ms: number;
  readonly value?: number;
  readonly error?: string;
}

export interface Struck extends Run {
  readonly injector: Injector;
  /** What a channel said of the samples from `fromMs` up to before `toMs`. */
  said(channel: string, fromMs: number, toMs: number): (number | string | undefined)[];
}

/** Faults on a board that runs `app`, by default the plain one, in steady surroundings. */
export function struck(faults: readonly Fault[], options: RunOptions = {}): Struck {
  const steady = { temperatureC: () => 20, humidityPercent: () => 50, outdoorC: () => 10, pressurePa: () => 100_000, pulsesPerS: () => 2 };
  let injector: Injector | undefined;
  const made = run({
    app: plainApp,
    ...options,
    signals: { ...steady, ...options.signals },
    prepare(simulation) {
      injector = new Injector(simulation);
      for (const each of faults) injector.schedule(each);
    },
  });
  const said = (channel: string, fromMs: number, toMs: number): (number | string | undefined)[] =>
    made
      .of(channel)
      .map(({ text }) => JSON.parse(text) as Message)
      .filter(({ ms }) => ms >= fromMs && ms < toMs)
      .map(({ value, error }) => error ?? value);
  return { ...made, injector: injector!, said };
}
