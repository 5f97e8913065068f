/**
 * An NTC thermistor in a divider on an analog input, down to the counts that the SDK reports on an
 * ESP32 (modules/io/analog/esp32): calibrated whole millivolts, scaled back to counts of `fullScaleMv`.
 *
 * Modelled: the beta equation, the divider, whole millivolts, the converter's dead zone below 150 mV
 * (it reads as 150) and its end at full scale.
 * Not modelled: noise, non-linearity, self-heating (put them into the signal).
 * Faults: `fault` = "open" or "short" (of the thermistor, the other resistor stays), "failed" (the converter gives nothing).
 */
import { exp } from "../../../firmware/base/math.js";
import { saturate, type Signal } from "./signal.js";

export interface ThermistorOptions {
  temperatureC: Signal;
  /** Defaults are those of the firmware's driver: 10,000 Ω at 25 °C, 3950 K, 10,000 Ω, to the supply of 3300 mV. */
  nominalOhm?: number;
  nominalC?: number;
  betaK?: number;
  seriesOhm?: number;
  thermistorTo?: "supply" | "ground";
  supplyMv?: number;
  /** Default 2450: 12 dB of attenuation. */
  fullScaleMv?: number;
  /** Bits, default 12. */
  resolution?: number;
}

const DEAD_ZONE_MV = 150;

export class Thermistor {
  fault: "none" | "open" | "short" | "failed" = "none";
  readonly resolution: number;
  readonly #options: Required<ThermistorOptions>;

  constructor(options: ThermistorOptions) {
    this.#options = {
      nominalOhm: 10_000,
      nominalC: 25,
      betaK: 3950,
      seriesOhm: 10_000,
      thermistorTo: "supply",
      supplyMv: 3300,
      fullScaleMv: 2450,
      resolution: 12,
      ...options,
    };
    this.resolution = this.#options.resolution;
  }

  /** Counts, 0 … 2^resolution − 1; undefined where the converter failed. */
  read(nowUs: number): number | undefined {
    if (this.fault === "failed") return undefined;
    const { fullScaleMv } = this.#options;
    const millivolts = saturate(Math.round(this.#pinMv(nowUs)), DEAD_ZONE_MV, fullScaleMv);
    return Math.floor((millivolts * (2 ** this.resolution - 1)) / fullScaleMv);
  }

  #pinMv(nowUs: number): number {
    const { nominalOhm, nominalC, betaK, seriesOhm, thermistorTo, supplyMv, temperatureC } = this.#options;
    const toSupply = thermistorTo === "supply";
    if (this.fault === "open") return toSupply ? 0 : supplyMv;
    if (this.fault === "short") return toSupply ? supplyMv : 0;
    const kelvin = saturate(temperatureC(nowUs), -55, 150) + 273.15;
    const ohm = nominalOhm * exp(betaK * (1 / kelvin - 1 / (nominalC + 273.15)));
    return (supplyMv * (toSupply ? seriesOhm : ohm)) / (ohm + seriesOhm);
  }
}
